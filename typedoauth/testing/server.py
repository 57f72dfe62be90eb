"""Running a WSGI app on a loopback port, in a thread."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING

from typing_extensions import override
from werkzeug.serving import WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

__all__ = ["serve"]


class _QuietHandler(WSGIRequestHandler):
    """Writes no line per request: request lines hold codes and tokens."""

    @override
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@contextmanager
def serve(app: WSGIApplication, *, port: int = 0) -> Generator[str]:
    """Serve *app* over HTTP on 127.0.0.1 for as long as the block runs.

    Each request runs in a thread of its own.

    Args:
        app: A WSGI app: the local provider, or the app that it is to log in.
        port: The port; 0 takes a free one.

    Yields:
        The base URL, without a slash at its end.

    Raises:
        OSError: The port is taken.
    """
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_QuietHandler)
    thread = Thread(
        target=server.serve_forever,
        kwargs={"poll_interval": 0.05},
        name="typedoauth.testing.serve",
        daemon=True,
    )
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
