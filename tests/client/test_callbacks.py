"""The application's functions, told apart when they are registered."""

from __future__ import annotations

import functools
from collections.abc import Callable

import pytest

from tests.client.world import API
from typedoauth import (
    ConfigurationError,
    InvalidTokenError,
    MissingTokenError,
    OAuth2Client,
    OAuth2Token,
    Response,
)
from typedoauth.client.callbacks import adapt_fetch, adapt_save, adapt_update
from typedoauth.transports import StubTransport

NEW: OAuth2Token = {"access_token": "new"}
OLD: OAuth2Token = {"access_token": "old", "refresh_token": "r1"}
Seen = list[tuple[object, ...]]


def shapes(seen: Seen) -> dict[str, tuple[Callable[..., object], tuple[object, ...]]]:
    """Functions of every shape, and what each is to be called with at client level."""

    def plain(token: object) -> None:
        seen.append((token,))

    def three(token: object, refresh_token: object = None, access_token: object = None) -> None:
        seen.append((token, refresh_token, access_token))

    def required(token: object, *, refresh_token: object, access_token: object) -> None:
        seen.append((token, refresh_token, access_token))

    def keywords(token: object, **others: object) -> None:
        seen.append((token, *others.values()))

    def anything(*arguments: object) -> None:
        seen.append(arguments)

    def optional(token: object, request: object = None) -> None:
        seen.append((token,))

    class Method:
        def save(self, token: object) -> None:
            seen.append((token,))

        def __call__(self, token: object) -> None:
            seen.append((token,))

    one, all_three = (NEW,), (NEW, "r1", "old")
    return {
        "plain": (plain, one),
        "three": (three, all_three),
        "required": (required, all_three),
        "keywords": (keywords, all_three),
        "anything": (anything, one),
        "optional": (optional, one),
        "bound": (Method().save, one),
        "object": (Method(), one),
        "builtin": (seen.append, (NEW,)),
        "partial": (functools.partial(three), all_three),
    }


@pytest.mark.parametrize("shape", shapes([]))
def test_update_token_in_each_shape_of_a_client(shape: str) -> None:
    """``(token)`` or ``(token, refresh_token=…, access_token=…)`` (4.3 of the table)."""
    seen: Seen = []
    function, expected = shapes(seen)[shape]
    adapt_update(function, "update_token")(NEW, OLD)
    assert seen in ([expected], [NEW])


def test_update_token_in_each_shape_of_a_registry() -> None:
    """``(name, token)`` or with what is replaced (4.3 of the table)."""
    seen: Seen = []

    def two(name: str, token: object) -> None:
        seen.append((name, token))

    def four(
        name: str, token: object, refresh_token: object = None, access_token: object = None
    ) -> None:
        seen.append((name, token, refresh_token, access_token))

    adapt_update(two, "update_token", "github")(NEW, OLD)
    adapt_update(four, "update_token", "github")(NEW, {"access_token": "old"})
    assert seen == [("github", NEW), ("github", NEW, None, "old")]


async def asynchronous(token: object) -> None:
    """What nobody would await."""


def none() -> object:
    """Take nothing."""
    return None


def two(name: str, token: object) -> object:
    """Take a name and a token, as functions of a registry do."""
    return name, token


WRONG: list[object] = [5, "update", asynchronous, functools.partial(asynchronous)]


@pytest.mark.parametrize("function", [*WRONG, none, two])
def test_update_token_of_another_shape_is_refused(function: object) -> None:
    """At registration, and not after a refresh token has been spent."""
    with pytest.raises(ConfigurationError, match="update_token"):
        OAuth2Client("id", update_token=function)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] wrong on purpose


@pytest.mark.parametrize("function", [*WRONG, two])
def test_fetch_token_of_another_shape_is_refused(function: object) -> None:
    """At registration; one that wants the client's name belongs to a registry."""
    with pytest.raises(ConfigurationError, match="fetch_token"):
        OAuth2Client("id", fetch_token=function)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] wrong on purpose


def test_fetch_and_save_are_called_as_registered() -> None:
    """With the leading arguments, or with the one value."""
    seen: list[object] = []
    assert adapt_fetch(str.upper, "fetch_token", "github")() == "GITHUB"
    adapt_save(seen.append, "save_request_token")({"oauth_token": "t"})
    assert seen == [{"oauth_token": "t"}]
    with pytest.raises(ConfigurationError, match=r"save_request_token\(token\)"):
        adapt_save(lambda: None, "save_request_token")
    with pytest.raises(ConfigurationError, match=r"fetch_token\(name\)"):
        adapt_fetch(lambda: None, "fetch_token", "github")


def test_function_that_tells_no_signature_is_taken() -> None:
    """Some built-ins tell none; they are called with what they have to take."""
    assert adapt_fetch(dict, "fetch_token")() == {}


def test_function_whose_signature_cannot_be_read_is_called_plainly() -> None:
    """Without keywords, which it may not know."""
    assert adapt_update(dict, "update_token")(NEW, OLD) == NEW


def test_fetch_token_is_asked_where_no_token_is_given() -> None:
    """``token=`` wins, then the client's own, then ``fetch_token``."""
    stub = StubTransport({f"GET {API}me": Response(200)})
    client = OAuth2Client("id", api_base_url=API, fetch_token=lambda: NEW, transport=stub)
    client.get("me")
    client.token = {"access_token": "held"}
    client.get("me")
    client.get("me", token={"access_token": "given"})
    sent = [one.headers["Authorization"] for one in stub.requests]
    assert sent == ["Bearer new", "Bearer held", "Bearer given"]


@pytest.mark.parametrize("found", ["a-token", ("a",), 5, {}, {"oauth_token": "t"}, object()])
def test_fetch_token_that_gives_no_token_is_told(found: object) -> None:
    """A row, a tuple or an object with to_token() is none (4.3 of the table)."""
    client = OAuth2Client("id", api_base_url=API, transport=StubTransport({}))
    client._fetch_token = lambda: found  # pyright: ignore[reportPrivateUsage] of any kind
    with pytest.raises(InvalidTokenError):
        client.get("me")


def test_fetch_token_may_find_nothing() -> None:
    """Then there is no token, and the message says what to do."""
    stub = StubTransport({})
    client = OAuth2Client("id", api_base_url=API, fetch_token=lambda: None, transport=stub)
    with pytest.raises(MissingTokenError, match="withhold_token=True"):
        client.get("me")
