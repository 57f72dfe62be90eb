"""OpenID Connect logins that other libraries have let go wrong (docs/advisories.md)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.oidc.id_tokens import CLAIMS, NOW
from tests.oidc.jwe_tokens import by_joserfc
from tests.oidc.minting import b64, mint, private_jwk, public_jwk, rsa_key
from typedoauth import OAuth2Client, OAuth2Token, OAuthError, Request, Response, is_openid_token
from typedoauth.client import OAuth2Options
from typedoauth.credentials import PendingAuthorization
from typedoauth.errors import (
    IdTokenError,
    InsecureTransportError,
    InvalidSignatureError,
    MalformedResponseError,
    StateMismatchError,
    UnknownKeyError,
)
from typedoauth.transports import StubTransport

OP = "https://op.example"
CALLBACK = "https://app.example/callback"
DISCOVERY = f"{OP}/.well-known/openid-configuration"
JWKS = f"{OP}/jwks"


class Provider:
    """A provider that answers as it is told to, and a client of it.

    Attributes:
        metadata: What it says about itself.
        answer: Members of its token response; each may be changed.
        replies: Its answers at other addresses.
    """

    def __init__(self, options: OAuth2Options | None = None) -> None:
        settings: OAuth2Options = {"scope": "openid email", **(options or {})}
        self.metadata: dict[str, object] = {
            "issuer": OP,
            "authorization_endpoint": f"{OP}/authorize",
            "token_endpoint": f"{OP}/token",
            "jwks_uri": JWKS,
        }
        self.answer: dict[str, object] = {"access_token": "at", "token_type": "Bearer"}
        self.replies: dict[str, Response] = {}
        self.now: float = NOW
        self.stub: StubTransport = StubTransport(self._reply)
        self.updated: list[OAuth2Token] = []
        self.client: OAuth2Client = OAuth2Client(
            "client",
            "the-client-secret-of-more-than-32-bytes",
            server_metadata_url=DISCOVERY,
            update_token=self.updated.append,
            transport=self.stub,
            clock=lambda: self.now,
            **settings,
        )

    def _reply(self, request: Request) -> Response:
        if request.url in self.replies:
            return self.replies[request.url]
        documents: dict[str, object] = {
            DISCOVERY: self.metadata,
            JWKS: {"keys": [public_jwk(rsa_key(), kid="k")]},
            f"{OP}/token": self.answer,
        }
        if request.url not in documents:
            return Response(404)
        return Response(200, content=json.dumps(documents[request.url]).encode())

    def asked(self) -> list[str]:
        """The addresses that were asked, in order."""
        return [request.url for request in self.stub.requests]

    def begin(self) -> PendingAuthorization:
        """Begin a login."""
        return self.client.start_authorization(CALLBACK)

    def log_in(
        self,
        make: Callable[[dict[str, object]], str] = mint,
        brought: Mapping[str, str] | None = None,
    ) -> OAuth2Token:
        """Log in with the ID Token that *make* makes of the right claims."""
        begun = self.begin()
        self.answer["id_token"] = make({**CLAIMS, "nonce": begun.nonce})
        query = {"code": "c", "state": begun.state, **(brought or {})}
        return self.client.finish_authorization(f"{CALLBACK}?{urlencode(query)}", begun)


def test_claims_beside_the_id_token_are_not_believed() -> None:
    """Neither the callback nor the token response says who the user is."""
    provider, admin = Provider(), {"sub": "admin", "email": "admin@app.example"}
    provider.answer["userinfo"] = admin
    provider.answer.update(admin)
    told = {"user": json.dumps(admin), "userinfo": json.dumps(admin), **admin}
    token = provider.log_in(brought=told)
    assert is_openid_token(token)
    claims: dict[str, object] = {**token["userinfo"]}
    assert claims.pop("nonce")
    assert claims == {name: value for name, value in CLAIMS.items() if name != "nonce"}


def test_id_token_of_another_login_is_refused() -> None:
    """A token that was stolen from another login has that one's nonce (Core 3.1.3.7 rule 11)."""
    provider = Provider()
    other = provider.begin()
    with pytest.raises(IdTokenError) as caught:
        provider.log_in(lambda claims: mint({**claims, "nonce": other.nonce}))
    assert caught.value.claim == "nonce"


@pytest.mark.parametrize("advertised", [True, False])
def test_missing_iss_is_refused_where_it_is_advertised(advertised: bool) -> None:
    """A server that says it sends ``iss`` has to; else its code is not used (RFC 9207 2.4)."""
    provider = Provider()
    provider.metadata["authorization_response_iss_parameter_supported"] = advertised
    if not advertised:
        assert provider.log_in()
        return
    with pytest.raises(StateMismatchError) as caught:
        provider.log_in()
    assert caught.value.reason == "missing_issuer"
    assert f"{OP}/token" not in provider.asked()
    assert provider.log_in(brought={"iss": OP})


def _unsigned(claims: dict[str, object]) -> str:
    return f"{b64(json.dumps({'alg': 'none'}).encode())}.{b64(json.dumps(claims).encode())}."


def _by_public_key(claims: dict[str, object]) -> str:
    public = rsa_key().public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return mint(claims, "HS256", key=pem.decode())


def _by_client_secret(claims: dict[str, object]) -> str:
    return mint(claims, "HS256", key="the-client-secret-of-more-than-32-bytes")


@pytest.mark.parametrize("make", [_unsigned, _by_public_key, _by_client_secret])
@pytest.mark.parametrize("advertised", [None, ["RS256", "HS256", "none"]], ids=str)
def test_metadata_cannot_weaken_the_signature(
    make: Callable[[dict[str, object]], str], advertised: list[str] | None
) -> None:
    """``none`` is nothing, and HS256 counts where the application has registered it."""
    provider = Provider()
    if advertised:
        provider.metadata["id_token_signing_alg_values_supported"] = advertised
    with pytest.raises(InvalidSignatureError):
        provider.log_in(make)


def _encrypted(content: str) -> str:
    """What anybody can make of the client's public key."""
    header = {"alg": "RSA-OAEP", "enc": "A128GCM"}
    return by_joserfc(header, public_jwk(rsa_key(number=2)), content)


NOT_SIGNED: Mapping[str, Callable[[dict[str, object]], str]] = {
    "not encrypted": mint,
    "claims": lambda claims: _encrypted(json.dumps(claims)),
    "none": lambda claims: _encrypted(_unsigned(claims)),
    "another key": lambda claims: _encrypted(mint(claims, key=rsa_key(number=1))),
    "the public key": lambda claims: _encrypted(_by_public_key(claims)),
    "twice": lambda claims: _encrypted(_encrypted(mint(claims))),
}


@pytest.mark.parametrize("forged", NOT_SIGNED)
def test_encryption_is_no_signature(forged: str) -> None:
    """Anybody can encrypt for the client; what is within is signed as any ID Token is."""
    provider = Provider(
        {
            "id_token_encrypted_response_alg": "RSA-OAEP",
            "id_token_encrypted_response_enc": "A128GCM",
            "decryption_key": private_jwk(rsa_key(number=2)),
        }
    )
    assert provider.log_in(lambda claims: _encrypted(mint(claims)))
    with pytest.raises(IdTokenError):
        provider.log_in(NOT_SIGNED[forged])
    with pytest.raises(IdTokenError):
        Provider().log_in(lambda claims: _encrypted(mint(claims)))  # not asked for


def test_refresh_cannot_change_who_the_user_is() -> None:
    """An ID Token that comes with a refresh is validated, and about the same user (Core 12.2)."""
    provider = Provider()
    token = provider.log_in()
    token["refresh_token"] = "r"
    for changes in ({"sub": "admin"}, {"aud": "other"}, {"exp": NOW - 1000}):
        provider.answer["id_token"] = mint({**CLAIMS, **changes})
        with pytest.raises(IdTokenError) as caught:
            provider.client.refresh_token(token)
        assert caught.value.claim == next(iter(changes))
    assert provider.updated == []


def test_unknown_kids_cost_one_fetch() -> None:
    """A flood of made-up keys asks the provider once more, and then not for a while.

    Logout tokens, which anybody can post, and logins do not hold each other up.
    """
    provider = Provider()
    provider.log_in()
    for number in range(20):
        header = {"kid": f"made-up-{number}"}
        with pytest.raises(UnknownKeyError):
            # Anybody can post logout tokens.
            provider.client.parse_logout_token(mint(CLAIMS, header=header))
        with pytest.raises(UnknownKeyError):
            provider.log_in(partial(mint, header=header))
    assert provider.asked().count(JWKS) == 3
    assert provider.log_in()


@pytest.mark.parametrize(
    "jwks_uri",
    [
        "http://op.example/jwks",
        "file:///etc/passwd",
        "ftp://op.example/jwks",
        "data:application/json,{}",
        "//op.example/jwks",
        "jwks.json",
    ],
)
def test_keys_come_from_https_alone(jwks_uri: str) -> None:
    """An address of another kind in the metadata is refused, and nothing asks there."""
    provider = Provider()
    provider.metadata["jwks_uri"] = jwks_uri
    with pytest.raises(OAuthError) as caught:
        provider.client.fetch_jwk_set()
    assert isinstance(caught.value, InsecureTransportError | MalformedResponseError)
    assert provider.asked() == [DISCOVERY]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_keys_are_not_fetched_through_a_redirect(status: int) -> None:
    """An open redirector of the provider cannot put other keys in place of its own."""
    provider = Provider()
    evil = "https://evil.example/jwks"
    provider.replies[JWKS] = Response(status, {"Location": evil})
    keys = {"keys": [public_jwk(rsa_key(number=1), kid="k")]}
    provider.replies[evil] = Response(200, content=json.dumps(keys).encode())
    with pytest.raises(MalformedResponseError):
        provider.log_in(partial(mint, key=rsa_key(number=1)))
    assert evil not in provider.asked()
