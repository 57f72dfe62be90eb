"""Asking for temporary and token credentials (RFC 5849 2.1, 2.3)."""

from __future__ import annotations

from collections.abc import Callable, Generator

import pytest

from tests.oauth1.driving import answer
from typedoauth.credentials import ClientCredentials, TemporaryCredentials
from typedoauth.errors import CallbackError, CredentialRequestError, MalformedResponseError
from typedoauth.messages import Request, Response
from typedoauth.oauth1 import (
    AuthorizationResponse,
    OAuth1Signer,
    temporary_credentials_request,
    token_credentials_request,
)
from typedoauth.tokens import OAuth1Token

URL = "https://example.com/oauth"
SIGNER = OAuth1Signer(ClientCredentials("id", "cl1entsecret"))
TEMPORARY = TemporaryCredentials("t0ken", "s3cret")
CALLBACK = AuthorizationResponse("t0ken", "ver1fier")
GOOD = b"oauth_token=t0ken&oauth_token_secret=s3cret&oauth_callback_confirmed=true"
NEVER_SHOWN = ("t0ken", "s3cret", "cl1entsecret", "ver1fier", "hush")

AnyFlow = (
    Generator[Request, Response, TemporaryCredentials] | Generator[Request, Response, OAuth1Token]
)


def first_leg() -> Generator[Request, Response, TemporaryCredentials]:
    flow = temporary_credentials_request(URL, SIGNER, timestamp=1, nonce="n")
    next(flow)
    return flow


def third_leg() -> Generator[Request, Response, OAuth1Token]:
    flow = token_credentials_request(URL, SIGNER, TEMPORARY, CALLBACK, timestamp=1, nonce="n")
    next(flow)
    return flow


def test_temporary_credentials_returned() -> None:
    """A complete response gives the temporary credentials (2.1)."""
    assert answer(first_leg(), GOOD) == TEMPORARY


def test_token_credentials_returned_with_extras() -> None:
    """The token holds what else the server sent, as text (2.3)."""
    content = b"oauth_token=a%26b&oauth_token_secret=&user_id=12&screen_name=J%C3%A4ne+D"
    assert answer(third_leg(), content) == {
        "oauth_token": "a&b",
        "oauth_token_secret": "",
        "user_id": "12",
        "screen_name": "Jäne D",
    }


@pytest.mark.parametrize("status", [200, 201])
@pytest.mark.parametrize("content_type", ["text/html", "application/x-www-form-urlencoded", ""])
def test_response_accepted_whatever_its_label(status: int, content_type: str) -> None:
    """Servers label the form as they like and may say 201; a final newline is no harm."""
    content = GOOD + b"\n"
    assert answer(first_leg(), content, status, {"Content-Type": content_type}) == TEMPORARY


MALFORMED = [
    (b"", "without oauth_token"),
    (b"<!doctype html><p>hush", "HTML page"),
    (b'{"oauth_token": "t0ken", "oauth_token_secret": "s3cret"}', "without oauth_token"),
    (b"oauth_token=t0ken", "without oauth_token"),
    (b"oauth_token_secret=s3cret", "without oauth_token"),
    (b"oauth_token=&oauth_token_secret=s3cret", "without oauth_token"),
    (GOOD + b"&oauth_token=t0ken", "occurs once"),
    (GOOD + b"&oauth_token_secret=other", "occurs once"),
    (GOOD + b"&oauth_callback_confirmed=true", "occurs once"),
    (GOOD + b"&hush=1&hush=2", "occurs once"),
    (GOOD + b"&a=\xff", "UTF-8"),
    (GOOD + b"&a=%FF", "UTF-8"),
    (GOOD.decode().encode("utf-16"), "UTF-8"),
    (GOOD + b"".join(b"&hush%d=" % number for number in range(300)), "occurs once"),
    (GOOD + b"&a=" + b"x" * (1 << 20), "longer than 1048576 bytes"),
]


@pytest.mark.parametrize("leg", [first_leg, third_leg])
@pytest.mark.parametrize(("content", "message"), MALFORMED)
def test_response_malformed_refused(
    leg: Callable[[], AnyFlow], content: bytes, message: str
) -> None:
    """What is no form with both credentials, each once, is refused unquoted (2.1, 2.3)."""
    with pytest.raises(MalformedResponseError, match=message) as caught:
        answer(leg(), content)
    assert not any(secret in str(caught.value) for secret in NEVER_SHOWN)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize("leg", [first_leg, third_leg])
@pytest.mark.parametrize("status", [202, 204, 301, 302, 400, 401, 403, 404, 429, 500, 503])
@pytest.mark.parametrize("content", [GOOD, b"", b"hush\xff", b"<html>hush", b"x" * (1 << 20)])
def test_status_wrong_refused(leg: Callable[[], AnyFlow], status: int, content: bytes) -> None:
    """Any other status than success is a refusal, whatever the body says (2.1, 2.3)."""
    with pytest.raises(CredentialRequestError, match=str(status)) as caught:
        answer(leg(), content, status)
    assert (caught.value.status, caught.value.error) == (status, "credentials_refused")
    assert not any(secret in str(caught.value) for secret in NEVER_SHOWN)


@pytest.mark.parametrize("leg", [first_leg, third_leg])
@pytest.mark.parametrize(
    ("content", "headers", "error"),
    [
        (b"oauth_problem=signature_invalid&oauth_problem_advice=hush", {}, "signature_invalid"),
        (b"", {"WWW-Authenticate": 'OAuth realm="x", oauth_problem="nonce_used"'}, "nonce_used"),
        (b"", {"WWW-Authenticate": "OAuth oauth_problem=token_rejected"}, "token_rejected"),
        (b"oauth_problem=hush%20hush", {}, "credentials_refused"),
        (b"oauth_problem=s3cret", {}, "credentials_refused"),
        (b"oauth_problem=", {}, "credentials_refused"),
        (b"oauth_problem=a&oauth_problem=b", {}, "credentials_refused"),
        (b"", {"WWW-Authenticate": 'OAuth realm="x"'}, "credentials_refused"),
    ],
)
def test_problem_becomes_error_code(
    leg: Callable[[], AnyFlow], content: bytes, headers: dict[str, str], error: str
) -> None:
    """A word of OAuth Problem Reporting is told on; nothing else of the body is."""
    with pytest.raises(CredentialRequestError) as caught:
        answer(leg(), content, 401, headers)
    assert caught.value.error == error
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    "confirmed",
    [
        b"",
        b"&oauth_callback_confirmed=",
        b"&oauth_callback_confirmed=false",
        b"&oauth_callback_confirmed=1",
    ],
)
def test_callback_unconfirmed_refused(confirmed: bytes) -> None:
    """A server of before revision A is not talked to (2.1)."""
    with pytest.raises(MalformedResponseError, match="require_callback_confirmed=False"):
        answer(first_leg(), b"oauth_token=a&oauth_token_secret=b" + confirmed)


def test_callback_confirmed_in_capitals_accepted() -> None:
    """Authlib's server writes ``True``, which says the same (2.1)."""
    body = b"oauth_token=a&oauth_token_secret=b&oauth_callback_confirmed=True"
    assert answer(first_leg(), body) == TemporaryCredentials("a", "b")


def test_callback_unconfirmed_accepted_by_name() -> None:
    """The check is switched off by its name (2.1)."""
    flow = temporary_credentials_request(
        URL, SIGNER, timestamp=1, nonce="n", require_callback_confirmed=False
    )
    next(flow)
    assert answer(flow, b"oauth_token=a&oauth_token_secret=") == TemporaryCredentials("a", "")


@pytest.mark.parametrize(
    ("callback", "sent"),
    [(None, "oob"), ("https://a.example/?b=1", "https%3A%2F%2Fa.example%2F%3Fb%3D1")],
)
def test_callback_sent(callback: str | None, sent: str) -> None:
    """Without a callback the request says oob (2.1)."""
    flow = temporary_credentials_request(URL, SIGNER, timestamp=1, nonce="n", callback=callback)
    assert f'oauth_callback="{sent}"' in next(flow).headers["Authorization"]


def test_request_is_post_with_protocol_limits() -> None:
    """By default nothing but the signature is posted, and a megabyte may come back (2.1)."""
    request = next(temporary_credentials_request(URL, SIGNER, timestamp=1, nonce="n"))
    assert (request.method, request.url, request.body) == ("POST", URL, None)
    assert (request.max_bytes, list(request.headers)) == (1 << 20, ["Authorization"])


def test_parameters_of_post_are_form() -> None:
    """Further parameters and headers go along, and are signed (2.1)."""
    request = next(
        temporary_credentials_request(
            URL,
            SIGNER,
            timestamp=1,
            nonce="n",
            parameters={"x_auth": "a b", "scope": ["c", "d"]},
            headers={"X-Api": "1"},
        )
    )
    assert request.body == b"x_auth=a%20b&scope=c&scope=d"
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert request.headers["X-Api"] == "1"


def test_parameters_of_get_are_query() -> None:
    """A server that wants GET gets the parameters in the query (2.3)."""
    request = next(
        token_credentials_request(
            f"{URL}?a=1",
            SIGNER,
            TEMPORARY,
            CALLBACK,
            timestamp=1,
            nonce="n",
            method="get",
            parameters={"b": "2"},
        )
    )
    assert (request.method, request.url, request.body) == ("GET", f"{URL}?a=1&b=2", None)


def test_token_request_signed_with_temporary_credentials() -> None:
    """Token, verifier and no callback are in the third leg's request (2.3)."""
    flow = token_credentials_request(URL, SIGNER, TEMPORARY, CALLBACK, timestamp=1, nonce="n")
    header = next(flow).headers["Authorization"]
    assert 'oauth_token="t0ken"' in header
    assert 'oauth_verifier="ver1fier"' in header
    assert "oauth_callback" not in header


def test_callback_of_other_login_refused_unsent() -> None:
    """A callback for other temporary credentials sends nothing (2.3)."""
    other = AuthorizationResponse("öther", "ver1fier")
    flow = token_credentials_request(URL, SIGNER, TEMPORARY, other, timestamp=1, nonce="n")
    with pytest.raises(CallbackError, match="not the one") as caught:
        next(flow)
    assert not any(secret in str(caught.value) for secret in (*NEVER_SHOWN, "öther"))
