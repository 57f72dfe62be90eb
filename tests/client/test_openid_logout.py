"""Logout at an OpenID Provider, without Flask: where to go, and what it tells."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from tests.client.openid import ABSENT, DISCOVERY, END_SESSION, JWKS, LOGOUT_EVENT, Provider
from tests.client.world import query
from tests.oidc.minting import mint, public_jwk, rsa_key
from typedoauth import Response
from typedoauth.errors import (
    ConfigurationError,
    IdTokenError,
    InvalidSignatureError,
    MalformedResponseError,
)

BYE = "https://app.example/bye"


def test_logout_url_says_what_it_is_given() -> None:
    """RP-Initiated Logout 2."""
    url = (
        Provider()
        .client()
        .logout_url(
            BYE,
            "the.id.token",
            state="s&t",
            logout_hint="ada",
            ui_locales=["de-CH", "fr"],
            federated=1,
            nothing=None,
        )
    )
    assert url.partition("?")[0] == END_SESSION
    assert query(url) == {
        "id_token_hint": "the.id.token",
        "logout_hint": "ada",
        "client_id": "client",
        "post_logout_redirect_uri": BYE,
        "state": "s&t",
        "ui_locales": "de-CH fr",
        "federated": "1",
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_id": "x"},
        {"ui_locales": 5},
        {"redirect_uri": "https://a/"},
        {"post_logout_redirect_uri": "/bye"},
    ],
)
def test_logout_url_takes_no_wrong_parameter(
    wrong: dict[str, Any],  # any: wrong on purpose
) -> None:
    """``client_id`` would be sent twice."""
    with pytest.raises(ConfigurationError):
        Provider().client().logout_url(**wrong)


def test_logout_url_names_the_client_at_the_least() -> None:
    """Which providers ask for where there is no hint; a query of the endpoint is kept."""
    provider = Provider(end_session_endpoint=f"{END_SESSION}?p=policy")
    assert query(provider.client().logout_url()) == {"p": "policy", "client_id": "client"}
    assert query(provider.client().logout_url(ui_locales="de"))["ui_locales"] == "de"


def test_logout_needs_an_endpoint() -> None:
    """The provider need not have one; parameters have to be sendable."""
    provider = Provider()
    with pytest.raises(ConfigurationError, match="parameter 'a' is to be"):
        provider.client().logout_url(a=object())
    del provider.metadata["end_session_endpoint"]
    with pytest.raises(ConfigurationError, match="has no end_session_endpoint; give"):
        provider.client().logout_url()


def test_logout_token_says_whose_session_ends() -> None:
    """Back-Channel Logout 2.4; it is verified with the provider's keys."""
    provider = Provider()
    text = provider.logout_token()
    token = provider.client().parse_logout_token(text)
    assert (token.iss, token.sub, token.sid, token.jti) == (
        provider.metadata["issuer"],
        "ada",
        "s1",
        "j1",
    )
    assert provider.asked() == [DISCOVERY, JWKS]


WRONG: list[tuple[dict[str, object], str]] = [
    ({"events": ABSENT}, "events"),
    ({"events": {}}, "events"),
    ({"events": {LOGOUT_EVENT: 1}}, "events"),
    ({"events": [LOGOUT_EVENT]}, "events"),
    ({"nonce": "n"}, "nonce"),
    ({"jti": ABSENT}, "jti"),
    ({"jti": ""}, "jti"),
    ({"sid": ABSENT, "sub": ABSENT}, "sid"),
    ({"sid": ""}, "sid"),
    ({"sub": ""}, "sub"),
    ({"iss": "https://evil.example"}, "iss"),
    ({"aud": "other"}, "aud"),
    ({"exp": 0}, "exp"),
    ({"exp": ABSENT}, "exp"),
    ({"iat": ABSENT}, "iat"),
]


@pytest.mark.parametrize(("changes", "claim"), WRONG)
def test_wrong_logout_token_is_refused(changes: dict[str, object], claim: str) -> None:
    """Back-Channel Logout 2.6."""
    provider = Provider()
    text = provider.logout_token(**changes)
    with pytest.raises(IdTokenError) as caught:
        provider.client().parse_logout_token(text)
    assert caught.value.claim == claim


@pytest.mark.parametrize("changes", [{"sid": ABSENT}, {"sub": ABSENT}])
def test_either_subject_or_session_will_do(changes: dict[str, object]) -> None:
    """Without ``sid`` all sessions of the subject end."""
    provider = Provider()
    token = provider.client().parse_logout_token(provider.logout_token(**changes))
    assert (token.sub is None, token.sid is None) == ("sub" in changes, "sid" in changes)


def test_more_can_be_asked_of_a_logout_token() -> None:
    """Its ``typ``, which not all providers send, and a session."""
    provider = Provider()
    client = provider.client()
    with pytest.raises(InvalidSignatureError, match="typ"):
        client.parse_logout_token(provider.logout_token(), require_typ=True)
    with pytest.raises(IdTokenError) as caught:
        client.parse_logout_token(provider.logout_token(sid=ABSENT), require_sid=True)
    assert caught.value.claim == "sid"
    provider.sign = partial(mint, header={"typ": "logout+jwt"})
    assert client.parse_logout_token(
        provider.logout_token(), require_typ=True, require_sid=True
    ).sid


def test_id_token_is_no_logout_token() -> None:
    """And a logout token logs nobody in."""
    provider = Provider()
    client = provider.client()
    with pytest.raises(IdTokenError) as caught:
        client.parse_logout_token(provider.id_token(sid="s1", jti="j1"))
    assert caught.value.claim == "events"
    token = client.check_token({"access_token": "at", "id_token": provider.logout_token()})
    with pytest.raises(IdTokenError) as caught:
        client.parse_id_token(token, None)
    assert caught.value.claim == "events"


def test_logout_token_is_of_the_algorithm_of_id_tokens() -> None:
    """The client secret signs where it is registered to (Back-Channel Logout 2.4)."""
    provider = Provider()
    provider.sign = partial(mint, algorithm="HS256")
    text = provider.logout_token()
    assert provider.client(id_token_signed_response_alg="HS256").parse_logout_token(text).sid
    with pytest.raises(InvalidSignatureError):
        provider.client().parse_logout_token(text)


def test_logout_token_by_a_rotated_key_is_good() -> None:
    """The set is fetched again, as at a login; a key that is nobody's is refused."""
    provider = Provider()
    client = provider.client()
    client.fetch_jwk_set()
    provider.keys = [public_jwk(rsa_key(number=1), kid="new")]
    provider.sign = partial(mint, key=rsa_key(number=1), header={"kid": "new"})
    assert client.parse_logout_token(provider.logout_token()).sid == "s1"
    with pytest.raises(InvalidSignatureError):
        client.parse_logout_token(mint({}, header={"kid": "new"}))


def test_logout_token_waits_for_the_keys() -> None:
    """Whether it is good cannot be told while they are out of reach."""
    provider = Provider()
    provider.replies[JWKS] = Response(500)
    with pytest.raises(MalformedResponseError):
        provider.client().parse_logout_token(provider.logout_token())
