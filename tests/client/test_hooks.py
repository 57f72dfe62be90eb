"""Compliance hooks: all six, in order, in the shapes that existing code has."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.client.world import API, AS, TOKEN, TOKEN_POST, TOKEN_URL, answered, issued
from typedoauth import (
    ConfigurationError,
    MalformedResponseError,
    OAuth2Client,
    OAuthError,
    Response,
    TokenEndpointError,
    TransportError,
)
from typedoauth.client.hooks import FormRequestHook, FormRequestHookName, ResponseHook
from typedoauth.transports import StubTransport

REVOKE, INTROSPECT = f"{AS}/revoke", f"{AS}/introspect"


def make(
    reply: Response, fix: Callable[[OAuth2Client], object] | None = None
) -> tuple[OAuth2Client, StubTransport]:
    """A client whose endpoints all give this reply."""
    stub = StubTransport(lambda _: reply)
    client = OAuth2Client(
        "id",
        "secret",
        access_token_url=TOKEN_URL,
        api_base_url=API,
        metadata={"revocation_endpoint": REVOKE, "introspection_endpoint": INTROSPECT},
        compliance_fix=fix,
        transport=stub,
    )
    return client, stub


def slack_compliance_fix(session: OAuth2Client) -> None:
    """The example of the documentation, with the same calls."""

    def _fix(resp: Response) -> Response:
        token = resp.json()
        # no token_type comes
        token["token_type"] = "Bearer"
        resp._content = json.dumps(token).encode("utf-8")  # pyright: ignore[reportPrivateUsage] as documented
        return resp

    session.register_compliance_hook("access_token_response", _fix)


def by_json(session: OAuth2Client) -> None:
    """The other idiom of existing code."""

    def _fix(resp: Response) -> Response:
        data = {**resp.json(), "token_type": "Bearer"}
        resp.json = lambda: data
        return resp

    session.register_compliance_hook("access_token_response", _fix)


def by_replace(session: OAuth2Client) -> None:
    """The way that the documentation recommends."""

    def _fix(resp: Response) -> Response:
        return resp.replace(json={**resp.json(), "token_type": "Bearer"})

    session.register_compliance_hook("access_token_response", _fix)


@pytest.mark.parametrize("fix", [slack_compliance_fix, by_json, by_replace])
def test_answer_is_mended_in_each_idiom(fix: Callable[[OAuth2Client], None]) -> None:
    """The three ways to change an answer come to the same."""
    client, _ = make(answered({"access_token": "a", "token_type": None}), fix)
    assert client.fetch_access_token() == {"access_token": "a", "token_type": "Bearer"}


@pytest.mark.parametrize("fix", [slack_compliance_fix, by_json, by_replace])
@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Response(502, content=b"<h1>Bad Gateway"), TokenEndpointError),
        (answered(["x"], 400), TokenEndpointError),
        (answered({"error": "invalid_client"}, 401), TokenEndpointError),
        (Response(200, content=b"<h1>"), MalformedResponseError),
        (answered(["x"]), MalformedResponseError),
        (answered(None), MalformedResponseError),
    ],
)
def test_hook_that_meets_another_answer_than_it_was_written_for(
    fix: Callable[[OAuth2Client], None], reply: Response, kind: type[OAuthError]
) -> None:
    """A refusal stays a refusal with its status; other garbage is the server's mistake."""
    client, _ = make(reply, fix)
    with pytest.raises(OAuthError) as caught:
        client.fetch_access_token()
    assert type(caught.value) is kind


def test_hooks_run_in_order() -> None:
    """Each sees what the one before gave."""
    client, _ = make(issued("a"))

    def appending(letter: str) -> ResponseHook:
        def hook(response: Response) -> Response:
            return response.replace(json={"access_token": response.json()["access_token"] + letter})

        return hook

    for letter in "bcd":
        client.register_compliance_hook("access_token_response", appending(letter))
        client.register_compliance_hook("refresh_token_response", appending(letter.upper()))
    assert client.fetch_access_token()["access_token"] == "abcd"
    refreshed = client.refresh_token({"access_token": "x", "refresh_token": "r"})
    assert refreshed["access_token"] == "aBCD"


def adding(number: int) -> FormRequestHook:
    """A hook that adds its number to each part."""

    def hook(url: str, headers: dict[str, str], body: str) -> tuple[str, dict[str, str], str]:
        assert headers["Content-Type"] == "application/x-www-form-urlencoded"
        return f"{url}/{number}", {**headers, f"X-{number}": "y"}, f"{body}&n={number}"

    return hook


CALLS: list[tuple[FormRequestHookName, Callable[[OAuth2Client], object], str]] = [
    (
        "refresh_token_request",
        lambda client: client.refresh_token({"access_token": "x", "refresh_token": "r"}),
        "grant_type=refresh_token&refresh_token=r",
    ),
    ("revoke_token_request", lambda client: client.revoke_token("t"), "token=t"),
    ("introspect_token_request", lambda client: client.introspect_token("t"), "token=t"),
]


@pytest.mark.parametrize(("name", "call", "body"), CALLS, ids=[one[0] for one in CALLS])
def test_form_request_hooks_get_the_encoded_body(
    name: FormRequestHookName, call: Callable[[OAuth2Client], object], body: str
) -> None:
    """``(url, headers, body)``, in order, before the client authenticates itself."""
    client, stub = make(issued(active=True))
    client.register_compliance_hook(name, adding(1))
    client.register_compliance_hook(name, adding(2))
    call(client)
    request = stub.requests[0]
    assert request.url.endswith("/1/2")
    assert request.body == f"{body}&n=1&n=2".encode()
    assert (request.headers["X-1"], request.headers["X-2"]) == ("y", "y")
    assert request.headers["Authorization"] == "Basic aWQ6c2VjcmV0"


def test_protected_request_hook_gets_the_token() -> None:
    """The request of an API call, its token included, and its bytes."""
    seen: list[object] = []

    def hook(
        url: str, headers: dict[str, str], body: bytes | None
    ) -> tuple[str, dict[str, str], bytes | None]:
        seen.extend((headers["Authorization"], body))
        return f"{url}?v=5", {**headers, "Client-ID": "id"}, b"changed"

    client, stub = make(Response(200))
    client.register_compliance_hook("protected_request", hook)
    client.post("me", data=b"\xff", token=TOKEN)
    client.get("public", withhold_token=True)
    assert seen == ["Bearer a-token", b"\xff"]
    assert stub.requests[0].url == f"{API}me?v=5"
    assert (stub.requests[0].headers["Client-ID"], stub.requests[0].body) == ("id", b"changed")
    assert stub.requests[1].url == f"{API}public"


@pytest.mark.parametrize(
    "parts", [None, "url", (), ("u", {}), ("u", [], ""), (5, {}, ""), ("u", {}, 5)]
)
def test_request_hook_that_returns_something_else_is_told(parts: object) -> None:
    """It is to return what it got."""
    client, stub = make(issued())
    client.register_compliance_hook("refresh_token_request", lambda *_: parts)  # type: ignore[call-overload] # pyright: ignore[reportArgumentType] wrong on purpose
    with pytest.raises(ConfigurationError, match=r"returns \(url, headers, body\)"):
        client.refresh_token({"access_token": "x", "refresh_token": "r"})
    assert stub.requests == []


def test_request_hook_cannot_break_the_message() -> None:
    """A header with a line break is refused, whoever made it."""
    client, stub = make(issued())
    client.register_compliance_hook("revoke_token_request", lambda u, h, b: (u, {"X": "a\nb"}, b))
    with pytest.raises(ConfigurationError, match="line break"):
        client.revoke_token("t")
    assert stub.requests == []


@pytest.mark.parametrize("given", [b"a=\xff", None, ""])
def test_request_hook_may_return_any_body(given: bytes | str | None) -> None:
    """Bytes that are no text do no harm to the hook that comes next."""
    client, stub = make(issued())
    seen: list[str] = []

    def second(url: str, headers: dict[str, str], body: str) -> tuple[str, dict[str, str], str]:
        seen.append(body)
        return url, headers, body

    client.register_compliance_hook("revoke_token_request", lambda u, h, b: (u, h, given))  # type: ignore[call-overload] # pyright: ignore[reportArgumentType] more than documented
    client.register_compliance_hook("revoke_token_request", second)
    client.revoke_token("t")
    assert seen == ["a=\ufffd" if given == b"a=\xff" else ""]
    assert len(stub.requests) == 1


@pytest.mark.parametrize("mended", [None, {}, b""])
def test_response_hook_that_returns_something_else_is_told(mended: object) -> None:
    """Forgetting ``return resp`` is the likeliest mistake."""
    client, _ = make(issued())
    client.register_compliance_hook("access_token_response", lambda _: mended)  # type: ignore[call-overload] # pyright: ignore[reportArgumentType] wrong on purpose
    with pytest.raises(ConfigurationError, match="returns the response"):
        client.fetch_access_token()


def test_response_hook_may_raise_our_errors() -> None:
    """They come out as they are."""

    def refuse(_: Response) -> Response:
        raise TransportError("cut")

    client, _ = make(issued())
    client.register_compliance_hook("access_token_response", refuse)
    with pytest.raises(TransportError):
        client.fetch_access_token()


def test_unknown_hook_is_refused() -> None:
    """The message names the six."""
    client, _ = make(issued())
    with pytest.raises(ConfigurationError, match="introspect_token_request, protected_request"):
        client.register_compliance_hook("token_response", print)  # type: ignore[call-overload] # pyright: ignore[reportCallIssue,reportArgumentType] wrong on purpose
    with pytest.raises(ConfigurationError, match="not a function"):
        client.register_compliance_hook("access_token_response", None)  # type: ignore[call-overload] # pyright: ignore[reportCallIssue,reportArgumentType] wrong on purpose


def test_hook_may_use_what_sessions_have() -> None:
    """``client_id`` and ``headers`` of the client that a fix gets (4.5 of the table)."""

    def twitch(session: OAuth2Client) -> None:
        session.headers["Client-ID"] = session.client_id

    client, stub = make(Response(200), twitch)
    client.get("users", token=TOKEN)
    assert stub.requests[0].headers["Client-ID"] == "id"
    assert TOKEN_POST.endswith(TOKEN_URL)
