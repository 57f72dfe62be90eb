"""A server that answers from a table, a clock that moves when told, and clients of both."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from typedoauth import OAuth2Client, OAuth2Token
from typedoauth._urls import query_pairs
from typedoauth.messages import Request, Response
from typedoauth.transports import StubTransport

AS = "https://as.example"
API = "https://api.example/v1/"
TOKEN_URL = f"{AS}/token"
TOKEN_POST = f"POST {TOKEN_URL}"
TOKEN: OAuth2Token = {"access_token": "a-token", "token_type": "Bearer"}

Reply = Response | Exception
Replies = Mapping[str, Reply | Sequence[Reply]] | Callable[[Request], Response]


class SteppingClock:
    """Seconds since the epoch; they pass when ``now`` is set."""

    def __init__(self, now: float = 1_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def answered(members: object, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(status, {"Content-Type": "application/json"}, json.dumps(members).encode())


def issued(access_token: str = "new", **members: object) -> Response:
    """The answer that issues a token."""
    return answered({"access_token": access_token, "token_type": "Bearer", **members})


def form(request: Request) -> dict[str, str]:
    """What a form-encoded request says, each name once."""
    pairs = query_pairs((request.body or b"").decode())
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def query(url: str) -> dict[str, str]:
    """What the query of a URL says, each name once."""
    pairs = query_pairs(url.partition("?")[2])
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def api_client(
    replies: Replies, *, token: OAuth2Token | None = TOKEN
) -> tuple[OAuth2Client, StubTransport]:
    """A client of an API, and what it sends over."""
    stub = StubTransport(replies)
    return OAuth2Client("id", "secret", api_base_url=API, token=token, transport=stub), stub


def token_client(*replies: Reply) -> tuple[OAuth2Client, StubTransport]:
    """A client of a token endpoint that gives these answers in turn, and what it sends over."""
    stub = StubTransport({TOKEN_POST: replies})
    client = OAuth2Client("id", "secret", access_token_url=TOKEN_URL, transport=stub)
    return client, stub


def fine(_: Request) -> Response:
    """Every call succeeds."""
    return Response(200, content=b"{}")


def sent(url: str = "me", method: str = "POST", **options: object) -> Request:
    """What goes out of a call with these options."""
    client, stub = api_client(fine)
    client.request(method, url, **options)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] from the tables
    return stub.requests[0]
