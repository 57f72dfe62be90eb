"""Why a callback belongs to no login that the browser has open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from flask.sessions import NullSession, SessionMixin

from typedoauth.errors import StateMismatchError
from typedoauth.flask.session import Logins

__all__ = ["Browser", "begun_elsewhere", "expired", "lost", "unknown"]


class Browser(Protocol):
    """What is known of the browser whose request is handled."""

    @property
    def session(self) -> SessionMixin:
        """The session of this request."""
        ...

    @property
    def origin(self) -> str:
        """Scheme and host that the request was made to."""
        ...

    @property
    def sent_session(self) -> bool:
        """Whether the request brought a session cookie."""
        ...


def expired(minutes: int) -> StateMismatchError:
    """The login is there, and too old."""
    return StateMismatchError(
        f"this login was begun more than {minutes} minutes ago; log in again", reason="expired"
    )


def lost() -> StateMismatchError:
    """The session knows of the login, and the cache does not."""
    return StateMismatchError(
        "the session knows of this login but the cache does not: it was answered at the same "
        "moment, the cache was emptied, or each process has a cache of its own, as with "
        "SimpleCache; log in again",
        reason="lost_by_cache",
    )


def unknown(
    browser: Browser, logins: Logins, state: str, begun_at: str | None
) -> StateMismatchError:
    """The session knows of no such login; tell which of the known causes that has.

    Args:
        browser: The browser.
        logins: What its session holds.
        state: The callback's, as the session keeps it.
        begun_at: The origin at which the login began, if it is known to be another.

    Returns:
        The error.
    """
    if isinstance(browser.session, NullSession):
        return StateMismatchError(
            "there is no session to find this login in: set SECRET_KEY", reason="no_secret_key"
        )
    if logins.was_used(state):
        return StateMismatchError(
            "this login has been answered already; a callback works once. "
            "Log in again if you are not logged in",
            reason="already_used",
        )
    if begun_at is not None:
        return StateMismatchError(
            f"the login began at {begun_at} but its callback came to {browser.origin}, where "
            "the browser sends another cookie; use one of the two throughout, and behind a "
            "proxy tell Flask of it (werkzeug's ProxyFix)",
            reason="other_host",
        )
    if not browser.sent_session:
        return StateMismatchError(
            "the browser sent no session cookie with the callback: cookies are blocked, the "
            "login began elsewhere, or SESSION_COOKIE_SAMESITE, _SECURE, _DOMAIN or _PATH keep it "
            "from being sent; see to it that the cookie arrives, since another login would end "
            "like this one",
            reason="no_session_cookie",
        )
    if not browser.session:
        return StateMismatchError(
            "the browser sent a session cookie that holds nothing: it expired, another "
            "application of this host has set it, or it was signed with another SECRET_KEY; all "
            "processes need the same one. Log in again",
            reason="other_logins",
        )
    others = len(logins.entries)
    held = "no login" if others == 0 else "another login" if others == 1 else f"{others} others"
    return StateMismatchError(
        f"this browser's session holds {held}, and not this one: it was begun elsewhere, or "
        "pushed out by newer ones, of which eight are kept at the most; log in again",
        reason="other_logins",
    )


def begun_elsewhere(here: str, began_at: Callable[[str], bool]) -> str | None:
    """Find the origin at which a login began, among those that people take for *here*.

    Args:
        here: The origin of the callback.
        began_at: Tells whether it began at an origin.

    Returns:
        The origin; ``None`` when it is *here*, or not to be found.
    """
    others = [one for one in _variants(here) if one != here]
    return next((one for one in others if began_at(one)), None)


def _variants(origin: str) -> list[str]:
    _, _, rest = origin.partition("://")
    host, colon, port = rest.partition(":")
    hosts = [host]
    if host in ("localhost", "127.0.0.1"):
        hosts = ["localhost", "127.0.0.1"]
    elif host.startswith("www."):
        hosts.append(host.removeprefix("www."))
    else:
        hosts.append(f"www.{host}")
    return [f"{way}://{one}{colon}{port}" for way in ("https", "http") for one in hosts]
