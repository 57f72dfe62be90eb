"""One expired token, sixteen threads: ``python -m benchmarks.refreshes [--json FILE]``.

A service in another process counts who asks to renew the token. It takes a refresh
token once, as RFC 9700 4.14.2 has it; whoever comes second loses the user's login at
many a real one. A session of the peers holds the token of one user, and so their Flask
integrations open one for each call.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import Final

import requests_oauthlib
from authlib.integrations import requests_client as authlib

from benchmarks.report import Report, Row, command, versions
from benchmarks.serving import serving, status
from typedoauth import OAuth2Client, OAuth2Token

THREADS: Final = 16
CLIENT_ID: Final = "s6BhdRkqt3"
SECRET: Final = "gX1fBat3bV"

Call = Callable[[str], int]
"""Calls a URL with the token that has expired, and returns the status."""


@dataclass(frozen=True)
class Renewed:
    """What came of it.

    Attributes:
        name: Whose.
        asked: How many times the service was asked to renew the token.
        answered: How many calls were answered with 200.
    """

    name: str
    asked: int
    answered: int


def _expired() -> OAuth2Token:
    return {
        "access_token": "spent",
        "refresh_token": "refresh-0",
        "token_type": "Bearer",
        "expires_at": int(time.time()) - 60,
    }


def ours(service: str) -> Call:
    """This package."""
    client = OAuth2Client(
        CLIENT_ID, SECRET, access_token_url=f"{service}/token", api_base_url=f"{service}/"
    )
    token = _expired()
    return lambda url: client.get(url, token=token).status_code


def with_authlib(service: str) -> Call:
    """Authlib, on requests."""
    token = {**_expired()}

    def call(url: str) -> int:
        with authlib.OAuth2Session(
            CLIENT_ID, SECRET, token=dict(token), token_endpoint=f"{service}/token"
        ) as session:
            return session.get(url).status_code

    return call


def with_requests_oauthlib(service: str) -> Call:
    """requests-oauthlib."""
    token = {**_expired()}

    def call(url: str) -> int:
        with requests_oauthlib.OAuth2Session(
            CLIENT_ID,
            token=dict(token),
            auto_refresh_url=f"{service}/token",
            auto_refresh_kwargs={"client_id": CLIENT_ID, "client_secret": SECRET},
            token_updater=dict,
        ) as session:
            return session.get(url).status_code

    return call


ALL: Final[Mapping[str, Callable[[str], Call]]] = {
    "typedoauth": ours,
    "Authlib": with_authlib,
    "requests-oauthlib": with_requests_oauthlib,
}


def renewed(name: str, make: Callable[[str], Call]) -> Renewed:
    """Let sixteen threads call at the same moment."""
    with serving() as service:
        call = make(service)
        barrier = Barrier(THREADS)

        def once(number: int) -> bool:
            barrier.wait(10)
            try:
                return call(f"{service}/checked/{number}") == 200
            except Exception:  # noqa: BLE001  each has its own for a token that is spent
                return False

        with ThreadPoolExecutor(THREADS) as threads:
            answered = sum(threads.map(once, range(THREADS)))
        return Renewed(name, status(service)["asked"], answered)


def run(seconds: float, rounds: int) -> Report:
    """Count for each; neither argument has a meaning here."""
    del seconds, rounds
    os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"  # requests-oauthlib knows no loopback
    found = {name: renewed(name, make) for name, make in ALL.items()}
    asked = {name: float(one.asked) for name, one in found.items()}
    lost = {name: float(THREADS - one.answered) for name, one in found.items()}
    ours, ours_lost = asked.pop("typedoauth"), lost.pop("typedoauth")
    return Report(
        "refreshes",
        f"One expired token under {THREADS} threads",
        versions("authlib", "requests-oauthlib"),
        {},
        [
            Row(f"One expired token, {THREADS} threads: refreshes", "number", ours, 1, asked),
            Row(f"One expired token, {THREADS} threads: failures", "number", ours_lost, 0, lost),
        ],
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Count and print."""
    command("refreshes", run, arguments)


if __name__ == "__main__":
    main()
