"""Clients that authenticate with keys, and assertions that stand for a grant (RFC 7523)."""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64decode
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from tests.client.openid import NOW
from tests.client.world import API, AS, TOKEN_URL, SteppingClock, form, issued
from tests.oidc.minting import SECRET, key_for, private_jwk, rsa_key
from typedoauth import OAuth2Client, Response
from typedoauth.credentials import ClientCredentials
from typedoauth.errors import ConfigurationError, OAuthError, TokenEndpointError, TokenExpiredError
from typedoauth.messages import Request
from typedoauth.oauth2 import JWTBearerGrant
from typedoauth.oidc import AssertionSigner, load_signing_key
from typedoauth.transports import StubTransport

KEY = rsa_key()
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
LOCKED = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"pass"))
KINDS = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
REVOKE, INTROSPECT = f"{AS}/revoke", f"{AS}/introspect"


class Server:
    """A token endpoint that issues tokens of ten minutes, and a client of it."""

    def __init__(self, secret: str | None = None, **options: Any) -> None:  # any: as they come
        self.clock = SteppingClock(NOW)
        self.issued = 0
        self.stub = StubTransport(self._reply)
        self.client = OAuth2Client(
            "the client",
            secret,
            access_token_url=TOKEN_URL,
            api_base_url=API,
            metadata={"revocation_endpoint": REVOKE, "introspection_endpoint": INTROSPECT},
            transport=self.stub,
            clock=self.clock,
            **options,
        )

    def _reply(self, request: Request) -> Response:
        if request.url.startswith(TOKEN_URL):
            self.issued += 1
            return issued(f"token {self.issued}", expires_in=600)
        return Response(200, content=b'{"active": true}')

    def sent(self) -> dict[str, str]:
        """The last form."""
        return form(self.stub.requests[-1])

    def assertion(self) -> tuple[dict[str, Any], dict[str, Any], str]:  # any: JSON
        """Header, claims and the whole of the last client assertion."""
        return parts_of(self.sent()["client_assertion"])


def parts_of(token: str) -> tuple[dict[str, Any], dict[str, Any], str]:  # any: JSON
    """Header and claims of a JWT, and itself."""
    header, claims, _ = (unpacked(part) for part in token.split("."))
    return json.loads(header), json.loads(claims), token


def unpacked(part: str) -> bytes:
    """What base64url says."""
    return urlsafe_b64decode(f"{part}{'=' * (-len(part) % 4)}")


def _check_rsa(message: bytes, signature: bytes) -> None:
    KEY.public_key().verify(signature, message, padding.PKCS1v15(), SHA256())


def _check_pss(message: bytes, signature: bytes) -> None:
    pss = padding.PSS(padding.MGF1(SHA256()), 32)
    KEY.public_key().verify(signature, message, pss, SHA256())


def _check_ec(message: bytes, signature: bytes) -> None:
    key = key_for("ES256")
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    numbers = (int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
    key.public_key().verify(encode_dss_signature(*numbers), message, ec.ECDSA(SHA256()))


def _check_hmac(message: bytes, signature: bytes) -> None:
    assert hmac.digest(SECRET.encode(), message, "sha256") == signature


PRIVATE: list[tuple[str, dict[str, object], dict[str, str], Callable[[bytes, bytes], None]]] = [
    ("PEM", {"private_key": PEM}, {"alg": "RS256"}, _check_rsa),
    ("PEM as bytes", {"private_key": PEM.encode()}, {"alg": "RS256"}, _check_rsa),
    (
        "locked PEM",
        {"private_key": LOCKED, "private_key_password": "pass"},
        {"alg": "RS256"},
        _check_rsa,
    ),
    ("key", {"private_key": KEY}, {"alg": "RS256"}, _check_rsa),
    ("JWK", {"private_key": private_jwk(KEY, kid="j")}, {"alg": "RS256", "kid": "j"}, _check_rsa),
    (
        "JWK as JSON",
        {"private_key": json.dumps(private_jwk(KEY, kid="j"))},
        {"alg": "RS256", "kid": "j"},
        _check_rsa,
    ),
    (
        "kid",
        {"private_key": private_jwk(KEY, kid="j"), "private_key_id": "mine"},
        {"alg": "RS256", "kid": "mine"},
        _check_rsa,
    ),
    (
        "algorithm",
        {"private_key": PEM, "token_endpoint_auth_signing_alg": "PS256"},
        {"alg": "PS256"},
        _check_pss,
    ),
    ("EC", {"private_key": key_for("ES256")}, {"alg": "ES256"}, _check_ec),
]


@pytest.mark.parametrize(
    ("options", "header", "check"), [one[1:] for one in PRIVATE], ids=[one[0] for one in PRIVATE]
)
def test_private_key_signs_an_assertion(
    options: dict[str, Any],  # any: each is of another type
    header: dict[str, str],
    check: Callable[[bytes, bytes], None],
) -> None:
    """``private_key_jwt`` (Core 9, RFC 7523 2.2); the identifier is in the body, too."""
    server = Server(**options)
    server.client.fetch_access_token()
    found, claims, token = server.assertion()
    jti = claims.pop("jti")
    assert claims == {
        "iss": "the client",
        "sub": "the client",
        "aud": TOKEN_URL,
        "iat": NOW,
        "exp": NOW + 60,
    }
    assert {"typ": "JWT", **header} == found
    message, _, signature = token.rpartition(".")
    check(message.encode(), unpacked(signature))
    sent = server.sent()
    assert (sent["client_id"], sent["client_assertion_type"]) == ("the client", KINDS)
    assert "authorization" not in server.stub.requests[-1].headers
    server.client.fetch_access_token()
    assert server.assertion()[1]["jti"] not in ("", jti)


def test_client_secret_signs_an_assertion() -> None:
    """``client_secret_jwt``; the secret itself is not sent."""
    server = Server(SECRET, token_endpoint_auth_method="client_secret_jwt")
    server.client.fetch_access_token()
    header, claims, token = server.assertion()
    assert (header["alg"], claims["aud"]) == ("HS256", TOKEN_URL)
    message, _, signature = token.rpartition(".")
    _check_hmac(message.encode(), unpacked(signature))
    assert SECRET not in (server.stub.requests[-1].body or b"").decode()


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_hash_of_the_secret_can_be_chosen(algorithm: str) -> None:
    """``token_endpoint_auth_signing_alg``; with a private key it speaks of that one."""
    options = {"token_endpoint_auth_method": "client_secret_jwt"}
    server = Server(SECRET, token_endpoint_auth_signing_alg=algorithm, **options)
    server.client.fetch_access_token()
    assert server.assertion()[0]["alg"] == algorithm
    server = Server(SECRET, private_key=PEM, token_endpoint_auth_signing_alg="RS512", **options)
    server.client.fetch_access_token()
    assert server.assertion()[0]["alg"] == "HS256"


@pytest.mark.parametrize(
    ("secret", "options", "method"),
    [
        (None, {}, "none"),
        ("secret", {}, "client_secret_basic"),
        (None, {"private_key": PEM}, "private_key_jwt"),
        ("secret", {"private_key": PEM}, "private_key_jwt"),
        (
            "secret",
            {"private_key": PEM, "token_endpoint_auth_method": "client_secret_post"},
            "client_secret_post",
        ),
    ],
)
def test_private_key_is_what_a_client_authenticates_with(
    secret: str | None, options: dict[str, str], method: str
) -> None:
    """Unless another method is named."""
    assert Server(secret, **options).client.token_endpoint_auth_method == method


@pytest.mark.parametrize(
    ("options", "audiences"),
    [
        ({}, [TOKEN_URL, REVOKE, INTROSPECT]),
        ({"client_assertion_audience": AS}, [AS] * 3),
    ],
)
@pytest.mark.parametrize("method", ["private_key_jwt", "client_secret_jwt"])
def test_assertion_is_for_the_endpoint_that_it_is_sent_to(
    options: dict[str, str], audiences: list[str], method: str
) -> None:
    """Unless the server wants another audience (RFC 7523 3)."""
    server = Server(SECRET, private_key=PEM, token_endpoint_auth_method=method, **options)
    server.client.fetch_access_token()
    server.client.revoke_token("t")
    server.client.introspect_token("t")
    found = [parts_of(form(one)["client_assertion"])[1]["aud"] for one in server.stub.requests]
    assert found == audiences


@pytest.mark.parametrize(
    "option",
    [
        "token_endpoint_auth_method",
        "revocation_endpoint_auth_method",
        "introspection_endpoint_auth_method",
    ],
)
def test_private_key_jwt_needs_a_key(option: str) -> None:
    """When the client is made; the message names option and keyword."""
    with pytest.raises(ConfigurationError, match=f"{option}: private_key_jwt needs private_key="):
        Server("secret", **{option: "private_key_jwt"})


def test_method_of_ones_own_may_be_called_private_key_jwt() -> None:
    """For keys that lie in a machine of their own."""

    class Signing:
        """Signs elsewhere."""

        name = "private_key_jwt"

        def authenticate(self, request: Request, client: ClientCredentials, /) -> Request:
            return request

    server = Server(token_endpoint_auth_method="private_key_jwt", client_auth_methods=[Signing()])
    assert server.client.fetch_access_token()["access_token"] == "token 1"


WEAK = rsa_key(1024)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"private_key": "hush-hush"}, "no private key"),
        ({"private_key": LOCKED}, "is encrypted"),
        ({"private_key": PEM, "private_key_password": "hush-hush"}, "is not encrypted"),
        ({"private_key": WEAK}, "cannot be used"),
        ({"private_key": {"kty": "oct", "k": "aHVzaA"}}, "cannot be used|shared secret"),
        ({"private_key": PEM, "token_endpoint_auth_signing_alg": "ES256"}, "RS256"),
        ({"token_endpoint_auth_signing_alg": "RS256"}, "one of HS256, HS384, HS512"),
        ({"private_key": PEM, "private_key_id": 5}, "private_key_id is to be a text"),
        ({"private_key": PEM, "client_assertion_audience": [AS]}, "client_assertion_audience is"),
    ],
)
def test_wrong_key_is_refused_when_the_client_is_made(options: dict[str, Any], says: str) -> None:
    """The message shows nothing of it."""
    with pytest.raises(ConfigurationError, match=says) as caught:
        Server(**options)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("secret", [None, "short"])
def test_client_secret_jwt_needs_a_secret_that_is_long_enough(secret: str | None) -> None:
    """Nothing is sent without."""
    server = Server(secret, token_endpoint_auth_method="client_secret_jwt")
    with pytest.raises(ConfigurationError):
        server.client.fetch_access_token()
    assert server.stub.requests == []


def test_server_that_quotes_an_assertion_is_not_quoted() -> None:
    """An error message holds nothing that would serve anybody."""
    stub = StubTransport(_quoting)
    client = OAuth2Client("id", access_token_url=TOKEN_URL, private_key=PEM, transport=stub)
    with pytest.raises(TokenEndpointError) as caught:
        client.fetch_access_token(grant=JWTBearerGrant("hush.hush.hush"))
    sent = form(stub.requests[0])
    for secret in (sent["client_assertion"], sent["assertion"]):
        assert secret not in str(caught.value)


def _quoting(request: Request) -> Response:
    words = {"error": "invalid_client", "error_description": " ".join(form(request).values())}
    return Response(400, {"Content-Type": "application/json"}, json.dumps(words).encode())


# Assertions as grants

BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


def test_assertion_is_made_anew_when_the_token_expires() -> None:
    """A service account has no refresh token and needs none (RFC 7523 2.1)."""
    server = Server()
    signer = AssertionSigner(load_signing_key(PEM), "robot@as.example", TOKEN_URL, server.clock)
    token = server.client.fetch_access_token(grant=JWTBearerGrant(signer, "read"), resource="x")
    first = server.sent()
    assert (first["grant_type"], first["scope"], first["resource"]) == (BEARER, "read", "x")
    server.client.get("me", token=token)
    server.clock.now += 600
    server.client.get("me", token=token)
    assert server.stub.requests[-1].headers["Authorization"] == "Bearer token 2"
    again = form(server.stub.requests[-2])
    claims = [parts_of(one.pop("assertion"))[1] for one in (first, again)]
    assert first == again
    assert [one["iat"] for one in claims] == [NOW, NOW + 600]


def test_ready_made_assertion_serves_once() -> None:
    """It may have expired, or count as replayed: the caller makes another."""
    server = Server()
    token = server.client.fetch_access_token(grant=JWTBearerGrant("a.b.c"))
    assert server.sent() == {"grant_type": BEARER, "assertion": "a.b.c", "client_id": "the client"}
    server.clock.now += 600
    with pytest.raises(TokenExpiredError):
        server.client.get("me", token=token)


def test_key_that_fails_later_is_an_error_of_the_tree() -> None:
    """A function that makes assertions may fail in the tree, and nothing is sent."""

    def make() -> str:
        raise ConfigurationError("the key is gone")

    server = Server()
    with pytest.raises(OAuthError, match="the key is gone"):
        server.client.fetch_access_token(grant=JWTBearerGrant(make))
    assert server.stub.requests == []
