"""Redirects of API calls: where they lead, and what goes along (RFC 9110 15.4)."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.client.world import API, TOKEN, api_client, query
from typedoauth import (
    ConnectionSettings,
    InsecureTransportError,
    MalformedResponseError,
    OAuth1Client,
    OAuth2Client,
    OAuthError,
    Request,
    Response,
    TooManyRedirectsError,
    TransportTimeoutError,
)
from typedoauth.client.redirects import redirected
from typedoauth.transports import StubTransport

HOME = "https://api.example"
AWAY = "https://files.example/x"


def to(location: str, status: int = 302) -> Response:
    """A redirect."""
    return Response(status, {"Location": location})


def test_redirect_within_the_origin_keeps_the_token() -> None:
    """Same scheme, host and port (RFC 6454 5)."""
    client, stub = api_client(
        {f"GET {API}me": to("/v2/me?x=1#part"), f"GET {HOME}/v2/me": Response(200)}
    )
    assert client.get("me", headers={"X-Own": "1"}).status_code == 200
    assert stub.requests[1].url == f"{HOME}/v2/me?x=1"
    assert stub.requests[1].headers["Authorization"] == "Bearer a-token"
    assert stub.requests[1].headers["X-Own"] == "1"


@pytest.mark.parametrize(
    "location",
    [
        AWAY,
        "//files.example/x",
        "https://api.example:8443/x",
        "https://api.example.evil.example/",
        "https://sub.api.example/",
        "https://API.example.:443/",
    ],
)
def test_redirect_to_another_origin_carries_no_credentials(location: str) -> None:
    """No token, no cookie, and no header field that may be a key (RFC 9110 15.4)."""
    stub = StubTransport(lambda one: to(location) if one.url == f"{API}me" else Response(200))
    client = OAuth2Client("id", api_base_url=API, token=TOKEN, transport=stub)
    client.headers["X-Api-Key"] = "hush"
    client.get(
        "me",
        headers={"Authorization": "hush", "Accept": "text/csv", "Range": "bytes=0-1"},
        cookies={"session": "hush"},
    )
    sent = dict(stub.requests[1].headers)
    assert sent.pop("User-Agent").startswith("typedoauth/")
    assert sent == {"Accept": "text/csv", "Range": "bytes=0-1"}


def test_redirect_away_and_back_has_no_token() -> None:
    """Who sent the call away does not get it back with credentials."""
    client, stub = api_client(
        {f"GET {API}me": to(AWAY), f"GET {AWAY}": to(f"{API}you"), f"GET {API}you": Response(200)}
    )
    client.get("me")
    assert ["authorization" in one.headers for one in stub.requests] == [True, False, False]


def test_redirect_to_a_trusted_origin_has_no_token_either() -> None:
    """``trusted_origins`` is about what the application calls."""
    stub = StubTransport({f"GET {API}me": to(AWAY), f"GET {AWAY}": Response(200)})
    client = OAuth2Client(
        "id",
        api_base_url=API,
        token=TOKEN,
        trusted_origins=["https://files.example"],
        transport=stub,
    )
    client.get("me")
    client.get(AWAY)
    assert ["authorization" in one.headers for one in stub.requests] == [True, False, True]


def test_redirect_of_a_call_without_token() -> None:
    """It is followed, too, and gets none."""
    client, stub = api_client({f"GET {API}me": to("you"), f"GET {API}you": Response(200)})
    client.get("me", withhold_token=True)
    assert ["authorization" in one.headers for one in stub.requests] == [False, False]


@pytest.mark.parametrize(
    ("status", "method", "then"),
    [
        (301, "POST", "GET"),
        (302, "POST", "GET"),
        (303, "POST", "GET"),
        (303, "PUT", "GET"),
        (301, "PUT", "PUT"),
        (302, "DELETE", "DELETE"),
        (307, "POST", "POST"),
        (308, "POST", "POST"),
        (303, "HEAD", "HEAD"),
        (301, "GET", "GET"),
    ],
)
def test_method_and_body_after_a_redirect(status: int, method: str, then: str) -> None:
    """303 means GET, 307 and 308 mean the same again (RFC 9110 15.4.2 to 15.4.9)."""
    stub = StubTransport(lambda one: to("you", status) if one.url.endswith("me") else Response(200))
    client = OAuth2Client("id", api_base_url=API, token=TOKEN, transport=stub)
    client.request(method, "me", data=None if method in ("GET", "HEAD") else {"a": "1"})
    second = stub.requests[1]
    kept = method == then and method not in ("GET", "HEAD")
    assert (second.method, second.body) == (then, b"a=1" if kept else None)
    assert ("content-type" in second.headers) is kept


@pytest.mark.parametrize("status", [300, 304, 305, 306, 400])
def test_other_statuses_are_answers(status: int) -> None:
    """They are the application's to read."""
    client, _ = api_client({f"GET {API}me": to("you", status)})
    assert client.get("me").status_code == status


def test_redirect_without_location_is_an_answer() -> None:
    """There is nowhere to go."""
    client, _ = api_client({f"GET {API}me": Response(302)})
    assert client.get("me").status_code == 302


def test_redirects_can_be_left_alone() -> None:
    """``allow_redirects=False``, and HEAD unless asked, as in requests."""
    client, stub = api_client({f"{API}me": to("you"), f"{API}you": Response(200)})
    assert client.get("me", allow_redirects=False).status_code == 302
    assert client.head("me").status_code == 302
    assert client.head("me", allow_redirects=True).status_code == 200
    assert len(stub.requests) == 4


@pytest.mark.parametrize("limit", [0, 1, 3])
def test_redirects_are_bounded(limit: int) -> None:
    """A circle ends after ``max_redirects``; every response is closed."""
    closed = list[int]()

    def reply(_: Request) -> Response:
        return Response(302, {"Location": "me"}, iter([b"x"]), close=lambda: closed.append(1))

    stub = StubTransport(reply)
    client = OAuth2Client("id", api_base_url=API, token=TOKEN, max_redirects=limit, transport=stub)
    with pytest.raises(TooManyRedirectsError, match=f"more than {limit} times"):
        client.get("me", stream=True)
    assert len(stub.requests) == limit + 1
    assert len(closed) == limit + 1


BAD: list[tuple[str, list[tuple[str, str]], type[OAuthError]]] = [
    ("http", [("Location", "http://api.example/x")], InsecureTransportError),
    ("http on loopback", [("Location", "http://127.0.0.1/x")], InsecureTransportError),
    ("no web address", [("Location", "ftp://api.example/")], MalformedResponseError),
    ("script", [("Location", "javascript:alert(1)")], MalformedResponseError),
    ("data", [("Location", "data:text/plain,x")], MalformedResponseError),
    ("broken", [("Location", "https://[")], MalformedResponseError),
    ("bad port", [("Location", "https://api.example:99999/")], MalformedResponseError),
    ("a user", [("Location", "https://u:p@api.example/")], MalformedResponseError),
    ("a backslash", [("Location", "https://evil.example\\@api.example/")], MalformedResponseError),
    ("a long label", [("Location", f"https://{'ü' * 99}.example/")], MalformedResponseError),
    ("several", [("Location", "/a"), ("Location", "/b")], MalformedResponseError),
]


@pytest.mark.parametrize(("what", "headers", "kind"), BAD, ids=[one[0] for one in BAD])
def test_bad_redirect_is_refused(
    what: str, headers: list[tuple[str, str]], kind: type[OAuthError]
) -> None:
    """It is the server's mistake; nothing more is sent (RFC 9110 10.2.2)."""
    client, stub = api_client({f"GET {API}me": Response(302, headers)})
    with pytest.raises(OAuthError) as caught:
        client.get("me")
    assert type(caught.value) is kind
    assert len(stub.requests) == 1


def test_redirect_to_http_can_be_allowed_by_name() -> None:
    """With ``allow_insecure_transport``; the token stays away, as the origin is another one."""
    replies = {
        f"GET {API}me": to("http://api.example/x"),
        "GET http://api.example/x": Response(200),
    }
    stub = StubTransport(replies)
    client = OAuth2Client(
        "id", api_base_url=API, token=TOKEN, allow_insecure_transport=True, transport=stub
    )
    client.get("me")
    assert "authorization" not in stub.requests[1].headers


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("you there", f"{API}you%20there"),
        ("y\xc3\xbc", f"{API}y%C3%BC"),
        ("y\xfc", f"{API}y%C3%BC"),
        ("y東", f"{API}y%E6%9D%B1"),
        ("\ty\r\nou ", f"{API}you"),
        ("", f"{API}me"),
        ("?a=1", f"{API}me?a=1"),
    ],
)
def test_location_is_brought_into_a_form_that_can_be_sent(location: str, url: str) -> None:
    """Servers send spaces, UTF-8 and Latin-1."""
    response = Response(302, {"Location": location})
    request = Request("GET", f"{API}me")
    assert redirected(request, request, response, allow_http=False).url == url


def test_token_in_the_query_is_not_sent_on() -> None:
    """Many servers give the whole query back in Location: the token would go to anybody."""
    replies = {
        f"GET {API}me": to("/v1/me/?a=1&access_token=a-token"),
        f"GET {API}me/": to("https://files.example/me?a=1&access_token=a%2Dtoken"),
        "GET https://files.example/me": Response(200),
    }
    stub = StubTransport(replies)
    client = OAuth2Client(
        "id", api_base_url=API, token=TOKEN, token_placement="query", transport=stub
    )
    client.get("me", params={"a": "1"})
    sent = [query(one.url) for one in stub.requests]
    assert sent == [{"a": "1", "access_token": "a-token"}] * 2 + [{"a": "1"}]


@pytest.mark.parametrize("place", ["HEADER", "QUERY"])
def test_oauth1_request_is_signed_again(place: str) -> None:
    """Each hop within the origin has a signature of its own, none outside it has one."""
    locations = iter(["echo", "https://files.example/x"])

    def reply(request: Request) -> Response:
        where = next(locations, None)
        if where is None:
            return Response(200)
        # The whole query comes back, protocol parameters included.
        return to(f"{where}?{request.url.partition('?')[2]}")

    stub = StubTransport(reply)
    client = OAuth1Client(
        "id",
        "secret",
        api_base_url=API,
        token={"oauth_token": "t", "oauth_token_secret": "s"},
        signature_type=place,
        transport=stub,
    )
    client.get("me?a=1")
    first, second, third = stub.requests
    signed = [one.headers.get("authorization") or one.url for one in (first, second)]
    assert all(text.count("oauth_signature=") == 1 for text in signed)
    assert signed[0] != signed[1]
    assert third.url == "https://files.example/x?a=1"
    assert "authorization" not in third.headers


@given(
    st.text(),
    st.sampled_from([301, 302, 303, 307, 308]),
    st.dictionaries(st.sampled_from(["X-Key", "Cookie", "Accept"]), st.just("v")),
)
def test_any_location_is_followed_safely_or_refused(
    location: str, status: int, headers: Mapping[str, str]
) -> None:
    """Whatever Location says, nothing but OAuthError, and no key to another origin."""
    stub = StubTransport(
        lambda one: (
            Response(status, {"Location": location}) if one.url == f"{API}me" else Response(200)
        )
    )
    client = OAuth2Client("id", api_base_url=API, token=TOKEN, max_redirects=2, transport=stub)
    with contextlib.suppress(OAuthError):
        client.get("me", headers=headers)
    for request in stub.requests:
        if not request.url.startswith(f"{HOME}/") and request.url != HOME:
            assert set(request.headers) <= {"Accept", "User-Agent"}


def test_client_certificate_stays_at_home() -> None:
    """It is a credential: another origin is not shown it."""
    request = Request("GET", HOME, connection=ConnectionSettings(cert="client.pem"))
    away = redirected(request, request, to(AWAY), allow_http=False)
    assert away.connection == ConnectionSettings()
    assert redirected(request, request, to("/y"), allow_http=False).connection.cert is not None


def test_redirects_share_one_deadline() -> None:
    """What is left of the call's time is what the next request gets."""
    client, stub = api_client({f"GET {API}me": to(f"{API}b"), f"GET {API}b": Response(200)})
    client.get("me", timeout=3)
    first, second = stub.requests
    assert first.timeout.total == 3
    assert 0 < second.timeout.total < 3


def test_redirects_end_with_the_deadline() -> None:
    """A server that is slow at each of them holds nobody longer than that."""
    client, _ = api_client(slow)
    with pytest.raises(TransportTimeoutError, match="redirects took longer"):
        client.get("me", timeout=0.05)


def slow(_: Request) -> Response:
    """A server that takes a while to say: here again."""
    time.sleep(0.03)
    return to(f"{API}me")
