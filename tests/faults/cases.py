"""What one row of the fault table says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, TypeAlias, Unpack

from typing_extensions import TypedDict, override

from tests.faults.network import NetworkFault
from typedoauth.client import OAuth2Options
from typedoauth.errors import (
    AuthorizationResponseError,
    CredentialRequestError,
    HTTPStatusError,
    IdTokenError,
    OAuthError,
    StateMismatchError,
    TokenEndpointError,
)

Detail: TypeAlias = str | int | None

PAUSE: Final = 10
"""Seconds until the JWK set is fetched again for a key that is not in it."""

KEPT: Final = 3600
"""Seconds for which metadata is kept."""


class Way(StrEnum):
    """What the application does while the provider is broken."""

    LOGIN = "login"
    FORM_POST = "form_post"
    REFRESH = "refresh"
    USERINFO = "userinfo"
    LOGOUT = "logout"
    BACKCHANNEL = "backchannel"
    OAUTH1 = "oauth1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One row.

    Attributes:
        faults: What is broken: names of ``FAULTS``.
        way: What the application does meanwhile.
        error: The class of the error that must come, exactly; ``None`` to accept.
        detail: Its ``claim``, ``reason``, ``status`` or ``error``; see :func:`detail_of`.
        why: Why it is accepted, or why this error comes, where that is no matter of course.
        client: Which client of the provider acts.
        options: Its ``client_kwargs``, besides the scope.
        asks: What the login asks for.
        begins: Whether the login is refused before the browser leaves.
        heals: Seconds after which a login at the healthy provider works again; 0 for at once.
        call: What an API call with an accepted token ends in; ``None`` for its answer.
        peer: What Authlib 1.9 does with it, where issue 3 names that.
    """

    faults: tuple[str, ...]
    way: Way
    error: type[OAuthError] | None = None
    detail: Detail = None
    why: str = ""
    client: str = "client"
    options: OAuth2Options = field(default_factory=OAuth2Options)
    asks: Mapping[str, object] = field(default_factory=dict[str, object])
    begins: bool = False
    heals: int = 0
    call: type[OAuthError] | None = None
    peer: str = ""

    @property
    def variant(self) -> str:
        """What is special about client or login."""
        named = "" if self.client == "client" else self.client
        changes = {**self.options, **self.asks}
        return ", ".join(filter(None, (named, *(f"{k}={v}" for k, v in changes.items()))))

    @override
    def __str__(self) -> str:
        parts = (self.way.value, *self.faults, self.variant.replace(" ", ""))
        return "-".join(filter(None, parts))


class More(TypedDict, total=False):
    """What a row may say besides; see :class:`Case`."""

    client: str
    options: OAuth2Options
    asks: Mapping[str, object]
    begins: bool
    heals: int
    call: type[OAuthError] | None
    peer: str
    beside: tuple[str, ...]


def _row(name: str, more: More) -> Case:
    beside = more.get("beside", ())
    rest = {key: value for key, value in more.items() if key != "beside"}
    return replace(Case(faults=(name, *beside), way=Way.LOGIN), **rest)  # type: ignore[arg-type] # the members of More


def accept(name: str, why: str = "", **more: Unpack[More]) -> Case:
    """A row of what does no harm; *why* says so, unless the fault's own words do."""
    return replace(_row(name, more), why=why)


def reject(
    name: str,
    error: type[OAuthError],
    detail: Detail = None,
    why: str = "",
    **more: Unpack[More],
) -> Case:
    """A row of what must be refused, with what must come."""
    return replace(_row(name, more), error=error, detail=detail, why=why)


def table(way: Way, family: str, *rows: Case) -> tuple[Case, ...]:
    """Put the family in front of the names of rows, and say how they are tried."""
    return tuple(
        replace(row, way=way, faults=(f"{family}_{row.faults[0]}", *row.faults[1:])) for row in rows
    )


def again(way: Way, rows: Iterable[Case], *other: Case) -> tuple[Case, ...]:
    """Try rows in another way; those of *other* take the place of rows of the same faults."""
    named = {row.faults: row for row in other}
    there = {row.faults for row in rows}
    assert named.keys() <= there, named.keys() - there
    return tuple(replace(named.get(row.faults, row), way=way) for row in rows)


def detail_of(error: OAuthError) -> Detail:
    """What an error says besides its class: the attribute that its documentation names."""
    match error:
        case IdTokenError():
            return error.claim
        case StateMismatchError():
            return error.reason
        case TokenEndpointError() | CredentialRequestError() | HTTPStatusError():
            return error.status
        case AuthorizationResponseError():
            return error.error
        case _:
            return None


class Place(StrEnum):
    """Whose network is broken."""

    DISCOVERY = "discovery"
    JWKS = "jwks"
    TOKEN = "token"
    REFRESH = "refresh"
    USERINFO = "userinfo"
    TEMPORARY = "oauth1_temporary"
    CREDENTIALS = "oauth1_token"
    API = "api"


@dataclass(frozen=True, slots=True)
class NetworkCase:
    """One row about the network.

    Attributes:
        fault: What is broken.
        place: Where.
        error: The class of the error that must come, exactly; ``None`` to accept.
        detail: See :func:`detail_of`.
        why: Why it is accepted.
        peer: What Authlib 1.9 does with it, where issue 3 names that.
    """

    fault: NetworkFault
    place: Place
    error: type[OAuthError] | None = None
    detail: Detail = None
    why: str = ""
    peer: str = ""

    @override
    def __str__(self) -> str:
        return f"{self.place.value}-{self.fault.value}"
