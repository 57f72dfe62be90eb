"""ID Tokens, UserInfo and logout tokens that oidc-provider signs and encrypts."""

from __future__ import annotations

import pytest
from joserfc.jwk import ECKey, OKPKey, RSAKey

from tests.real_servers.openid import jose_header, register_client
from tests.real_servers.openid_app import OpenIDApp
from tests.real_servers.servers import OAuth2Server
from typedoauth.client import OAuth2Options
from typedoauth.errors import IdTokenError

_KEYS: dict[str, RSAKey | ECKey | OKPKey] = {
    "RSA": RSAKey.generate_key(2048),
    "P-256": ECKey.generate_key("P-256"),
    "P-384": ECKey.generate_key("P-384"),
    "P-521": ECKey.generate_key("P-521"),
    "X25519": OKPKey.generate_key("X25519"),
}
# How the key is agreed on, with which key of ours (or the client secret), and what it encrypts.
_ENCRYPTIONS = [
    ("RSA-OAEP", "RSA", "A128CBC-HS256"),
    ("RSA-OAEP", "RSA", "A256GCM"),
    ("RSA-OAEP-256", "RSA", "A128GCM"),
    ("RSA-OAEP-256", "RSA", "A256CBC-HS512"),
    ("ECDH-ES", "P-256", "A128CBC-HS256"),
    ("ECDH-ES", "P-384", "A192CBC-HS384"),
    ("ECDH-ES", "P-521", "A256CBC-HS512"),
    ("ECDH-ES", "X25519", "A256GCM"),
    ("ECDH-ES+A128KW", "P-256", "A128GCM"),
    ("ECDH-ES+A192KW", "P-384", "A192GCM"),
    ("ECDH-ES+A256KW", "P-521", "A256GCM"),
    ("ECDH-ES+A256KW", "X25519", "A256CBC-HS512"),
    ("dir", None, "A128CBC-HS256"),
    ("dir", None, "A192CBC-HS384"),
    ("dir", None, "A256CBC-HS512"),
    ("dir", None, "A128GCM"),
    ("dir", None, "A256GCM"),
    ("A128KW", None, "A128CBC-HS256"),
    ("A256KW", None, "A256GCM"),
    ("A256KW", None, "A256CBC-HS512"),
    ("A128GCMKW", None, "A128GCM"),
    ("A256GCMKW", None, "A256CBC-HS512"),
]
_SIGNATURES = ["RS256", "PS512", "ES256", "ES512", "EdDSA", "HS256", "HS512"]
_EACH = pytest.mark.parametrize(("alg", "key", "enc"), _ENCRYPTIONS)


def _with_key(key: str | None, options: OAuth2Options) -> tuple[dict[str, object], OAuth2Options]:
    """What to register, there and here, so that *key* decrypts."""
    metadata: dict[str, object] = {**options}
    if key is None:
        return metadata, options
    metadata["jwks"] = {"keys": [{**_KEYS[key].as_dict(private=False), "use": "enc"}]}
    with_key: OAuth2Options = {**options, "decryption_key": _KEYS[key].as_dict(private=True)}
    return metadata, with_key


@_EACH
def test_login_with_encrypted_id_token(
    oidc_provider: OAuth2Server, alg: str, key: str | None, enc: str
) -> None:
    """Signed, then encrypted: both are checked, and the claims are there (Core 2, 3.1.3.7)."""
    metadata, options = _with_key(
        key,
        {"id_token_encrypted_response_alg": alg, "id_token_encrypted_response_enc": enc},
    )
    site = OpenIDApp(oidc_provider, register_client(oidc_provider, **metadata), options)
    token = site.log_in()
    header = jose_header(token["id_token"])
    assert (header["alg"], header["enc"]) == (alg, enc)
    assert token["userinfo"]["nonce"] == site.sent["nonce"]


@pytest.mark.parametrize("signature", _SIGNATURES)
def test_userinfo_can_be_signed(oidc_provider: OAuth2Server, signature: str) -> None:
    """A UserInfo response that is a JWT is verified as registered (Core 5.3.2)."""
    options: OAuth2Options = {"userinfo_signed_response_alg": signature}
    client = register_client(oidc_provider, **options)
    site = OpenIDApp(oidc_provider, client, {**options, "scope": "openid email"})
    with site.app.test_client() as http:
        profile = site.begin(http).open_in(http).get_json()["profile"]
    assert (profile["sub"], profile["email"]) == ("ada", "ada@example.org")
    # Nothing but a JWT says whom it is for.
    assert (profile["iss"], profile["aud"]) == (oidc_provider.issuer, client.client_id)


@_EACH
def test_userinfo_can_be_signed_and_encrypted(
    oidc_provider: OAuth2Server, alg: str, key: str | None, enc: str
) -> None:
    """A JWS in a JWE (Core 5.3.2)."""
    metadata, options = _with_key(
        key,
        {
            "userinfo_signed_response_alg": "ES256",
            "userinfo_encrypted_response_alg": alg,
            "userinfo_encrypted_response_enc": enc,
        },
    )
    OpenIDApp(oidc_provider, register_client(oidc_provider, **metadata), options).log_in()


def test_everything_can_be_signed_and_encrypted_at_once(oidc_provider: OAuth2Server) -> None:
    """The ID Token in one way and UserInfo in another, with a key each."""
    options: OAuth2Options = {
        "id_token_signed_response_alg": "PS256",
        "id_token_encrypted_response_alg": "RSA-OAEP-256",
        "id_token_encrypted_response_enc": "A256GCM",
        "userinfo_signed_response_alg": "EdDSA",
        "userinfo_encrypted_response_alg": "ECDH-ES",
    }
    ours = [_KEYS["RSA"], _KEYS["X25519"]]
    jwks = {"keys": [{**key.as_dict(private=False), "use": "enc"} for key in ours]}
    client = register_client(oidc_provider, jwks=jwks, **options)
    site = OpenIDApp(
        oidc_provider,
        client,
        {**options, "decryption_key": [key.as_pem(private=True) for key in ours]},
    )
    site.log_in()


def test_unencrypted_id_token_is_refused_where_it_is_registered_encrypted(
    oidc_provider: OAuth2Server,
) -> None:
    """What was registered is expected, whatever comes (RFC 8725 3.1)."""
    _, options = _with_key("RSA", {"id_token_encrypted_response_alg": "RSA-OAEP-256"})
    with pytest.raises(IdTokenError, match="encrypted"):
        OpenIDApp(oidc_provider, register_client(oidc_provider), options).log_in()


def test_id_token_encrypted_to_another_key_is_refused(oidc_provider: OAuth2Server) -> None:
    """It is an error of the tree, and says nothing of what went wrong inside."""
    metadata, options = _with_key("P-256", {"id_token_encrypted_response_alg": "ECDH-ES"})
    options["decryption_key"] = ECKey.generate_key("P-256").as_dict(private=True)
    with pytest.raises(IdTokenError, match="decrypted"):
        OpenIDApp(oidc_provider, register_client(oidc_provider, **metadata), options).log_in()
