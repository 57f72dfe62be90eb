"""A service to call, in a process of its own so that its time is not the client's.

``python -m benchmarks.serving [--tls PEM] [--lives SECONDS]`` prints its port.

``/status`` tells what has happened; ``/token`` renews a token once for each refresh
token; ``/code`` gives the same token for every code; ``/checked/...`` wants an access token
that is still good; whatever else is asked for is answered with what was asked.
"""

from __future__ import annotations

import argparse
import json
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock, Thread
from typing import Final
from urllib.parse import parse_qs

__all__ = ["FIRST_TOKEN", "LOGIN_TOKEN", "Status", "serving", "status"]

FIRST_TOKEN: Final = "access-0"
"""The access token that is good from the start; ``refresh-0`` renews it."""

LOGIN_TOKEN: Final = {
    "access_token": "gho_16C7e42F292c6912E7710c838347Ae178B4a",
    "token_type": "bearer",
    "expires_in": 28800,
    "refresh_token": f"ghr_{'1B4a2e77838347a7E420ce178F2E7c69' * 2}",
    "scope": "read:user",
}
"""What any authorization code is traded for."""

Status = dict[str, int]
"""Connections that were accepted and are open, renewals asked for and given, calls refused."""

_RENEWAL_SECONDS: Final = 0.05  # so that whoever comes with the same token meets it


class _Service:
    """What is answered, and what is remembered."""

    def __init__(self, lives: float) -> None:
        self.lock: Lock = Lock()
        self.lives: float = lives
        self.counts: Status = {"accepted": 0, "open": 0, "asked": 0, "renewals": 0, "refused": 0}
        self.good_until: dict[str, float] = {FIRST_TOKEN: time.monotonic() + lives}

    def count(self, **changes: int) -> None:
        with self.lock:
            for name, change in changes.items():
                self.counts[name] += change

    def answer(self, target: str, fields: dict[str, str], body: bytes) -> tuple[int, object]:
        if target == "/status":
            self.count(accepted=-1)  # that one does not count
            return 200, self.counts
        if target == "/token":
            return self.renew(body)
        if target == "/code":
            return 200, LOGIN_TOKEN
        authorization = fields.get("authorization", "")
        if target.startswith("/checked/"):
            until = self.good_until.get(authorization.removeprefix("Bearer "), 0.0)
            if until < time.monotonic():
                self.count(refused=1)
                return 401, {"target": target}
        return 200, {"target": target, "authorization": authorization}

    def renew(self, body: bytes) -> tuple[int, object]:
        self.count(asked=1)
        time.sleep(_RENEWAL_SECONDS)
        spent = parse_qs(body.decode()).get("refresh_token", [""])[0]
        with self.lock:
            number = self.counts["renewals"]
            if spent != f"refresh-{number}":  # RFC 9700 4.14.2
                self.counts["refused"] += 1
                return 400, {"error": "invalid_grant"}
            self.counts["renewals"] = number = number + 1
            self.good_until[f"access-{number}"] = time.monotonic() + self.lives
        return 200, {
            "access_token": f"access-{number}",
            "refresh_token": f"refresh-{number}",
            "token_type": "Bearer",
            "expires_in": int(self.lives),
        }


def _serve(service: _Service, sock: socket.socket, tls: ssl.SSLContext | None) -> None:
    service.count(accepted=1, open=1)
    with suppress(OSError):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls is not None:
            sock = tls.wrap_socket(sock, server_side=True)
        _converse(service, sock)
    sock.close()
    service.count(open=-1)


def _converse(service: _Service, sock: socket.socket) -> None:
    data = b""
    while True:
        while b"\r\n\r\n" not in data:
            piece = sock.recv(65536)
            if not piece:
                return
            data += piece
        head, _, data = data.partition(b"\r\n\r\n")
        line, *rest = head.decode("latin-1").split("\r\n")
        fields = {name.lower(): value for name, _, value in (one.partition(": ") for one in rest)}
        size = int(fields.get("content-length", "0"))
        while len(data) < size:
            data += sock.recv(65536)
        body, data = data[:size], data[size:]
        status, document = service.answer(line.split(" ")[1], fields, body)
        written = json.dumps(document).encode()
        sock.sendall(
            b"HTTP/1.1 %d OK\r\nContent-Type: application/json\r\n"
            b"Date: Fri, 27 Nov 2026 06:00:00 GMT\r\nCache-Control: no-store\r\n"
            b"X-Request-Id: 5f0c\r\nContent-Length: %d\r\n\r\n%b" % (status, len(written), written)
        )


@contextmanager
def serving(*, tls: Path | None = None, lives: float = 3600) -> Generator[str]:
    """Run the service in another process.

    Args:
        tls: The file with its certificate and key, for 127.0.0.1.
        lives: How many seconds an access token is good for.

    Yields:
        Its URL.
    """
    command = [sys.executable, "-m", "benchmarks.serving", "--lives", str(lives)]
    if tls is not None:
        command += ["--tls", str(tls)]
    root = Path(__file__).parents[1]
    with subprocess.Popen(  # noqa: S603  this very module
        command, stdout=subprocess.PIPE, text=True, cwd=root
    ) as process:
        assert process.stdout is not None
        try:
            port = int(process.stdout.readline())
            yield f"{'http' if tls is None else 'https'}://127.0.0.1:{port}"
        finally:
            process.kill()


def status(url: str, *, open_is: int | None = None) -> Status:
    """Ask the service what has happened, over a connection that is not counted.

    Args:
        url: The service.
        open_is: Wait, up to 5 s, until so many connections are open.
    """
    scheme, _, rest = url.partition("://")
    host, _, port = rest.partition(":")
    ends = time.monotonic() + 5
    while True:
        sock = socket.create_connection((host, int(port)), timeout=10)
        if scheme == "https":
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            sock = context.wrap_socket(sock)
        with sock:
            sock.sendall(b"GET /status HTTP/1.1\r\nConnection: close\r\n\r\n")
            body = sock.recv(65536).partition(b"\r\n\r\n")[2]
        counts: Status = json.loads(body)
        counts["open"] -= 1
        if open_is is None or counts["open"] == open_is or time.monotonic() > ends:
            return counts
        time.sleep(0.02)


def main() -> None:
    """Serve until somebody ends the process."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serving")
    parser.add_argument("--tls", type=Path, metavar="PEM", help="certificate and key")
    parser.add_argument("--lives", type=float, default=3600, help="seconds of an access token")
    chosen = parser.parse_args()
    tls: ssl.SSLContext | None = None
    if chosen.tls:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(chosen.tls)
    service = _Service(chosen.lives)
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listener:
        print(listener.getsockname()[1], flush=True)
        while True:
            sock, _ = listener.accept()
            Thread(target=_serve, args=(service, sock, tls), daemon=True).start()


if __name__ == "__main__":
    main()
