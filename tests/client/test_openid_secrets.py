"""What a client of an OpenID Provider never shows: in logs, in a repr, in an error."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.client.openid import ABSENT, NOW, USERINFO, Provider, jwt_answer
from tests.client.test_secrets import told
from tests.client.world import query
from tests.oidc.minting import SECRET, mint, private_jwk, rsa_key
from typedoauth import OAuth2Client
from typedoauth.errors import OAuthError

KEY = rsa_key(number=3)
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def test_logs_say_what_happened_and_no_secret(caplog: pytest.LogCaptureFixture) -> None:
    """A login, UserInfo, a refresh and a logout at DEBUG level."""
    caplog.set_level(logging.DEBUG)
    provider = Provider()
    provider.answer.update(access_token="access-hush", refresh_token="refresh-hush")
    client = provider.client(private_key=PEM)
    begun = client.start_authorization("https://app.example/", code_verifier="v" * 43, nonce="n0")
    token = provider.come_back(client, begun, {"code": "code-hush"})
    client.userinfo(token)
    client.refresh_token(token)
    client.parse_logout_token(provider.logout_token())
    forms = provider.forms()
    secrets = [
        *("access-hush", "refresh-hush", "code-hush", "v" * 43, "n0", SECRET, PEM, begun.state),
        *(one["client_assertion"] for one in forms),
        token.get("id_token") or "no ID Token",
        query(begun.url)["code_challenge"],
    ]
    assert len(forms) == 2
    assert USERINFO in caplog.text
    assert [one for one in secrets if one in caplog.text] == []


def test_no_repr_shows_a_secret() -> None:
    """Of the client, of all that it is made of, and of a login that is open."""
    provider = Provider()
    client = provider.client(
        private_key=private_jwk(KEY),
        decryption_key=private_jwk(KEY),
        id_token_encrypted_response_alg="RSA-OAEP",
        token_endpoint_auth_method="client_secret_jwt",
    )
    begun = client.start_authorization(claims={"userinfo": {"email": None}})
    parts = [value for name, value in vars(client).items() if name != "client_secret"]
    shown = f"{client!r} {parts!r} {begun!r} {client.fetch_jwk_set()!r}"
    assert "PendingAuthorization" in shown
    numbers = {str(value) for value in private_jwk(KEY).values()} - {"RSA", "AQAB"}
    secrets = [SECRET, *numbers, begun.nonce or "", begun.code_verifier or ""]
    assert [one for one in secrets if one in shown] == []


FAILING: list[tuple[str, dict[str, object], Callable[..., str]]] = [
    ("nonce", {"nonce": "hush"}, mint),
    ("no nonce", {"nonce": ABSENT}, mint),
    ("at_hash", {"at_hash": "hush"}, mint),
    ("aud", {"aud": ["hush"]}, mint),
    ("azp", {"azp": "hush"}, mint),
    ("exp", {"exp": NOW - 1000}, mint),
    ("sub", {"sub": "hush" * 100}, mint),
    ("acr", {"acr": "hush"}, mint),
    ("email", {"email": "hush"}, mint),
    ("key", {}, partial(mint, key=KEY)),
    ("kid", {}, partial(mint, header={"kid": "x"})),
    ("algorithm", {}, partial(mint, algorithm="HS256")),
    ("no JSON", {}, lambda *_: mint("hush-hush")),
    ("no JWS", {}, lambda *_: "hush.hush"),
]


@pytest.mark.parametrize(
    ("claims", "sign"), [one[1:] for one in FAILING], ids=[one[0] for one in FAILING]
)
def test_refusal_quotes_nothing(claims: dict[str, object], sign: Callable[..., str]) -> None:
    """Neither the ID Token, nor what it should have held; nor does what caused it."""
    provider = Provider()
    provider.claims, provider.sign = claims, sign
    provider.answer["access_token"] = "access-hush"
    client: OAuth2Client = provider.client()
    begun = client.start_authorization(nonce="nonce-hush", acr_values="a")
    with pytest.raises(OAuthError) as caught:
        provider.come_back(
            client, begun, {"code": "code-hush"}, claims_options={"email": {"values": ["a@b"]}}
        )
    assert "hush" not in "".join(told(caught.value))


@pytest.mark.parametrize("content", ['{"sub": "eve", "email": "hush"}', '{"hush": ', "hush.hush"])
def test_refused_userinfo_is_not_quoted(content: str) -> None:
    """It is somebody's data."""
    provider = Provider()
    token = provider.log_in(provider.client())
    provider.replies[USERINFO] = jwt_answer(content)
    for options in ({}, {"userinfo_signed_response_alg": "RS256"}):
        with pytest.raises(OAuthError) as caught:
            provider.client(**options).userinfo(token)
        assert "hush" not in "".join(told(caught.value))
