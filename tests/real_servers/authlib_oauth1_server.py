"""Authlib's OAuth 1.0 provider: ``python -m tests.real_servers.authlib_oauth1_server``."""

from __future__ import annotations

from dataclasses import dataclass, field

from authlib.integrations.flask_oauth1 import (
    AuthorizationServer,
    ResourceProtector,
    create_exists_nonce_func,
    current_credential,
    register_nonce_hooks,
    register_temporary_credential_hooks,
)
from authlib.oauth1 import ClientMixin, OAuth1Request, TemporaryCredential, TokenCredentialMixin
from authlib.oauth1.errors import OAuth1Error
from cachelib import SimpleCache
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from flask import Flask, Response, request
from typing_extensions import override

from tests.real_servers.clients import OAUTH1_CLIENTS, PEOPLE, OAuth1Registration
from tests.real_servers.serving import echo, page, profile, serve


@dataclass(frozen=True)
class Client(ClientMixin):
    """A registered client, as Authlib asks for it."""

    registration: OAuth1Registration
    public_key: bytes

    @override
    def get_default_redirect_uri(self) -> str | None:
        return None

    @override
    def get_client_secret(self) -> str | None:
        return self.registration.client_secret

    @override
    def get_rsa_public_key(self) -> bytes:
        return self.public_key


@dataclass(frozen=True)
class User:
    """Who approved; Authlib asks users for their identifier."""

    name: str

    def get_user_id(self) -> str:
        return self.name


@dataclass(frozen=True)
class TokenCredential(TokenCredentialMixin):
    """Token credentials of one client and person."""

    client_id: str
    user: str
    token: str
    secret: str = field(repr=False)

    @override
    def get_oauth_token(self) -> str:
        return self.token

    @override
    def get_oauth_token_secret(self) -> str:
        return self.secret


class Server(AuthorizationServer):
    """Authlib's server, and temporary credentials only for the client that asked for them.

    RFC 5849 3.2 asks for that check; Authlib 1.9.9 leaves it out.
    """

    @override
    def get_temporary_credential(self, request: OAuth1Request) -> TemporaryCredential | None:
        credential = super().get_temporary_credential(request)
        foreign = credential and request.client_id not in {None, credential.get_client_id()}
        return None if foreign else credential


def create_app(public_key: bytes) -> Flask:
    """The provider and its API.

    Args:
        public_key: PEM of the key that RSA-SHA1 signatures are checked with.
    """
    app = Flask(__name__)
    app.config["OAUTH1_SUPPORTED_SIGNATURE_METHODS"] = ["HMAC-SHA1", "RSA-SHA1", "PLAINTEXT"]
    clients = {known.client_id: Client(known, public_key) for known in OAUTH1_CLIENTS}
    tokens: dict[str, TokenCredential] = {}
    cache = SimpleCache(threshold=100_000)

    def create_token(token: dict[str, str], temporary: TemporaryCredential) -> TokenCredentialMixin:
        user = temporary.get_user_id()
        assert user is not None, "the verifier was checked before, so somebody approved"
        value, secret = token["oauth_token"], token["oauth_token_secret"]
        tokens[value] = TokenCredential(temporary.get_client_id(), user, value, secret)
        return tokens[value]

    def query_token(client_id: str, oauth_token: str) -> TokenCredential | None:
        found = tokens.get(oauth_token)
        return found if found and found.client_id == client_id else None

    server = Server(app, query_client=clients.get)
    register_nonce_hooks(server, cache)
    register_temporary_credential_hooks(server, cache)
    server.register_hook("create_token_credential", create_token)
    require_oauth = ResourceProtector(
        app,
        query_client=clients.get,
        query_token=query_token,
        exists_nonce=create_exists_nonce_func(cache, "api-nonce:"),
    )

    @app.post("/oauth/request_token")
    def request_token() -> Response:
        return server.create_temporary_credentials_response()

    @app.route("/oauth/authorize", methods=["GET", "POST"])
    def authorize() -> Response:
        try:
            server.check_authorization_request()
            if request.method == "GET":
                return Response(page("OAuth 1.0"), content_type="text/html")
            user = request.form["user"]
            approved = request.form["decision"] == "approve" and user in PEOPLE
            return server.create_authorization_response(grant_user=User(user) if approved else None)
        except OAuth1Error as error:
            return Response(str(error), status=error.status_code, content_type="text/plain")

    @app.post("/oauth/access_token")
    def access_token() -> Response:
        return server.create_token_response()

    @app.route("/api/me", methods=["GET", "POST"])
    @require_oauth()
    def me() -> Response:
        return profile(current_credential.user)

    @app.route("/api/echo", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    @require_oauth()
    def api_echo() -> Response:
        return echo(current_credential.user)

    return app


if __name__ == "__main__":
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    serve(create_app(public), rsa_key=private.decode())
