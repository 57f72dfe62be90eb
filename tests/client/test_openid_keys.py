"""By which algorithms and keys a provider may sign, and how often its keys are fetched."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import pytest

from tests.client.openid import (
    DISCOVERY,
    HOUR,
    JWKS,
    OP,
    TOKEN_ENDPOINT,
    Provider,
    claims_of,
    json_answer,
)
from tests.oidc.minting import SECRET, b64, key_for, mint, public_jwk, rsa_key
from typedoauth import OAuth2Client, Response
from typedoauth.errors import (
    ConfigurationError,
    InvalidSignatureError,
    MalformedResponseError,
    OAuthError,
    ResponseTooLargeError,
    UnknownKeyError,
)

KEY_SET = {"keys": [public_jwk(rsa_key(), kid="k")]}


@pytest.mark.parametrize(
    ("registered", "advertised", "algorithm", "fine"),
    [
        (None, None, "RS256", True),
        (None, None, "ES256", False),
        (None, None, "HS256", False),
        (None, ["ES256"], "ES256", True),
        (None, ["ES256"], "RS256", False),
        (None, ["RS256", "ES256", "HS256", "none"], "ES256", True),
        (None, ["RS256", "HS256"], "HS256", False),
        ("HS256", ["RS256"], "HS256", True),
        ("HS256", None, "RS256", False),
        ("HS512", None, "HS512", True),
        ("HS512", None, "HS256", False),
        ("ES256", ["RS256"], "ES256", True),
        ("ES256", ["RS256", "ES256"], "RS256", False),
    ],
)
def test_algorithm_is_registered_or_advertised_or_rs256(
    registered: str | None, advertised: list[str] | None, algorithm: str, fine: bool
) -> None:
    """HS256 and its like only where the application says so (Core 3.1.3.7 rules 7 and 8)."""
    provider = Provider(id_token_signing_alg_values_supported=advertised)
    provider.sign = partial(mint, algorithm=algorithm)
    provider.keys.append(public_jwk(key_for("ES256"), kid="e"))
    client = provider.client(id_token_signed_response_alg=registered)
    if fine:
        assert provider.log_in(client)
        return
    with pytest.raises(InvalidSignatureError, match=f"signed by {algorithm}; expected is"):
        provider.log_in(client)


def test_provider_that_advertises_nothing_safe_is_told() -> None:
    """With the option that says otherwise."""
    provider = Provider(id_token_signing_alg_values_supported=["none", "HS256"])
    with pytest.raises(ConfigurationError, match="as id_token_signed_response_alg"):
        provider.log_in(provider.client())


def test_client_secret_verifies_without_a_key_set() -> None:
    """Nothing is fetched that could take the secret's place."""
    provider = Provider()
    provider.sign = partial(mint, algorithm="HS256")
    provider.log_in(provider.client(id_token_signed_response_alg="HS256"))
    assert provider.asked() == [DISCOVERY, TOKEN_ENDPOINT]


@pytest.mark.parametrize("option", ["id_token_signed_response_alg", "userinfo_signed_response_alg"])
@pytest.mark.parametrize(
    ("value", "secret"), [("none", SECRET), ("RS1", SECRET), (5, SECRET), ("HS256", "short")]
)
def test_wrong_algorithm_or_secret_is_refused_when_the_client_is_made(
    option: str, value: object, secret: str
) -> None:
    """A secret has to be as long as the hash (RFC 7518 3.2)."""
    with pytest.raises(ConfigurationError) as caught:
        OAuth2Client("client", secret, **{option: value})  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] wrong on purpose
    assert secret not in str(caught.value)


def test_secret_that_is_not_there_is_told_at_the_login() -> None:
    """The settings may be checked before config has it."""
    provider = Provider()
    provider.sign = partial(mint, algorithm="HS256")
    client = OAuth2Client(
        "client",
        name="op",
        server_metadata_url=DISCOVERY,
        scope="openid",
        id_token_signed_response_alg="HS256",
        transport=provider.stub,
    )
    with pytest.raises(ConfigurationError, match="'op' has no client_secret, which HS256 needs"):
        provider.log_in(client)


def test_keys_are_fetched_once() -> None:
    """By whoever asks first; ``fetch_jwk_set`` gives the same set."""
    provider = Provider()
    client = provider.client()
    keys = client.fetch_jwk_set()
    assert [key.kid for key in keys.keys] == ["k"]
    provider.log_in(client)
    assert client.fetch_jwk_set() is keys
    assert provider.asked() == [DISCOVERY, JWKS, TOKEN_ENDPOINT]


def test_keys_are_fetched_again_on_demand_once_in_a_while() -> None:
    """``force``; within ten seconds of another such fetch what is there is given."""
    provider = Provider()
    client = provider.client()
    first = client.fetch_jwk_set()
    second = client.fetch_jwk_set(force=True)
    assert first is not second
    assert client.fetch_jwk_set(force=True) is second
    assert provider.asked().count(JWKS) == 2
    provider.clock.now += 10
    assert client.fetch_jwk_set(force=True) is not second


def test_rotation_costs_no_login() -> None:
    """A token by a new key has the set fetched once more, and goes through (Core 10.1.1)."""
    provider = Provider()
    client = provider.client()
    provider.log_in(client)
    new = rsa_key(number=1)
    provider.keys = [public_jwk(new, kid="new")]
    provider.sign = partial(mint, key=new, header={"kid": "new"})
    assert provider.log_in(client)
    assert provider.asked().count(JWKS) == 2
    provider.log_in(client)
    assert provider.asked() == [TOKEN_ENDPOINT]


def test_unknown_keys_do_not_flood_the_provider() -> None:
    """One more fetch, and then none for ten seconds."""
    provider = Provider()
    client = provider.client()
    provider.log_in(client)
    provider.asked()
    provider.sign = partial(mint, header={"kid": "made up"})
    for fetches in (1, 0, 0):
        with pytest.raises(UnknownKeyError, match="kid 'made up'"):
            provider.log_in(client)
        assert provider.asked().count(JWKS) == fetches
    provider.clock.now += 10
    with pytest.raises(UnknownKeyError):
        provider.log_in(client)
    assert provider.asked().count(JWKS) == 1


def test_wrong_signature_by_a_known_key_asks_once_for_the_keys_of_today() -> None:
    """A key may have been replaced under its name; a flood of such tokens asks no more."""
    provider = Provider()
    client = provider.client()
    provider.log_in(client)
    provider.sign = partial(mint, key=rsa_key(number=1), header={"kid": "k"})
    provider.asked()
    for _ in range(2):
        with pytest.raises(InvalidSignatureError, match="the RS256 signature is wrong"):
            provider.log_in(client)
    assert provider.asked() == [TOKEN_ENDPOINT, JWKS, TOKEN_ENDPOINT]


def test_key_replaced_under_its_name_loses_no_login() -> None:
    """Not every provider gives a new key a new name."""
    provider = Provider()
    client = provider.client()
    provider.log_in(client)
    new = rsa_key(number=1)
    provider.sign = partial(mint, key=new, header={"kid": "k"})
    provider.replies[JWKS] = json_answer({"keys": [public_jwk(new, kid="k")]})
    assert provider.log_in(client)


def test_rotation_while_the_keys_are_out_of_reach_is_told_as_such() -> None:
    """It is not the token that is wrong."""
    provider = Provider()
    client = provider.client()
    provider.log_in(client)
    provider.replies[JWKS] = Response(502)
    provider.sign = partial(mint, header={"kid": "new"})
    with pytest.raises(MalformedResponseError, match="answered status 502"):
        provider.log_in(client)


WEAK = public_jwk(rsa_key(1024), kid="w")
BROKEN: list[tuple[str, Response, type[OAuthError], str]] = [
    ("empty", json_answer({"keys": []}), MalformedResponseError, "no usable key$"),
    ("unusable", json_answer({"keys": [WEAK] * 5}), MalformedResponseError, "usable key; key 'w'"),
    ("no set", json_answer({}), MalformedResponseError, "no list of keys"),
    ("no JSON", Response(200, content=b"<html>"), MalformedResponseError, "JWK set"),
    ("500", json_answer(KEY_SET, 500), MalformedResponseError, "answered status 500, not 200"),
    ("204", json_answer(KEY_SET, 204), MalformedResponseError, "answered status 204, not 200"),
    ("302", Response(302, {"Location": OP}), MalformedResponseError, "answered status 302"),
    (
        "too long",
        json_answer({**KEY_SET, "x": "x" * (1 << 19)}),
        ResponseTooLargeError,
        "524288 bytes",
    ),
]


@pytest.mark.parametrize(
    ("reply", "kind", "says"), [one[1:] for one in BROKEN], ids=[one[0] for one in BROKEN]
)
def test_broken_key_set_is_an_error_and_is_not_kept(
    reply: Response, kind: type[OAuthError], says: str
) -> None:
    """The next login asks again, and works."""
    provider = Provider()
    client = provider.client()
    provider.replies[JWKS] = reply
    with pytest.raises(kind, match=says):
        provider.log_in(client)
    del provider.replies[JWKS]
    assert provider.log_in(client)


def test_empty_key_set_does_not_take_the_place_of_a_good_one() -> None:
    """What is there goes on serving while the provider has nothing."""
    provider = Provider()
    client = provider.client()
    provider.log_in(client)
    provider.keys = []
    provider.clock.now += HOUR
    assert provider.log_in(client)


def test_key_set_of_ones_own_is_never_fetched() -> None:
    """``jwks=``; not for an unknown key either, and not on demand."""
    provider = Provider()
    client = provider.client(jwks=KEY_SET)
    provider.log_in(client)
    assert client.fetch_jwk_set(force=True) is client.fetch_jwk_set()
    provider.sign = partial(mint, header={"kid": "new"})
    with pytest.raises(UnknownKeyError):
        provider.log_in(client)
    assert JWKS not in provider.asked()


NO_KEYS: list[dict[str, object]] = [{}, {"keys": "k"}, {"keys": [None] * 201}]


@pytest.mark.parametrize("jwks", NO_KEYS)
def test_wrong_key_set_of_ones_own_is_refused_at_once(jwks: Mapping[str, object]) -> None:
    """When the client is made; it is no server's fault."""
    with pytest.raises(ConfigurationError, match="jwks=: the JWK set has"):
        Provider().client(jwks=jwks)


def test_secret_in_a_key_set_signs_nothing() -> None:
    """A symmetric key that is published is none."""
    provider = Provider(id_token_signing_alg_values_supported=["HS256", "RS256"])
    provider.keys.append({"kty": "oct", "k": b64(SECRET.encode()), "kid": "s"})
    provider.sign = partial(mint, algorithm="HS256", header={"kid": "s"})
    with pytest.raises(InvalidSignatureError):
        provider.log_in(provider.client())
    provider.sign = mint
    assert claims_of(provider.log_in(provider.client()))["sub"] == "ada"
