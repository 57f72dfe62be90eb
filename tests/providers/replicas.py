"""Replicas of the services: they answer as their documentation shows, without a network."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.oidc.minting import mint, public_jwk, rsa_key
from tests.providers.catalogue import sample
from typedoauth._urls import without_query
from typedoauth.errors import TransportError
from typedoauth.providers import OAuth1Provider, OAuth2Provider, OpenIDProvider, Provider
from typedoauth.transports import Headers, Request, Response, StubTransport

CLIENT_ID = "a-client"
CLIENT_SECRET = "a-secret-of-at-least-32-bytes-for-HS256"
NOW = 1_800_000_000.0
TEMPORARY = b"oauth_token=temp&oauth_token_secret=temp-s&oauth_callback_confirmed=true"


class Replica:
    """One service.

    Attributes:
        stub: The transport that reaches it.
        sample: What it answers.
        nonce: What the login that is under way has for a nonce.
    """

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self.sample: dict[str, Any] = sample(provider)  # any: JSON
        self.nonce: str | None = None
        self.stub = StubTransport(self._answer)

    @property
    def issuer(self) -> str:
        """Its issuer identifier, if it is an OpenID Provider."""
        assert isinstance(self.provider, OpenIDProvider)
        base = self.provider.server_metadata_url.removesuffix("/.well-known/openid-configuration")
        return str(self.sample["id_token"].get("iss", base))

    def callback(self, location: str) -> dict[str, str]:
        """What the browser brings back from the login page at *location*."""
        query = dict(parse_qsl(urlsplit(location).query))
        self.nonce = query.get("nonce")
        if "oauth_token" in query:
            return {"oauth_token": query["oauth_token"], "oauth_verifier": "v"}
        return {"code": "a-code", "state": query["state"]}

    def token_request(self) -> tuple[Request, dict[str, str]]:
        """The request for the token, and its parameters wherever they are."""
        urls = (self.provider.access_token_url, "https://replica.example/token")
        (sent,) = [one for one in self.stub.requests if without_query(one.url) in urls]
        form = (sent.body or b"").decode()
        return sent, dict(parse_qsl(f"{urlsplit(sent.url).query}&{form}"))

    def _answer(self, request: Request) -> Response:
        address = without_query(request.url)
        found = self.sample.get("answers", {}).get(f"{request.method} {address}")
        if found is None:
            found = self._protocol(address)
        if isinstance(found, bytes):
            return Response(200, Headers({"Content-Type": "text/plain"}), found)
        if found is None:
            raise TransportError(f"{self.provider.name} has no {request.method} {address}")
        content = json.dumps(found).encode()
        return Response(200, Headers({"Content-Type": "application/json"}), content)

    def _protocol(self, address: str) -> Mapping[str, object] | bytes | None:
        provider = self.provider
        if isinstance(provider, OAuth1Provider):
            token = self.sample["token"]
            answers = {
                provider.request_token_url: TEMPORARY,
                str(provider.access_token_url): "&".join(
                    f"{name}={value}" for name, value in token.items()
                ).encode(),
            }
            return answers.get(address)
        if isinstance(provider, OAuth2Provider):
            token = self.sample.get("token_answer") or self.sample["token"]
            return token if address == provider.access_token_url else None
        assert isinstance(provider, OpenIDProvider)
        return self._openid(provider).get(address)

    def _openid(self, provider: OpenIDProvider) -> Mapping[str, Mapping[str, object]]:
        algorithm = provider.client_kwargs.get("id_token_signed_response_alg", "RS256")
        issuer = str(provider.metadata.get("issuer", self.issuer))
        return {
            provider.server_metadata_url: {
                "issuer": issuer,
                "authorization_endpoint": "https://replica.example/authorize",
                "token_endpoint": "https://replica.example/token",
                "userinfo_endpoint": "https://replica.example/userinfo",
                "jwks_uri": "https://replica.example/jwks",
                "id_token_signing_alg_values_supported": [algorithm],
            },
            "https://replica.example/jwks": {"keys": [public_jwk(rsa_key(), kid="k")]},
            "https://replica.example/userinfo": self.sample["id_token"],
            "https://replica.example/token": {
                "access_token": "a-token",
                "token_type": "Bearer",
                **self.sample.get("token_answer", {}),
                "id_token": self._id_token(provider, algorithm),
            },
        }

    def _id_token(self, provider: OpenIDProvider, algorithm: str) -> str:
        claims: dict[str, object] = {
            "aud": CLIENT_ID,
            "exp": NOW + 300,
            "iat": NOW,
            "iss": self.issuer,
            **self.sample["id_token"],
        }
        if self.nonce is not None and not provider.client_kwargs.get("accept_missing_nonce"):
            claims["nonce"] = self.nonce
        return mint(claims, algorithm, key=CLIENT_SECRET if algorithm == "HS256" else None)
