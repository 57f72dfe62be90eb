"""Pending authorizations: kept between the redirect and the callback, bound to the browser.

What is guaranteed depends on where they are kept:

=============================  ==============================================
Flask's session cookie         Bound to the browser by being there. Used once
                               by an honest browser; one that keeps a copy of
                               its own cookie can present it again until it
                               expires, and is then stopped by the server,
                               which redeems a code once. Two logins answered
                               at the same moment may each bring back the
                               other's entry in their cookie; neither loses
                               one that is still to be answered. Of two begun
                               at the same moment, or one begun while another
                               is answered, the later cookie wins; a login
                               that is not in it has to be begun again.
A server-side session          As above, and what the session's store adds.
A cache with ``getdel``        Bound by a random value in the session that is
(redis-py, Redis 6.2)          part of the key; used once, whatever happens.
                               Two begun at the same moment are both kept once
                               the browser has that value, from its first
                               login on.
A cache with ``get``, ``set``  As above, but two requests with the same
                               callback at the very same moment may both get
                               the entry; the server redeems a code once.
``save_request_token``         One entry for whatever key the application
                               uses, so the last login begun wins; the
                               session or cache holds the rest, as above.
=============================  ==============================================

Every entry expires after an hour, counted on the server. A browser has at most
eight open, fewer where they do not fit into its cookie; the oldest goes. What a
cookie holds of a login is no secret: code verifier and nonce are derived from
``SECRET_KEY`` and the state, and what cannot be derived is encrypted. A key in
``SECRET_KEY_FALLBACKS`` still ends the logins that were begun with it.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from typing import Final, cast

from flask.sessions import NullSession

from typedoauth.credentials import PendingAuthorization
from typedoauth.errors import ConfigurationError, StoreError
from typedoauth.flask import mismatch
from typedoauth.flask.codec import PendingCodec
from typedoauth.flask.mismatch import Browser
from typedoauth.flask.session import Details, Logins
from typedoauth.protocols import Clock, CredentialStore

__all__ = ["PendingAuthorizations"]

LIFETIME: Final = 3600  # seconds
_MOST_STORED: Final = 16_384  # bytes of one entry in a store


class PendingAuthorizations:
    """The open logins of one application.

    Args:
        secret_key: The application's ``SECRET_KEY``, or ``None`` where a
            server-side session does without.
        clock: Tells the time.
        store: Where to keep them; the session when left out.
        fallbacks: Earlier secret keys, which open what they closed.
    """

    __slots__ = ("_clock", "_codec", "_store")

    def __init__(
        self,
        secret_key: str | bytes | None,
        clock: Clock,
        store: CredentialStore | None = None,
        *,
        fallbacks: Sequence[str | bytes] = (),
    ) -> None:
        self._codec: PendingCodec = PendingCodec(secret_key, fallbacks)
        self._clock: Clock = clock
        self._store: CredentialStore | None = store

    def check(self, browser: Browser) -> None:
        """See to it that a login can be bound to this browser.

        Args:
            browser: The browser.

        Raises:
            ConfigurationError: It has no session.
        """
        if isinstance(browser.session, NullSession):
            raise ConfigurationError(
                "a login is bound to the browser by Flask's session, which needs app.secret_key; "
                "set SECRET_KEY"
            )

    def new_state(self, browser: Browser) -> str:
        """Make a state that tells, to us alone, at which origin the login began.

        Args:
            browser: The browser.

        Returns:
            144 random bits and a mark, base64url.
        """
        state = secrets.token_urlsafe(18)
        return state + self._codec.origin_mark(state, browser.origin)

    def make_secret(self, purpose: str, name: str, state: str) -> str:
        """Make a code verifier or nonce; see :meth:`PendingCodec.make_secret`."""
        return self._codec.make_secret(purpose, name, state)

    def put(self, browser: Browser, name: str, pending: PendingAuthorization) -> None:
        """Keep *pending* for this browser; the oldest goes when there are too many.

        Args:
            browser: One that has passed :meth:`check`.
            name: The client's name.
            pending: The login.

        Raises:
            ConfigurationError: It is too large.
            StoreError: The store failed.
        """
        state, expires = _shortened(pending.state), int(self._clock()) + LIFETIME
        details = self._codec.encode(name, pending)
        logins = Logins(browser.session)
        if self._store is not None:
            text = json.dumps({**details, "e": expires})
            if len(text) > _MOST_STORED:
                raise ConfigurationError(
                    f"a login's redirect_uri and data= take more than {_MOST_STORED} bytes; "
                    "pass less"
                )
            logins.browser = logins.browser or secrets.token_urlsafe(18)
            self._store.put(_store_key(logins.browser, name, state), text, LIFETIME)
            details = {}
        dropped = logins.add((state, name, expires, details))
        if self._store is not None and logins.browser is not None:
            for old_state, old_name, _, _ in dropped:
                self._store.take(_store_key(logins.browser, old_name, old_state))

    def take(self, browser: Browser, name: str, state: str) -> PendingAuthorization:
        """Give back what was kept for this browser, once.

        Args:
            browser: The browser.
            name: The client's name.
            state: What the callback names.

        Returns:
            The login.

        Raises:
            StateMismatchError: There is no such login; the error tells why.
            StoreError: The store failed, or SECRET_KEY has changed.
        """
        logins = Logins(browser.session)
        short = _shortened(state)
        entry = logins.find(short, name)
        details: Details | None = None if entry is None else entry[3]
        if self._store is not None and logins.browser is not None and not details:
            # Also where the session lost the entry to a response that came later.
            found = self._store.take(_store_key(logins.browser, name, short))
            details = None if found is None else _loaded(found)
        until = (details or {}).get("e", None if entry is None else entry[2])
        expired = isinstance(until, int) and until <= self._clock()
        if entry is not None:
            logins.remove(entry, used=details is not None and not expired)
        if expired:
            raise mismatch.expired(LIFETIME // 60)
        if details is None and entry is not None:
            raise mismatch.lost()
        if details is None:
            begun_at = mismatch.begun_elsewhere(
                browser.origin, lambda origin: self._began_at(origin, state)
            )
            raise mismatch.unknown(browser, logins, short, begun_at)
        return self._codec.decode(name, state, details)

    def _began_at(self, origin: str, state: str) -> bool:
        mark = self._codec.origin_mark(state[:-4], origin)
        return bool(mark) and mark == state[-4:]


def _loaded(text: str) -> Details:
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise StoreError("the store gave back something that was never put there; log in again")
    return cast("Details", value)  # JSON: its keys are texts


def _store_key(browser: str, name: str, state: str) -> str:
    # The browser's own value is part of the key: another browser finds nothing,
    # so it cannot use up an entry that is not its own.
    digest = hashlib.sha256(json.dumps([browser, name, state]).encode()).hexdigest()
    return f"typedoauth:pending:{digest}"


def _shortened(state: str) -> str:
    """A state as the session keeps it: a long one, such as a server's token, by its hash."""
    return state if len(state) <= 43 else "~" + hashlib.sha256(state.encode()).hexdigest()[:32]
