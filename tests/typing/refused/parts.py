"""Parts that do not fit."""
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportUnknownVariableType=false, reportUnknownLambdaType=false

from __future__ import annotations

from collections.abc import Mapping

import redis.asyncio

from tests.typing.services import TOKEN, new_app
from typedoauth import ClientCredentials, OAuth1Client, OAuth2Client, Request, Response
from typedoauth.flask import OAuth
from typedoauth.protocols import AtomicCache, Clock, DeletingCache, Grant, SignatureMethod
from typedoauth.transports import StubTransport, WSGITransport


class Mute:
    """A transport that cannot send."""

    def post(self, request: Request) -> Response:
        """Has another name."""
        return Response(200)


class Raw:
    """A transport that answers bytes."""

    def send(self, request: Request) -> bytes:
        """Answers bytes."""
        return b""


class Keyword:
    """A transport that wants a keyword."""

    def send(self, *, request: Request) -> Response:
        """Is called by position."""
        return Response(200)


class Later:
    """A transport to be awaited."""

    async def send(self, request: Request) -> Response:
        """Would have to be awaited."""
        return Response(200)


# E: mypy[arg-type] pyright[reportArgumentType]
OAuth(transport=Mute())
# E: mypy[arg-type] pyright[reportArgumentType]
OAuth(transport=Raw())
# E: mypy[arg-type] pyright[reportArgumentType]
OAuth(transport=Keyword())
# E: mypy[arg-type] pyright[reportArgumentType]
OAuth(transport=Later())
# E: mypy[arg-type] pyright[reportArgumentType]
OAuth(transport=Mute)
# E: mypy[arg-type] pyright[reportArgumentType]
OAuth2Client("c", transport=Raw())
# E: mypy[dict-item] pyright[reportArgumentType]
StubTransport({"https://as.example/": 200})
# E: mypy[arg-type return-value] pyright[reportArgumentType]
StubTransport(lambda request: b"")
# E: mypy[dict-item] pyright[reportArgumentType]
WSGITransport({"as.example": "app"})


class GetOnly:
    """A cache that keeps nothing."""

    def get(self, key: str) -> str | None:
        """Has no counterpart."""


class KeywordCache:
    """A cache that wants its third argument by keyword."""

    def get(self, key: str) -> str | None:
        """Is right."""

    def set(self, key: str, value: str, *, timeout: int) -> None:
        """Is called by position."""


class PairCache:
    """A cache without expiry."""

    def get(self, key: str) -> str | None:
        """Is right."""

    def set(self, key: str, value: str) -> None:
        """Cannot be told how long."""


class NumberCache:
    """A cache that answers something else."""

    def get(self, key: str) -> int:
        """Answers a number."""
        return 0

    def set(self, key: str, value: str, expires: int) -> None:
        """Is right."""


# E: mypy[arg-type] pyright[reportArgumentType]
OAuth(cache=GetOnly())
# E: mypy[arg-type] pyright[reportArgumentType]
OAuth(cache=KeywordCache())
# E: mypy[arg-type] pyright[reportArgumentType]
OAuth(cache=PairCache())
# E: mypy[arg-type] pyright[reportArgumentType]
OAuth(cache=NumberCache())
# E: mypy[arg-type] pyright[reportArgumentType]
OAuth(cache={})
# E: mypy[arg-type] pyright[reportArgumentType]
OAuth(cache=redis.asyncio.Redis())
# E: mypy[arg-type] pyright[reportArgumentType]
OAuth().init_app(new_app(), cache=GetOnly())


def stronger(cache: AtomicCache) -> DeletingCache:
    """To take at once is not to delete."""
    # E: mypy[return-value] pyright[reportReturnType]
    return cache


class Nameless:
    """A signature method without a name."""

    def sign(self, base_string: str, client_secret: str, token_secret: str) -> str:
        """Is right."""
        return base_string


class Bytes:
    """A signature method that answers bytes."""

    name = "BYTES"

    def sign(self, base_string: str, client_secret: str, token_secret: str) -> bytes:
        """Answers bytes."""
        return b""


class Short:
    """A signature method without the token's secret."""

    name = "SHORT"

    def sign(self, base_string: str, client_secret: str) -> str:
        """Lacks one."""
        return base_string


# E: mypy[arg-type] pyright[reportArgumentType]
OAuth1Client("c", signature_method=Nameless())
# E: mypy[arg-type] pyright[reportArgumentType]
OAuth1Client("c", signature_method=Bytes())
# E: mypy[arg-type] pyright[reportArgumentType]
OAuth1Client("c", signature_method=Short())
# E: mypy[assignment] pyright[reportAssignmentType]
method: SignatureMethod = Short()


class Forgetful:
    """A client authentication method that gives nothing back."""

    name = "forgetful"

    def authenticate(self, request: Request, client: ClientCredentials) -> None:
        """Gives nothing back."""


def authenticate(client: OAuth2Client, url: str) -> tuple[str, dict[str, str], str]:
    """Takes too little."""
    return url, {}, client.client_id


# E: mypy[list-item] pyright[reportArgumentType]
OAuth2Client("c", client_auth_methods=[Forgetful()])
# E: mypy[list-item] pyright[reportArgumentType]
OAuth2Client("c", client_auth_methods=[("short", authenticate)])
# E: mypy[list-item] pyright[reportArgumentType]
OAuth2Client("c", client_auth_methods=[authenticate])
# E: mypy[list-item] pyright[reportArgumentType]
OAuth2Client("c", client_auth_methods=["client_secret_post"])
# E: mypy[list-item] pyright[reportArgumentType reportCallIssue]
OAuth().register("a", access_token_url=TOKEN, client_auth_methods=[Forgetful()])


class Pairs:
    """A grant that answers pairs."""

    grant_type = "pairs"

    def parameters(self) -> list[tuple[str, str]]:
        """Answers pairs."""
        return []


class Untyped:
    """A grant without a type."""

    def parameters(self) -> Mapping[str, str]:
        """Is right."""
        return {}


# E: mypy[arg-type] pyright[reportArgumentType]
OAuth2Client("c").fetch_access_token(grant=Pairs())
# E: mypy[arg-type] pyright[reportArgumentType]
OAuth2Client("c").fetch_access_token(grant=Untyped())
# E: mypy[assignment] pyright[reportAssignmentType]
grant: Grant = Untyped()
# E: mypy[assignment] pyright[reportAssignmentType]
clock: Clock = lambda: "now"  # noqa: E731  as people write them
# E: mypy[arg-type] pyright[reportArgumentType]
OAuth(clock=100.0)
# E: mypy[arg-type] pyright[reportArgumentType]
OAuth2Client("c", clock=lambda now: now)
