"""The signature methods (RFC 5849 3.4.2-3.4.4) and their keys."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from typing_extensions import override

from typedoauth.errors import ConfigurationError
from typedoauth.oauth1 import (
    HMACSHA1,
    RSASHA1,
    SIGNATURE_METHODS,
    Plaintext,
    signature_method,
)

SMALL = rsa.generate_private_key(65537, 1024)  # noqa: S505 the least that is accepted
HASHES: dict[str, hashes.HashAlgorithm] = {
    "RSA-SHA1": hashes.SHA1(),  # noqa: S303 what RFC 5849 3.4.3 prescribes
    "RSA-SHA256": hashes.SHA256(),
    "RSA-SHA512": hashes.SHA512(),
}


@pytest.mark.parametrize("name", SIGNATURE_METHODS)
def test_signature_method_known_name_made(name: str, rsa_key: rsa.RSAPrivateKey) -> None:
    """Each name gives the method that calls itself so (3.4)."""
    assert signature_method(name, rsa_key=rsa_key).name == name


@pytest.mark.parametrize(
    ("name", "hint"),
    [("hmac-sha1", "HMAC-SHA1"), ("RSA-SHA265", "RSA-SHA256"), ("PLAINTXT", "PLAINTEXT")],
)
def test_signature_method_unknown_name_refused(name: str, hint: str) -> None:
    """A misspelt name is answered with the nearest one and all of them."""
    with pytest.raises(ConfigurationError, match=rf"did you mean '{hint}'.*HMAC-SHA512"):
        signature_method(name)


def test_signature_method_strange_name_lists_all() -> None:
    """A name like no other is answered with the whole list."""
    with pytest.raises(ConfigurationError, match="'zzz' is unknown; it is one of HMAC-SHA1"):
        signature_method("zzz")


@pytest.mark.parametrize(
    ("client_secret", "token_secret", "expected"),
    [("", "", "&"), ("a&b", "c d~", "a%26b&c%20d~"), ("ä", "", "%C3%A4&")],
)
def test_plaintext_joins_encoded_secrets(
    client_secret: str, token_secret: str, expected: str
) -> None:
    """Both secrets are encoded, and joined also when they are empty (3.4.4)."""
    assert Plaintext().sign("", client_secret, token_secret) == expected


def test_hmac_key_is_encoded_secrets() -> None:
    """The secrets are encoded before they become the key (3.4.2)."""
    assert HMACSHA1().sign("x", "a&", "") != HMACSHA1().sign("x", "a", "&")


@pytest.mark.parametrize("name", HASHES)
def test_rsa_signature_verifies(name: str, rsa_key: rsa.RSAPrivateKey) -> None:
    """The signature is PKCS #1 v1.5 over the base string (3.4.3)."""
    signature = signature_method(name, rsa_key=rsa_key).sign("base", "", "")
    rsa_key.public_key().verify(b64decode(signature), b"base", padding.PKCS1v15(), HASHES[name])


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
@pytest.mark.parametrize("password", [None, "geheim"])
@pytest.mark.parametrize("as_text", [True, False])
def test_rsa_key_every_form_read(
    form: PrivateFormat, password: str | None, as_text: bool, rsa_key: rsa.RSAPrivateKey
) -> None:
    """PKCS #1 and PKCS #8, text and bytes, with and without passphrase, are one key."""
    encryption = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    pem = rsa_key.private_bytes(Encoding.PEM, form, encryption)
    method = RSASHA1(pem.decode() if as_text else pem, password)
    assert method.sign("x", "", "") == RSASHA1(rsa_key).sign("x", "", "")


def test_rsa_key_of_1024_bits_accepted() -> None:
    """Services of OAuth 1.0's age still ask for 1024 bits."""
    assert len(b64decode(RSASHA1(SMALL).sign("x", "", ""))) == 128


def _pem(key: rsa.RSAPrivateKey, password: bytes | None = None) -> bytes:
    encryption = BestAvailableEncryption(password) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)


def _public() -> bytes:
    return SMALL.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _too_short() -> rsa.RSAPrivateKey:
    p, q, e = 2**256 - 189, 2**255 - 19, 65537
    d = pow(e, -1, (p - 1) * (q - 1))
    public = rsa.RSAPublicNumbers(e, p * q)
    crt = (rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q))
    return rsa.RSAPrivateNumbers(p, q, d, *crt, public).private_key()


def _other_kind() -> bytes:
    key = ed25519.Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize(
    ("key", "password", "message"),
    [
        (None, None, "rsa_key is missing"),
        ("", None, "rsa_key is missing"),
        ("/etc/keys/client.pem", None, "not its path"),
        (b"\x30\x82\x01", None, "not in PEM"),
        ("-----BEGIN RSA PRIVATE KEY-----\\nMII", None, "cannot be read"),
        (_public(), None, "cannot be read"),
        (_pem(SMALL, b"pw"), None, "give its passphrase"),
        (_pem(SMALL, b"pw"), "wrong", "cannot be read"),
        (_pem(SMALL), "pw", "leave rsa_key_password out"),
        (_other_kind(), None, "no RSA private key, but .*Ed25519"),
        (_pem(_too_short()), None, "has 511 bits"),
    ],
)
def test_rsa_key_unusable_refused(
    key: str | bytes | None, password: str | None, message: str
) -> None:
    """Each way to get the key wrong is told apart, when the method is made."""
    with pytest.raises(ConfigurationError, match=message) as caught:
        signature_method("RSA-SHA256", rsa_key=key, rsa_key_password=password)
    assert caught.value.__cause__ is None


def test_rsa_key_absent_from_repr(rsa_pem: str) -> None:
    """Nothing of the key shows."""
    shown = repr(RSASHA1(rsa_pem))
    assert not any(line in shown for line in rsa_pem.splitlines())


class ForbiddenHash(rsa.RSAPrivateKey):
    """A key in hardware, or on a system whose policy forbids a hash."""

    @property
    @override
    def key_size(self) -> int:
        return 2048

    @override
    def sign(self, data: object, padding: object, algorithm: object) -> bytes:
        raise UnsupportedAlgorithm("forbidden by policy")

    @override
    def decrypt(self, ciphertext: object, padding: object) -> bytes:
        raise NotImplementedError

    @override
    def public_key(self) -> rsa.RSAPublicKey:
        raise NotImplementedError

    @override
    def private_numbers(self) -> rsa.RSAPrivateNumbers:
        raise NotImplementedError

    @override
    def private_bytes(
        self, encoding: object, format: object, encryption_algorithm: object
    ) -> bytes:
        raise NotImplementedError

    @override
    def __copy__(self) -> ForbiddenHash:
        return self

    @override
    def __deepcopy__(self, memo: dict[Any, Any]) -> ForbiddenHash:  # any: as its base says
        return self


def test_rsa_hash_forbidden_by_system_refused() -> None:
    """A hash that the system does not sign with is the configuration's problem (3.4.3)."""
    with pytest.raises(ConfigurationError, match="does not let RSA-SHA1 sign") as caught:
        RSASHA1(ForbiddenHash()).sign("x", "", "")
    assert isinstance(caught.value.__cause__, UnsupportedAlgorithm)
