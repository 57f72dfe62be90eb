"""Whatever is sent as an encrypted token, or given as a key, only the error tree comes out."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.oidc.jwe_tokens import (
    ALGORITHMS,
    ENCRYPTIONS,
    NESTED,
    Members,
    by_joserfc,
    curve_key,
    decryption,
    jwk_for,
    jwk_of,
    public,
    seal,
)
from tests.oidc.minting import b64, rsa_key
from tests.oidc.test_fuzz import json_values
from typedoauth.errors import ConfigurationError, IdTokenError, OAuthError
from typedoauth.oidc import (
    Decryption,
    decrypt_jwe,
    derive_decryption_key,
    load_decryption_key,
)

REGISTERED = [decryption(algorithm, "A128GCM") for algorithm in ALGORITHMS]
WHOLE = {
    one.algorithm: by_joserfc(
        {"alg": one.algorithm, "enc": "A128GCM"}, jwk_for(one.algorithm, "A128GCM")
    )
    for one in REGISTERED
}
HEADER_NAMES = st.sampled_from(
    ["alg", "enc", "epk", "apu", "apv", "iv", "tag", "kid", "typ", "cty", "zip", "crit", "p2c"]
)
HEADER_VALUES = json_values | st.sampled_from(
    [
        b64(b"i" * 12),
        b64(b"t" * 16),
        public(jwk_of(curve_key("P-256"))),
        public(jwk_of(curve_key("X25519"))),
        {"kty": "EC", "crv": "P-256", "x": b64(bytes(32)), "y": b64(bytes(32))},
    ]
)
KEY_NAMES = st.sampled_from(
    ["kty", "crv", "x", "y", "d", "n", "e", "p", "q", "k", "alg", "use", "key_ops", "kid"]
)
KEY_VALUES = json_values | st.sampled_from(
    [
        *["RSA", "EC", "OKP", "oct", "P-256", "P-521", "X25519", "X448", "AQAB", "enc", "dir"],
        *["RSA-OAEP", "ECDH-ES", "A256KW", "A256GCM", "RSA1_5"],
        public(jwk_of(rsa_key()))["n"],
        b64(b"x" * 32),
        b64(b"x" * 56),
    ]
)
NOTHING: Members = {}
WHOLE_KEYS = st.sampled_from(
    [
        NOTHING,
        jwk_of(rsa_key()),
        *(jwk_of(curve_key(one)) for one in ("P-256", "P-521", "X25519", "X448")),
    ]
)


def refused(token: str, registered: Decryption) -> None:
    """It is, by the error that callers expect."""
    with pytest.raises(IdTokenError) as caught:
        decrypt_jwe(token, registered)
    assert caught.value.__cause__ is None


@settings(max_examples=300)
@given(st.text() | st.lists(st.binary(max_size=40).map(b64), min_size=4, max_size=6).map(".".join))
def test_any_text_as_a_jwe_is_refused(token: str) -> None:
    """Nothing that is not encrypted for the client is accepted."""
    for registered in REGISTERED:
        refused(token, registered)


@settings(max_examples=500)
@given(
    st.sampled_from(REGISTERED),
    st.dictionaries(HEADER_NAMES, HEADER_VALUES, max_size=5),
    st.binary(max_size=300),
    st.binary(min_size=8, max_size=20),
)
def test_any_header_and_key_are_refused(
    registered: Decryption, more: Members, encrypted_key: bytes, iv: bytes
) -> None:
    """A well-formed token of the registered algorithms, with parameters of anything."""
    header = {"alg": registered.algorithm, "enc": "A128GCM", **more}
    refused(seal(header, b"sixteen bytes -k", encrypted_key=encrypted_key, iv=iv), registered)


@settings(max_examples=300)
@given(st.binary(max_size=80) | json_values.map(lambda one: json.dumps(one).encode()))
def test_any_header_is_refused(header: bytes) -> None:
    """Header bytes of any kind."""
    refused(seal(header, b"sixteen bytes -k"), REGISTERED[-1])


@settings(max_examples=500)
@given(st.sampled_from(REGISTERED), st.data())
def test_any_change_of_a_token_is_refused(registered: Decryption, data: st.DataObject) -> None:
    """One character of it is another one, or is missing."""
    token = WHOLE[registered.algorithm]
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from(["", ".", "=", "A", "B", "-", "_", "z", "\\x00", "\\ud800"]))
    changed = token[:place] + other + token[place + 1 :]
    if changed == token:
        assert decrypt_jwe(token, registered) == NESTED
    else:
        refused(changed, registered)


@settings(max_examples=400)
@given(st.dictionaries(KEY_NAMES, KEY_VALUES), WHOLE_KEYS)
def test_any_jwk_is_a_key_or_a_mistake(changed: Members, whole: Members) -> None:
    """Members of anything, or a whole key with some of them changed."""
    with suppress(ConfigurationError):
        load_decryption_key({**whole, **changed})


@settings(max_examples=200)
@given(st.binary() | st.text(), st.none() | st.text(max_size=9))
def test_any_content_is_a_key_or_a_mistake(content: str | bytes, password: str | None) -> None:
    """What is read from a file."""
    with suppress(ConfigurationError):
        load_decryption_key(content, password=password)


@settings(max_examples=200)
@given(st.text(), st.text(max_size=9) | st.sampled_from(ALGORITHMS), st.sampled_from(ENCRYPTIONS))
def test_any_secret_is_a_key_or_a_mistake(secret: str, algorithm: str, encryption: str) -> None:
    """A client secret, and registrations of anything."""
    with suppress(OAuthError):
        key = derive_decryption_key(secret, algorithm=algorithm, encryption=encryption)
        Decryption((key,), algorithm, encryption)
