"""Authorization requests and what comes back (RFC 6749 4.1.1, 4.1.2, RFC 9207)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from typedoauth._urls import query_pairs
from typedoauth.credentials import PendingAuthorization
from typedoauth.errors import (
    AuthorizationDeniedError,
    AuthorizationResponseError,
    CallbackError,
    ConfigurationError,
    DuplicateParameterError,
    MissingCodeError,
    OAuthError,
    StateMismatchError,
)
from typedoauth.oauth2 import (
    AuthorizationResponse,
    authorization_request_url,
    check_authorization_response,
    code_challenge,
    parse_authorization_response,
)

ENDPOINT = "https://as.example/authorize"
VERIFIER = "a" * 43
PENDING = PendingAuthorization("the-state")


def query_of(url: str) -> list[tuple[str, str]]:
    """The parameters of a URL."""
    return query_pairs(url.partition("?")[2])


def test_request_carries_what_it_is_given() -> None:
    """Every parameter once, in a fixed order (RFC 6749 4.1.1, RFC 7636 4.3)."""
    url = authorization_request_url(
        ENDPOINT,
        client_id="c&d",
        state="s",
        redirect_uri="https://app.example/cb?a=b",
        scope="openid e-mail",
        code_verifier=VERIFIER,
        nonce="n",
        extra=[("prompt", "login"), ("resource", "a"), ("resource", "b")],
    )
    assert query_of(url) == [
        ("response_type", "code"),
        ("client_id", "c&d"),
        ("redirect_uri", "https://app.example/cb?a=b"),
        ("scope", "openid e-mail"),
        ("state", "s"),
        ("nonce", "n"),
        ("code_challenge", code_challenge(VERIFIER)),
        ("code_challenge_method", "S256"),
        ("prompt", "login"),
        ("resource", "a"),
        ("resource", "b"),
    ]


def test_query_of_the_endpoint_is_kept_and_wins() -> None:
    """What stands on the endpoint is sent once (RFC 6749 3.1)."""
    endpoint = f"{ENDPOINT}?tenant=x&scope=fixed"
    url = authorization_request_url(endpoint, client_id="c", state="s", scope="other")
    assert query_of(url) == [
        ("tenant", "x"),
        ("scope", "fixed"),
        ("response_type", "code"),
        ("client_id", "c"),
        ("state", "s"),
    ]


RESERVED = [
    "client_id",
    "redirect_uri",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
]


@pytest.mark.parametrize("name", RESERVED)
@pytest.mark.parametrize("on_endpoint", [True, False])
def test_reserved_name_is_refused(name: str, on_endpoint: bool) -> None:
    """A second state or challenge would decide which of the two a server reads (RFC 6749 3.1)."""
    endpoint = f"{ENDPOINT}?{name}=x" if on_endpoint else ENDPOINT
    with pytest.raises(ConfigurationError, match=name):
        authorization_request_url(
            endpoint, client_id="c", state="s", extra=[] if on_endpoint else [(name, "x")]
        )


def test_response_type_is_code() -> None:
    """The implicit grant is not there (RFC 9700 2.1.2)."""
    code = [("response_type", "code")]
    url = authorization_request_url(ENDPOINT, client_id="c", state="s", extra=code)
    assert query_of(url).count(code[0]) == 1
    with pytest.raises(ConfigurationError, match="'token'"):
        authorization_request_url(
            ENDPOINT, client_id="c", state="s", extra=[("response_type", "token")]
        )


@pytest.mark.parametrize("verifier", ["", "a" * 42, "a" * 129, "a" * 42 + "+", "a" * 43 + "\n"])
def test_verifier_that_is_none_is_refused(verifier: str) -> None:
    """43 to 128 unreserved characters (RFC 7636 4.1)."""
    with pytest.raises(ConfigurationError, match="code verifier") as caught:
        code_challenge(verifier)
    assert not verifier or verifier not in str(caught.value)


@given(st.text("abcXYZ019-._~", min_size=43, max_size=128))
def test_challenge_is_43_base64url_characters(verifier: str) -> None:
    """A SHA-256 digest without padding (RFC 7636 4.2)."""
    challenge = code_challenge(verifier)
    assert len(challenge) == 43
    assert set(challenge) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


BAD_CALLBACKS: list[tuple[str, list[tuple[str, str]], type[OAuthError]]] = [
    ("nothing", [], StateMismatchError),
    ("no state", [("code", "c")], StateMismatchError),
    ("empty state", [("code", "c"), ("state", "")], StateMismatchError),
    ("wrong state", [("code", "c"), ("state", "x")], StateMismatchError),
    ("state twice", [("state", "the-state")] * 2, DuplicateParameterError),
    ("code twice", [("code", "c"), ("code", "d"), ("state", "the-state")], DuplicateParameterError),
    ("error twice", [("error", "a")] * 2, DuplicateParameterError),
    ("iss twice", [("iss", "a")] * 2, DuplicateParameterError),
    ("no code", [("state", "the-state")], MissingCodeError),
    ("empty code", [("state", "the-state"), ("code", "")], MissingCodeError),
    ("denied", [("state", "the-state"), ("error", "access_denied")], AuthorizationDeniedError),
    ("error", [("state", "the-state"), ("error", "server_error")], AuthorizationResponseError),
    (
        "error and code",
        [("state", "the-state"), ("error", "x"), ("code", "c")],
        AuthorizationResponseError,
    ),
    ("error of another login", [("state", "x"), ("error", "access_denied")], StateMismatchError),
    ("surrogates", [("state", "\ud800"), ("code", "c")], CallbackError),
    ("code of surrogates", [("state", "the-state"), ("code", "\ud800")], CallbackError),
    ("state in bytes", [("state", "th\xe9-state"), ("code", "c")], StateMismatchError),
    ("huge state", [("state", "x" * 100_000), ("code", "c")], StateMismatchError),
    (
        "another issuer",
        [("state", "the-state"), ("code", "c"), ("iss", "https://evil.example")],
        StateMismatchError,
    ),
    (
        "empty issuer",
        [("state", "the-state"), ("code", "c"), ("iss", "")],
        StateMismatchError,
    ),
]


@pytest.mark.parametrize(
    ("what", "callback", "kind"), BAD_CALLBACKS, ids=[one[0] for one in BAD_CALLBACKS]
)
def test_bad_callback_is_refused(
    what: str, callback: list[tuple[str, str]], kind: type[OAuthError]
) -> None:
    """What a broken or hostile counterpart may send back (RFC 6749 4.1.2, 10.12; RFC 9207 2.4)."""
    with pytest.raises(OAuthError) as caught:
        check_authorization_response(
            parse_authorization_response(callback), PENDING, issuer="https://as.example"
        )
    assert type(caught.value) is kind


def test_good_callback_gives_the_code() -> None:
    """Unknown parameters are passed over, also when they come twice (RFC 6749 4.1.2)."""
    callback = [("x", "1"), ("x", "2"), ("code", "c"), ("state", "the-state"), ("iss", "i")]
    response = parse_authorization_response(callback)
    assert check_authorization_response(response, PENDING, issuer="i") == "c"
    assert check_authorization_response(response, PENDING) == "c"


def test_another_issuer_is_told_by_its_reason() -> None:
    """A mix-up attack has a name of its own (RFC 9207 2.4)."""
    response = AuthorizationResponse(state="the-state", code="c", iss="https://evil.example")
    with pytest.raises(StateMismatchError) as caught:
        check_authorization_response(response, PENDING, issuer="https://as.example")
    assert caught.value.reason == "other_issuer"
    assert "evil" not in str(caught.value)


TENANTS = "https://as.example/{tenantid}/v2.0"


@pytest.mark.parametrize(
    ("iss", "fine"),
    [
        ("https://as.example/t1/v2.0", True),
        ("https://as.example/contoso.example/v2.0", True),
        ("https://as.example/0123-ab/v2.0", True),
        (None, True),
        (f"https://as.example/{'t' * 64}/v2.0", True),
        (f"https://as.example/{'t' * 65}/v2.0", False),
        ("https://as.example//v2.0", False),
        ("https://as.example/t1/t2/v2.0", False),
        ("https://as.example/t1/v2.0/", False),
        ("https://as.example/t1/v2.0\n", False),
        ("https://as.example/t1?/v2.0", False),
        ("https://as.example/t1/v2x0", False),
        ("https://asxexample/t1/v2.0", False),
        ("https://as.example/é/v2.0", False),
        (TENANTS, False),
    ],
)
def test_issuer_of_several_tenants_stands_for_each(iss: str | None, fine: bool) -> None:
    """``{tenantid}`` is one tenant's name, and nothing of a URL besides."""
    response = AuthorizationResponse(state="the-state", code="c", iss=iss)
    if fine:
        assert (
            check_authorization_response(response, PENDING, issuer=TENANTS, issuer_template=True)
            == "c"
        )
        return
    with pytest.raises(StateMismatchError) as caught:
        check_authorization_response(response, PENDING, issuer=TENANTS, issuer_template=True)
    assert caught.value.reason == "other_issuer"


def test_placeholder_that_nobody_registered_is_only_a_text() -> None:
    """A server's document cannot make its issuer stand for others."""
    response = AuthorizationResponse(state="the-state", code="c", iss=TENANTS)
    assert check_authorization_response(response, PENDING, issuer=TENANTS) == "c"
    other = AuthorizationResponse(state="the-state", code="c", iss="https://as.example/t1/v2.0")
    with pytest.raises(StateMismatchError):
        check_authorization_response(other, PENDING, issuer=TENANTS)


def test_issuer_can_be_required_of_a_code() -> None:
    """Of an error it is not: that one logs nobody in (RFC 9207 2.4)."""
    with pytest.raises(StateMismatchError, match="set accept_missing_iss") as caught:
        check_authorization_response(
            AuthorizationResponse(state="the-state", code="c"), PENDING, issuer_required=True
        )
    assert caught.value.reason == "missing_issuer"
    with pytest.raises(AuthorizationDeniedError):
        check_authorization_response(
            AuthorizationResponse(state="the-state", error="access_denied"),
            PENDING,
            issuer="https://as.example",
            issuer_required=True,
        )
    named = AuthorizationResponse(state="the-state", code="c", iss="https://as.example")
    for issuer in ("https://as.example", None):
        assert (
            check_authorization_response(named, PENDING, issuer=issuer, issuer_required=True) == "c"
        )


def test_error_of_a_callback_is_made_safe() -> None:
    """Anybody can make the browser call back with any words (RFC 6749 4.1.2.1)."""
    response = parse_authorization_response(
        [
            ("error", "bad\r\nX: y"),
            ("error_description", "line\nbreak \u202e" + "x" * 1000),
            ("error_uri", "javascript:alert(1)"),
        ]
    )
    assert response.error == "bad X: y"
    assert response.error_uri is None
    assert response.error_description is not None
    assert response.error_description.startswith("line break xxx")
    assert len(response.error_description) <= 500


def test_callback_hides_its_code() -> None:
    """No repr shows it, and no error that quotes it."""
    response = parse_authorization_response(
        [("code", "hush-hush"), ("error", "x"), ("error_description", "hush-hush")]
    )
    assert "hush" not in repr(response)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["code", "state", "error", "error_description", "iss", "x"]),
            st.text(st.characters(codec=None)),
        )
    )
)
def test_any_callback_is_accepted_or_refused(callback: list[tuple[str, str]]) -> None:
    """Nothing but OAuthError comes of garbage, and no code without the state."""
    try:
        response = parse_authorization_response(callback)
        check_authorization_response(response, PENDING)
    except OAuthError:
        return
    assert dict(callback)["state"] == "the-state"
