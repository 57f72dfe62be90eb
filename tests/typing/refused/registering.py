"""Registrations that are wrong."""
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportUnknownVariableType=false, reportUnknownLambdaType=false

from __future__ import annotations

from tests.typing.services import REQUEST, TOKEN
from typedoauth import OAuth1Token, OAuth2Client
from typedoauth.client import OAuth1Options, OAuth2Options
from typedoauth.flask import OAuth, OAuth1App, OAuth2App, OAuth2Registration

oauth = OAuth()


def fix(session: OAuth2Client) -> None:
    """A compliance fix."""


def save(token: OAuth1Token) -> None:
    """Keeps temporary credentials."""


# Keywords that do not exist.
# E: mypy[call-overload] pyright[reportCallIssue]
oauth.register("a", acess_token_url=TOKEN)
# E: mypy[call-overload] pyright[reportCallIssue]
oauth.register("a", access_token_url=TOKEN, client_ident="c")
# E: mypy[call-overload] pyright[reportCallIssue]
oauth.register("a", access_token_url=TOKEN, userinfo_endpont="https://as.example/me")
# E: mypy[call-overload] pyright[reportCallIssue]
oauth.register("a", request_token_url=REQUEST, consumer_key="c")
# E: mypy[call-arg] pyright[reportCallIssue]
OAuth(chache=None)

# Keywords of the other protocol.
# E: mypy[call-overload] pyright[reportArgumentType]
oauth.register("a", request_token_url=REQUEST, compliance_fix=fix)
# E: mypy[call-overload] pyright[reportArgumentType]
oauth.register("a", request_token_url=REQUEST, code_challenge_method="S256")
# E: mypy[call-overload] pyright[reportArgumentType reportCallIssue]
oauth.register("a", request_token_url=REQUEST, refresh_token_url=TOKEN)
# E: mypy[call-overload] pyright[reportArgumentType]
oauth.register("a", access_token_url=TOKEN, save_request_token=save)
# E: mypy[call-overload] pyright[reportArgumentType reportCallIssue]
oauth.register("a", access_token_url=TOKEN, request_token_params={"a": "b"})
# E: mypy[call-overload] pyright[reportArgumentType reportCallIssue]
oauth.register("a", access_token_url=TOKEN, client_kwargs={"signature_method": "PLAINTEXT"})
# E: mypy[call-overload] pyright[reportArgumentType reportCallIssue]
oauth.register("a", request_token_url=REQUEST, client_kwargs={"scope": "a"})

# Values of a wrong type.
# E: mypy[call-overload] pyright[reportArgumentType]
oauth.register(1)
# E: mypy[call-overload] pyright[reportArgumentType reportCallIssue]
oauth.register("a", "yes", access_token_url=TOKEN)
# E: mypy[call-overload] pyright[reportArgumentType reportCallIssue]
oauth.register("a", access_token_url=1)
# E: mypy[call-overload] pyright[reportArgumentType reportCallIssue]
oauth.register("a", access_token_url=TOKEN, client_id=1)
# E: mypy[call-overload] pyright[reportArgumentType reportCallIssue]
oauth.register("a", access_token_url=TOKEN, jwks_uri=["https://as.example/jwks"])
# E: mypy[call-overload] pyright[reportArgumentType reportCallIssue]
oauth.register("a", access_token_url=TOKEN, authorize_params="prompt=login")
# E: mypy[call-overload] pyright[reportArgumentType reportCallIssue]
oauth.register("a", access_token_url=TOKEN, code_challenge_method="plain")
# E: mypy[call-overload] pyright[reportArgumentType reportCallIssue]
oauth.register("a", access_token_url=TOKEN, code_challenge_method="s256")
# E: mypy[call-overload] pyright[reportArgumentType]
oauth.register("a", client_kwargs=[("scope", "a")])

# Members of client_kwargs.
# E: mypy[typeddict-unknown-key] pyright[reportAssignmentType]
options: OAuth2Options = {"scop": "a"}
# E: mypy[typeddict-item] pyright[reportAssignmentType]
options = {"scope": 1}
# E: mypy[typeddict-item] pyright[reportAssignmentType]
options = {"token_placement": "headers"}
# E: mypy[typeddict-item] pyright[reportAssignmentType]
options = {"code_challenge_method": "plain"}
# E: mypy[typeddict-item] pyright[reportAssignmentType]
options = {"grant_type": "password"}
# E: mypy[typeddict-item] pyright[reportAssignmentType]
options = {"basic_auth_encoding": "utf-8"}
# E: mypy[typeddict-item] pyright[reportAssignmentType]
options = {"leeway": "60"}
# E: mypy[typeddict-item] pyright[reportAssignmentType]
options = {"verify": None}
# E: mypy[typeddict-unknown-key] pyright[reportAssignmentType]
options1: OAuth1Options = {"rsa_keys": "PEM"}
# E: mypy[typeddict-item] pyright[reportAssignmentType]
options1 = {"realm": 1}
# E: mypy[typeddict-unknown-key] pyright[reportAssignmentType]
settings: OAuth2Registration = {"client_idd": "c"}
# E: mypy[call-overload] pyright[reportArgumentType reportCallIssue]
oauth.register("a", access_token_url=TOKEN, client_kwargs={"scop": "a"})
# E: mypy[call-overload] pyright[reportArgumentType]
oauth.register("a", client_kwargs={"scop": "a"})

# Classes and names.
# E: mypy[type-var] pyright[reportArgumentType]
oauth.register("a", client_cls=dict)
# E: mypy[type-var] pyright[reportArgumentType]
oauth.register("a", client_cls=OAuth2Client)
# E: mypy[assignment] pyright[reportAssignmentType]
app1: OAuth1App = oauth.register("a", access_token_url=TOKEN)
# E: mypy[assignment] pyright[reportAssignmentType]
app2: OAuth2App = oauth.create_client("a")
# E: mypy[assignment] pyright[reportAssignmentType]
app3: OAuth2App = oauth.register("a", request_token_url=REQUEST)
# E: mypy[operator] pyright[reportCallIssue]
oauth.registr("a", access_token_url=TOKEN)


class Forge(OAuth2App):
    """An app with a slip in its settings."""

    # E: mypy[typeddict-unknown-key] pyright[reportAssignmentType]
    OAUTH_APP_CONFIG = {"acess_token_url": TOKEN}
