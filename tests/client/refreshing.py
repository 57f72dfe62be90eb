"""A client with a token that is about to expire."""

from __future__ import annotations

from tests.client.world import API, TOKEN_POST, TOKEN_URL, Reply, SteppingClock, form
from typedoauth import OAuth2Client, OAuth2Token, Response
from typedoauth.client.callbacks import UpdateToken
from typedoauth.transports import StubTransport

ME = f"GET {API}me"


class World:
    """A client with a token that is about to expire, and what it told."""

    def __init__(
        self, *replies: Reply, update: UpdateToken | None = None, **options: object
    ) -> None:
        self.clock = SteppingClock()
        self.stub = StubTransport({TOKEN_POST: replies, ME: Response(200)})
        self.saved: list[OAuth2Token] = []
        self.client = OAuth2Client(
            "id",
            "secret",
            access_token_url=TOKEN_URL,
            api_base_url=API,
            update_token=update or self.saved.append,
            clock=self.clock,
            transport=self.stub,
            **options,  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] from the test
        )

    def token(self, left: float = 30, /, **members: object) -> OAuth2Token:
        """A token that lives for so many seconds more."""
        return self.client.check_token(
            {
                "access_token": "old",
                "refresh_token": "r1",
                "expires_at": int(self.clock.now + left),
                **members,
            }
        )

    def used(self) -> list[str]:
        """The access tokens that the API has seen."""
        sent = [one for one in self.stub.requests if one.url.startswith(API)]
        return [one.headers["Authorization"].removeprefix("Bearer ") for one in sent]

    def refreshes(self) -> list[dict[str, str]]:
        """The refresh requests."""
        return [form(one) for one in self.stub.requests if one.url.startswith(TOKEN_URL)]
