"""Tokens: plain dicts at run time, TypedDicts to the checker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, Required, TypeAlias, TypeGuard, cast

from typing_extensions import TypedDict, TypeVar

from typedoauth.claims import IdTokenClaims
from typedoauth.errors import InvalidTokenError

__all__ = [
    "AnyToken",
    "OAuth1Token",
    "OAuth2Token",
    "OpenIDToken",
    "StoredToken",
    "TokenKey",
    "TokenSummary",
    "TokenT",
    "TokenT_co",
    "check_oauth1_token",
    "check_oauth2_token",
    "expires_at",
    "is_expired",
    "is_oauth1_token",
    "is_oauth2_token",
    "is_openid_token",
]


class OAuth1Token(TypedDict, total=False):
    """OAuth 1.0 token credentials (RFC 5849 2.3); servers may add members."""

    oauth_token: Required[str]
    oauth_token_secret: Required[str]


class OAuth2Token(TypedDict, total=False):
    """An access token response (RFC 6749 5.1); servers may add members.

    ``expires_at`` is in seconds since the epoch; ``0`` and ``None`` mean that no
    expiry is known. ``expires_in`` is what the server said, in seconds, at the
    time of its answer. After a login that asked for ``openid`` it is an
    :class:`OpenIDToken`; :func:`is_openid_token` tells.
    """

    access_token: Required[str]
    token_type: str | None
    expires_in: int | None
    expires_at: int | None
    refresh_token: str | None
    scope: str | None
    id_token: str | None


class OpenIDToken(OAuth2Token, total=False):
    """A token whose login asked for ``openid``: the validated claims are there."""

    userinfo: Required[IdTokenClaims]


AnyToken: TypeAlias = OAuth1Token | OAuth2Token
"""A token of either kind."""

TokenT = TypeVar("TokenT", bound=AnyToken, default=AnyToken)
"""The kind of token of a client; either kind when it is not known."""

TokenT_co = TypeVar("TokenT_co", bound=AnyToken, default=AnyToken, covariant=True)
"""The kind of token of what can also be seen as taking either kind.

That view is covariant although tokens go in as well: whoever uses it does not
know the kind, and a token of the wrong one is refused at run time.
"""


@dataclass(frozen=True, slots=True)
class TokenKey:
    """What a token is kept under.

    Attributes:
        client: The name under which the client is registered.
        owner: Whose token it is: the application's own identifier of a user.
        account: Which of several accounts of one owner, or ``None``.
        tenant: Which tenant, or ``None``.
    """

    client: str
    owner: str
    account: str | None = None
    tenant: str | None = None


@dataclass(frozen=True, slots=True)
class StoredToken(Generic[TokenT]):
    """A token as a store holds it.

    Attributes:
        token: The token.
        version: Differs each time the token is replaced; what is written for
            another version than the one that was read is not written.
    """

    token: TokenT = field(repr=False)
    version: int


@dataclass(frozen=True, slots=True)
class TokenSummary:
    """What can be told of a stored token without showing it.

    Attributes:
        key: What it is kept under.
        expires_at: Seconds since the epoch, or ``None`` when no expiry is known.
        refreshable: Whether it can be renewed.
        updated_at: When it was written, seconds since the epoch.
    """

    key: TokenKey
    expires_at: int | None
    refreshable: bool
    updated_at: float


# TypeGuard, since pyright 1.1 narrows a union of TypedDicts by TypeIs to neither of them.
def is_oauth1_token(token: AnyToken) -> TypeGuard[OAuth1Token]:
    """Tell whether *token* holds OAuth 1.0 token credentials.

    To a checker it then is one; where the answer is no, ask :func:`is_oauth2_token`.

    Args:
        token: A token of either kind.

    Returns:
        Whether it has an ``oauth_token``.
    """
    return "oauth_token" in token


def is_oauth2_token(token: AnyToken) -> TypeGuard[OAuth2Token]:
    """Tell whether *token* is an OAuth 2.0 token.

    To a checker it then is one; where the answer is no, ask :func:`is_oauth1_token`.

    Args:
        token: A token of either kind.

    Returns:
        Whether it has an ``access_token``.
    """
    return "access_token" in token


def is_openid_token(token: AnyToken) -> TypeGuard[OpenIDToken]:
    """Tell whether *token* holds the validated claims of an OpenID Connect login.

    Args:
        token: A token of any kind.

    Returns:
        Whether it has ``userinfo``.
    """
    return "userinfo" in token


def expires_at(token: OAuth2Token) -> int | None:
    """Tell when *token* expires.

    Text is taken as well as a number, since databases and forms give it back.

    Args:
        token: An OAuth 2.0 token.

    Returns:
        Seconds since the epoch, or ``None`` when no expiry is known (also for 0).

    Raises:
        InvalidTokenError: ``expires_at`` is not a number.
    """
    members = cast("Mapping[str, object]", token)  # a database may have made text of it
    value = members.get("expires_at")
    if value is None or value == "":
        return None
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        try:
            return int(float(value)) or None
        except (ValueError, OverflowError):
            pass
    raise InvalidTokenError(
        "the token's expires_at is not a number of seconds since the epoch; "
        "store what the library gave, or None"
    )


def is_expired(token: OAuth2Token, now: float, margin: float = 60) -> bool:
    """Tell whether *token* has expired, or will within *margin*.

    Args:
        token: An OAuth 2.0 token.
        now: The present time, seconds since the epoch.
        margin: How many seconds before its expiry a token counts as expired.

    Returns:
        ``False`` when no expiry is known.

    Raises:
        InvalidTokenError: ``expires_at`` is not a number.
    """
    when = expires_at(token)
    return when is not None and when - margin <= now


def _sendable(text: str) -> bool:
    """Tell whether *text* can stand in a request: no line breaks, nothing unprintable."""
    return text.isprintable()


def _members(token: object, kind: str) -> Mapping[str, object]:
    if not isinstance(token, Mapping):
        raise InvalidTokenError(
            f"{kind} is a dict, not {type(token).__name__}; "
            "give the dict that authorize_access_token returned"
        )
    return cast("Mapping[str, object]", token)  # only looked up by text keys from here


def check_oauth1_token(token: object, /) -> OAuth1Token:
    """Check that *token* is one of OAuth 1.0.

    Args:
        token: What somebody gave as a token.

    Returns:
        The token, unchanged; a mapping that is no dict is copied into one.

    Raises:
        InvalidTokenError: It is something else; the message says what is missing.
    """
    members = _members(token, "an OAuth 1.0 token")
    identifier, secret = members.get("oauth_token"), members.get("oauth_token_secret")
    if not isinstance(identifier, str) or not identifier:
        hint = " (this is an OAuth 2.0 token)" if "access_token" in members else ""
        raise InvalidTokenError(f"an OAuth 1.0 token needs oauth_token, a text{hint}")
    if secret is not None and not isinstance(secret, str):
        raise InvalidTokenError("oauth_token_secret of an OAuth 1.0 token is a text")
    if not _sendable(identifier) or not _sendable(secret or ""):
        raise InvalidTokenError("an OAuth 1.0 token holds characters that cannot be sent")
    checked = {**members, "oauth_token": identifier, "oauth_token_secret": secret or ""}
    return cast(OAuth1Token, checked)  # its required members were checked just now


def check_oauth2_token(token: object, /) -> OAuth2Token:
    """Check that *token* is one of OAuth 2.0.

    Args:
        token: What somebody gave as a token.

    Returns:
        The token as a dict of its own.

    Raises:
        InvalidTokenError: It is something else; the message says what is missing.
    """
    members = _members(token, "an OAuth 2.0 token")
    access_token = members.get("access_token")
    if not isinstance(access_token, str) or not access_token:
        hint = " (this is an OAuth 1.0 token)" if "oauth_token" in members else ""
        raise InvalidTokenError(f"an OAuth 2.0 token needs access_token, a text{hint}")
    for name in ("token_type", "refresh_token", "id_token"):
        value = members.get(name)
        if not isinstance(value, str | None):
            raise InvalidTokenError(f"{name} of an OAuth 2.0 token is a text or None")
        if not _sendable(value or ""):
            raise InvalidTokenError(f"{name} of the token holds characters that cannot be sent")
    if not _sendable(access_token):
        raise InvalidTokenError(
            "access_token holds characters that cannot be sent, such as a line break"
        )
    return cast(OAuth2Token, dict(members))  # its members were checked just now
