"""Authlib's OAuth 2.0 server: ``python -m tests.real_servers.authlib_oauth2_server``."""

from __future__ import annotations

from threading import Lock
from typing import Any

from authlib.integrations.flask_oauth2 import (
    AuthorizationServer,
    ResourceProtector,
    current_token,
)
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Request, TokenValidator
from authlib.oauth2.rfc6750 import BearerTokenValidator
from flask import Flask, Response, request
from typing_extensions import override

from tests.real_servers.authlib_oauth2_grants import (
    ClientCredentials,
    Code,
    Introspection,
    Password,
    Pkce,
    Refresh,
    Revocation,
)
from tests.real_servers.authlib_oauth2_records import CLIENTS, TOKENS, Token
from tests.real_servers.clients import PEOPLE
from tests.real_servers.serving import echo, page, profile, serve


class Validator(BearerTokenValidator):
    """Finds access tokens."""

    @override
    def authenticate_token(self, token_string: str) -> Token | None:
        return TOKENS.find(token_string, "access_token")


class Protector(ResourceProtector):
    """Authlib's, which reads the header only, and RFC 6750 2.2 and 2.3: body and query."""

    @override
    def parse_request_authorization(self, request: OAuth2Request) -> tuple[TokenValidator, str]:
        places = [place["access_token"] for place in (_args(), _form()) if "access_token" in place]
        if not places:
            return super().parse_request_authorization(request)
        if len(places) > 1 or "Authorization" in request.headers:
            raise InvalidRequestError("The access token came in more than one place.")
        return self.get_token_validator("bearer"), places[0]


def _args() -> dict[str, str]:
    return request.args.to_dict()


def _form() -> dict[str, str]:
    return request.form.to_dict()


def _save(token: dict[str, Any], asked: OAuth2Request) -> None:  # Any: Authlib's token dict
    TOKENS.save(token, asked.client.get_client_id(), asked.user)


def create_app() -> Flask:
    """The server and its API."""
    app = Flask(__name__)
    app.config["OAUTH2_REFRESH_TOKEN_GENERATOR"] = True
    app.config["OAUTH2_TOKEN_EXPIRES_IN"] = {"authorization_code": 3600, "password": 3600}
    server = AuthorizationServer(app, query_client=CLIENTS.get, save_token=_save)
    server.register_grant(Code, [Pkce()])
    for grant in (Refresh, ClientCredentials, Password):
        server.register_grant(grant)
    server.register_endpoint(Revocation)
    server.register_endpoint(Introspection)
    require_oauth = Protector()
    require_oauth.register_token_validator(Validator())
    one_at_a_time = Lock()

    @app.route("/oauth/authorize", methods=["GET", "POST"])
    def authorize() -> Response:
        try:
            grant = server.get_consent_grant()
        except OAuth2Error as error:
            return server.handle_error_response(server.create_oauth2_request(None), error)
        if request.method == "GET":
            return Response(page("OAuth 2.0"), content_type="text/html")
        user = request.form["user"]
        approved = request.form["decision"] == "approve" and user in PEOPLE
        return server.create_authorization_response(
            grant=grant, grant_user=user if approved else None
        )

    @app.post("/oauth/token")
    def token() -> Response:
        # Authlib looks and saves in two steps; a refresh token must not work twice.
        with one_at_a_time:
            return server.create_token_response()

    @app.post("/oauth/revoke")
    def revoke() -> Response:
        return server.create_endpoint_response("revocation")

    @app.post("/oauth/introspect")
    def introspect() -> Response:
        return server.create_endpoint_response("introspection")

    @app.route("/api/me", methods=["GET", "POST"])
    @require_oauth("profile")
    def me() -> Response:
        return profile(current_token.user or current_token.client_id)

    @app.route("/api/echo", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    @require_oauth()
    def api_echo() -> Response:
        return echo(current_token.user or current_token.client_id)

    return app


if __name__ == "__main__":
    serve(create_app())
