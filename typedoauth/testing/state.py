"""The provider's memory: tables behind one lock, a clock, and counters."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from threading import Event, RLock
from typing import TypeVar

from typedoauth.protocols import Clock
from typedoauth.testing.faults.everyday import EverydayFault
from typedoauth.testing.faults.kinds import Fault, KeyFault, RedirectFault
from typedoauth.testing.keys import KeyRing, SigningKey
from typedoauth.testing.records import (
    AccessToken,
    AuthorizationCode,
    Grant,
    Lifetimes,
    RefreshToken,
    RegisteredClient,
    Session,
    TemporaryCredential,
    TokenCredential,
    User,
)

__all__ = ["State", "new_secret"]

_AnyFault = TypeVar("_AnyFault", bound=Fault)


def new_secret() -> str:
    """Make a value that cannot be guessed.

    Returns:
        43 characters of base64url, 256 bits.
    """
    return secrets.token_urlsafe(32)


class State:
    """Everything that the provider remembers.

    Whoever reads or writes it holds :attr:`lock`; the provider takes it for the
    whole of each request, once the request's body has been read.

    Args:
        clock: Tells the time.
        lifetimes: How long things are good for.

    Attributes:
        lock: Guards all the rest.
        clock: Tells the time.
        lifetimes: How long things are good for.
        counts: How often what happened, by event.
        clients: Clients by identifier.
        users: Users by identifier.
        faults: What is broken on purpose, by family.
        keys: What signs ID Tokens and other JWTs.
        sessions: Where users are signed in, by the value of the cookie.
        consents: What a user has let a client have, by both.
        codes: Authorization codes.
        access_tokens: Access tokens.
        refresh_tokens: Refresh tokens, used ones too, so that reuse is noticed.
        temporary_credentials: OAuth 1.0 temporary credentials by identifier.
        token_credentials: OAuth 1.0 token credentials by identifier.
        notes: What users have written through the API, by user.
        visitor: Who opens its pages, and approves; ``None`` to show them.
        newcomer: Makes the registration of a client that is not known; ``None`` to refuse.
        failing: How many requests of applications are still to fail.
        pause: Held until it is set, while the provider is slow.
    """

    def __init__(self, clock: Clock, lifetimes: Lifetimes) -> None:
        self.lock: RLock = RLock()
        self.clock: Clock = clock
        self.lifetimes: Lifetimes = lifetimes
        self.counts: Counter[str] = Counter()
        self.clients: dict[str, RegisteredClient] = {}
        self.users: dict[str, User] = {}
        self.faults: dict[str, Fault] = {}
        self.keys: KeyRing = KeyRing()
        self.sessions: dict[str, Session] = {}
        self.consents: dict[tuple[str, str], set[str]] = {}
        self.codes: dict[str, AuthorizationCode] = {}
        self.access_tokens: dict[str, AccessToken] = {}
        self.refresh_tokens: dict[str, RefreshToken] = {}
        self.temporary_credentials: dict[str, TemporaryCredential] = {}
        self.token_credentials: dict[str, TokenCredential] = {}
        self.notes: dict[str, list[str]] = {}
        self.visitor: str | None = None
        self.newcomer: Callable[[str], RegisteredClient] | None = None
        self.failing: int = 0
        self.pause: Event | None = None
        self._noted: dict[str, str] = {}
        self._used: dict[tuple[str, str], float] = {}
        self._nonces: dict[int, set[tuple[str, str, str]]] = {}

    def client(self, client_id: str) -> RegisteredClient | None:
        """Look up a client, which may be a newcomer.

        Args:
            client_id: Its identifier, as it came.

        Returns:
            The client, or ``None`` where there is none.
        """
        found = self.clients.get(client_id)
        if found is None and client_id and self.newcomer is not None:
            found = self.clients[client_id] = self.newcomer(client_id)
        return found

    def noted(self, kind: str, secret: str) -> str:
        """Remember a secret that no table keeps, for :meth:`secrets`.

        Args:
            kind: What it is.
            secret: The secret.

        Returns:
            The same.
        """
        self._noted[secret] = kind
        return secret

    def secrets(self) -> dict[str, str]:
        """Every secret that the provider knows, shares or has given out.

        Returns:
            What each of them is.
        """
        found = {
            one.client_secret: "a client secret"
            for one in self.clients.values()
            if one.client_secret
        }
        found |= {one.password: "a password" for one in self.users.values() if one.password}
        found |= dict.fromkeys(self.codes, "an authorization code")
        found |= dict.fromkeys(self.refresh_tokens, "a refresh token")
        return found | self._noted

    def end_tokens(self) -> None:
        """Let every access token and every token credential end now."""
        now = self.clock()
        for text, token in self.access_tokens.items():
            self.access_tokens[text] = replace(token, expires_at=min(token.expires_at, now))
        self.token_credentials.clear()

    def fault(self, family: str, kind: type[_AnyFault]) -> _AnyFault | None:
        """Look up what is broken at one place.

        Args:
            family: Where.
            kind: What can be broken there.

        Returns:
            The fault that is switched on, if it is of that kind.
        """
        found = self.faults.get(family)
        return found if isinstance(found, kind) else None

    def begin(self, faults: Mapping[str, Fault]) -> None:
        """Switch faults on.

        Args:
            faults: The faults by family.
        """
        self.faults.update(faults)
        for fault in faults.values():
            if isinstance(fault, EverydayFault):
                fault.begin(self)

    def end(self, faults: Mapping[str, Fault]) -> None:
        """Switch faults off.

        Args:
            faults: The faults by family.
        """
        for family, fault in faults.items():
            del self.faults[family]
            if isinstance(fault, EverydayFault):
                fault.end(self)

    def in_use(self, key: SigningKey) -> SigningKey:
        """Break a key before it signs and before it is published, where that is asked for.

        Args:
            key: The key.

        Returns:
            The key to use.
        """
        fault = self.fault("keys", KeyFault)
        return key if fault is None else fault.change(key)

    def redirected(
        self, family: str, parameters: Sequence[tuple[str, str]]
    ) -> Sequence[tuple[str, str]]:
        """Break what a redirection tells the client, where that is asked for.

        Args:
            family: Which redirection.
            parameters: What it tells.

        Returns:
            What it tells then.
        """
        fault = self.fault(family, RedirectFault)
        return parameters if fault is None else fault.change(list(parameters))

    def issue_access_token(self, grant: Grant, scope: tuple[str, ...]) -> str:
        """Issue an access token.

        Args:
            grant: Where it comes from.
            scope: What it is good for.

        Returns:
            The access token.
        """
        now = self.clock()
        token = self.noted("an access token", new_secret())  # revocation takes it off the table
        self.access_tokens[token] = AccessToken(
            grant, scope, now, now + self.lifetimes.access_token
        )
        return token

    def issue_refresh_token(self, grant: Grant) -> str:
        """Issue a refresh token.

        Args:
            grant: Where it comes from.

        Returns:
            The refresh token.
        """
        now = self.clock()
        token = new_secret()
        self.refresh_tokens[token] = RefreshToken(grant, now, now + self.lifetimes.refresh_token)
        return token

    def live_access_token(self, token: str) -> AccessToken | None:
        """Look up an access token.

        Args:
            token: What a client presented.

        Returns:
            The access token, or ``None`` when there is none, or it has ended.
        """
        found = self.access_tokens.get(token)
        if found is None or found.grant.revoked or found.expires_at <= self.clock():
            return None
        return found

    def use_nonce(self, timestamp: int, client_id: str, token: str, nonce: str) -> bool:
        """Remember the nonce of a verified request (RFC 5849 3.3).

        Args:
            timestamp: The request's timestamp, already found to be recent.
            client_id: Who sent it.
            token: The token it was sent with, or an empty text.
            nonce: The nonce.

        Returns:
            Whether it was new.
        """
        oldest = self.clock() - self.lifetimes.timestamp_window
        for past in [when for when in self._nonces if when < oldest]:
            del self._nonces[past]
        used = self._nonces.setdefault(timestamp, set())
        if (client_id, token, nonce) in used:
            return False
        used.add((client_id, token, nonce))
        return True

    def use_jti(self, client_id: str, jti: str, until: float) -> bool:
        """Remember the identifier of a verified assertion (RFC 7523 3).

        Args:
            client_id: Who sent it.
            jti: Its identifier.
            until: When it expires, seconds since the epoch.

        Returns:
            Whether it was new.
        """
        now = self.clock()
        for past in [one for one, end in self._used.items() if end <= now]:
            del self._used[past]
        if (client_id, jti) in self._used:
            return False
        self._used[client_id, jti] = until
        return True
