"""Running a WSGI app on a loopback port, in a thread."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from ipaddress import ip_address
from threading import Thread
from typing import TYPE_CHECKING

from typing_extensions import override
from werkzeug.serving import WSGIRequestHandler, make_server

from typedoauth.errors import ConfigurationError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

__all__ = ["is_loopback", "serve"]


class _QuietHandler(WSGIRequestHandler):
    """Writes no line per request: request lines hold codes and tokens."""

    @override
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine, whatever a name server says.

    Args:
        host: A name or an address, without a port.

    Returns:
        Whether it is ``localhost``, a name below it (RFC 6761 6.3), or a loopback address.
    """
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@contextmanager
def serve(app: WSGIApplication, *, host: str = "127.0.0.1", port: int = 0) -> Generator[str]:
    """Serve *app* over HTTP on loopback for as long as the block runs.

    Each request runs in a thread of its own.

    Args:
        app: A WSGI app: the local provider, or the app that it is to log in.
        host: A loopback address, or ``localhost``.
        port: The port; 0 takes a free one.

    Yields:
        The base URL, without a slash at its end.

    Raises:
        ConfigurationError: The host is not on loopback.
        SystemExit: The port is taken.
    """
    if not is_loopback(host):
        raise ConfigurationError(
            f"{host!r} is not on loopback: anybody there could sign in as whoever they like; "
            "use 127.0.0.1, ::1 or localhost"
        )
    server = make_server(host, port, app, threaded=True, request_handler=_QuietHandler)
    thread = Thread(
        target=server.serve_forever,
        kwargs={"poll_interval": 0.05},
        name="typedoauth.testing.serve",
        daemon=True,
    )
    thread.start()
    try:
        yield f"http://{f'[{host}]' if ':' in host else host}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
