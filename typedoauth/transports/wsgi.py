"""A transport that calls WSGI applications in this process (PEP 3333)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from io import BytesIO
from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from typing_extensions import override

from typedoauth._urls import without_query
from typedoauth.errors import TransportError
from typedoauth.messages import Headers, Request, Response
from typedoauth.transports._bodies import respond
from typedoauth.transports._routes import Origin, locate

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

__all__ = ["WSGITransport"]


class WSGITransport:
    """Sends requests to WSGI applications without a network.

    An application runs in the caller's thread, so deadlines cannot stop it. The
    byte limit holds. What an application raises becomes the cause of a
    :class:`~typedoauth.errors.TransportError`; one of those, such as a made-up
    timeout, comes out as it is. The environment holds ``typedoauth.in_process``.

    Args:
        apps: One application for all hosts, or applications by ``host`` or
            ``host:port``, the port left out where it is the scheme's own.
    """

    def __init__(self, apps: WSGIApplication | Mapping[str, WSGIApplication]) -> None:
        self._for_all: WSGIApplication | None = apps if callable(apps) else None
        self._by_host: Mapping[str, WSGIApplication] = {} if callable(apps) else apps

    @override
    def __repr__(self) -> str:
        return "<WSGITransport>"

    def send(self, request: Request, /) -> Response:
        """Call the application with *request*.

        Args:
            request: The complete request.

        Returns:
            The response, whatever its status.

        Raises:
            ConfigurationError: The URL is not absolute.
            ResponseTooLargeError: The body is longer than ``request.max_bytes``.
            TransportError: No application has that host, or it failed.
        """
        origin, target = locate(request.url)
        app = self._for_all or self._by_host.get(origin.authority())
        if app is None:
            known = ", ".join(self._by_host) or "none at all"
            raise TransportError(f"no WSGI application for {origin.authority()}; there is: {known}")
        heads: list[tuple[str, list[tuple[str, str]]]] = []
        written: list[bytes] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], _: object = None, /
        ) -> Callable[[bytes], object]:
            heads.append((status, headers))
            return written.append

        body: Iterable[bytes] = ()
        try:
            body = app(_environ(request, origin, target), start_response)
            pieces = iter(body)
            first = next(pieces, b"")  # an application may start its response this late
            status, headers = heads[-1]
            code, reason = int(status[:3]), status[4:]
        except TransportError:
            _close(body)
            raise
        except Exception as error:
            _close(body)
            raise _failed(request, error) from error
        return respond(
            request,
            code,
            Headers(headers),
            () if request.method == "HEAD" else chain(written, [first], _told(request, pieces)),
            reason=reason,
            close=lambda: _close(body),
        )


def _close(body: Iterable[bytes]) -> None:
    close: Callable[[], object] | None = getattr(body, "close", None)
    if close is not None:
        close()


def _told(request: Request, pieces: Iterator[bytes]) -> Iterator[bytes]:
    try:
        yield from pieces
    except Exception as error:
        raise _failed(request, error) from error


def _failed(request: Request, error: Exception) -> TransportError:
    return TransportError(
        f"{without_query(request.url)}: the WSGI application failed with "
        f"{type(error).__name__}, which is the cause of this error"
    )


def _environ(request: Request, origin: Origin, target: str) -> dict[str, object]:
    path, _, query = target.partition("?")
    environ: dict[str, object] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": origin.host,
        "SERVER_PORT": str(origin.port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": origin.authority(),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": origin.scheme,
        "wsgi.input": BytesIO(request.body or b""),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "typedoauth.in_process": True,
    }
    for name in request.headers:
        key = name.upper().replace("-", "_")
        prefix = "" if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else "HTTP_"
        environ[prefix + key] = request.headers[name]
    if request.body is not None:
        environ["CONTENT_LENGTH"] = str(len(request.body))
    return environ
