"""An OpenID Provider that says what a test tells it to, and logins at it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from tests.client.world import SteppingClock, form
from tests.oidc.minting import SECRET, mint, public_jwk, rsa_key
from typedoauth import OAuth2Client, OAuth2Token
from typedoauth._urls import without_query
from typedoauth.credentials import PendingAuthorization
from typedoauth.messages import Request, Response
from typedoauth.tokens import check_oauth2_token, is_openid_token
from typedoauth.transports import StubTransport

OP = "https://op.example"
DISCOVERY = f"{OP}/.well-known/openid-configuration"
AUTHORIZE = f"{OP}/authorize"
TOKEN_ENDPOINT = f"{OP}/token"
JWKS = f"{OP}/jwks"
USERINFO = f"{OP}/userinfo"
END_SESSION = f"{OP}/logout"
CALLBACK = "https://app.example/callback"
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
NOW = 1_800_000_000.0
HOUR = 3600
ABSENT = object()
"""Takes a claim or member away."""


class Provider:
    """Answers at the addresses of its metadata.

    Attributes:
        clock: Its clock, and that of its clients.
        metadata: What it says about itself.
        keys: Its JWK set.
        answer: Members of its token responses; an ID Token comes with a login's.
        claims: What the ID Tokens of logins say otherwise than they should.
        sign: Makes a token of claims.
        userinfo: What its UserInfo endpoint answers.
        replies: Other answers, by address.
        stub: The transport.
    """

    def __init__(self, **metadata: object) -> None:
        self.clock = SteppingClock(NOW)
        self.metadata: dict[str, object] = {
            "issuer": OP,
            "authorization_endpoint": AUTHORIZE,
            "token_endpoint": TOKEN_ENDPOINT,
            "jwks_uri": JWKS,
            "userinfo_endpoint": USERINFO,
            "end_session_endpoint": END_SESSION,
            **metadata,
        }
        self.keys: list[Mapping[str, object]] = [public_jwk(rsa_key(), kid="k")]
        self.answer: dict[str, object] = {"access_token": "at", "token_type": "Bearer"}
        self.claims: dict[str, object] = {}
        self.sign: Callable[[Mapping[str, object]], str] = mint
        self.userinfo: dict[str, object] = {"sub": "ada", "email": "ada@op.example"}
        self.replies: dict[str, Response | Exception] = {}
        self.stub = StubTransport(self._reply)

    def client(self, **settings: Any) -> OAuth2Client:  # any: the client checks them
        """A client that discovers this provider and asks for ``openid``."""
        settings = {"server_metadata_url": DISCOVERY, "scope": "openid", **settings}
        return OAuth2Client("client", SECRET, transport=self.stub, clock=self.clock, **settings)

    def configured(self, **settings: Any) -> OAuth2Client:  # any: the client checks them
        """A client that knows of this provider without asking."""
        return self.client(**{"server_metadata_url": None, "metadata": self.metadata, **settings})

    def id_token(self, **changes: object) -> str:
        """An ID Token for the client, about Ada, with some claims changed."""
        claims: dict[str, object] = {
            "iss": OP,
            "sub": "ada",
            "aud": "client",
            "exp": self.clock.now + 300,
            "iat": self.clock.now,
            **changes,
        }
        return self.sign({name: value for name, value in claims.items() if value is not ABSENT})

    def logout_token(self, **changes: object) -> str:
        """A logout token for the client, about Ada's session."""
        claims: dict[str, object] = {"sid": "s1", "jti": "j1", "events": {LOGOUT_EVENT: {}}}
        return self.id_token(**{**claims, **changes})

    def log_in(
        self,
        client: OAuth2Client,
        brought: Mapping[str, str] | None = None,
        *,
        asked: Mapping[str, Any] | None = None,  # any: keywords of the client's method
        finish: Mapping[str, Any] | None = None,  # any: likewise
    ) -> OAuth2Token:
        """Log Ada in.

        Args:
            client: At which client.
            brought: What the callback carries besides code and state.
            asked: Keywords of ``start_authorization``.
            finish: Keywords of ``finish_authorization``.
        """
        begun = client.start_authorization(CALLBACK, **(asked or {}))
        return self.come_back(client, begun, brought, **(finish or {}))

    def come_back(
        self,
        client: OAuth2Client,
        begun: PendingAuthorization,
        brought: Mapping[str, str] | None = None,
        **finish: Any,  # any: keywords of the client's method
    ) -> OAuth2Token:
        """Answer a login."""
        if begun.nonce is not None and "id_token" not in self.answer:
            token = self.id_token(**{"nonce": begun.nonce, **self.claims})
            self.replies[TOKEN_ENDPOINT] = json_answer({**self.answer, "id_token": token})
        try:
            query = {"code": "code", "state": begun.state, **(brought or {})}
            return client.finish_authorization(f"{CALLBACK}?{urlencode(query)}", begun, **finish)
        finally:
            self.replies.pop(TOKEN_ENDPOINT, None)

    def asked(self) -> list[str]:
        """The addresses that were asked since the last time, in order."""
        found = [without_query(one.url) for one in self.stub.requests]
        self.stub.requests.clear()
        return found

    def forms(self) -> list[dict[str, str]]:
        """The forms that were posted, in order."""
        return [form(one) for one in self.stub.requests if one.method == "POST"]

    def _reply(self, request: Request) -> Response:
        url = without_query(request.url)
        if url in self.replies:
            reply = self.replies[url]
            if isinstance(reply, Exception):
                raise reply
            return reply
        documents: dict[str, object] = {
            DISCOVERY: self.metadata,
            JWKS: {"keys": self.keys},
            TOKEN_ENDPOINT: self.answer,
            USERINFO: self.userinfo,
        }
        return json_answer(documents[url]) if url in documents else Response(404)


def saved(**members: object) -> OAuth2Token:
    """A token as an application may have kept it."""
    return check_oauth2_token({"access_token": "at", "token_type": "Bearer", **members})


def claims_of(token: OAuth2Token) -> dict[str, object]:
    """The validated claims of a token; nothing where there are none."""
    return {**token["userinfo"]} if is_openid_token(token) else {}


def json_answer(members: object, status: int = 200) -> Response:
    """A document."""
    return Response(status, {"Content-Type": "application/json"}, json.dumps(members).encode())


def jwt_answer(token: str) -> Response:
    """A signed or encrypted answer."""
    return Response(200, {"Content-Type": "application/jwt"}, token.encode())
