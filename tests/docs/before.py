"""Runs an application of another library: paths come in and answers go out, as lines of JSON.

It is run as a file, by an interpreter that need not have anything of this project. The
application is ``app`` of the module ``application`` in the working directory. The first
argument says where addresses that a library has built in are to be found.
"""

from __future__ import annotations

import importlib
import json
import sys
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any

from requests.adapters import HTTPAdapter

if TYPE_CHECKING:
    from flask import Flask
    from requests import PreparedRequest, Response


def redirect_requests(places: dict[str, str]) -> None:
    """Send what requests sends to other addresses."""
    send = HTTPAdapter.send

    def elsewhere(
        self: HTTPAdapter,
        request: PreparedRequest,
        **options: Any,  # any: handed on
    ) -> Response:
        for address, place in places.items():
            request.url = (request.url or "").replace(address, place)
        return send(self, request, **options)

    setattr(HTTPAdapter, "send", elsewhere)  # noqa: B010  a method, to type checkers


def main() -> None:
    """Answer every line of the standard input."""
    redirect_requests(json.loads(sys.argv[1]))
    sys.path[0] = ""
    app: Flask = importlib.import_module("application").app
    browser = app.test_client()
    cookies = SimpleCookie()  # the browser's own are in another place with each Werkzeug
    for line in sys.stdin:
        answer = browser.get(json.loads(line))
        for field in answer.headers.getlist("Set-Cookie"):
            cookies.load(field)
        told = {
            "status": answer.status_code,
            "location": answer.headers.get("Location"),
            "text": answer.get_data(as_text=True),
            "cookie": cookies["session"].value if "session" in cookies else None,
        }
        sys.stdout.write(f"{json.dumps(told)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
