"""Logout: RP-Initiated, Back-Channel and Front-Channel Logout of OpenID Connect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.oidc.minting import SECRET, mint, public_jwk, rsa_key
from typedoauth.errors import (
    CallbackError,
    DuplicateParameterError,
    IdTokenError,
    InvalidSignatureError,
    UnknownKeyError,
)
from typedoauth.oidc import (
    FrontChannelLogout,
    LogoutToken,
    TrustedIssuer,
    logout_request_url,
    parse_backchannel_logout,
    parse_frontchannel_logout,
    read_jwk_set,
    verify_logout_token,
)

NOW = 1_800_000_000
ISSUER = "https://op.example"
TRUST = TrustedIssuer(ISSUER, "client", leeway=10)
KEYS = read_jwk_set({"keys": [public_jwk(rsa_key(), kid="k")]})
EVENT = "http://schemas.openid.net/event/backchannel-logout"
CLAIMS: dict[str, object] = {
    "iss": ISSUER,
    "sub": "248289761001",
    "aud": "client",
    "iat": NOW - 5,
    "exp": NOW + 120,
    "jti": "bWJq",
    "sid": "08a5019c-17e1-4977-8f42-65a12843ea02",
    "events": {EVENT: {}},
}
ABSENT = object()


def verify(changes: Mapping[str, object], **options: Any) -> LogoutToken:  # any: keywords
    """Validate the right logout token with some claims changed."""
    typ = options.pop("typ", "logout+jwt")
    header = {} if typ is None else {"typ": typ}
    claims = {name: one for name, one in {**CLAIMS, **changes}.items() if one is not ABSENT}
    return verify_logout_token(mint(claims, header=header), KEYS, TRUST, now=NOW, **options)


def test_logout_token_right_accepted() -> None:
    """Everything that the application needs to end sessions (2.4)."""
    token = verify({})
    assert (token.iss, token.sub, token.sid) == (ISSUER, CLAIMS["sub"], CLAIMS["sid"])
    assert (token.jti, token.iat, token.exp) == ("bWJq", NOW - 5, NOW + 120)
    assert token.claims["events"] == {EVENT: {}}


@pytest.mark.parametrize(
    ("changes", "sub", "sid"),
    [
        ({"sid": ABSENT}, CLAIMS["sub"], None),
        ({"sub": ABSENT}, None, CLAIMS["sid"]),
        ({"aud": ["client"]}, CLAIMS["sub"], CLAIMS["sid"]),
        ({"events": {EVENT: {}, "other": 1}}, CLAIMS["sub"], CLAIMS["sid"]),
    ],
)
def test_logout_token_of_user_or_session_accepted(
    changes: Mapping[str, object], sub: object, sid: object
) -> None:
    """``sub``, ``sid`` or both (2.4)."""
    token = verify(changes)
    assert (token.sub, token.sid) == (sub, sid)


BROKEN: list[tuple[Mapping[str, object], str]] = [
    ({"iss": "https://evil.example"}, "iss"),
    ({"iss": ABSENT}, "iss"),
    ({"aud": "other"}, "aud"),
    ({"aud": []}, "aud"),
    ({"aud": ["client", "other"]}, "aud"),
    ({"exp": ABSENT}, "exp"),
    ({"exp": NOW - 10}, "exp"),
    ({"exp": "never"}, "exp"),
    ({"iat": ABSENT}, "iat"),
    ({"iat": NOW + 11}, "iat"),
    ({"nbf": NOW + 11}, "nbf"),
    ({"jti": ABSENT}, "jti"),
    ({"jti": ""}, "jti"),
    ({"jti": 1}, "jti"),
    ({"events": ABSENT}, "events"),
    ({"events": {}}, "events"),
    ({"events": []}, "events"),
    ({"events": EVENT}, "events"),
    ({"events": {EVENT: None}}, "events"),
    ({"events": {EVENT: True}}, "events"),
    ({"events": {EVENT + "/": {}}}, "events"),
    ({"nonce": "n"}, "nonce"),
    ({"nonce": ""}, "nonce"),
    ({"sub": ABSENT, "sid": ABSENT}, "sid"),
    ({"sub": ""}, "sub"),
    ({"sub": 1}, "sub"),
    ({"sid": ""}, "sid"),
    ({"sid": 1}, "sid"),
]


@pytest.mark.parametrize(("changes", "claim"), BROKEN, ids=str)
def test_logout_token_one_rule_broken_refused(changes: Mapping[str, object], claim: str) -> None:
    """Every rule of 2.4 and 2.6, broken one by one."""
    with pytest.raises(IdTokenError) as caught:
        verify(changes)
    assert caught.value.claim == claim


@pytest.mark.parametrize("typ", ["logout+jwt", "application/logout+jwt", "Logout+JWT"])
def test_logout_token_typ_required(typ: str) -> None:
    """With ``require_typ`` nothing but a logout token passes."""
    assert verify({}, typ=typ, require_typ=True).jti


@pytest.mark.parametrize(
    ("typ", "required", "accepted"),
    [
        (None, False, True),
        ("JWT", False, True),
        (None, True, False),
        ("JWT", True, False),
        ("at+jwt", False, False),
        ("id+jwt", False, False),
    ],
)
def test_logout_token_other_typ(typ: str | None, required: bool, accepted: bool) -> None:
    """No ``typ`` and ``JWT`` are what older providers send; another kind is refused (2.4)."""
    if accepted:
        assert verify({}, typ=typ, require_typ=required).jti
        return
    with pytest.raises(InvalidSignatureError, match="typ of the logout token"):
        verify({}, typ=typ, require_typ=required)


def test_logout_token_session_required() -> None:
    """``backchannel_logout_session_required`` (2.2)."""
    assert verify({}, require_sid=True).sid
    with pytest.raises(IdTokenError) as caught:
        verify({"sid": ABSENT}, require_sid=True)
    assert caught.value.claim == "sid"


@pytest.mark.parametrize(
    ("token", "error"),
    [
        (mint(CLAIMS, header={"alg": "none"}), InvalidSignatureError),
        (mint(CLAIMS, key=rsa_key(number=1)), InvalidSignatureError),
        (mint(CLAIMS, "HS256", key=SECRET), InvalidSignatureError),
        (mint(CLAIMS, header={"kid": "new"}), UnknownKeyError),
        ("logout", InvalidSignatureError),
    ],
)
def test_logout_token_not_signed_as_agreed_refused(token: str, error: type[IdTokenError]) -> None:
    """The rules of ID Tokens (2.6 rules 2 and 3)."""
    with pytest.raises(error) as caught:
        verify_logout_token(token, KEYS, TRUST, now=NOW)
    assert type(caught.value) is error


def test_backchannel_request_gives_token() -> None:
    """The form has one ``logout_token``; others are ignored (2.5)."""
    assert parse_backchannel_logout([("x", "1"), ("logout_token", "a.b.c")]) == "a.b.c"


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ([], CallbackError),
        ([("logout_token", "")], CallbackError),
        ([("logout_token", "a"), ("logout_token", "a")], DuplicateParameterError),
    ],
)
def test_backchannel_request_malformed_refused(
    parameters: list[tuple[str, str]], error: type[CallbackError]
) -> None:
    """None, or two."""
    with pytest.raises(error):
        parse_backchannel_logout(parameters)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ([], FrontChannelLogout()),
        ([("iss", ISSUER), ("sid", "s")], FrontChannelLogout(ISSUER, "s")),
        ([("theme", "dark")], FrontChannelLogout()),
    ],
)
def test_frontchannel_request_read(
    parameters: list[tuple[str, str]], expected: FrontChannelLogout
) -> None:
    """Both parameters or neither (Front-Channel 2)."""
    assert parse_frontchannel_logout(parameters, ISSUER) == expected


@pytest.mark.parametrize(
    ("parameters", "required"),
    [
        ([("iss", ISSUER)], False),
        ([("sid", "s")], False),
        ([("iss", "https://evil.example"), ("sid", "s")], False),
        ([("iss", ISSUER), ("sid", "s"), ("sid", "t")], False),
        ([("iss", ISSUER), ("iss", ISSUER), ("sid", "s")], False),
        ([], True),
        ([("iss", ISSUER), ("sid", "")], True),
    ],
)
def test_frontchannel_request_malformed_refused(
    parameters: list[tuple[str, str]], required: bool
) -> None:
    """Half of it, twice, from another issuer, or without the session that has to be named."""
    with pytest.raises(CallbackError):
        parse_frontchannel_logout(parameters, ISSUER, session_required=required)


def test_logout_url_carries_what_is_given() -> None:
    """The parameters of RP-Initiated Logout 2; the endpoint's own query stays."""
    url = logout_request_url(
        "https://op.example/logout?realm=a",
        id_token_hint="h.i.j",
        logout_hint="jane",
        client_id="client",
        post_logout_redirect_uri="https://rp.example/bye?x=1&y=2",
        state="s t",
        ui_locales=["fr-CA", "en"],
        extra=[("audience", "x")],
    )
    assert url.startswith("https://op.example/logout?realm=a&")
    assert dict(parse_qsl(urlsplit(url).query)) == {
        "realm": "a",
        "id_token_hint": "h.i.j",
        "logout_hint": "jane",
        "client_id": "client",
        "post_logout_redirect_uri": "https://rp.example/bye?x=1&y=2",
        "state": "s t",
        "ui_locales": "fr-CA en",
        "audience": "x",
    }


def test_logout_url_without_parameters_is_the_endpoint() -> None:
    """All of them are optional."""
    assert logout_request_url("https://op.example/logout") == "https://op.example/logout"


def test_logout_token_repr_shows_no_claims() -> None:
    """Claims are about people; they stay out of logs."""
    assert "events" not in repr(verify({"email": "jane@example.com"}))
    assert "jane@" not in repr(verify({"email": "jane@example.com"}))
