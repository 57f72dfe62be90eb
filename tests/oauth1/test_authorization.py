"""The resource owner's authorization and the callback (RFC 5849 2.2)."""

from __future__ import annotations

import pytest

from typedoauth.credentials import TemporaryCredentials
from typedoauth.errors import (
    AuthorizationDeniedError,
    AuthorizationResponseError,
    CallbackError,
    ConfigurationError,
    DuplicateParameterError,
    MissingVerifierError,
    OAuthError,
    StateMismatchError,
)
from typedoauth.oauth1 import (
    AuthorizationResponse,
    authorization_url,
    callback_token,
    parse_authorization_response,
)

Pairs = list[tuple[str, str]]
TOKEN, VERIFIER = ("oauth_token", "t0ken"), ("oauth_verifier", "ver1fier")


def test_authorization_url_keeps_query_and_adds() -> None:
    """What is on the endpoint stays; the caller's parameters follow (2.2)."""
    url = authorization_url(
        "https://example.com/authorize?lang=de",
        TemporaryCredentials("a&b c", ""),
        {"force_login": True, "screen_name": None},
    )
    assert url == ("https://example.com/authorize?lang=de&oauth_token=a%26b%20c&force_login=true")


@pytest.mark.parametrize(
    ("url", "parameters"),
    [("https://example.com/?oauth_token=x", {}), ("https://example.com/", {"oauth_token": "x"})],
)
def test_authorization_url_second_token_refused(url: str, parameters: dict[str, str]) -> None:
    """oauth_token is the library's to set (3.1)."""
    with pytest.raises(ConfigurationError, match="oauth_token"):
        authorization_url(url, TemporaryCredentials("t", ""), parameters)


def test_callback_complete_accepted() -> None:
    """Token and verifier are taken over, other parameters are the application's (2.2)."""
    parsed = parse_authorization_response([("x", "1"), TOKEN, ("x", "2"), VERIFIER])
    assert parsed == AuthorizationResponse("t0ken", "ver1fier")


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ([TOKEN, TOKEN, VERIFIER], DuplicateParameterError),
        ([TOKEN, ("oauth_token", "other"), VERIFIER], DuplicateParameterError),
        ([TOKEN, VERIFIER, VERIFIER], DuplicateParameterError),
        ([("denied", "t0ken"), ("denied", "t0ken")], DuplicateParameterError),
        ([TOKEN, ("oauth_problem", "a"), ("oauth_problem", "a")], DuplicateParameterError),
        ([("denied", "t0ken")], AuthorizationDeniedError),
        ([("denied", "")], AuthorizationDeniedError),
        ([TOKEN, VERIFIER, ("denied", "t0ken")], AuthorizationDeniedError),
        ([TOKEN, ("oauth_problem", "user_refused")], AuthorizationDeniedError),
        ([TOKEN, ("oauth_problem", "permission_denied")], AuthorizationDeniedError),
        ([("error", "access_denied")], AuthorizationDeniedError),
        ([TOKEN, VERIFIER, ("error", "server_error")], AuthorizationResponseError),
        ([("error", "a"), ("error", "a")], DuplicateParameterError),
        ([TOKEN, VERIFIER, ("oauth_problem", "token_expired")], AuthorizationResponseError),
        ([TOKEN, ("oauth_problem", "ver1fier <script>")], AuthorizationResponseError),
        ([TOKEN], MissingVerifierError),
        ([TOKEN, ("oauth_verifier", "")], MissingVerifierError),
        ([VERIFIER], StateMismatchError),
        ([("oauth_token", ""), VERIFIER], StateMismatchError),
        ([], StateMismatchError),
        ([("oauth_token", "t0ken\ud800"), VERIFIER], CallbackError),
        ([TOKEN, ("oauth_verifier", "ver1fier\ud800")], CallbackError),
    ],
)
def test_callback_bad_refused(parameters: Pairs, error: type[OAuthError]) -> None:
    """Each way to come back wrongly has its error, and none quotes the callback (2.2)."""
    with pytest.raises(error) as caught:
        parse_authorization_response(parameters)
    assert type(caught.value) is error
    assert not any(value in str(caught.value) for value in ("t0ken", "ver1fier", "script"))


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        ("token_expired", "token_expired"),
        ("<b>", "authorization_error"),
        ("a" * 99, "authorization_error"),
        ("a_" * 99 + "a", "authorization_error"),
    ],
)
def test_callback_problem_becomes_error_code(problem: str, code: str) -> None:
    """A word of OAuth Problem Reporting is told on; anything else is not."""
    with pytest.raises(AuthorizationResponseError) as caught:
        parse_authorization_response([TOKEN, ("oauth_problem", problem)])
    assert caught.value.error == code


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ([TOKEN, VERIFIER], "t0ken"),
        ([("denied", "t0ken")], "t0ken"),
        ([("oauth_token", ""), ("denied", "t0ken")], "t0ken"),
        ([VERIFIER], None),
    ],
)
def test_callback_token_names_the_login(parameters: Pairs, expected: str | None) -> None:
    """A refusal, too, tells which login it ends (2.2)."""
    assert callback_token(parameters) == expected


def test_verifier_absent_from_repr() -> None:
    """The verifier does not show."""
    assert "ver1fier" not in repr(AuthorizationResponse("t0ken", "ver1fier"))
