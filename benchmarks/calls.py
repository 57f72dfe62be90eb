"""What an authorised API call costs: ``python -m benchmarks.calls [--json FILE]``.

A service in another process answers with what it was sent, so that what is counted is
the CPU time of the caller: of its thread, or of the whole process where eight threads
call at once. Every call has another URL. "urllib3" is ``PoolManager.request`` with a
header that is ready; "by hand" writes the header for each call, for OAuth 1.0 with a
signature. A session of the peers holds the token of one user, and so their Flask
integrations open one for each call; "session kept" is the best they can do.
"""

from __future__ import annotations

import hmac
import itertools
import json
import os
import secrets
import tempfile
import time
from base64 import b64encode
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Final
from urllib.parse import quote

import requests
import requests_oauthlib
import urllib3
from authlib.integrations import requests_client as authlib
from flask import Flask

from benchmarks.measure import Measured, Work, measure
from benchmarks.report import Report, Row, command, row, versions
from benchmarks.serving import serving, status
from tests.transports.certificates import Authority
from typedoauth import OAuth1Client, OAuth2Client
from typedoauth.flask import OAuth

CLIENT_ID: Final = "9djdj82h48djs9d2"
SECRET: Final = "j49sk3j29djd-dh893h"
TOKEN: Final = "kkk9d7dh3k39sjv7" * 4
TOKEN_SECRET: Final = "ajdkhfkjh4k3-39sjv7"
_SHOWN: Final = ("Authlib", "requests-oauthlib", "Authlib, session kept")
_CHECKED_CALLS: Final = 20
_THREADS: Final = 8
_CALLS_OF_A_THREAD: Final = 25

Call = Callable[[str], bytes]
"""Calls a URL, and returns the body of the answer."""


@dataclass(frozen=True)
class Case:
    """What is called, and how.

    Attributes:
        protocol: ``Bearer`` or ``OAuth``, as the header begins.
        url: The service.
        verify: The file of its certificate authority, or ``True``.
    """

    protocol: str
    url: str
    verify: str | bool


def _urllib3(case: Case) -> urllib3.PoolManager:
    """A pool for as many threads as there are."""
    ca_certs = case.verify if isinstance(case.verify, str) else None
    return urllib3.PoolManager(maxsize=_THREADS, ca_certs=ca_certs)


def _fields(authorization: str) -> dict[str, str]:
    return {"User-Agent": "by-hand/1", "Accept": "*/*", "Authorization": authorization}


def with_urllib3(case: Case) -> Call:
    """urllib3 alone, with a header that is ready."""
    pool = _urllib3(case)
    fields = _fields(_signed(f"{case.url}/") if case.protocol == "OAuth" else f"Bearer {TOKEN}")
    return lambda url: pool.request("GET", url, headers=fields).data


def by_hand(case: Case) -> Call:
    """urllib3, and the header written for each call."""
    pool = _urllib3(case)
    if case.protocol == "Bearer":
        return lambda url: pool.request("GET", url, headers=_fields(f"Bearer {TOKEN}")).data
    return lambda url: pool.request("GET", url, headers=_fields(_signed(url))).data


def _signed(url: str) -> str:
    """The header of a GET, signed with HMAC-SHA1 (RFC 5849 3.4.2)."""
    address, _, query = url.partition("?")
    ours = {
        "oauth_consumer_key": CLIENT_ID,
        "oauth_nonce": secrets.token_hex(16),
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": str(int(time.time())),
        "oauth_token": TOKEN,
        "oauth_version": "1.0",
    }
    pairs = [*ours.items(), *(tuple(one.split("=")) for one in query.split("&") if one)]
    normal = "&".join(f"{name}={value}" for name, value in sorted(pairs))
    base = f"GET&{quote(address, safe='~')}&{quote(normal, safe='~')}"
    digest = hmac.digest(f"{SECRET}&{TOKEN_SECRET}".encode(), base.encode(), "sha1")
    ours["oauth_signature"] = quote(b64encode(digest).decode(), safe="~")
    return "OAuth " + ", ".join(f'{name}="{value}"' for name, value in ours.items())


def ours(case: Case) -> Call:
    """A client of this package."""
    base = f"{case.url}/"
    if case.protocol == "Bearer":
        bearer = OAuth2Client(
            CLIENT_ID,
            SECRET,
            api_base_url=base,
            token={"access_token": TOKEN, "token_type": "Bearer"},
            verify=case.verify,
        )
        return lambda url: bearer.get(url).content
    signing = OAuth1Client(
        CLIENT_ID,
        SECRET,
        api_base_url=base,
        token={"oauth_token": TOKEN, "oauth_token_secret": TOKEN_SECRET},
        verify=case.verify,
    )
    return lambda url: signing.get(url).content


def ours_in_flask(case: Case) -> Call:
    """A client of a registry, in an application context."""
    app = Flask("calls")
    oauth = OAuth(app)
    base = f"{case.url}/"
    if case.protocol == "Bearer":
        two = oauth.register(
            "api",
            client_id=CLIENT_ID,
            client_secret=SECRET,
            access_token_url=f"{base}token",
            api_base_url=base,
            client_kwargs={"verify": case.verify},
        )

        def bearer(url: str) -> bytes:
            with app.app_context():
                return two.get(url, token={"access_token": TOKEN, "token_type": "Bearer"}).content

        return bearer
    one = oauth.register(
        "api",
        client_id=CLIENT_ID,
        client_secret=SECRET,
        request_token_url=f"{base}request-token",
        access_token_url=f"{base}token",
        api_base_url=base,
        client_kwargs={"verify": case.verify},
    )

    def signing(url: str) -> bytes:
        with app.app_context():
            return one.get(
                url, token={"oauth_token": TOKEN, "oauth_token_secret": TOKEN_SECRET}
            ).content

    return signing


def _authlib(case: Case) -> requests.Session:
    session: requests.Session
    if case.protocol == "Bearer":
        token = {"access_token": TOKEN, "token_type": "Bearer"}
        session = authlib.OAuth2Session(CLIENT_ID, SECRET, token=token)
    else:
        session = authlib.OAuth1Session(CLIENT_ID, SECRET, TOKEN, TOKEN_SECRET)
    return session


def _requests_oauthlib(case: Case) -> requests.Session:
    session: requests.Session
    if case.protocol == "Bearer":
        token = {"access_token": TOKEN, "token_type": "Bearer"}
        session = requests_oauthlib.OAuth2Session(CLIENT_ID, token=token)
    else:
        session = requests_oauthlib.OAuth1Session(CLIENT_ID, SECRET, TOKEN, TOKEN_SECRET)
    return session


def _kept(make: Callable[[Case], requests.Session]) -> Callable[[Case], Call]:
    def prepare(case: Case) -> Call:
        session = make(case)
        return lambda url: session.get(url, verify=case.verify).content

    return prepare


def _for_each_call(make: Callable[[Case], requests.Session]) -> Callable[[Case], Call]:
    def prepare(case: Case) -> Call:
        def call(url: str) -> bytes:
            with make(case) as session:
                return session.get(url, verify=case.verify).content

        return call

    return prepare


ALL: Final[Mapping[str, Callable[[Case], Call]]] = {
    "urllib3": with_urllib3,
    "by hand": by_hand,
    "typedoauth": ours,
    "typedoauth, Flask app": ours_in_flask,
    "Authlib, session kept": _kept(_authlib),
    "requests-oauthlib, session kept": _kept(_requests_oauthlib),
    "Authlib": _for_each_call(_authlib),
    "requests-oauthlib": _for_each_call(_requests_oauthlib),
}


def checked(case: Case) -> tuple[dict[str, Call], dict[str, float]]:
    """Everybody's way, after a look at what arrives, and how many connections a call opens."""
    calls: dict[str, Call] = {}
    opened: dict[str, float] = {}
    for name, make in ALL.items():
        call = make(case)
        call(f"{case.url}/first")
        before = status(case.url)["accepted"]
        for number in range(_CHECKED_CALLS):
            arrived = json.loads(call(f"{case.url}/me?page={number}"))
            assert arrived["target"] == f"/me?page={number}", name
            _check(case, f"{case.url}/me?page={number}", arrived["authorization"], name)
        opened[name] = (status(case.url)["accepted"] - before) / _CHECKED_CALLS
        calls[name] = call
    assert opened["typedoauth"] == opened["typedoauth, Flask app"] == 0
    return calls, opened


def _check(case: Case, url: str, authorization: str, name: str) -> None:
    """What arrived is the token, or a signature of this very request."""
    if case.protocol == "Bearer":
        assert authorization == f"Bearer {TOKEN}", name
        return
    pairs = (one.split("=", 1) for one in authorization.removeprefix("OAuth ").split(", "))
    fields = {key: value.strip('"') for key, value in pairs}
    signature = fields.pop("oauth_signature")
    if name == "urllib3":
        return  # its signature is of another request: it stands for any header
    address, _, query = url.partition("?")
    normal = "&".join(sorted([*(f"{key}={value}" for key, value in fields.items()), query]))
    base = f"GET&{quote(address, safe='~')}&{quote(normal, safe='~')}"
    digest = hmac.digest(f"{SECRET}&{TOKEN_SECRET}".encode(), base.encode(), "sha1")
    assert signature == quote(b64encode(digest).decode(), safe="~"), name


def alone(case: Case, name: str, call: Call) -> Work:
    """One call after another."""
    numbers = itertools.count()
    return Work(name, lambda: call(f"{case.url}/me?page={next(numbers)}"))


def together(case: Case, name: str, call: Call, threads: ThreadPoolExecutor) -> Work:
    """Eight threads that call at once."""
    numbers = itertools.count()

    def several(_: int) -> None:
        for _ in range(_CALLS_OF_A_THREAD):
            call(f"{case.url}/me?page={next(numbers)}")

    return Work(name, lambda: list(threads.map(several, range(_THREADS))))


@contextmanager
def cases() -> Generator[dict[str, Case]]:
    """The services that are called, by heading."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        authority = Authority(folder)
        plain = stack.enter_context(serving())
        tls = stack.enter_context(serving(tls=authority.issue("127.0.0.1")))
        yield {
            "Bearer": Case("Bearer", plain, True),
            "Bearer, TLS": Case("Bearer", tls, str(authority.path)),
            "OAuth 1.0": Case("OAuth", plain, True),
            "OAuth 1.0, TLS": Case("OAuth", tls, str(authority.path)),
        }


def measured(
    case: Case, seconds: float, rounds: int
) -> tuple[list[Measured], list[Measured], dict[str, float]]:
    """One thread, eight threads, and connections for each call."""
    calls, opened = checked(case)
    one = measure(
        [alone(case, name, call) for name, call in calls.items()], seconds=seconds, rounds=rounds
    )
    with ThreadPoolExecutor(_THREADS) as threads:
        works = [together(case, name, call, threads) for name, call in calls.items()]
        eight = measure(works, seconds=seconds, rounds=rounds, fewest=2, clock=process_time)
    per_call = _THREADS * _CALLS_OF_A_THREAD
    eight = [
        Measured(it.name, it.microseconds / per_call, it.ratio, it.lowest, it.highest)
        for it in eight
    ]
    return one, eight, opened


def run(seconds: float, rounds: int) -> Report:
    """Measure every case."""
    os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"  # requests-oauthlib knows no loopback
    results: dict[str, list[Measured]] = {}
    opened: list[dict[str, float]] = []
    with cases() as found:
        for heading, case in found.items():
            one, eight, connections = measured(case, seconds, rounds)
            results |= {heading: one, f"{heading}, 8 threads": eight}
            opened.append(connections)
    rows = [
        row(f"API call, {heading}", some, against="urllib3", most=1.15, peers=_SHOWN)
        for heading, some in results.items()
    ]
    most_opened = {name: max(one[name] for one in opened) for name in ALL}
    peers = {name: most_opened[name] for name in _SHOWN}
    new = Row("Connections that an API call opens", "number", most_opened["typedoauth"], 0, peers)
    return Report(
        "calls",
        "An authorised API call: CPU time, as a ratio to urllib3's PoolManager.request",
        versions("urllib3", "requests", "authlib", "requests-oauthlib"),
        results,
        [*rows, new],
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    command("calls", run, arguments, seconds=0.3, rounds=5)


if __name__ == "__main__":
    main()
