"""Automatic refresh: when, how, and what is told to whom (RFC 6749 6)."""

from __future__ import annotations

import pytest

from tests.client.refreshing import World
from tests.client.world import (
    TOKEN_URL,
    Reply,
    answered,
    issued,
    query,
)
from typedoauth import (
    InvalidGrantError,
    InvalidTokenError,
    MalformedResponseError,
    OAuth2Client,
    OAuth2Token,
    OAuthError,
    Response,
    TokenEndpointError,
    TokenExpiredError,
    TransportError,
)
from typedoauth.client.options import OAuth2Options
from typedoauth.transports import StubTransport


@pytest.mark.parametrize(
    ("expires_in", "options", "renewed"),
    [
        (61, {}, False),
        (60, {}, True),
        (-5, {}, True),
        (11, {"leeway": 10}, False),
        (10, {"leeway": 10}, True),
        (1, {"leeway": 0}, False),
        (0, {"leeway": 0}, True),
        (0.5, {"leeway": 0.75}, True),
    ],
)
def test_token_is_renewed_within_the_margin(
    expires_in: float, options: OAuth2Options, renewed: bool
) -> None:
    """60 seconds before its expiry, or as ``leeway`` says."""
    world = World(issued(), **options)
    world.client.get("me", token=world.token(expires_in))
    assert world.used() == ["new" if renewed else "old"]


@pytest.mark.parametrize("expiry", [0, None, "0", ""])
def test_token_without_known_expiry_is_used(expiry: object) -> None:
    """0 and None are what databases keep for "unknown"."""
    world = World()
    world.client.get("me", token=world.token(expires_at=expiry))
    assert world.used() == ["old"]


def test_expiry_as_text_counts() -> None:
    """A column of text is no reason to use a dead token."""
    world = World(issued())
    world.client.get("me", token=world.token(expires_at=str(int(world.clock.now) - 1)))
    assert world.used() == ["new"]


@pytest.mark.parametrize(
    ("expires_in", "age", "renewed"),
    [
        (40, 19, False),
        (40, 21, True),
        ("40", 19, False),
        ("x", 0, True),
        (-1, 0, True),
        ("1e400", 0, True),
    ],
)
def test_short_lived_token_is_used_for_half_its_life(
    expires_in: object, age: float, renewed: bool
) -> None:
    """A token that lives for less than two margins would never be used else."""
    world = World(issued())
    token = world.token(40, expires_in=expires_in)
    world.clock.now += age
    world.client.get("me", token=token)
    assert world.used() == ["new" if renewed else "old"]


def test_broken_expiry_is_refused() -> None:
    """A token that says "tomorrow" is refused, and not sent."""
    world = World()
    with pytest.raises(InvalidTokenError, match="expires_at"):
        world.client.get("me", token=world.token(expires_at="tomorrow"))
    assert world.stub.requests == []


def test_refresh_sends_the_refresh_token_and_tells() -> None:
    """The request of RFC 6749 6; the answer is merged, and told once."""
    world = World(issued(expires_in=3600))
    world.client.get("me", token=world.token(scope="read"))
    assert world.refreshes() == [{"grant_type": "refresh_token", "refresh_token": "r1"}]
    assert world.saved == [
        {
            "access_token": "new",
            "token_type": "Bearer",
            "expires_in": 3600,
            "expires_at": int(world.clock.now) + 3600,
            "refresh_token": "r1",
            "scope": "read",
        }
    ]


def test_refresh_goes_to_its_own_endpoint_with_its_own_parameters() -> None:
    """``refresh_token_url`` and ``refresh_token_params``, HTTP keywords picked out."""
    stub = StubTransport({"GET https://as.example/refresh": issued()})
    client = OAuth2Client(
        "id",
        access_token_url=TOKEN_URL,
        access_token_params={"never": "sent"},
        refresh_token_url="https://as.example/refresh",
        refresh_token_params={"resource": "x", "method": "GET", "headers": {"X": "y"}},
        transport=stub,
    )
    client.refresh_token({"access_token": "a", "refresh_token": "r1"})
    assert query(stub.requests[0].url) == {
        "grant_type": "refresh_token",
        "refresh_token": "r1",
        "resource": "x",
        "client_id": "id",
    }
    assert stub.requests[0].headers["X"] == "y"


def test_later_calls_with_the_stale_token_use_the_result() -> None:
    """A copy from a slow database causes no second refresh."""
    world = World(issued(expires_in=3600, refresh_token="r2"))
    for _ in range(3):
        world.client.get("me", token=world.token())
    assert world.used() == ["new"] * 3
    assert len(world.saved) == 1


def test_spent_refresh_token_is_never_sent_again() -> None:
    """Once the result has expired too, its own refresh token is used (RFC 9700 4.14.2)."""
    world = World(
        issued("b", expires_in=3600, refresh_token="r2"),
        issued("c", expires_in=3600, refresh_token="r3"),
    )
    stale = world.token()
    world.client.get("me", token=stale)
    world.clock.now += 3600
    world.client.get("me", token=stale)
    world.client.get("me", token=stale)
    assert world.used() == ["b", "c", "c"]
    assert [one["refresh_token"] for one in world.refreshes()] == ["r1", "r2"]


def test_stale_token_follows_what_others_have_renewed() -> None:
    """One holder renews the renewed token; the other still has the first one."""
    world = World(
        issued("b", expires_in=60, refresh_token="r2"),
        issued("c", expires_in=3600, refresh_token="r3"),
    )
    stale = world.token()
    second = world.client.refresh_token(stale)
    world.clock.now += 60
    world.client.get("me", token=second)
    world.client.get("me", token=stale)
    world.client.get("me", token=stale)
    assert world.used() == ["c"] * 3


def test_server_that_keeps_its_refresh_token() -> None:
    """The same refresh token serves again, once a token has expired."""
    world = World(issued("b", expires_in=3600), issued("c", expires_in=3600))
    stale = world.token()
    for _ in range(2):
        world.client.get("me", token=stale)
        world.client.get("me", token=stale)
        world.clock.now += 3600
    assert world.used() == ["b", "b", "c", "c"]


def test_server_that_gives_an_earlier_refresh_token_again() -> None:
    """Going round in a circle ends nothing, and finds the newest token."""
    world = World(
        issued("b", expires_in=3600, refresh_token="r2"),
        issued("c", expires_in=3600, refresh_token="r1"),
        issued("d", expires_in=3600, refresh_token="r2"),
    )
    stale = world.token()
    for _ in range(3):
        world.client.get("me", token=stale)
        world.client.get("me", token=stale)
        world.clock.now += 3600
    assert world.used() == ["b", "b", "c", "c", "d", "d"]


def test_token_of_the_client_is_replaced() -> None:
    """A script that holds one token goes on with the new one."""
    world = World(issued(expires_in=3600, refresh_token="r2"))
    world.client.token = world.token()
    world.client.get("me")
    assert world.client.token["access_token"] == "new"
    assert world.used() == ["new"]


FAILURES: list[tuple[str, Reply, type[OAuthError]]] = [
    ("void", answered({"error": "invalid_grant"}, 400), InvalidGrantError),
    ("refused", answered({"error": "invalid_client"}, 401), TokenEndpointError),
    ("HTML", Response(200, {"Content-Type": "text/html"}, b"<h1>r1-hush"), MalformedResponseError),
    ("down", Response(503), TokenEndpointError),
    ("redirect", Response(302, {"Location": "https://evil.example/"}), TokenEndpointError),
    ("no token", answered({"refresh_token": "r2"}), MalformedResponseError),
    ("no JSON", Response(200, {"Content-Type": "application/json"}, b"{"), MalformedResponseError),
    ("cut", TransportError("cut"), TransportError),
    ("foreign error", OSError("cut"), TransportError),
]


@pytest.mark.parametrize(("what", "reply", "kind"), FAILURES, ids=[one[0] for one in FAILURES])
def test_failed_refresh_saves_nothing_and_can_be_tried_again(
    what: str, reply: Reply, kind: type[OAuthError]
) -> None:
    """The old token stays the client's; the API is not called; the next call tries again."""
    world = World(reply, issued(expires_in=3600))
    world.client.token = token = world.token()
    with pytest.raises(OAuthError) as caught:
        world.client.get("me")
    assert type(caught.value) is kind
    assert (world.saved, world.used(), world.client.token) == ([], [], token)
    world.client.get("me")
    assert world.used() == ["new"]


def test_token_that_cannot_be_renewed_is_expired() -> None:
    """Without a refresh token the user logs in again."""
    world = World()
    token = world.token(refresh_token=None)
    with pytest.raises(TokenExpiredError, match="log in again"):
        world.client.get("me", token=token)
    with pytest.raises(TokenExpiredError):
        world.client.refresh_token(token)
    with pytest.raises(InvalidTokenError):
        world.client.ensure_active_token(token)
    assert world.stub.requests == []


def test_renewing_what_has_not_expired_needs_a_refresh_token_all_the_same() -> None:
    """The message does not claim that it has expired."""
    world = World()
    with pytest.raises(TokenExpiredError, match="no refresh_token, so it cannot") as caught:
        world.client.refresh_token({"access_token": "x", "token_type": "Bearer"})
    assert "expired" not in caught.value.description


def test_update_token_that_fails_loses_no_token() -> None:
    """The error comes out, and the next use of the old token hands the new one over again."""
    saved: list[OAuth2Token] = []

    def update(token: OAuth2Token) -> None:
        saved.append(token)
        if len(saved) == 1:
            raise OSError("the database is away")

    world = World(issued(expires_in=3600, refresh_token="r2"), update=update)
    world.client.token = world.token()
    with pytest.raises(OSError, match="away"):
        world.client.get("me")
    world.client.get("me")
    world.client.get("me")
    assert [one.get("refresh_token") for one in saved] == ["r2", "r2"]
    assert len(world.refreshes()) == 1
    assert world.client.token["access_token"] == "new"


def test_update_token_learns_what_is_replaced() -> None:
    """By keyword, where it takes them."""
    seen: list[tuple[str, str | None, str | None]] = []

    def update(token: OAuth2Token, refresh_token: str | None, access_token: str | None) -> None:
        seen.append((token["access_token"], refresh_token, access_token))

    world = World(issued(), update=update)
    world.client.get("me", token=world.token())
    assert seen == [("new", "r1", "old")]


def test_refresh_token_renews_an_active_token() -> None:
    """On demand, once for each token."""
    world = World(issued("b", expires_in=3600, refresh_token="r2"), issued("c", refresh_token="r3"))
    first = world.token(3600)
    second = world.client.refresh_token(first)
    assert world.client.refresh_token(first) == second
    assert world.client.refresh_token(second)["access_token"] == "c"
    assert [one["access_token"] for one in world.saved] == ["b", "c"]


def test_refresh_token_gives_no_expired_token() -> None:
    """What an earlier refresh gave is renewed in its turn."""
    world = World(issued("b", expires_in=3600, refresh_token="r2"), issued("c", refresh_token="r3"))
    stale = world.token()
    world.client.refresh_token(stale)
    world.clock.now += 3600
    assert world.client.refresh_token(stale)["access_token"] == "c"


def test_token_newer_than_the_last_renewal_keeps_its_own_members() -> None:
    """Where refresh tokens stay the same, what the caller gives is what is renewed."""
    world = World(issued("b", expires_in=1), issued("c"))
    world.client.refresh_token(world.token(scope="one"))
    world.clock.now += 10
    renewed = world.client.refresh_token(world.token(access_token="x", scope="two"))
    assert renewed.get("scope") == "two"


def test_ensure_active_token_gives_an_active_token_back() -> None:
    """The very same."""
    world = World()
    token = world.token(3600)
    assert world.client.ensure_active_token(token) is token
