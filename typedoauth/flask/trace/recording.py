"""Recording logins as they happen."""

from __future__ import annotations

import itertools
import logging
from collections import deque
from collections.abc import Generator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Final, Literal

from flask import Flask, has_request_context, request
from werkzeug.exceptions import HTTPException

from typedoauth._urls import query_pairs, without_query
from typedoauth.client import OAuth1Client, OAuth2Client
from typedoauth.credentials import PendingAuthorization
from typedoauth.flask.trace.development import check_development
from typedoauth.flask.trace.exchanges import TracingTransport
from typedoauth.flask.trace.labels import Labels
from typedoauth.flask.trace.reading import read
from typedoauth.flask.trace.record import Record
from typedoauth.flask.trace.showing import Shower
from typedoauth.flask.trace.steps import LoginTrace, Step
from typedoauth.protocols import Clock, Transport

__all__ = ["Traces"]

logger: Final = logging.getLogger("typedoauth.flask")

_MOST_LOGINS: Final = 20
_UNSEEN: Final = "not seen from here"


class Traces:
    """The last logins of one application.

    Args:
        app: The application.
        path: Where they are shown.
    """

    def __init__(self, app: Flask, path: str) -> None:
        self._app: Flask = app
        self._path: str = path
        self._labels: Labels = Labels()
        self._shower: Shower = Shower(self._labels)
        self._records: deque[Record] = deque(maxlen=_MOST_LOGINS)
        self._numbers: itertools.count[int] = itertools.count(1)
        self._current: ContextVar[Record | None] = ContextVar("typedoauth_trace", default=None)

    def check(self) -> None:
        """Refuse to work outside of development.

        Raises:
            ConfigurationError: The application runs neither in debug mode nor in a test.
        """
        check_development(self._app)

    def transport(self, inner: Transport) -> Transport:
        """Wrap a transport, so that it writes down what it sends for a login.

        Args:
            inner: What sends.

        Returns:
            A transport.
        """
        return TracingTransport(inner, self._current.get, self._shower)

    def logins(self) -> list[LoginTrace]:
        """The logins, the newest first; what became known as a secret since is taken out."""
        newest_first = list(self._records)[::-1]
        return [read(record, self._app.config, self._labels.hide) for record in newest_first]

    @contextmanager
    def recording(
        self, client: OAuth1Client | OAuth2Client, clock: Clock, stage: Literal["begin", "callback"]
    ) -> Generator[None]:
        """Record what happens within the block.

        Args:
            client: Whose login it is.
            clock: Tells the time.
            stage: Whether a login begins or ends.

        Yields:
            Nothing.

        Raises:
            ConfigurationError: The application does not run in development.
        """
        self.check()
        self._note_secrets(client)
        # Outside of a request there is nothing to see: the block says so itself.
        begins = stage == "begin" or not has_request_context()
        record = self._begun(client, clock) if begins else self._answered(client, clock)
        token = self._current.set(record)
        try:
            yield
        except HTTPException:
            # The callback is to be posted again: it goes on from there.
            record.add(
                Step(
                    "resubmission",
                    "app",
                    "browser",
                    "The callback was posted without the session's cookie: a page posts it again",
                )
            )
            raise
        except Exception as error:
            record.outcome, record.error = "failed", error
            self._keep(record)
            logger.warning(
                "login %s with %s stopped; its trace is at %s",
                record.number,
                client.name,
                self._path,
            )
            raise
        else:
            if stage == "callback":
                record.outcome = "succeeded"
        finally:
            self._current.reset(token)

    def sent_away(self, login: PendingAuthorization) -> None:
        """Record that a login is about to leave for the provider.

        Args:
            login: The login.
        """
        record = self._current.get()
        if record is None:
            return
        kind = "oauth_token" if record.oauth1 else "state"
        record.state = self._labels.label(kind, login.state)
        record.openid = login.nonce is not None
        where = self._shower.text(without_query(login.url))
        values = self._shower.pairs(query_pairs(login.url.partition("?")[2]))
        for step in (
            Step(
                "authorization_request",
                "app",
                "browser",
                "The application sends the browser to the provider",
                f"redirect to {where}",
                values,
            ),
            Step(
                "away",
                "browser",
                "provider",
                "The browser opens the provider's page, and the user signs in there",
                _UNSEEN,
                seen=False,
            ),
        ):
            record.add(step)
        self._keep(record)

    def _begun(self, client: OAuth1Client | OAuth2Client, clock: Clock) -> Record:
        record = self._new(client, clock)
        if has_request_context():
            record.add(
                Step(
                    "login_request",
                    "browser",
                    "app",
                    "The browser opens the page that begins the login",
                    f"{request.method} {self._shower.text(without_query(request.base_url))}",
                    (("address", request.host_url.rstrip("/")),),
                )
            )
        return record

    def _answered(self, client: OAuth1Client | OAuth2Client, clock: Clock) -> Record:
        pairs = _parameters()
        names = ("oauth_token", "denied") if isinstance(client, OAuth1Client) else ("state",)
        states = [value for wanted in names for name, value in pairs if name == wanted and value]
        record = None
        if states:
            label = self._labels.label(names[0], states[0])
            found = [
                one
                for one in list(self._records)
                if (one.client, one.state) == (client.name, label)
            ]
            if found:
                record = found[-1]
                if record.outcome != "open":
                    record = record.again(next(self._numbers))
        if record is None:
            record = self._new(client, clock)
            record.add(
                Step(
                    "unknown",
                    "browser",
                    "app",
                    "Where this login began was not recorded here",
                    _UNSEEN,
                    seen=False,
                )
            )
        if record.callback is None:
            record.add(
                Step(
                    "back",
                    "provider",
                    "browser",
                    "The provider sends the browser back",
                    _UNSEEN,
                    seen=False,
                )
            )
        record.add(self._callback(pairs))
        self._keep(record)
        return record

    def _callback(self, pairs: list[tuple[str, str]]) -> Step:
        cookie = self._app.session_interface.get_cookie_name(self._app)
        came = "came along" if cookie in request.cookies else "did not come along"
        return Step(
            "callback",
            "browser",
            "app",
            "The browser comes back with the provider's answer",
            f"{request.method} {self._shower.text(without_query(request.base_url))}",
            (
                *self._shower.pairs(pairs),
                ("address", request.host_url.rstrip("/")),
                ("session cookie", came),
            ),
        )

    def _new(self, client: OAuth1Client | OAuth2Client, clock: Clock) -> Record:
        scope = getattr(client, "scope", None) or ""
        return Record(
            number=next(self._numbers),
            client=client.name,
            oauth1=isinstance(client, OAuth1Client),
            openid="openid" in scope.split(),
            clock=clock,
            began=clock(),
        )

    def _keep(self, record: Record) -> None:
        if record not in list(self._records):
            self._records.append(record)

    def _note_secrets(self, client: OAuth1Client | OAuth2Client) -> None:
        if client.client_secret:
            self._labels.label("client_secret", client.client_secret)
        if isinstance(self._app.secret_key, str) and self._app.secret_key:
            self._labels.label("secret_key", self._app.secret_key)
        if has_request_context():
            cookie = request.cookies.get(self._app.session_interface.get_cookie_name(self._app))
            if cookie:
                self._labels.label("session_cookie", cookie)


def _parameters() -> list[tuple[str, str]]:
    """What the callback brings, as far as it can be read."""
    pairs: list[tuple[str, str]] = []
    with suppress(UnicodeError):
        pairs.extend(request.args.items(multi=True))
        if request.method == "POST":
            pairs.extend(request.form.items(multi=True))
    return pairs
