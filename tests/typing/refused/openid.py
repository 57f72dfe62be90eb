"""Uses of OpenID Connect that are wrong."""
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportUnknownVariableType=false, reportUnknownLambdaType=false

from __future__ import annotations

from tests.typing.services import REQUEST, TOKEN, new_app, new_services
from typedoauth import OAuth2Client, OAuth2Token
from typedoauth.client import OAuth2Options
from typedoauth.flask import OAuth, OpenIDApp
from typedoauth.oauth2 import JWTBearerGrant
from typedoauth.oidc import ClaimOptions, FrontChannelLogout, LogoutToken

oauth = OAuth()
services = new_services(new_app())
app = services.github
client = OAuth2Client("c")


def end(token: LogoutToken) -> None:
    """Ends a session."""


def end_frame(request: FrontChannelLogout) -> None:
    """Ends the session of a browser."""


def end_by_name(sid: str) -> None:
    """Takes no token."""


def read(token: OAuth2Token, op: OpenIDApp) -> None:
    """Reads claims."""
    claims = op.authorize_access_token()["userinfo"]
    # E: mypy[typeddict-item] pyright[reportGeneralTypeIssues]
    print(claims["emial"])
    # E: mypy[operator] pyright[reportOperatorIssue reportTypedDictNotRequiredAccess]
    print(claims["email"] + 1)
    # E: mypy[assignment] pyright[reportAssignmentType]
    number: int = claims["sub"]
    # E: mypy[assignment] pyright[reportAssignmentType]
    flag: str = claims.get("email_verified")
    print(number, flag)
    # E: mypy[typeddict-item] pyright[reportGeneralTypeIssues]
    print(token["userinfo"])
    # E: mypy[typeddict-item] pyright[reportGeneralTypeIssues]
    print(app.userinfo()["emial"])
    # E: mypy[attr-defined] pyright[reportAttributeAccessIssue]
    print(app.userinfo().email)


# Claims options and leeways.
# E: mypy[typeddict-unknown-key] pyright[reportArgumentType]
app.authorize_access_token(claims_options={"sub": {"esential": True}})
# E: mypy[dict-item] pyright[reportArgumentType]
app.authorize_access_token(claims_options={"sub": "ada"})
# E: mypy[arg-type] pyright[reportArgumentType]
app.authorize_access_token(claims_options=["sub"])
# E: mypy[arg-type] pyright[reportArgumentType]
app.authorize_access_token(leeway="x")
# E: mypy[call-arg] pyright[reportCallIssue]
app.parse_id_token({"access_token": "t"})
# E: mypy[arg-type] pyright[reportArgumentType]
app.parse_id_token({"access_token": "t"}, None, leeway="x")
# E: mypy[arg-type] pyright[reportArgumentType]
app.parse_id_token("a.b.c", None)
# E: mypy[typeddict-item] pyright[reportAssignmentType]
options: ClaimOptions = {"essential": "yes"}
# E: mypy[typeddict-item] pyright[reportAssignmentType]
options = {"values": 5}
# E: mypy[arg-type] pyright[reportArgumentType]
app.userinfo("t")
# E: mypy[arg-type] pyright[reportArgumentType]
app.userinfo(sub=5)
# E: mypy[arg-type] pyright[reportArgumentType]
app.fetch_jwk_set(force="yes")

# Logout.
# E: mypy[call-arg] pyright[reportCallIssue]
app.backchannel_logout_view()
# E: mypy[arg-type] pyright[reportArgumentType]
app.backchannel_logout_view(end_by_name)
# E: mypy[arg-type] pyright[reportArgumentType]
app.backchannel_logout_view(end_frame)
# E: mypy[arg-type misc] pyright[reportArgumentType]
app.backchannel_logout_view(lambda: None)
# E: mypy[call-arg] pyright[reportCallIssue]
app.backchannel_logout_view(end, require_jti=True)
# E: mypy[arg-type] pyright[reportArgumentType]
app.frontchannel_logout_view(end)
# E: mypy[arg-type] pyright[reportArgumentType]
app.logout_redirect(5)
# E: mypy[arg-type] pyright[reportArgumentType]
app.logout_redirect("https://app.example/", data="/next")
# E: mypy[arg-type] pyright[reportArgumentType]
app.logout_redirect(ui_locales=5)
# E: mypy[attr-defined] pyright[reportAttributeAccessIssue]
services.twitter.logout_redirect()
# E: mypy[attr-defined] pyright[reportAttributeAccessIssue]
services.twitter.fetch_jwk_set()
# E: mypy[attr-defined] pyright[reportAttributeAccessIssue]
services.gitlab.userinfo()
# E: mypy[assignment] pyright[reportAssignmentType]
token: LogoutToken = client.logout_url()
# E: mypy[arg-type] pyright[reportArgumentType]
client.parse_logout_token(None)

# Logins by hand.
# E: mypy[arg-type] pyright[reportArgumentType]
app.save_authorize_data(state="s", max_age="60")
# E: mypy[list-item] pyright[reportArgumentType]
app.save_authorize_data(state="s", acr_values=[5])

# Registrations.
# E: mypy[call-overload] pyright[reportArgumentType reportCallIssue]
oauth.register("a", access_token_url=TOKEN, jwks="https://op.example/jwks")
# E: mypy[call-overload] pyright[reportArgumentType reportCallIssue]
oauth.register("a", access_token_url=TOKEN, issuer=5)
# E: mypy[call-overload] pyright[reportArgumentType]
oauth.register("a", request_token_url=REQUEST, jwks={"keys": []})
# E: mypy[call-overload] pyright[reportArgumentType reportCallIssue]
oauth.register("a", access_token_url=TOKEN, id_token_signing_alg_values_supported="RS256")
# E: mypy[call-overload] pyright[reportArgumentType reportCallIssue]
oauth.register("a", access_token_url=TOKEN, client_kwargs={"accept_missing_nonces": True})
# E: mypy[typeddict-item] pyright[reportAssignmentType]
kwargs: OAuth2Options = {"accept_missing_nonce": "yes"}
# E: mypy[typeddict-item] pyright[reportAssignmentType]
kwargs = {"clock_skew": "60"}
# E: mypy[typeddict-item] pyright[reportAssignmentType]
kwargs = {"trusted_audiences": 5}
# E: mypy[typeddict-item] pyright[reportAssignmentType]
kwargs = {"private_key": 5}
# E: mypy[typeddict-item] pyright[reportAssignmentType]
kwargs = {"id_token_signed_response_alg": ["RS256"]}
# E: mypy[typeddict-item] pyright[reportAssignmentType]
kwargs = {"client_assertion_audience": 5}
# E: mypy[arg-type] pyright[reportArgumentType]
OAuth2Client("c", jwks=["k"])
# E: mypy[arg-type] pyright[reportArgumentType]
OAuth2Client("c", accept_other_acr=1)
# E: mypy[arg-type] pyright[reportArgumentType]
JWTBearerGrant(5)
# E: mypy[arg-type return-value] pyright[reportArgumentType]
JWTBearerGrant(lambda: 5)
