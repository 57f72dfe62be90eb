"""Pending authorizations: kept between the redirect and the callback, bound to the browser.

What is guaranteed depends on where they are kept:

=============================  ==============================================
Flask's session cookie         Bound to the browser by being there. Used once
                               by an honest browser; one that keeps a copy of
                               its own cookie can present it again until it
                               expires, and is then stopped by the server,
                               which redeems a code once. Two logins answered
                               at the same moment may each bring back the
                               other's entry in their cookie, never lose one
                               that is still to be answered.
A server-side session          As above, and what the session's store adds.
A cache with ``getdel``        Bound by a random value in the session that is
(redis-py)                     part of the key; used once, whatever happens.
A cache with ``get``, ``set``  As above, but two requests with the same
                               callback at the very same moment may both get
                               the entry; the server redeems a code once.
``save_request_token``         One entry for whatever key the application
                               uses; the session holds the rest.
=============================  ==============================================

Every entry expires after an hour, counted on the server.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Final, Protocol, cast

from flask.sessions import NullSession, SessionMixin

from typedoauth.credentials import PendingAuthorization, TemporaryCredentials
from typedoauth.errors import ConfigurationError, StateMismatchError, StoreError
from typedoauth.flask.sealing import Sealer
from typedoauth.flask.session import Details, Logins
from typedoauth.protocols import Clock, CredentialStore

__all__ = ["Browser", "PendingAuthorizations"]

LIFETIME: Final = 3600  # seconds


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


class PendingAuthorizations:
    """The open logins of one application.

    Args:
        secret_key: The application's ``SECRET_KEY``, or ``None`` where a
            server-side session does without.
        clock: Tells the time.
        store: Where to keep them; the session when left out.
    """

    __slots__ = ("_clock", "_sealer", "_store")

    def __init__(
        self,
        secret_key: str | bytes | None,
        clock: Clock,
        store: CredentialStore | None = None,
    ) -> None:
        self._sealer = Sealer(secret_key) if secret_key else None
        self._clock = clock
        self._store = store

    def new_state(self, browser: Browser) -> str:
        """Make a state that tells, to us alone, at which origin the login began."""
        state = secrets.token_urlsafe(18)
        return state if self._sealer is None else state + self._origin_mark(state, browser.origin)

    def make_secret(self, purpose: str, name: str, state: str) -> str:
        """Make a code verifier or nonce that need not be kept where there is a key."""
        if self._sealer is None:
            return secrets.token_urlsafe(32)
        return self._sealer.derive(purpose, name, state)

    def put(self, browser: Browser, name: str, pending: PendingAuthorization) -> None:
        """Keep *pending* for this browser; the oldest goes when there are too many.

        Raises:
            ConfigurationError: There is no session to bind it to, or it is too large.
            StoreError: The store failed.
        """
        if isinstance(browser.session, NullSession):
            raise ConfigurationError(
                "a login is bound to the browser by Flask's session, which needs app.secret_key; "
                "set SECRET_KEY"
            )
        state, expires = _shortened(pending.state), int(self._clock()) + LIFETIME
        details = self._encode(name, pending)
        logins = Logins(browser.session)
        if self._store is not None:
            logins.browser = logins.browser or secrets.token_urlsafe(18)
            key = _store_key(logins.browser, name, state)
            self._store.put(key, json.dumps(details), LIFETIME)
            details = {}
        dropped = logins.add((state, name, expires, details))
        if self._store is not None and logins.browser is not None:
            for old_state, old_name, _, _ in dropped:
                self._store.take(_store_key(logins.browser, old_name, old_state))

    def take(self, browser: Browser, name: str, state: str) -> PendingAuthorization:
        """Give back what was kept for this browser, once.

        Raises:
            StateMismatchError: There is no such login; the error tells why.
            StoreError: The store failed, or SECRET_KEY has changed.
        """
        logins = Logins(browser.session)
        short = _shortened(state)
        entry = logins.find(short, name)
        details: Details | None = None if entry is None else entry[3]
        if self._store is not None and logins.browser is not None:
            found = self._store.take(_store_key(logins.browser, name, short))
            details = None if found is None else _loaded(found)
        if entry is not None:
            logins.remove(entry)
        expired = entry is not None and entry[2] <= self._clock()
        if details is None or expired:
            raise self._mismatch(browser, logins, state, short, expired=expired)
        return self._decode(name, state, details)

    def _encode(self, name: str, pending: PendingAuthorization) -> Details:
        details: Details = {}
        secret: dict[str, str] = {}
        derived = ""
        for letter, purpose, value in (
            ("v", "code_verifier", pending.code_verifier),
            ("n", "nonce", pending.nonce),
        ):
            if value is None:
                continue
            if self._sealer and value == self._sealer.derive(purpose, name, pending.state):
                derived += letter
            else:
                secret[letter] = value
        if pending.temporary_credentials is not None:
            secret["t"] = pending.temporary_credentials.oauth_token_secret
        elif pending.redirect_uri is not None:
            details["r"] = pending.redirect_uri
        if derived:
            details["f"] = derived
        if secret:
            details["s"] = self._sealer.seal(secret, name) if self._sealer else secret
        if pending.data:
            details["d"] = dict(pending.data)
        return details

    def _decode(self, name: str, state: str, details: Details) -> PendingAuthorization:
        sealed, derived = details.get("s", {}), str(details.get("f", ""))
        if isinstance(sealed, str):
            secret = self._sealer.unseal(sealed, name) if self._sealer else {}
        else:
            secret = cast("dict[str, str]", sealed)  # as _encode made it
        if self._sealer is not None:
            for letter, purpose in (("v", "code_verifier"), ("n", "nonce")):
                if letter in derived:
                    secret[letter] = self._sealer.derive(purpose, name, state)
        redirect_uri, token_secret = details.get("r"), secret.get("t")
        return PendingAuthorization(
            state=state,
            redirect_uri=redirect_uri if isinstance(redirect_uri, str) else None,
            code_verifier=secret.get("v"),
            nonce=secret.get("n"),
            temporary_credentials=(
                None if token_secret is None else TemporaryCredentials(state, token_secret)
            ),
            data=cast("dict[str, object]", details.get("d", {})),  # as _encode made it
        )

    def _origin_mark(self, state: str, origin: str) -> str:
        return "" if self._sealer is None else self._sealer.derive("origin", state, origin)[:4]

    def _mismatch(
        self, browser: Browser, logins: Logins, state: str, short: str, *, expired: bool
    ) -> StateMismatchError:
        """Tell which of the known causes a mismatch has."""
        if isinstance(browser.session, NullSession):
            return StateMismatchError(
                "there is no session to find this login in: set SECRET_KEY", reason="no_secret_key"
            )
        if logins.was_used(short):
            return StateMismatchError(
                "this login has been answered already; a callback works once. "
                "Log in again if you are not logged in",
                reason="already_used",
            )
        if expired:
            return StateMismatchError(
                f"this login was begun more than {LIFETIME // 60} minutes ago; log in again",
                reason="expired",
            )
        begun_at = self._other_origin(state, browser.origin)
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
                "login began elsewhere, or SESSION_COOKIE_SAMESITE, _SECURE or _DOMAIN keep it "
                "from being sent; log in again",
                reason="no_session_cookie",
            )
        others = len(logins.entries)
        return StateMismatchError(
            f"this browser's session holds {others or 'no'} other login(s), but not this one; "
            "log in again",
            reason="other_logins",
        )

    def _other_origin(self, state: str, here: str) -> str | None:
        random, mark = state[:-4], state[-4:]
        for origin in _variants(here):
            if mark and origin != here and mark == self._origin_mark(random, origin):
                return origin
        return None


def _loaded(text: str) -> Details:
    try:
        value: object = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise StoreError("the store gave back something that was never put there; log in again")
    return cast("Details", value)


def _store_key(browser: str, name: str, state: str) -> str:
    # The browser's own value is part of the key: another browser finds nothing,
    # so it cannot use up an entry that is not its own.
    digest = hashlib.sha256(json.dumps([browser, name, state]).encode()).hexdigest()
    return f"typedoauth:pending:{digest}"


def _shortened(state: str) -> str:
    """A state as the session keeps it: a long one, such as a server's token, by its hash."""
    return state if len(state) <= 43 else "~" + hashlib.sha256(state.encode()).hexdigest()[:32]


def _variants(origin: str) -> list[str]:
    """Origins that a person may take for *origin*."""
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
