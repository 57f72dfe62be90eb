"""A transport for tests: replies from a table or a function, and a record of what was sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from threading import Lock

from typing_extensions import override

from typedoauth._urls import without_query
from typedoauth.errors import ConfigurationError, TransportError
from typedoauth.messages import Request, Response
from typedoauth.transports._bodies import respond

__all__ = ["Reply", "StubTransport"]

Reply = Response | Exception
"""What is given back, or raised."""


class StubTransport:
    """Answers requests without a network.

    The table's keys are ``"POST https://as.example/token"`` or, for every method,
    ``"https://as.example/token"``; a query is left out of them and of the
    comparison. A value is a response or an exception, used for every such
    request, or a sequence of them, used up in order. Each request gets a response
    of its own, whatever was done to an earlier one::

        stub = StubTransport({"POST https://as.example/token": Response(200, content=b"{}")})

    Byte limits and streams work as in other transports; time plays no part.

    Args:
        replies: The table, or a function that is asked for each reply.

    Attributes:
        requests: What was sent, in order.

    Raises:
        ConfigurationError: A key of the table can never be met.
    """

    requests: list[Request]

    def __init__(
        self,
        replies: Mapping[str, Reply | Sequence[Reply]] | Callable[[Request], Response],
    ) -> None:
        self.requests = []
        self._lock: Lock = Lock()
        self._function: Callable[[Request], Response] | None = None
        self._table: dict[str, Reply | Sequence[Reply]] = {}
        self._used: dict[str, int] = {}
        if callable(replies):
            self._function = replies
            return
        for key, reply in replies.items():
            self.add(key, reply)

    def add(self, key: str, reply: Reply | Sequence[Reply]) -> None:
        """Put a reply into the table, in place of one that has its key.

        Args:
            key: A method and a URL, or a URL.
            reply: What to reply.

        Raises:
            ConfigurationError: The key can never be met.
        """
        url = key.rpartition(" ")[2]
        if without_query(url) != url:
            raise ConfigurationError(
                f"a stub's table: {without_query(url)!r} is to be without user, query, fragment"
            )
        for one in [reply] if isinstance(reply, Response | Exception) else reply:
            if isinstance(one, Response):
                _ = one.content  # a stream is read here, to be given more than once
        with self._lock:
            self._table[key] = reply
            self._used.pop(key, None)

    @override
    def __repr__(self) -> str:
        return f"<StubTransport {len(self.requests)} requests>"

    @property
    def unused(self) -> list[str]:
        """The keys of the table that were not asked for, or not to the end of their sequence."""
        with self._lock:
            return [
                key
                for key, reply in self._table.items()
                if self._used.get(key, 0)
                < (1 if isinstance(reply, Response | Exception) else len(reply))
            ]

    def assert_all_used(self) -> None:
        """Check that the table holds no reply that nobody asked for.

        Raises:
            TransportError: It does; the message names them.
        """
        unused = self.unused
        if unused:
            raise TransportError(f"no request came for {', '.join(unused)}")

    def send(self, request: Request, /) -> Response:
        """Reply to *request*.

        Args:
            request: The request; it is added to :attr:`requests`.

        Returns:
            The reply that the table or the function has for it.

        Raises:
            TransportError: There is none; or what the reply itself raises.
        """
        with self._lock:
            self.requests.append(request)
            reply = None if self._function else self._find(request)
        if reply is None and self._function is not None:
            reply = self._function(request)
        if isinstance(reply, Response):
            return respond(
                request,
                reply.status_code,
                reply.headers,
                reply.iter_content(),
                reason=reply.reason,
                close=reply.close,
            )
        if reply is None:
            raise TransportError(self._unexpected(request))
        raise reply

    def _find(self, request: Request) -> Reply | None:
        url = without_query(request.url)
        for key in (f"{request.method} {url}", url):
            if key in self._table:
                reply = self._table[key]
                number = self._used.get(key, 0)
                self._used[key] = number + 1
                if isinstance(reply, Response | Exception):
                    return reply
                if number < len(reply):
                    return reply[number]
                raise TransportError(f"{key}: request {number + 1}, and {len(reply)} were expected")
        return None

    def _unexpected(self, request: Request) -> str:
        expected = ", ".join(self._table) or "none at all"
        sent = f"{request.method} {without_query(request.url)}"
        return f"unexpected request {sent}; expected: {expected}"
