"""Each rule for ID Tokens, broken by exactly one change (Core 2, 3.1.3.7, 3.1.3.8, 12.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from tests.oidc.id_tokens import ABSENT, CLAIMS, NONCE, NOW, TRUST, verify
from tests.oidc.minting import (
    ASYMMETRIC,
    SECRET,
    SYMMETRIC,
    key_for,
    mint,
    public_jwk,
)
from typedoauth.errors import IdTokenError
from typedoauth.oidc import (
    read_jwk_set,
    secret_key,
    token_hash,
    verify_id_token,
)


def test_id_token_right_accepted() -> None:
    """The claims come out as they were signed."""
    assert verify() == CLAIMS


BROKEN: list[tuple[str, object, str]] = [
    # iss (2; 3.1.3.7 rule 2)
    ("iss", ABSENT, "iss"),
    ("iss", None, "iss"),
    ("iss", "", "iss"),
    ("iss", "https://evil.example", "iss"),
    ("iss", "https://op.example/", "iss"),
    ("iss", "https://OP.example", "iss"),
    ("iss", "http://op.example", "iss"),
    ("iss", ["https://op.example"], "iss"),
    # aud (rule 3)
    ("aud", ABSENT, "aud"),
    ("aud", None, "aud"),
    ("aud", "", "aud"),
    ("aud", [], "aud"),
    ("aud", "other", "aud"),
    ("aud", "Client", "aud"),
    ("aud", "client other", "aud"),
    ("aud", ["other"], "aud"),
    ("aud", ["client", "other"], "aud"),
    ("aud", ["client", 1], "aud"),
    ("aud", ["client", None], "aud"),
    ("aud", [["client"]], "aud"),
    ("aud", {"client": 1}, "aud"),
    ("aud", 1, "aud"),
    # azp (rules 4 and 5)
    ("azp", "other", "azp"),
    ("azp", "", "azp"),
    ("azp", ["client"], "azp"),
    # exp (rule 9)
    ("exp", ABSENT, "exp"),
    ("exp", None, "exp"),
    ("exp", NOW - 10, "exp"),
    ("exp", NOW - 10.5, "exp"),
    ("exp", 0, "exp"),
    ("exp", -1, "exp"),
    ("exp", True, "exp"),
    ("exp", str(NOW + 300), "exp"),
    ("exp", [NOW + 300], "exp"),
    ("exp", {}, "exp"),
    ("exp", 2**53, "exp"),
    ("exp", 10**400, "exp"),
    ("exp", 1e300, "exp"),
    # iat (rule 10)
    ("iat", ABSENT, "iat"),
    ("iat", NOW + 11, "iat"),
    ("iat", False, "iat"),
    ("iat", str(NOW), "iat"),
    ("iat", -(10**400), "iat"),
    # nbf (RFC 7519 4.1.5)
    ("nbf", NOW + 11, "nbf"),
    ("nbf", "0", "nbf"),
    ("nbf", True, "nbf"),
    # nonce (rule 11)
    ("nonce", ABSENT, "nonce"),
    ("nonce", None, "nonce"),
    ("nonce", "", "nonce"),
    ("nonce", NONCE + "x", "nonce"),
    ("nonce", NONCE.lower(), "nonce"),
    ("nonce", [NONCE], "nonce"),
    # sub (2)
    ("sub", ABSENT, "sub"),
    ("sub", None, "sub"),
    ("sub", "", "sub"),
    ("sub", "x" * 256, "sub"),
    ("sub", 248289761001, "sub"),
    ("sub", ["248289761001"], "sub"),
    # the others, where they are there
    ("auth_time", "1800000000", "auth_time"),
    ("auth_time", True, "auth_time"),
    ("acr", 1, "acr"),
    ("at_hash", 1, "at_hash"),
    ("c_hash", ["x"], "c_hash"),
    ("sid", 1, "sid"),
    ("jti", {}, "jti"),
    ("events", {"http://schemas.openid.net/event/backchannel-logout": {}}, "events"),
]


@pytest.mark.parametrize(("name", "value", "claim"), BROKEN, ids=str)
def test_id_token_one_claim_wrong_refused(name: str, value: object, claim: str) -> None:
    """Every rule, broken by one claim: the error says which."""
    with pytest.raises(IdTokenError) as caught:
        verify({name: value})
    assert caught.value.claim == claim
    assert type(caught.value) is IdTokenError


ALLOWED: list[Mapping[str, object]] = [
    {"aud": ["client"]},
    {"aud": ["client", "client"]},
    {"azp": "client"},
    {"azp": None},
    {"exp": NOW - 9.5},
    {"exp": NOW + 0.5},
    {"exp": 2**53 - 1},
    {"iat": NOW + 10},
    {"iat": 0},
    {"nbf": NOW + 10},
    {"nbf": None},
    {"sub": "x"},
    {"sub": "ä" * 255},
    {"auth_time": NOW - 10_000},
    {"at_hash": "of no token that is known here"},
    {"acr": "0", "amr": ["pwd"], "sid": "s", "jti": "j", "extra": {"a": [1]}},
]


@pytest.mark.parametrize("changes", ALLOWED, ids=str)
def test_id_token_within_the_rules_accepted(changes: Mapping[str, object]) -> None:
    """What the rules allow is accepted, up to the edge."""
    assert verify(changes)["sub"]


def test_id_token_trusted_audience_accepted_with_azp() -> None:
    """Another audience is accepted by name, and then ``azp`` has to be there (rules 3, 4)."""
    trust = replace(TRUST, trusted_audiences=frozenset({"api"}))
    assert verify({"aud": ["api", "client"], "azp": "client"}, trust).get("azp") == "client"
    for changes in ({"azp": ABSENT}, {"azp": "api"}):
        with pytest.raises(IdTokenError) as caught:
            verify({"aud": ["api", "client"], **changes}, trust)
        assert caught.value.claim == "azp"


def test_id_token_trusted_audience_alone_refused() -> None:
    """A token for a trusted audience alone is not for this client, even if ``azp`` says so."""
    trust = replace(TRUST, trusted_audiences=frozenset({"api"}))
    with pytest.raises(IdTokenError) as caught:
        verify({"aud": "api", "azp": "client"}, trust)
    assert caught.value.claim == "aud"


def test_id_token_nonce_not_sent_not_compared() -> None:
    """A refreshed token may have none, or the first one (12.2)."""
    assert verify(nonce=None)
    assert verify({"nonce": ABSENT}, nonce=None)


def test_id_token_nonce_dropped_accepted_by_name_only() -> None:
    """``nonce_optional`` lets a missing one pass, and never a wrong one."""
    assert verify({"nonce": ABSENT}, nonce_optional=True)
    with pytest.raises(IdTokenError) as caught:
        verify({"nonce": "wrong"}, nonce_optional=True)
    assert caught.value.claim == "nonce"


@pytest.mark.parametrize("leeway", [0, 10, 300])
def test_id_token_leeway_moves_every_edge(leeway: float) -> None:
    """The clocks may differ by the leeway, and by no more."""
    trust = replace(TRUST, leeway=leeway)
    edges = {"exp": NOW - leeway + 1, "iat": NOW + leeway, "nbf": NOW + leeway}
    assert verify(edges, trust)
    for name, beyond in {"exp": -1, "iat": 1, "nbf": 1}.items():
        with pytest.raises(IdTokenError) as caught:
            verify({**edges, name: edges[name] + beyond}, trust)
        assert caught.value.claim == name


@pytest.mark.parametrize(("name", "keyword"), [("at_hash", "access_token"), ("c_hash", "code")])
def test_id_token_hash_of_another_refused(name: str, keyword: str) -> None:
    """The ID Token, the access token and the code belong together (3.1.3.8, 3.3.2.11)."""
    right = {name: token_hash("the-right-one", "RS256")}
    for changes, value in ((right, "stolen"), ({name: ""}, "the-right-one"), (right, "")):
        with pytest.raises(IdTokenError) as caught:
            verify(changes, TRUST, **{keyword: value})
        assert caught.value.claim == name


@pytest.mark.parametrize(("name", "keyword"), [("at_hash", "access_token"), ("c_hash", "code")])
def test_id_token_hash_right_or_absent_accepted(name: str, keyword: str) -> None:
    """The claims are optional in the code flow (3.1.3.6)."""
    right = {name: token_hash("the-right-one", "RS256")}
    assert verify(right, TRUST, **{keyword: "the-right-one"})
    assert verify({}, TRUST, **{keyword: "anything"})


@pytest.mark.parametrize("algorithm", ASYMMETRIC + SYMMETRIC)
def test_id_token_of_every_algorithm_has_its_hash(algorithm: str) -> None:
    """``at_hash`` is by the hash of the algorithm and curve that really signed."""
    jwk = public_jwk(key_for(algorithm))
    keys = secret_key(SECRET) if algorithm in SYMMETRIC else read_jwk_set({"keys": [jwk]})
    curve = str(jwk.get("crv"))
    token = mint({**CLAIMS, "at_hash": token_hash("at", algorithm, curve)}, algorithm)
    trust = replace(TRUST, algorithms=frozenset({algorithm}))
    assert verify_id_token(token, keys, trust, now=NOW, nonce=NONCE, access_token="at")


@pytest.mark.parametrize(
    ("changes", "max_age", "accepted"),
    [
        ({"auth_time": NOW - 100}, 100, True),
        ({"auth_time": NOW - 110}, 100, True),
        ({"auth_time": NOW - 111}, 100, False),
        ({"auth_time": NOW - 11}, 0, False),
        ({"auth_time": NOW}, 0, True),
        ({"auth_time": None}, 100, False),
        ({}, 100, False),
    ],
)
def test_id_token_max_age(changes: Mapping[str, object], max_age: int, accepted: bool) -> None:
    """Whoever asks for ``max_age`` gets ``auth_time``, and a recent one (rule 13)."""
    if accepted:
        assert verify(changes, max_age=max_age)
        return
    with pytest.raises(IdTokenError) as caught:
        verify(changes, max_age=max_age)
    assert caught.value.claim == "auth_time"


def test_id_token_acr_requested_has_to_be_there() -> None:
    """An essential ``acr`` is one of those asked for (rule 12, 5.5.1.1)."""
    assert verify({"acr": "gold"}, acr_values=["silver", "gold"])
    for changes in ({}, {"acr": "bronze"}, {"acr": None}):
        with pytest.raises(IdTokenError) as caught:
            verify(changes, acr_values=["silver", "gold"])
        assert caught.value.claim == "acr"


def test_id_token_of_another_end_user_refused() -> None:
    """A refreshed token is about the same End-User (12.2)."""
    assert verify(sub=CLAIMS["sub"])
    with pytest.raises(IdTokenError) as caught:
        verify(sub="somebody else")
    assert caught.value.claim == "sub"
