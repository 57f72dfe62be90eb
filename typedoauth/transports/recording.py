"""Recording what goes over the network, without its secrets, and replaying it."""

from __future__ import annotations

import os
from collections.abc import Collection
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from threading import Lock
from typing import Final
from urllib.parse import unquote

from typing_extensions import override

from typedoauth._urls import without_query
from typedoauth.errors import ConfigurationError, TransportError
from typedoauth.messages import Request, Response
from typedoauth.protocols import ClosableTransport, Transport
from typedoauth.transports._bodies import respond
from typedoauth.transports._exchanges import (
    Json,
    describe_request,
    describe_response,
    restore,
)
from typedoauth.transports._matching import Bindings, deliver, differences
from typedoauth.transports._recordings import Exchange, read, write
from typedoauth.transports._redaction import Redactor

__all__ = ["RecordingTransport", "ReplayTransport"]

_DECODED: Final = frozenset({"", "deflate", "gzip", "identity", "x-gzip"})


class RecordingTransport:
    """Sends with another transport, and writes each exchange into a file without its secrets.

    The file is JSON, written anew as a whole after each exchange. What is secret is
    replaced by placeholders such as ``<access_token-1>``, equal values by the same:
    what has the name of a secret in a header field, a query, a form or JSON, each JWT,
    and, wherever it stands, each value that is known to be secret from any exchange of
    the recording. Of a request's header fields only the authorization is kept, of its
    body only a form or JSON. Personal data is no secret to this class.

    A stream is read to its end. A request that fails is not recorded. An ID Token or
    another signed answer is refused: without its signature, it could not be replayed.

    Args:
        inner: The transport that sends.
        path: The file; a recording that is there is replaced.
        secret_names: Further names, of parameters, members and header fields, whose
            values are secret.

    Raises:
        ConfigurationError: The file cannot be written.
    """

    def __init__(
        self,
        inner: Transport,
        path: str | os.PathLike[str],
        *,
        secret_names: Collection[str] = (),
    ) -> None:
        self._inner: Transport = inner
        self._path: Path = Path(path)
        self._redactor: Redactor = Redactor(secret_names)
        self._exchanges: list[dict[str, Json]] = []
        self._lock: Lock = Lock()
        write(self._path, self._exchanges)

    @override
    def __repr__(self) -> str:
        return f"<RecordingTransport {len(self._exchanges)} exchanges>"

    def send(self, request: Request, /) -> Response:
        """Send *request*, and record it with its response.

        Args:
            request: The complete request.

        Returns:
            The response, as it came.

        Raises:
            ConfigurationError: The response cannot be recorded, or the file not written.
            TransportError: No complete response arrived.
        """
        response = self._inner.send(request)
        _ = response.content
        described = describe_response(response)
        _check(request, response, described)
        redactor = self._redactor
        with self._lock:
            _learn_fields(request, redactor)
            sent = redactor.request(describe_request(request))
            self._exchanges.append({"request": sent, "response": redactor.response(described)})
            # All of them: what was met before may be known to be secret only now.
            self._exchanges = [redactor.cover(exchange) for exchange in self._exchanges]
            write(self._path, self._exchanges)
        return response

    def close(self) -> None:
        """Close the transport that sends, if it can be closed."""
        if isinstance(self._inner, ClosableTransport):
            self._inner.close()


class ReplayTransport:
    """Answers from a file that a :class:`RecordingTransport` wrote, without a network.

    A request is answered by the first recorded one that nobody asked for yet and that is
    equal in method, URL, authorization and body; the order of parameters does not matter,
    nor do other header fields. A placeholder in it stands for any value, and for the same
    value from then on. In an answer it is replaced by that value, or else stays as it is:
    ``<access_token-1>`` is a token that the recording takes.

    Args:
        path: The file.

    Attributes:
        requests: What was sent, in order.
        unexpected: Those of them that the recording had no answer for.

    Raises:
        ConfigurationError: The file cannot be read, or is no recording.
    """

    requests: list[Request]
    unexpected: list[Request]

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.requests = []
        self.unexpected = []
        self._exchanges: list[Exchange] = read(Path(path))
        self._used: set[int] = set()
        self._bindings: Bindings = {}
        self._lock: Lock = Lock()

    @override
    def __repr__(self) -> str:
        return f"<ReplayTransport {len(self._used)} of {len(self._exchanges)} exchanges>"

    @property
    def unused(self) -> list[str]:
        """The recorded requests that nobody asked for, each as its method and URL."""
        return [
            f"{request.get('method')} {request.get('url')}"
            for number, (request, _) in enumerate(self._exchanges)
            if number not in self._used
        ]

    def assert_all_used(self) -> None:
        """Check that every recorded request was sent, and nothing else.

        Raises:
            TransportError: It was not so; the message names the requests.
        """
        if self.unexpected:
            first = self.unexpected[0]
            raise TransportError(f"unexpected request {first.method} {without_query(first.url)}")
        if unused := self.unused:
            raise TransportError(f"no request came for {', '.join(unused)}")

    def send(self, request: Request, /) -> Response:
        """Answer *request* as it was answered when it was recorded.

        Args:
            request: The request; it is added to :attr:`requests`.

        Returns:
            The recorded response.

        Raises:
            ResponseTooLargeError: The body is longer than ``request.max_bytes``.
            TransportError: No such request was recorded, or it has been used; the
                message says what was expected.
        """
        with self._lock:
            self.requests.append(request)
            answer = self._find(request)
        status, reason, headers, content = restore(answer)
        return respond(request, status, headers, [content], reason=reason)

    def _find(self, request: Request) -> dict[str, Json]:
        actual = describe_request(request)
        nearest: list[str] = []
        for number, (recorded, answer) in enumerate(self._exchanges):
            if number in self._used:
                continue
            bindings = dict(self._bindings)
            differing = differences(recorded, actual, bindings)
            if not differing:
                self._used.add(number)
                self._bindings = bindings
                return {name: deliver(value, self._bindings) for name, value in answer.items()}
            if not (nearest or {"method", "url"} & set(differing)):
                nearest = differing
        self.unexpected.append(request)
        raise TransportError(self._complaint(request, nearest))

    def _complaint(self, request: Request, differing: list[str]) -> str:
        sent = f"unexpected request {request.method} {without_query(request.url)}"
        if differing:
            return f"{sent}: the recorded one differs in {', '.join(differing)}"
        return f"{sent}; expected: {', '.join(self.unused) or 'none any more'}"


def _check(request: Request, response: Response, described: dict[str, Json]) -> None:
    """Refuse what could not be replayed, or not be searched for secrets."""
    where = f"{request.method} {without_query(request.url)}"
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = described["body"]
    document = body.get("json") if isinstance(body, dict) else None
    if kind == "application/jwt" or (isinstance(document, dict) and document.get("id_token")):
        raise ConfigurationError(
            f"{where}: the answer is signed (an ID Token, or a JWT), so it could not be replayed "
            "without being kept as it is; test OpenID Connect with "
            "typedoauth.testing.LocalProvider, or record without the scope openid"
        )
    if response.headers.get("content-encoding", "").strip().lower() not in _DECODED:
        raise ConfigurationError(
            f"{where}: the answer is in a coding that cannot be searched for secrets; "
            "leave Accept-Encoding out, or ask for gzip"
        )


def _learn_fields(request: Request, redactor: Redactor) -> None:
    """Take note of the secrets in header fields that are not written down."""
    for name, value in request.headers.pairs():
        if name.lower() == "cookie":
            try:
                cookies = SimpleCookie(value)
            except CookieError:
                cookies = SimpleCookie()
            for cookie in cookies.values():
                redactor.learn("cookie", unquote(cookie.value))
        elif name.lower() != "authorization" and value and redactor.is_secret(name, asked=True):
            redactor.learn(name.lower(), value)
