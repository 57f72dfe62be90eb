"""API calls: where they go, what they carry, and what is refused before anything is sent."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.client.world import API, TOKEN, api_client, fine, sent
from typedoauth import (
    ConfigurationError,
    InsecureTransportError,
    InvalidTokenError,
    MissingTokenError,
    OAuth2Client,
    OAuth2Token,
    OAuthError,
    Request,
    Response,
    Timeout,
    TransportError,
    TransportTimeoutError,
    UnknownOptionError,
    UnsupportedTokenTypeError,
    UntrustedOriginError,
)
from typedoauth.client.api_requests import APIRequests
from typedoauth.client.exchange import Exchange
from typedoauth.transports import StubTransport


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("me", f"{API}me"),
        ("", API),
        ("/me", "https://api.example/me"),
        ("../me", "https://api.example/me"),
        ("?a=1", f"{API}?a=1"),
        ("me?a=b c#part", f"{API}me?a=b%20c"),
        (" me ", f"{API}me"),
        ("grüße/東", f"{API}gr%C3%BC%C3%9Fe/%E6%9D%B1"),
        ("a%2Fb+c", f"{API}a%2Fb+c"),
        ("users/a:b", f"{API}users/a:b"),
        ("https://api.example/x", "https://api.example/x"),
        ("HTTPS://API.EXAMPLE:443/x", "https://API.EXAMPLE:443/x"),
        ("//api.example/x", "https://api.example/x"),
        ("\\\\evil.example", f"{API}%5C%5Cevil.example"),
    ],
)
def test_url_is_resolved_on_the_base(url: str, expected: str) -> None:
    """As urljoin does: a leading slash drops the base's path (RFC 3986 5)."""
    assert sent(url, "GET").url == expected


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://evil.example/", UntrustedOriginError),
        ("//evil.example/", UntrustedOriginError),
        ("https://api.example:8443/", UntrustedOriginError),
        ("https://api.example.evil.example/", UntrustedOriginError),
        ("http://127.0.0.1/", UntrustedOriginError),
        ("http://api.example/", InsecureTransportError),
        ("https://api.example@evil.example/", ConfigurationError),
        ("https://evil.example\\@api.example/", ConfigurationError),
        ("https://api.example\\@evil.example/", ConfigurationError),
        ("https://[", ConfigurationError),
        ("//[", ConfigurationError),
        ("https://", ConfigurationError),
        ("////evil.example/", ConfigurationError),
        ("ftp://api.example/", ConfigurationError),
        ("mailto:x", ConfigurationError),
        (None, ConfigurationError),
        (b"me", ConfigurationError),
    ],
)
def test_url_that_is_not_to_be_called_is_refused(url: object, kind: type[OAuthError]) -> None:
    """A token goes to the API and nowhere else; nothing is sent, nothing is renewed."""
    client, stub = api_client(
        fine, token={"access_token": "a", "expires_at": 1, "refresh_token": "r"}
    )
    with pytest.raises(OAuthError) as caught:
        client.get(url)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] wrong on purpose
    assert type(caught.value) is kind
    assert stub.requests == []


def test_other_origins_can_be_trusted_or_called_without_token() -> None:
    """``trusted_origins`` by name, ``withhold_token=True`` by call."""
    stub = StubTransport(fine)
    client = OAuth2Client(
        "id",
        api_base_url="https://bücher.example/",
        token=TOKEN,
        trusted_origins=["https://up.example/any/path", "https://api.example:8443"],
        transport=stub,
    )
    for url in (
        "https://up.example/x",
        "https://API.example:8443/",
        "https://xn--bcher-kva.example/",
    ):
        client.get(url)
    client.get("https://other.example/", withhold_token=True)
    assert ["authorization" in one.headers for one in stub.requests] == [True, True, True, False]
    with pytest.raises(UntrustedOriginError, match="trusted_origins"):
        client.get("https://api.example/")


def test_without_base_any_https_address_is_the_applications_choice() -> None:
    """A relative one leads nowhere then; ``//`` means https."""
    stub = StubTransport(fine)
    client = OAuth2Client("id", token=TOKEN, transport=stub)
    client.get("https://any.example/x")
    client.get(" //any.example/y ")
    assert stub.requests[1].url == "https://any.example/y"
    with pytest.raises(ConfigurationError, match="no api_base_url"):
        client.get("me?access_token=hush")
    with pytest.raises(InsecureTransportError):
        client.get("http://any.example/x")


@pytest.mark.parametrize("verb", ["get", "post", "put", "patch", "delete", "head", "options"])
def test_every_verb(verb: str) -> None:
    """Each is ``request`` with its method, and sends the token."""
    client, stub = api_client(fine)
    assert getattr(client, verb)("me").status_code == 200
    assert stub.requests[0].method == verb.upper()
    assert stub.requests[0].headers["Authorization"] == "Bearer a-token"


@pytest.mark.parametrize("method", ["", "GET /", "GET\r\nX: y", "GÉT"])
def test_method_that_is_none_is_refused(method: str) -> None:
    """A line break in it would be another request."""
    with pytest.raises(ConfigurationError, match="HTTP method"):
        sent(method=method)


WRONG: list[object] = [
    "a-token",
    ("a",),
    5,
    {},
    {"oauth_token": "t", "oauth_token_secret": "s"},
    {"access_token": "a\nX: y"},
]


@pytest.mark.parametrize("token", WRONG)
def test_token_of_the_wrong_kind_is_refused(token: object) -> None:
    """A string, a tuple, a token of OAuth 1.0 (4.3 of the table)."""
    with pytest.raises(InvalidTokenError):
        sent(token=token)


def test_call_without_token_says_what_to_do() -> None:
    """There is none given, held or fetched."""
    client, stub = api_client(fine, token=None)
    with pytest.raises(MissingTokenError, match="fetch_token"):
        client.get("me")
    assert stub.requests == []


def test_token_of_another_type_is_refused_when_used() -> None:
    """RFC 6749 7.1: what is not understood is not sent."""
    token: OAuth2Token = {"access_token": "a", "token_type": "DPoP"}
    with pytest.raises(UnsupportedTokenTypeError):
        sent(token=token)


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"a": "b c", "d": ["1", "2"], "e": None}, "x=%20&a=b%20c&d=1&d=2"),
        ([("a", 1), ("a", True)], "x=%20&a=1&a=true"),
        ("a=b+c&d", "x=%20&a=b%20c&d="),
        ({}, "x=%20"),
        (None, "x=%20"),
        ({"a&b": "c=d&e"}, "x=%20&a%26b=c%3Dd%26e"),
        ({"a": "\r\nX: y"}, "x=%20&a=%0D%0AX%3A%20y"),
    ],
)
def test_params_join_the_query_that_is_there(params: object, expected: str) -> None:
    """What the URL has stays as it is; nothing in a value can break out."""
    assert sent("me?x=%20", "GET", params=params).url == f"{API}me?{expected}"


def test_misspelt_option_is_refused() -> None:
    """The nearest is named."""
    with pytest.raises(UnknownOptionError, match="did you mean 'timeout'"):
        sent(timeuot=5)


def test_cookies_and_headers() -> None:
    """Cookies in one header; those of the call win over the client's; None takes one away."""
    client, stub = api_client(fine)
    client.headers["X-Client"] = "1"
    client.headers["X-Other"] = "2"
    client.get(
        "me", cookies={"a": "b c", "d": '"e"'}, headers={"x-client": "3", "Accept": "text/csv"}
    )
    headers = stub.requests[0].headers
    assert headers["Cookie"] == 'a=b c; d="e"'
    assert (headers["X-Client"], headers["X-Other"], headers["Accept"]) == ("3", "2", "text/csv")
    assert "x-other" not in sent(headers={"X-Other": None}).headers


TIMEOUTS = [
    (None, Timeout(5, 10, 30)),
    (2, Timeout(2, 2, 2)),
    (0.5, Timeout(0.5, 0.5, 0.5)),
    ((1, 2), Timeout(1, 2, 30)),
    ((20, 30), Timeout(20, 30, 50)),
    (Timeout(1, 2, 3), Timeout(1, 2, 3)),
]


@pytest.mark.parametrize(("given", "expected"), TIMEOUTS)
def test_timeouts(given: object, expected: Timeout) -> None:
    """A number bounds the whole call, a pair connecting and each read."""
    assert sent(timeout=given).timeout == expected


def test_default_timeout_and_stream() -> None:
    """``default_timeout`` of the client; a stream may take an hour unless a call says less."""
    stub = StubTransport(fine)
    client = OAuth2Client(
        "id",
        token=TOKEN,
        default_timeout=7,
        max_response_bytes=100,
        user_agent="me/1",
        transport=stub,
    )
    client.get("https://a.example/")
    client.get("https://a.example/", stream=True)
    client.get("https://a.example/", stream=True, timeout=3)
    plain, stream, short = stub.requests
    assert (plain.timeout.total, plain.max_bytes, plain.stream) == (7, 100, False)
    assert (stream.timeout, stream.max_bytes, stream.stream) == (Timeout(7, 7, 3600), None, True)
    assert short.timeout.total == 3
    assert plain.headers["User-Agent"] == "me/1"


def test_streamed_body_is_read_by_the_caller() -> None:
    """Piece by piece, then closed."""
    client, _ = api_client(lambda _: Response(200, content=iter([b"ab", b"c"])))
    with client.get("me", stream=True) as response:
        assert list(response.iter_content(1)) == [b"a", b"b", b"c"]


@pytest.mark.parametrize("error", [OSError("cut"), KeyError("bug"), ValueError("bad")])
def test_foreign_error_of_a_transport_is_wrapped(error: Exception) -> None:
    """A transport of ten lines may raise anything; the original is the cause."""
    client, _ = api_client({f"GET {API}me": error})
    with pytest.raises(TransportError, match=type(error).__name__) as caught:
        client.get("me", params={"code": "hush"})
    assert caught.value.__cause__ is error
    assert "hush" not in str(caught.value)


def test_our_errors_of_a_transport_come_out_as_they_are() -> None:
    """A timeout is a timeout."""
    error = TransportTimeoutError("too slow")
    client, _ = api_client({f"GET {API}me": error})
    with pytest.raises(TransportTimeoutError) as caught:
        client.get("me")
    assert caught.value is error


def test_transport_that_tells_no_url_is_helped_out() -> None:
    """Errors and reprs say where an answer came from."""

    class Plain:
        def send(self, request: Request, /) -> Response:
            return Response(503)

    response = OAuth2Client("id", token=TOKEN, transport=Plain()).get("https://a.example/x?y")
    assert response.url == "https://a.example/x?y"


@given(st.text())
def test_any_url_is_called_at_the_api_or_refused(url: str) -> None:
    """Whatever an application joins together, no token leaves for another origin."""
    client, stub = api_client(fine)
    try:
        client.get(url)
    except OAuthError:
        assert stub.requests == []
        return
    assert stub.requests[0].url.startswith("https://api.example")


NASTY = st.text(st.characters(codec=None))


@given(st.dictionaries(NASTY, NASTY), st.sampled_from(["params", "data", "headers", "cookies"]))
def test_any_names_and_values_are_sent_whole_or_refused(values: dict[str, str], where: str) -> None:
    """No name or value breaks out of its place, and nothing but OAuthError is raised."""
    try:
        options: dict[str, object] = {where: values}
        request = sent("me", "POST", **options)
    except OAuthError:
        return
    assert request.url.isascii()
    assert not {"\r", "\n"}.intersection("".join(map("".join, request.headers.pairs())))
    assert request.headers.get("cookie", "").count(";") == max(
        0, len(values) - 1 if where == "cookies" else 0
    )


BASES = ["https://api.example", "https://API.example/v1/", "http://127.0.0.1:8/a/../b?c#d"]
PLAIN_URLS = st.from_regex(r"[a-z./~;%:-]{0,8}(\?[a-z=&%#+ ]{0,6})?", fullmatch=True)


@given(st.sampled_from(BASES), st.one_of(PLAIN_URLS, st.text()), st.booleans())
def test_a_plain_url_is_resolved_as_any_other(base: str, url: str, absolute: bool) -> None:
    """The short way for what needs no escaping comes to the same as the long one."""
    requests = APIRequests("x", Exchange("x", {}), base, {})
    if absolute:
        url = base + url

    def outcome(resolve: Callable[[str], str]) -> object:
        try:
            return resolve(url)
        except OAuthError as error:
            return type(error), str(error)

    short, long = requests._address, requests._absolute  # pyright: ignore[reportPrivateUsage] the two
    assert outcome(short) == outcome(long)
