"""Encrypted ID Tokens, UserInfo and logout tokens, as the client is registered for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from tests.client.openid import AUTHORIZE, OP, USERINFO, Provider, claims_of, jwt_answer, saved
from tests.oidc.jwe_tokens import Members, by_joserfc
from tests.oidc.minting import SECRET, b64, mint, private_jwk, public_jwk, rsa_key
from typedoauth import OAuth2Client
from typedoauth.errors import ConfigurationError, IdTokenError
from typedoauth.oidc import derive_decryption_key, load_decryption_key

KEY = rsa_key(number=2)
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
AT = saved()
RSA = {"id_token_encrypted_response_alg": "RSA-OAEP", "decryption_key": PEM}
USERINFO_RSA = {"userinfo_encrypted_response_alg": "RSA-OAEP", "decryption_key": PEM}


def sealed(
    content: str, algorithm: str = "RSA-OAEP", encryption: str = "A128CBC-HS256", key: Any = None
) -> str:  # any: a JWK
    """Encrypt for the client."""
    recipient: Members = key or public_jwk(KEY)
    return by_joserfc({"alg": algorithm, "enc": encryption}, recipient, content)


def encrypting(provider: Provider, seal: Callable[[str], str] = sealed) -> Provider:
    """Have the provider encrypt what it signs."""
    provider.sign = lambda claims: seal(mint(claims))
    return provider


KEYS: list[tuple[str, object]] = [
    ("PEM", PEM),
    ("PEM as text", PEM.decode()),
    ("JWK", private_jwk(KEY)),
    ("object", KEY),
    ("loaded", load_decryption_key(PEM, kid="k")),
    ("list", [rsa_key(number=1), private_jwk(KEY)]),
    ("tuple", (load_decryption_key(rsa_key(number=1)), KEY)),
]


@pytest.mark.parametrize("key", [one[1] for one in KEYS], ids=[one[0] for one in KEYS])
def test_encrypted_id_token_logs_in(key: object) -> None:
    """With one key or several, in every form that a private key has (Core 10.2)."""
    provider = encrypting(Provider())
    token = provider.log_in(provider.client(**{**RSA, "decryption_key": key}))
    assert claims_of(token)["sub"] == "ada"
    assert (token.get("id_token") or "").count(".") == 4


def test_encryption_is_as_registered() -> None:
    """``enc`` is A128CBC-HS256 where it is not named (Dynamic Client Registration 2)."""
    provider = encrypting(Provider(), lambda text: sealed(text, encryption="A256GCM"))
    client = provider.client(**RSA, id_token_encrypted_response_enc="A256GCM")
    assert provider.log_in(client)
    with pytest.raises(IdTokenError):
        provider.log_in(provider.client(**RSA))


def test_client_secret_decrypts_where_there_is_no_key() -> None:
    """By a key that both derive from it (Core 10.2, 16.19)."""
    derived = derive_decryption_key(SECRET, algorithm="dir", encryption="A256GCM").private
    assert isinstance(derived, bytes)
    key = {"kty": "oct", "k": b64(derived)}
    provider = encrypting(Provider(), lambda text: sealed(text, "dir", "A256GCM", key))
    options = {
        "id_token_encrypted_response_alg": "dir",
        "id_token_encrypted_response_enc": "A256GCM",
    }
    assert claims_of(provider.log_in(provider.client(**options)))["sub"] == "ada"


@pytest.mark.parametrize(
    "options",
    [
        {**RSA, "id_token_encrypted_response_alg": "RSA1_5"},
        {**RSA, "id_token_encrypted_response_alg": "none"},
        {**RSA, "id_token_encrypted_response_alg": "PBES2-HS256+A128KW"},
        {**RSA, "id_token_encrypted_response_alg": 5},
        {**RSA, "id_token_encrypted_response_enc": "A128KW"},
        {**RSA, "id_token_encrypted_response_alg": "A128KW"},
        {**RSA, "decryption_key": "hush-hush"},
        {**RSA, "decryption_key": [PEM, "hush-hush"]},
        {**RSA, "decryption_key": []},
        {**RSA, "decryption_key": public_jwk(KEY)},
        {**RSA, "decryption_key": rsa_key(1024)},
        {**USERINFO_RSA, "userinfo_encrypted_response_alg": "RSA1_5"},
        {"id_token_encrypted_response_alg": "RSA-OAEP"},
        {"userinfo_encrypted_response_alg": "RSA-OAEP"},
    ],
    ids=lambda options: " ".join(str(one)[:30] for one in options.values()),
)
def test_wrong_encryption_is_refused_when_the_client_is_made(options: Mapping[str, object]) -> None:
    """Also a key that is not for that algorithm; no message shows one."""
    with pytest.raises(ConfigurationError) as caught:
        Provider().client(**options)
    assert "hush" not in str(caught.value)


def test_short_secret_is_refused_when_the_client_is_made() -> None:
    """Nothing is derived from a word (Core 16.19)."""
    with pytest.raises(ConfigurationError, match="16 bytes") as caught:
        OAuth2Client("client", "hush", id_token_encrypted_response_alg="dir")
    assert "hush" not in str(caught.value)


def test_key_that_is_not_there_is_told_at_the_login() -> None:
    """The settings may be checked before config has the secret."""
    provider = encrypting(Provider())
    client = OAuth2Client(
        "client",
        name="op",
        metadata={"issuer": OP},
        jwks={"keys": provider.keys},
        authorize_url=AUTHORIZE,
        access_token_url=f"{OP}/token",
        scope="openid",
        transport=provider.stub,
        id_token_encrypted_response_alg="dir",
    )
    with pytest.raises(ConfigurationError, match="no client_secret, which encryption by dir, with"):
        provider.log_in(client)


def test_encrypted_id_token_has_to_be_registered() -> None:
    """And a plain one is refused where an encrypted one is."""
    provider = Provider()
    with pytest.raises(IdTokenError):
        provider.log_in(provider.client(**RSA))
    encrypting(provider)
    with pytest.raises(IdTokenError, match="encrypted token"):
        provider.log_in(provider.client(decryption_key=PEM))


def test_logout_token_may_come_encrypted_or_plain() -> None:
    """Providers differ; it is signed either way (Back-Channel Logout 2.4)."""
    provider = Provider()
    client = provider.client(**RSA)
    plain = provider.logout_token()
    assert client.parse_logout_token(plain).sid == "s1"
    assert client.parse_logout_token(sealed(plain)).sid == "s1"
    with pytest.raises(IdTokenError):
        client.parse_logout_token(sealed(mint({"sub": "ada"}, "HS256")))


def test_encrypted_userinfo_is_decrypted() -> None:
    """Claims within, where it is not registered to be signed (Core 5.3.2)."""
    provider = Provider()
    content = '{"sub": "ada", "email": "a@b"}'
    provider.replies[USERINFO] = jwt_answer(f"{sealed(content)}\n")
    client = provider.client(**USERINFO_RSA)
    assert client.userinfo(AT, sub="ada") == {"sub": "ada", "email": "a@b"}
    assert provider.stub.requests[-1].headers["Accept"] == "application/jwt"
    with pytest.raises(IdTokenError, match="another End-User"):
        client.userinfo(AT, sub="eve")
    provider.replies[USERINFO] = jwt_answer('{"sub": "ada"}')
    with pytest.raises(IdTokenError):
        client.userinfo(AT, sub="ada")


def test_userinfo_is_signed_and_encrypted_where_both_are_registered() -> None:
    """What is within has to be signed, then."""
    provider = Provider()
    client = provider.client(**USERINFO_RSA, userinfo_signed_response_alg="RS256")
    signed = mint({"iss": OP, "aud": "client", "sub": "ada", "email": "a@b"})
    provider.replies[USERINFO] = jwt_answer(sealed(signed))
    assert client.userinfo(AT).get("email") == "a@b"
    for wrong in (sealed('{"sub": "ada"}'), signed):
        provider.replies[USERINFO] = jwt_answer(wrong)
        with pytest.raises(IdTokenError):
            client.userinfo(AT)


def test_encrypted_key_is_loaded_by_oneself() -> None:
    """``load_decryption_key`` takes its password, and the client what it gives."""
    pem = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"pass"))
    provider = encrypting(Provider())
    with pytest.raises(ConfigurationError, match="is encrypted"):
        provider.client(**{**RSA, "decryption_key": pem})
    loaded = load_decryption_key(pem, password="pass")
    assert provider.log_in(provider.client(**{**RSA, "decryption_key": loaded}))


def test_refreshed_id_token_is_decrypted_and_the_old_one_needs_none() -> None:
    """Whom the stored token is about, its claims say: it cannot be read without a key."""
    provider = encrypting(Provider())
    client = provider.client(**RSA)
    provider.answer["refresh_token"] = "r1"
    token = provider.log_in(client)
    provider.answer["id_token"] = provider.id_token(sub="eve")
    with pytest.raises(IdTokenError) as caught:
        client.refresh_token(token)
    assert caught.value.claim == "sub"
    provider.answer["id_token"] = provider.id_token(email="a@b")
    assert claims_of(client.refresh_token(token))["email"] == "a@b"
