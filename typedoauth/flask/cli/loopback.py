"""Waiting on this machine for the browser to come back (RFC 8252 7.3)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from threading import Event, Lock, Thread
from types import TracebackType
from typing import ClassVar, Final, Self
from urllib.parse import urlsplit

from typing_extensions import override

from typedoauth._urls import query_pairs

__all__ = ["Loopback", "Page"]

_HOST: Final = "127.0.0.1"  # RFC 8252 8.3: not localhost, which another address may answer for
_MOST_BYTES: Final = 1 << 16
_SLOWEST: Final = 10.0  # seconds for one request to arrive
_LONGEST_TRADE: Final = 120.0  # seconds until the page is shown without knowing the outcome
_HEADERS: Final = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Connection": "close",
}
_HTML: Final = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<body style="font: 1.1rem/1.5 system-ui, sans-serif; max-width: 36rem; margin: 3rem auto; \
padding: 0 1rem">
<h1 style="font-size: 1.5rem">{title}</h1>
<p>{text}</p>
"""

Callback = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Page:
    """What the browser is shown.

    Attributes:
        title: In a few words.
        text: A sentence.
        status: The HTTP status.
    """

    title: str
    text: str
    status: HTTPStatus = HTTPStatus.OK


_NOTHING: Final = Page("Nothing is here", "This address waits for a login.", HTTPStatus.NOT_FOUND)
_OTHER: Final = Page(
    "Not this login",
    "This answers no login that the terminal waits for. Begin it there, and use the address "
    "that it prints.",
    HTTPStatus.BAD_REQUEST,
)
_AGAIN: Final = Page(
    "Already answered",
    "This login was answered before. Look at the terminal.",
    HTTPStatus.CONFLICT,
)
_UNREADABLE: Final = Page("Not readable", "The request cannot be read.", HTTPStatus.BAD_REQUEST)
_UNKNOWN: Final = Page("Look at the terminal", "It says how the login ended.")


class Loopback:
    """A web server for one callback, on this machine alone.

    Args:
        path: The path of the redirect URI.
        port: The port; 0 takes a free one.

    Raises:
        OSError: The port is taken.
    """

    def __init__(self, path: str, port: int = 0) -> None:
        self._path = path
        self._matches: Callable[[Callback], bool] = lambda _: False
        self._lock: Lock = Lock()
        self._callback: Callback | None = None
        self._came: Event = Event()
        self._ended: Event = Event()
        self._shown: Event = Event()
        self._page: Page = _UNKNOWN
        self._server: ThreadingHTTPServer = _Server((_HOST, port), self._handler())
        self._thread: Thread = Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.05},
            name="typedoauth.login",
            daemon=True,
        )

    @property
    def redirect_uri(self) -> str:
        """Where the browser is to come back to."""
        return f"http://{self._authority}{self._path}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._ended.set()
        if self._came.is_set():
            self._shown.wait(_SLOWEST)  # so that the browser has its page
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def expect(self, matches: Callable[[Callback], bool]) -> None:
        """Say which callback is waited for, before anybody can come.

        Args:
            matches: Tells whether a request answers the login; others are refused.
        """
        self._matches = matches

    def wait(self, seconds: float) -> Callback | None:
        """Wait for the callback.

        Args:
            seconds: For how long.

        Returns:
            Its parameters; ``None`` where nobody came.
        """
        self._came.wait(seconds)
        with self._lock:
            return self._callback

    def show(self, page: Page) -> None:
        """Show the browser how the login ended.

        Args:
            page: What it is shown.
        """
        self._page = page
        self._ended.set()

    @property
    def _authority(self) -> str:
        return f"{_HOST}:{self._server.server_port}"

    def _answer(self, host: str, path: str, callback: Callback) -> Page:
        if path != self._path or host != self._authority:
            return _NOTHING
        with self._lock:
            if self._callback is not None:
                return _AGAIN
            if not self._matches(callback):
                return _OTHER
            self._callback = callback
        self._came.set()
        self._ended.wait(_LONGEST_TRADE)
        return self._page

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        loopback = self

        class Handler(_Handler):
            @override
            def answer(self, path: str, callback: Callback) -> Page:
                return loopback._answer(self.headers.get("Host", ""), path, callback)

            @override
            def answered(self, page: Page) -> None:
                if page is loopback._page:
                    loopback._shown.set()

        return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # So that a port serves again at once; on Windows it would share it with others.
    allow_reuse_address = sys.platform != "win32"

    @override
    def server_bind(self) -> None:
        """Bind without looking up the name of this machine, which may take long."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = _HOST, self.server_address[1]

    @override
    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a browser that goes away is no error, and a traceback holds the code."""


class _Handler(BaseHTTPRequestHandler):
    timeout: ClassVar[float | None] = _SLOWEST

    def answer(self, path: str, callback: Callback) -> Page:
        return _NOTHING

    def answered(self, page: Page) -> None:
        pass

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:  # response_mode=form_post
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > _MOST_BYTES:
            self._send(_UNREADABLE)
            return
        self._answer(self.rfile.read(int(length)))

    def _answer(self, body: bytes) -> None:
        try:
            parts = urlsplit(self.path)
            callback = [*query_pairs(parts.query), *query_pairs(body.decode())]
        except ValueError:
            self._send(_UNREADABLE)
            return
        page = self.answer(parts.path, callback)
        try:
            self._send(page)
        finally:
            self.answered(page)

    def _send(self, page: Page) -> None:
        content = _HTML.format(title=escape(page.title), text=escape(page.text)).encode()
        with suppress(ConnectionError):
            self.send_response(page.status)
            for name, value in _HEADERS.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Write no line per request: it would hold the code."""

    @override
    def version_string(self) -> str:
        """Tell no version."""
        return "typedoauth"
