"""Claims, providers and logout have types."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, assert_type

from flask import Flask, Response
from werkzeug.wrappers import Response as WerkzeugResponse

from tests.client.openid import DISCOVERY, OP, Provider
from tests.oidc.minting import SECRET
from tests.typing.services import TOKEN, new_app
from typedoauth import IdTokenClaims, OAuth2Client, OAuth2Token, UserInfo, is_openid_token
from typedoauth.client import OAuth2Options
from typedoauth.flask import OAuth, OAuth2App, OpenIDApp
from typedoauth.oauth2 import JWTBearerGrant, ServerMetadata
from typedoauth.oidc import (
    Address,
    AssertionSigner,
    ClaimOptions,
    FrontChannelLogout,
    JWKSet,
    LogoutToken,
    load_signing_key,
)

OPTIONS: Final[OAuth2Options] = {
    "scope": ["openid", "email"],
    "id_token_signed_response_alg": "RS256",
    "clock_skew": 30,
    "trusted_audiences": ["api"],
    "accept_missing_iss": True,
}


class Services(OAuth):
    """A registry that knows which of its services are OpenID Providers."""

    op: OpenIDApp
    plain: OAuth2App


def new_services(provider: Provider, flask: Flask | None = None) -> Services:
    """Both ways to register a provider."""
    services = Services(flask or new_app(), transport=provider.stub, clock=provider.clock)
    services.register(
        "op", client_id="client", server_metadata_url=DISCOVERY, client_kwargs=OPTIONS
    )
    services.register(
        "plain",
        client_id="client",
        access_token_url=TOKEN,
        issuer=OP,
        userinfo_endpoint=f"{OP}/userinfo",
        id_token_signing_alg_values_supported=["RS256"],
        authorization_response_iss_parameter_supported=False,
        jwks={"keys": provider.keys},
        client_kwargs=OPTIONS,
    )
    return services


def test_claims_of_a_token_have_types() -> None:
    """Where there need not be any, a guard tells; in an app for OpenID, they are there."""

    def read(token: OAuth2Token) -> str | None:
        if not is_openid_token(token):
            return None
        claims = token["userinfo"]
        assert_type(claims, IdTokenClaims)
        assert_type(claims["sub"], str)
        assert_type(claims["exp"], float)
        assert_type(claims["aud"], str | list[str])
        assert_type(claims.get("email_verified"), bool | None)
        assert_type(claims.get("address"), Address | None)
        assert_type(claims.get("amr"), list[str] | None)
        return claims.get("email")

    def subject(app: OpenIDApp) -> str:
        token = app.authorize_access_token()
        assert_type(token["userinfo"], IdTokenClaims)
        assert_type(token["userinfo"].get("email"), str | None)
        return token["userinfo"]["sub"]

    assert read({"access_token": "t"}) is None
    assert callable(subject)


def test_claims_of_one_provider_are_read_with_get() -> None:
    """A claim that no specification names is an object to the checkers."""
    provider = Provider()
    provider.userinfo["groups"] = ["admins"]
    groups: object = new_services(provider).plain.userinfo({"access_token": "at"}).get("groups")
    assert groups == ["admins"]


def test_app_that_is_annotated_knows_its_methods() -> None:
    """As an attribute of the registry, or as a parameter."""
    provider = Provider()

    def ask(app: OAuth2App, token: OAuth2Token) -> UserInfo:
        assert_type(app.fetch_jwk_set(force=True), JWKSet)
        assert_type(app.load_server_metadata(), ServerMetadata)
        return app.userinfo(token, sub="ada")

    services = new_services(provider)
    for app in (services.op, services.plain):
        claims = ask(app, {"access_token": "at"})
        assert_type(claims["sub"], str)
        assert_type(claims.get("email"), str | None)
        assert claims.get("email") == "ada@op.example"


def test_claims_options_are_dicts() -> None:
    """Of a login, and of an ID Token by itself."""
    provider = Provider()
    app = new_services(provider).op
    options: Mapping[str, ClaimOptions] = {"sub": {"essential": True, "values": ["ada"]}}
    token: OAuth2Token = {"access_token": "at", "id_token": provider.id_token()}
    claims = app.parse_id_token(token, None, claims_options=options, leeway=0.5)
    assert_type(claims, IdTokenClaims)

    def finish() -> None:
        app.authorize_access_token(claims_options=options, leeway=60)
        app.authorize_access_token(claims_options={"hd": {"value": "example.com"}}, timeout=3)

    assert (claims["sub"], callable(finish)) == ("ada", True)


def test_login_by_hand_remembers_what_was_asked() -> None:
    """What one method gives, the other takes."""
    flask = new_app()
    app = new_services(Provider(), flask).op
    with flask.test_request_context():
        begun = app.create_authorization_url(
            "https://app.example/", max_age=60, acr_values=["a"], claims={"userinfo": {}}
        )
        assert_type(begun.get("max_age"), int | None)
        assert_type(begun.get("acr_values"), Sequence[str] | None)
    assert begun.get("acr_values") == ("a",)

    def save() -> None:
        app.save_authorize_data(**begun)

    assert callable(save)


def test_logout_views_take_any_function_of_their_token() -> None:
    """What it returns is ignored; the views are what Flask wants."""
    app = new_services(Provider()).op
    ended: list[LogoutToken] = []

    def end(token: LogoutToken) -> int:
        assert_type(token.sid, str | None)
        return len(ended)

    def end_frame(request: FrontChannelLogout) -> None:
        assert_type(request.iss, str | None)

    views: list[Callable[[], Response]] = [
        app.backchannel_logout_view(ended.append),
        app.backchannel_logout_view(end, require_typ=True, require_sid=True),
        app.backchannel_logout_view(lambda token: token.sub),
        app.frontchannel_logout_view(end_frame, session_required=True),
    ]
    flask = new_app()
    for number, view in enumerate(views):
        flask.add_url_rule(f"/{number}", str(number), view, methods=["POST"])
    assert len(flask.view_functions) == len(views) + 1


def test_logout_redirect_is_a_response() -> None:
    """And the way back gives the caller's own data."""
    flask = new_app()
    app = new_services(Provider(), flask).op

    def leave(token: OAuth2Token) -> WerkzeugResponse:
        return app.logout_redirect(
            "https://app.example/bye", token.get("id_token"), data={"next": "/"}, ui_locales=["de"]
        )

    def bye() -> str:
        data = app.validate_logout_response()
        assert_type(data, Mapping[str, object])
        return str(data.get("next"))

    with flask.test_request_context():
        assert app.logout_redirect().status_code == 302
    assert callable(leave)
    assert callable(bye)


def test_client_without_flask_has_the_same() -> None:
    """With keys of its own in every form."""
    provider = Provider()
    keyed: OAuth2Options = {"private_key": {"kty": "oct"}, "private_key_id": "k"}
    client = OAuth2Client(
        "client",
        SECRET,
        server_metadata_url=DISCOVERY,
        metadata={"issuer": OP},
        jwks=None,
        transport=provider.stub,
        clock=provider.clock,
        **OPTIONS,
    )
    assert_type(client.userinfo({"access_token": "at"}), UserInfo)
    assert_type(client.logout_url("https://app.example/bye"), str)
    logout = client.parse_logout_token(provider.logout_token())
    assert_type(logout, LogoutToken)
    assert (logout.sub, len(keyed)) == ("ada", 2)


def test_assertion_is_a_text_or_makes_one() -> None:
    """A signer is such a function."""

    def grants(pem: str) -> list[JWTBearerGrant]:
        signer = AssertionSigner(load_signing_key(pem), "robot", TOKEN, lambda: 0.0)
        return [JWTBearerGrant(signer), JWTBearerGrant(lambda: "a.b.c", "read")]

    assert JWTBearerGrant("a.b.c").parameters() == {"assertion": "a.b.c"}
    assert callable(grants)
