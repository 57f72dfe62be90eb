"""One refresh, whoever asks: threads, processes, gunicorn; for one user and for a thousand."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from tests.fleet import race
from tests.fleet.fleet import PROCESSES, THREADS, Fleet, ProviderProcess
from tests.fleet.places import CLIENT_NAME, Place, close, fill, key_of
from tests.fleet.provider import CLIENT, TOKEN
from tests.fleet.serving import browser, gunicorn
from tests.fleet.site import Setting
from typedoauth import OAuth2Client
from typedoauth.protocols import LeasingTokenStore

_THOUSAND: Final = 1000
_ALL: Final = ("memory", "dict", *race.SHARED, "redis cache")


@pytest.mark.parametrize("sealed", [False, True], ids=["plain", "sealed"])
@pytest.mark.parametrize("kind", race.SHARED)
def test_four_processes_of_eight_threads(
    kind: str,
    sealed: bool,
    server: ProviderProcess,
    workers: Fleet,
    places: dict[str, Place],
) -> None:
    """One expired token, 32 callers, one refresh; every call is answered with its token."""
    place = race.sealed(places[kind]) if sealed else places[kind]
    found = race.run(server, workers, place, 1)
    assert found.once, found
    assert found.calls == PROCESSES * THREADS
    assert found.processes > 1, "one process did it all before the others began"


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_thousand_users_at_once(
    kind: str, server: ProviderProcess, workers: Fleet, places: dict[str, Place]
) -> None:
    """A thousand expired tokens, each wanted by every process twice: a thousand refreshes."""
    found = race.run(server, workers, places[kind], _THOUSAND, rounds=2, api=False)
    assert found.once, found
    assert (found.refreshes, found.calls) == (_THOUSAND, 2 * PROCESSES * _THOUSAND)


@pytest.mark.parametrize("kind", _ALL)
def test_threads_of_one_process(
    kind: str, server: ProviderProcess, places: dict[str, Place]
) -> None:
    """With every store. One that gives no leases needs all threads to share a client."""
    place = places.get(kind.removesuffix(" cache"), Place(kind))
    store = replace(place, kind=kind, prefix="threads_").open()
    user = f"threads {kind}"
    count = PROCESSES if isinstance(store, LeasingTokenStore) else 1
    with ExitStack() as stack:
        stack.callback(close, store)
        fill(store, server.mint([user]))
        clients: list[OAuth2Client] = []
        for _ in range(count):
            client = OAuth2Client(
                *CLIENT,
                name=CLIENT_NAME,
                access_token_url=server.base + TOKEN,
                api_base_url=f"{server.base}/api/",
                token_store=store,
            )
            stack.callback(client.close)
            clients.append(client)
        barrier = threading.Barrier(PROCESSES * THREADS)

        def act(number: int) -> str:
            client = clients[number % count]
            barrier.wait(30)
            token = client.stored_token(key_of(user))
            assert token is not None
            assert client.get("me", token=token).json()["sub"] == user
            return token["access_token"]

        with ThreadPoolExecutor(PROCESSES * THREADS) as pool:
            assert len(set(pool.map(act, range(PROCESSES * THREADS)))) == 1
    assert (server.asked(user), server.granted(user)) == (1, 1)


@pytest.mark.parametrize(
    ("preload", "used_before"),
    [(False, False), (True, False), (True, True)],
    ids=["forked empty", "--preload", "--preload, used before"],
)
def test_gunicorn(
    preload: bool,
    used_before: bool,
    server: ProviderProcess,
    places: dict[str, Place],
    folder: Path,
) -> None:
    """Four workers of eight threads, 32 requests at once for each of two users."""
    place = replace(places["postgresql"], prefix=f"gunicorn_{preload + used_before}_")
    users = [f"gunicorn {preload} {used_before} {number}" for number in range(3)]
    store = place.open()
    fill(store, server.mint(users))
    close(store)
    log = folder / f"gunicorn-{preload}-{used_before}.log"
    first = users.pop()
    setting = Setting(server.base, place, used_by=first if used_before else "")
    with gunicorn(setting, log, preload=preload) as base, browser() as http:

        def ask(number: int) -> tuple[str, str, int]:
            user = users[number % 2]
            answer = http.request("GET", f"{base}/me", fields={"user": user})
            assert answer.status == 200, answer.data
            found = answer.json()
            assert found["sub"] == user
            return user, found["access"], found["process"]

        with ThreadPoolExecutor(2 * PROCESSES * THREADS) as pool:
            answers = list(pool.map(ask, range(2 * PROCESSES * THREADS)))
    assert len({(user, access) for user, access, _ in answers}) == 2
    assert len({process for _, _, process in answers}) > 1, "one worker did it all"
    assert [(server.asked(user), server.granted(user)) for user in users] == [(1, 1)] * 2
    assert server.asked(first) == used_before
