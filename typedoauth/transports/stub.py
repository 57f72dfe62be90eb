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

Reply = Response | Exception | Mapping[str, object]
"""What is given back, or raised; a mapping is given back as JSON, with the status 200."""

_Outcome = Response | Exception


class StubTransport:
    """Answers requests without a network.

    The table's keys are ``"POST https://as.example/token"`` or, for every method,
    ``"https://as.example/token"``; a query is left out of them and of the
    comparison. A value is a response, a dict that is answered as JSON, or an
    exception, used for every such request, or a sequence of them, used up in order.
    Each request gets a response of its own, whatever was done to an earlier one::

        stub = StubTransport({"POST https://as.example/token": {"access_token": "a-token"}})

    Byte limits and streams work as in other transports; time plays no part.

    Args:
        replies: The table, or a function that is asked for each reply.

    Attributes:
        requests: What was sent, in order.
        unexpected: Those of them that the table had no reply for.

    Raises:
        ConfigurationError: A key of the table can never be met, or a dict is no JSON.
    """

    requests: list[Request]
    unexpected: list[Request]

    def __init__(
        self,
        replies: Mapping[str, Reply | Sequence[Reply]] | Callable[[Request], Response],
    ) -> None:
        self.requests = []
        self.unexpected = []
        self._lock: Lock = Lock()
        self._function: Callable[[Request], Response] | None = None
        self._table: dict[str, _Outcome | list[_Outcome]] = {}
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
            ConfigurationError: The key can never be met, or a dict is no JSON.
        """
        url = key.rpartition(" ")[2]
        if without_query(url) != url:
            raise ConfigurationError(
                f"a stub's table: {without_query(url)!r} is to be without user, query, fragment"
            )
        outcome: _Outcome | list[_Outcome] = (
            _outcome(reply)
            if isinstance(reply, Response | Exception | Mapping)
            else list(map(_outcome, reply))
        )
        with self._lock:
            self._table[key] = outcome
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
                if self._used.get(key, 0) < (len(reply) if isinstance(reply, list) else 1)
            ]

    def assert_all_used(self) -> None:
        """Check that every reply of the table was asked for, and nothing else.

        A request that was not expected is told again here, as the application under
        test may have caught its error.

        Raises:
            TransportError: It was not so; the message names the requests.
        """
        if self.unexpected:
            raise TransportError(self._complaint(self.unexpected[0]))
        if unused := self.unused:
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
        reply = self._reply(request)
        if isinstance(reply, Response):
            return respond(
                request,
                reply.status_code,
                reply.headers,
                reply.iter_content(),
                reason=reply.reason,
                close=reply.close,
            )
        raise reply

    def _reply(self, request: Request) -> _Outcome:
        with self._lock:
            self.requests.append(request)
            if self._function is None:
                return self._find(request)
        return self._function(request)

    def _find(self, request: Request) -> _Outcome:
        url = without_query(request.url)
        for key in (f"{request.method} {url}", url):
            if key in self._table:
                reply = self._table[key]
                number = self._used.get(key, 0)
                self._used[key] = number + 1
                if not isinstance(reply, list):
                    return reply
                if number < len(reply):
                    return reply[number]
                break
        self.unexpected.append(request)
        return TransportError(self._complaint(request))

    def _complaint(self, request: Request) -> str:
        url = without_query(request.url)
        sent = f"{request.method} {url}"
        for key in (sent, url):
            reply = self._table.get(key)
            if isinstance(reply, list):
                return f"{key}: request {self._used[key]}, and {len(reply)} were expected"
        expected = ", ".join(self._table) or "none at all"
        return f"unexpected request {sent}; expected: {expected}"


def _outcome(reply: Reply) -> _Outcome:
    if isinstance(reply, Mapping):
        return Response(200, {"Content-Type": "application/json"}).replace(json=dict(reply))
    if isinstance(reply, Response):
        _ = reply.content  # a stream is read here, to be given more than once
    return reply
