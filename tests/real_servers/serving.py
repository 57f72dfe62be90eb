"""What both of Authlib's servers need to run as a process; imported by nothing else."""

from __future__ import annotations

import json
import os
import sys
from html import escape
from threading import Thread
from typing import Any

from flask import Flask, Response, jsonify, request
from typing_extensions import override
from werkzeug.serving import WSGIRequestHandler, make_server


class _QuietHandler(WSGIRequestHandler):
    """Werkzeug's own log quotes whole URLs, codes included."""

    @override
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing: ``_log`` does."""


def _log(response: Response) -> Response:
    entry = {"method": request.method, "path": request.path, "status": response.status_code}
    # One system call: threads must not write into each other's lines.
    os.write(2, json.dumps(entry).encode() + b"\n")
    return response


def _end_with_input() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


def page(title: str) -> str:
    """An authorization page: who are you, and do you agree?"""
    return (
        f"<!doctype html><title>{escape(title)}</title><form method='post'>"
        "<input name='user'><button name='decision' value='approve'>Approve</button>"
        "<button name='decision' value='deny'>Deny</button></form>"
    )


def profile(user: str) -> Response:
    """What the API tells about a person."""
    return jsonify(sub=user, name=user.title(), email=f"{user}@example.org")


def echo(user: str) -> Response:
    """Answer with what arrived, so that a test can compare it with what was meant."""
    return jsonify(
        sub=user,
        method=request.method,
        query=list(request.args.items(multi=True)),
        form=list(request.form.items(multi=True)),
        files={name: file.read().decode() for name, file in request.files.items()},
        body=request.get_data(as_text=True) if not request.form and not request.files else "",
        content_type=request.content_type,
    )


def serve(app: Flask, **ready: Any) -> None:  # Any: whatever JSON can say
    """Serve on a free port of the loopback interface until standard input ends."""
    app.after_request(_log)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_QuietHandler)
    Thread(target=_end_with_input, daemon=True).start()
    line = {"base_url": f"http://127.0.0.1:{server.port}", **ready}
    print(json.dumps(line), flush=True)  # noqa: T201 - how the tests learn the port
    server.serve_forever()
