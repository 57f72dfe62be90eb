"""Signals that applications may connect to: what became of logins and tokens."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Generic, Literal, TypeAlias, TypeVar, cast

from blinker import ANY, NamedSignal, Namespace
from flask import Flask

from typedoauth.errors import ConfigurationError, OAuthError

__all__ = [
    "EventSignal",
    "LoggedOut",
    "LoginBegun",
    "LoginFailed",
    "LoginSucceeded",
    "TokenRevoked",
    "logged_out",
    "login_begun",
    "login_failed",
    "login_succeeded",
    "token_revoked",
    "token_update",
]

logger: Final = logging.getLogger("typedoauth.flask")

_signals: Final = Namespace()

token_update: NamedSignal = _signals.signal("token_update")
"""Sent after a token has been renewed and handed to ``update_token``.

The sender is the Flask application; the keywords are ``name`` (of the client),
``token`` (the new one), ``refresh_token`` and ``access_token`` (of the old one).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginBegun:
    """The browser is about to be sent to the service.

    Attributes:
        client: The client's name; with its tenant, ``name@tenant``.
        login: What this login is called in the event that ends it. It is no secret.
    """

    client: str
    login: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginSucceeded:
    """A callback was accepted, and there is a token.

    Receivers run in the request of the callback, so ``client.token`` has it.

    Attributes:
        client: The client's name; with its tenant, ``name@tenant``.
        login: What :class:`LoginBegun` called it.
        subject: The ``sub`` of the ID Token; ``None`` without one.
        scope: What the service granted, where it said so.
    """

    client: str
    login: str
    subject: str | None
    scope: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginFailed:
    """A login could not begin, or its callback was refused.

    Attributes:
        client: The client's name; with its tenant, ``name@tenant``.
        login: What :class:`LoginBegun` called it; ``None`` where it did not get that
            far, or the callback names no login. Nobody vouches for it: the request does.
        stage: Where it failed: before the browser left, or in the callback.
        error: Why, as the view gets it. It has no secret in its message.
    """

    client: str
    login: str | None
    stage: Literal["begin", "callback"]
    error: OAuthError


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRevoked:
    """The service has revoked a token.

    Attributes:
        client: The client's name; with its tenant, ``name@tenant``.
        owner: Whose it was, where ``revoke_token`` was told.
        account: Which of the owner's accounts, where it was told.
    """

    client: str
    owner: str | None
    account: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedOut:
    """A session ended, here or at the provider.

    Attributes:
        client: The client's name; with its tenant, ``name@tenant``.
        by: Who began it: ``application`` (``logout_redirect``), or the provider, by
            ``back_channel`` or ``front_channel``; those once ``on_logout`` is done.
        subject: The ``sub`` that a logout token names.
        session_id: The ``sid`` that the provider names; ``None`` for all of its sessions.
    """

    client: str
    by: Literal["application", "back_channel", "front_channel"]
    subject: str | None = None
    session_id: str | None = None


EventT = TypeVar("EventT")
Receiver: TypeAlias = Callable[[Flask, EventT], object]


class EventSignal(Generic[EventT]):
    """A blinker signal whose receivers are checked: they take the application and an event.

    A receiver that raises is logged, and neither the login nor the other receivers
    notice: a signal tells, and does not decide.

    Args:
        name: The signal's name.
    """

    __slots__ = ("_signal",)

    def __init__(self, name: str) -> None:
        self._signal: NamedSignal = _signals.signal(name)

    def connect(
        self, receiver: Receiver[EventT], sender: Flask | None = None, *, weak: bool = True
    ) -> Receiver[EventT]:
        """Call *receiver* with each event from now on; good as a decorator.

        Args:
            receiver: Takes the application and the event.
            sender: The application that matters; any when left out.
            weak: Whether to forget the receiver once nobody else holds it.

        Returns:
            The receiver.

        Raises:
            ConfigurationError: It is an async function, which nobody would await.
        """
        if inspect.iscoroutinefunction(receiver):
            raise ConfigurationError(
                "a receiver of a signal is an async function; give an ordinary one"
            )
        return self._signal.connect(receiver, ANY if sender is None else sender, weak)

    def connect_via(self, sender: Flask) -> Callable[[Receiver[EventT]], Receiver[EventT]]:
        """Decorate a receiver of one application's events; it is held strongly.

        Args:
            sender: The application.

        Returns:
            The decorator.
        """

        def decorate(receiver: Receiver[EventT]) -> Receiver[EventT]:
            return self.connect(receiver, sender, weak=False)

        return decorate

    @contextmanager
    def connected_to(
        self, receiver: Receiver[EventT], sender: Flask | None = None
    ) -> Generator[None]:
        """Connect *receiver* for as long as the block runs; good in tests.

        Args:
            receiver: Takes the application and the event.
            sender: The application that matters; any when left out.

        Yields:
            Nothing.
        """
        self.connect(receiver, sender, weak=False)
        try:
            yield
        finally:
            self.disconnect(receiver)

    def disconnect(self, receiver: Receiver[EventT]) -> None:
        """Call *receiver* no more.

        Args:
            receiver: What was connected.
        """
        self._signal.disconnect(receiver)

    @property
    def is_heard(self) -> bool:
        """Whether any receiver is connected: where none is, no event need be made."""
        return bool(self._signal.receivers)

    def send(self, sender: Flask, event: EventT) -> None:
        """Call every receiver that is connected.

        Args:
            sender: The application.
            event: What happened.
        """
        for found in self._signal.receivers_for(sender):
            receiver = cast("Receiver[EventT]", found)  # connect took no others
            try:
                receiver(sender, event)
            except Exception:
                logger.exception(
                    "a receiver of the signal %s failed; the others, and the request, go on",
                    self._signal.name,
                )


login_begun: Final[EventSignal[LoginBegun]] = EventSignal("login_begun")
"""Sent once a login is remembered, before the browser leaves."""
login_succeeded: Final[EventSignal[LoginSucceeded]] = EventSignal("login_succeeded")
"""Sent when ``authorize_access_token`` has a token, before the view gets it."""
login_failed: Final[EventSignal[LoginFailed]] = EventSignal("login_failed")
"""Sent when beginning or finishing a login raises an ``OAuthError``, before the view gets it."""
token_revoked: Final[EventSignal[TokenRevoked]] = EventSignal("token_revoked")
"""Sent when ``revoke_token`` is done."""
logged_out: Final[EventSignal[LoggedOut]] = EventSignal("logged_out")
"""Sent when a session ends, here or at the provider."""
