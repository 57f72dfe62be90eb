"""Logins at an OpenID Provider: what they have to bring, and what that is compared with."""

from __future__ import annotations

from typing import Any

import pytest

from tests.client.openid import (
    ABSENT,
    DISCOVERY,
    OP,
    TOKEN_ENDPOINT,
    Provider,
    claims_of,
)
from tests.client.world import query
from typedoauth import Response
from typedoauth.errors import (
    AuthorizationDeniedError,
    ConfigurationError,
    IdTokenError,
    MissingCodeError,
    StateMismatchError,
)
from typedoauth.oidc import ClaimOptions

ACR = "urn:op:mfa"


def test_login_ends_with_validated_claims() -> None:
    """In ``token["userinfo"]``, all of them (Core 3.1.3.7)."""
    provider = Provider()
    provider.claims = {"email": "ada@op.example", "email_verified": "false", "groups": ["a"]}
    claims = claims_of(provider.log_in(provider.client()))
    assert (claims["sub"], claims["iss"]) == ("ada", OP)
    assert (claims["email"], claims["email_verified"]) == ("ada@op.example", False)
    assert claims["groups"] == ["a"]


@pytest.mark.parametrize("id_token", [None, ""])
def test_missing_id_token_is_refused(id_token: str | None) -> None:
    """Where ``openid`` was asked for, the user is not logged in without one (Core 3.1.3.3)."""
    provider = Provider()
    provider.answer["id_token"] = id_token
    with pytest.raises(IdTokenError, match="no ID Token came"):
        provider.log_in(provider.client())


@pytest.mark.parametrize("id_token", ["garbage", "a.b.c"])
def test_id_token_that_was_not_asked_for_is_passed_through(id_token: str) -> None:
    """Unread: without ``openid`` it says nothing, and no key is fetched for it."""
    provider = Provider()
    provider.answer.update(id_token=id_token, userinfo={"sub": "admin"})
    token = provider.log_in(provider.client(scope="email"))
    assert (token.get("id_token"), claims_of(token)) == (id_token, {})
    assert provider.asked() == [DISCOVERY, TOKEN_ENDPOINT]


@pytest.mark.parametrize("name", ["at_hash", "c_hash"])
def test_id_token_is_tied_to_what_came_with_it(name: str) -> None:
    """To the access token and the code of this login (Core 3.1.3.8, 3.3.2.11)."""
    provider = Provider()
    provider.claims = {name: "AAAAAAAAAAAAAAAAAAAAAA"}
    with pytest.raises(IdTokenError) as caught:
        provider.log_in(provider.client())
    assert caught.value.claim == name


# What a provider does wrong, and the option that lets just that pass.
LOOSENED: list[tuple[str, dict[str, object], dict[str, object], str]] = [
    ("accept_missing_nonce", {"nonce": ABSENT}, {"nonce": "another"}, "nonce"),
    ("accept_other_acr", {"acr": "urn:op:password"}, {"auth_time": 0}, "auth_time"),
    ("accept_other_acr", {"acr": ABSENT}, {"nonce": "another"}, "nonce"),
]


@pytest.mark.parametrize(("option", "loosened", "other", "claim"), LOOSENED)
def test_option_loosens_exactly_one_thing(
    option: str, loosened: dict[str, object], other: dict[str, object], claim: str
) -> None:
    """The fault is refused without its option, and everything else with it."""
    provider = Provider()
    strict, loose = provider.client(), provider.client(**{option: True})
    asked: dict[str, object] = {"acr_values": ACR, "max_age": 60}
    right = {"acr": ACR, "auth_time": provider.clock.now}
    provider.claims = {**right, **loosened}
    with pytest.raises(IdTokenError) as caught:
        provider.log_in(strict, asked=asked)
    assert caught.value.claim == next(iter(loosened))
    assert provider.log_in(loose, asked=asked)
    provider.claims = {**right, **other}
    with pytest.raises(IdTokenError) as caught:
        provider.log_in(loose, asked=asked)
    assert caught.value.claim == claim


@pytest.mark.parametrize("option", ["accept_missing_nonce", "accept_missing_iss"])
def test_other_options_leave_acr_alone(option: str) -> None:
    """Each gives up what it names."""
    provider = Provider(authorization_response_iss_parameter_supported=True)
    provider.claims = {"acr": "urn:op:password"}
    with pytest.raises(IdTokenError) as caught:
        provider.log_in(provider.client(**{option: True}), {"iss": OP}, asked={"acr_values": ACR})
    assert caught.value.claim == "acr"


def test_issuer_is_required_of_the_callback_where_it_is_advertised() -> None:
    """Before the code is sent anywhere; by its option it may be missing, not wrong (RFC 9207)."""
    provider = Provider(authorization_response_iss_parameter_supported=True)
    client = provider.client()
    with pytest.raises(StateMismatchError) as caught:
        provider.log_in(client)
    assert caught.value.reason == "missing_issuer"
    assert provider.asked() == [DISCOVERY]
    assert provider.log_in(client, {"iss": OP})
    loose = provider.client(accept_missing_iss=True)
    assert provider.log_in(loose)
    with pytest.raises(StateMismatchError) as caught:
        provider.log_in(loose, {"iss": "https://evil.example"})
    assert caught.value.reason == "other_issuer"


def test_refusal_without_issuer_surfaces_without_asking_anybody() -> None:
    """What the user hears is the refusal, also while the metadata is out of reach."""
    provider = Provider(authorization_response_iss_parameter_supported=True)
    client = provider.client()
    begun = client.start_authorization()
    provider.asked()
    provider.clock.now += 100_000
    provider.replies[DISCOVERY] = Response(503)
    with pytest.raises(AuthorizationDeniedError):
        provider.come_back(client, begun, {"error": "access_denied"})
    assert provider.asked() == []


def test_refusal_of_another_issuer_is_not_told() -> None:
    """An ``iss`` that is there is compared, also with an error (RFC 9207 2.4).

    And by a process that has not asked the provider yet.
    """
    provider = Provider()
    begun = provider.client().start_authorization()
    brought = {"error": "access_denied", "iss": "https://evil.example"}
    with pytest.raises(StateMismatchError) as caught:
        provider.come_back(provider.client(), begun, brought)
    assert caught.value.reason == "other_issuer"


def test_issuer_of_another_case_is_another() -> None:
    """Compared letter by letter (RFC 9207 2.4, RFC 3986 6.2.1)."""
    provider = Provider()
    with pytest.raises(StateMismatchError):
        provider.log_in(provider.client(), {"iss": "https://OP.example"})
    with pytest.raises(MissingCodeError):
        provider.log_in(provider.client(), {"iss": OP, "code": ""})


def _acr(**asked: object) -> dict[str, object]:
    return {"claims": {"id_token": {"acr": asked}}}


# What is asked, what is sent of it, and what the login remembers.
ASKED: list[tuple[dict[str, object], dict[str, str], tuple[int | None, tuple[str, ...]]]] = [
    ({}, {}, (None, ())),
    ({"max_age": 60}, {"max_age": "60"}, (60, ())),
    ({"max_age": 0}, {"max_age": "0"}, (0, ())),
    ({"max_age": "60"}, {"max_age": "60"}, (60, ())),
    ({"acr_values": "a b"}, {"acr_values": "a b"}, (None, ("a", "b"))),
    ({"acr_values": ["a", "b"]}, {"acr_values": "a b"}, (None, ("a", "b"))),
    ({"acr_values": ("a",)}, {"acr_values": "a"}, (None, ("a",))),
    ({"acr_values": []}, {}, (None, ())),
    (
        _acr(value="a"),
        {"claims": '{"id_token":{"acr":{"value":"a"}}}'},
        (None, ("a",)),
    ),
    (
        _acr(essential=True, values=["a", "b"]),
        {"claims": '{"id_token":{"acr":{"essential":true,"values":["a","b"]}}}'},
        (None, ("a", "b")),
    ),
    (_acr(essential=True), {"claims": '{"id_token":{"acr":{"essential":true}}}'}, (None, ())),
    (
        {"claims": {"id_token": {"acr": None}}},
        {"claims": '{"id_token":{"acr":null}}'},
        (None, ()),
    ),
    (
        {"claims": {"userinfo": {"email": None}}},
        {"claims": '{"userinfo":{"email":null}}'},
        (None, ()),
    ),
    (
        {"acr_values": "a", **_acr(value="b")},
        {"acr_values": "a", "claims": '{"id_token":{"acr":{"value":"b"}}}'},
        (None, ("a",)),
    ),
    ({"claims": '{"userinfo": {}}'}, {"claims": '{"userinfo": {}}'}, (None, ())),
]


@pytest.mark.parametrize("where", ["call", "authorize_params"])
@pytest.mark.parametrize(("asked", "sent", "remembered"), ASKED)
def test_what_is_asked_of_the_id_token_is_remembered(
    asked: dict[str, object],
    sent: dict[str, str],
    remembered: tuple[int | None, tuple[str, ...]],
    where: str,
) -> None:
    """As it is sent: lists with spaces, ``claims`` as JSON (Core 3.1.2.1, 5.5)."""
    client = Provider().configured(**({"authorize_params": asked} if where != "call" else {}))
    options: dict[str, Any] = asked if where == "call" else {}  # any: keywords of the method
    begun = client.start_authorization(**options)
    found = query(begun.url)
    assert {name: found[name] for name in ("max_age", "acr_values", "claims") if name in found} == (
        sent
    )
    assert (begun.max_age, begun.acr_values) == remembered


LOOP: dict[str, object] = {}
LOOP["userinfo"] = LOOP


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("max_age", -1, "max_age is a whole number of seconds, 0 or more"),
        ("max_age", 1.5, "max_age is a whole number"),
        ("max_age", "soon", "max_age is a whole number"),
        ("max_age", True, "max_age is a whole number"),
        ("acr_values", 5, "acr_values is a text or a list of texts"),
        ("acr_values", ["a", 5], "acr_values is a text or a list of texts"),
        ("claims", {"id_token": {"acr": {"values": 5}}}, "acr in claims= is a text or a list"),
        ("claims", {"userinfo": {"a": object()}}, "claims= is a dict of JSON values"),
        ("claims", {"userinfo": {"a": float("nan")}}, "claims= is a dict of JSON values"),
        ("claims", LOOP, "claims= is a dict of JSON values"),
    ],
)
def test_what_cannot_be_asked_is_refused(name: str, value: object, says: str) -> None:
    """Before the redirect; the message names the parameter."""
    options: dict[str, Any] = {name: value}  # any: wrong ones
    with pytest.raises(ConfigurationError, match=says):
        Provider().configured().start_authorization(**options)


@pytest.mark.parametrize(
    ("asked", "claims", "refused"),
    [
        ({"max_age": 60}, {"auth_time": -60}, None),
        ({"max_age": 60}, {"auth_time": -180}, None),
        ({"max_age": 60}, {"auth_time": -181}, "auth_time"),
        ({"max_age": 60}, {}, "auth_time"),
        ({"acr_values": "a b"}, {"acr": "b"}, None),
        ({"acr_values": "a b"}, {"acr": "a b"}, "acr"),
        ({"acr_values": "a b"}, {}, "acr"),
        (_acr(value="a"), {"acr": "a"}, None),
        (_acr(value="a"), {"acr": "b"}, "acr"),
        (_acr(values=["a", "b"]), {"acr": "b"}, None),
        (_acr(values=["a", "b"]), {"acr": "c"}, "acr"),
        (_acr(values=["a", "b"]), {}, "acr"),
    ],
)
def test_what_was_asked_is_enforced(
    asked: dict[str, object], claims: dict[str, object], refused: str | None
) -> None:
    """A user can take a parameter off a URL (Core 3.1.3.7 rules 12 and 13)."""
    provider = Provider()
    when = claims.get("auth_time")
    provider.claims = dict(claims)
    if isinstance(when, int):
        provider.claims["auth_time"] = provider.clock.now + when
    if refused is None:
        assert provider.log_in(provider.client(), asked=asked)
        return
    with pytest.raises(IdTokenError) as caught:
        provider.log_in(provider.client(), asked=asked)
    assert caught.value.claim == refused


ADMINS: dict[str, ClaimOptions] = {"groups": {"essential": True, "values": ["admins"]}}


def test_claims_options_add_a_check() -> None:
    """What the application asks of this login."""
    provider = Provider()
    client = provider.client()
    provider.claims = {"groups": ["users", "admins"]}
    assert provider.log_in(client, finish={"claims_options": ADMINS})
    provider.claims = {"groups": ["users"]}
    with pytest.raises(IdTokenError) as caught:
        provider.log_in(client, finish={"claims_options": ADMINS})
    assert caught.value.claim == "groups"


@pytest.mark.parametrize(
    ("claims", "options"),
    [
        ({"iss": "https://evil.example"}, {"iss": {"values": ["https://evil.example"]}}),
        ({"iss": "https://evil.example"}, {"iss": {"essential": False}}),
        ({"aud": "other"}, {"aud": {"value": "other"}}),
        ({"nonce": "n"}, {"nonce": {"value": "n"}}),
        ({"exp": 0}, {"exp": {"value": 0}}),
        ({"sub": ABSENT}, {"sub": {"essential": False}}),
    ],
)
def test_claims_options_take_no_check_away(
    claims: dict[str, object], options: dict[str, ClaimOptions]
) -> None:
    """Code written for Authlib turns its check of the issuer off so."""
    provider = Provider()
    provider.claims = claims
    with pytest.raises(IdTokenError) as caught:
        provider.log_in(provider.client(), finish={"claims_options": options})
    assert caught.value.claim == next(iter(claims))


@pytest.mark.parametrize(
    ("settings", "finish", "late", "fine"),
    [
        ({}, {}, 119, True),
        ({}, {}, 120, False),
        ({"clock_skew": 10}, {}, 9, True),
        ({"clock_skew": 10}, {}, 10, False),
        ({"clock_skew": 10}, {"leeway": 60}, 59, True),
        ({"clock_skew": 10}, {"leeway": 60}, 60, False),
        ({"clock_skew": 10}, {"leeway": 0}, 0, False),
        ({"clock_skew": 0}, {}, 0, False),
        ({"leeway": 500}, {}, 120, False),
    ],
)
def test_leeway_of_a_call_stands_in_for_the_clock_skew(
    settings: dict[str, object], finish: dict[str, object], late: float, fine: bool
) -> None:
    """120 seconds unless set; the ``leeway`` of the client is about renewing, and no other."""
    provider = Provider()
    provider.claims = {"exp": provider.clock.now - late, "iat": provider.clock.now - 600}
    client = provider.client(**settings)
    if fine:
        assert provider.log_in(client, finish=finish)
        return
    with pytest.raises(IdTokenError) as caught:
        provider.log_in(client, finish=finish)
    assert caught.value.claim == "exp"


def test_other_audiences_have_to_be_trusted_by_name() -> None:
    """Core 3.1.3.7 rule 3."""
    provider = Provider()
    provider.claims = {"aud": ["client", "api"], "azp": "client"}
    with pytest.raises(IdTokenError) as caught:
        provider.log_in(provider.client())
    assert caught.value.claim == "aud"
    assert provider.log_in(provider.client(trusted_audiences=["api"]))


def test_id_token_can_be_validated_by_itself() -> None:
    """``parse_id_token``, for tokens that came another way."""
    provider = Provider()
    client = provider.client()
    token = client.check_token({"access_token": "at", "id_token": provider.id_token(nonce="n")})
    assert client.parse_id_token(token, "n")["sub"] == "ada"
    assert client.parse_id_token(token, None)["sub"] == "ada"
    with pytest.raises(IdTokenError) as caught:
        client.parse_id_token(token, "another")
    assert caught.value.claim == "nonce"
    with pytest.raises(IdTokenError) as caught:
        client.parse_id_token(token, "n", claims_options=ADMINS)
    assert caught.value.claim == "groups"
    provider.clock.now += 301
    with pytest.raises(IdTokenError) as caught:
        client.parse_id_token(token, "n", leeway=0)
    assert caught.value.claim == "exp"
    with pytest.raises(IdTokenError, match="no ID Token came"):
        client.parse_id_token({"access_token": "at"}, "n")


@pytest.mark.parametrize("leeway", ["60", -1, float("nan"), float("inf"), True])
def test_leeway_of_a_call_is_a_number(leeway: float) -> None:
    """Nothing is smaller than NaN: with it, no token would have expired."""
    provider = Provider()
    with pytest.raises(ConfigurationError, match="leeway is a number"):
        provider.log_in(provider.client(), finish={"leeway": leeway})


@pytest.mark.parametrize("asked", [{"claims_options": {"sub": {"value": "ada"}}}, {"leeway": 5}])
def test_checks_of_an_id_token_need_one(asked: dict[str, Any]) -> None:  # any: of the method
    """A check that nobody makes would open the door; and the code is not spent."""
    provider = Provider()
    client = provider.client(scope="email")
    provider.asked()
    with pytest.raises(ConfigurationError, match="did not ask for openid"):
        provider.log_in(client, finish=asked)
    assert TOKEN_ENDPOINT not in provider.asked()


def test_max_age_of_the_url_is_asked_of_the_id_token_too() -> None:
    """Wherever a parameter comes from, it is kept to; ``claims`` as text as well."""
    provider = Provider()
    url = f"{OP}/authorize?max_age=60&acr_values=gold"
    pending = provider.client(authorize_url=url).start_authorization()
    assert (pending.max_age, pending.acr_values) == (60, ("gold",))
    text = '{"id_token": {"acr": {"values": ["silver"]}}}'
    assert provider.client().start_authorization(claims=text).acr_values == ("silver",)


def test_auth_time_of_the_future_is_no_recent_one() -> None:
    """It would satisfy every ``max_age``."""
    provider = Provider()
    provider.claims = {"auth_time": provider.clock.now + 3600}
    with pytest.raises(IdTokenError, match="in the future") as caught:
        provider.log_in(provider.client(), asked={"max_age": 0})
    assert caught.value.claim == "auth_time"
