"""How each fault is made to happen."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import create_engine, text

from tests.fleet import expected as faults
from tests.fleet import race
from tests.fleet.expected import Run
from tests.fleet.fleet import LATENCY, SHORT, Fleet, ProviderProcess, Use, WorkerProcess
from tests.fleet.places import Place, close, fill
from tests.fleet.servers import Service
from tests.fleet.serving import browser, gunicorn
from tests.fleet.site import Setting, make_site
from tests.real_servers.requirement import lacking
from tests.testing.acting import decide
from typedoauth.tokens import OAuth2Token

_PATIENCE: Final = 60.0
_OLDER: Final = (
    "client, account, tenant, token, version, expires_at, refreshable, updated_at, lease_holder, "
    "lease_until"
)
"""The columns of version 1, but for the owner."""


@dataclass(frozen=True, slots=True)
class World:
    """What the faults happen to.

    Attributes:
        server: The provider.
        workers: Four processes.
        services: Servers, by kind of store.
        places: Where tokens are kept, by kind of store.
        folder: For logs and files.
    """

    server: ProviderProcess
    workers: Fleet
    services: dict[str, Service]
    places: dict[str, Place]
    folder: Path

    @property
    def first(self) -> WorkerProcess:
        """The worker that things happen to, where it lives on."""
        return self.workers.workers[0]

    @property
    def second(self) -> WorkerProcess:
        """Another one."""
        return self.workers.workers[1]

    def open(self, kinds: Iterable[str], *, short: bool = False) -> None:
        """Let every worker have a client at these places; one with short leases is called so."""
        for kind in kinds:
            if short:
                self.workers.open(self.places[kind], label=f"{kind} short", seconds=SHORT)
            else:
                self.workers.open(self.places[kind])

    def save(self, place: Place, *users: str, expired: bool = True) -> None:
        """Keep new tokens there."""
        self.keep(place, self.server.mint(users, expired=expired))

    def keep(self, place: Place, tokens: dict[str, OAuth2Token]) -> None:
        """Keep these tokens there."""
        store = place.open()
        try:
            fill(store, tokens)
        finally:
            close(store)

    def race(self, label: str, user: str, *, api: bool = True) -> list[Use]:
        """Let every thread of every worker use a token; all have to get the same one."""
        uses = [use for one in self.workers.race(label, [user], api=api) for use in one]
        assert {use.error for use in uses} == {None}, {use.text for use in uses}
        assert len({use.access for use in uses}) == 1
        return uses

    def run(self, store: str, user: str, seen: Use, later: Use) -> Run:
        """What came of it."""
        return Run(
            store,
            seen.error or "",
            later.error or ("" if later.access else "none"),
            later.access is not None and self.server.honours(later.access),
            self.server.asked(user),
            self.server.granted(user),
            max(seen.waited, later.waited),
        )


def killed(world: World) -> dict[str, list[Run]]:
    """Workers are killed at four moments of a refresh, and others take over.

    All at the same time: the others wait until a lease ends.
    """
    world.open(race.SHARED, short=True)
    moments = (
        faults.KILLED_BEFORE,
        faults.KILLED_UNPROCESSED,
        faults.KILLED_PROCESSED,
        faults.KILLED_AFTER,
    )
    for moment in moments:
        for kind in race.SHARED:
            world.save(world.places[kind], f"{moment} {kind}")
    with ThreadPoolExecutor(len(moments)) as pool:
        saved = list(pool.map(partial(_kill, world), moments))
    return dict(zip(moments, saved, strict=True))


def _kill(world: World, moment: str) -> list[Run]:
    server = world.server
    users = {kind: f"{moment} {kind}" for kind in race.SHARED}
    labels = {kind: f"{kind} short" for kind in race.SHARED}
    victim = WorkerProcess(server.base, world.folder / "victim.log")
    try:
        for kind, label in labels.items():
            victim.open(world.places[kind], label=label, seconds=SHORT).result(_PATIENCE)
        match moment:
            case _ if moment == faults.KILLED_BEFORE:
                victim.stop_at("before")
            case _ if moment == faults.KILLED_AFTER:
                victim.stop_at("after")
            case _:
                where = "before" if moment == faults.KILLED_UNPROCESSED else "after"
                for user in users.values():
                    server.hold(user, where)
        begun = [victim.use(label, [[users[kind]]]) for kind, label in labels.items()]
        if moment in {faults.KILLED_BEFORE, faults.KILLED_AFTER}:
            victim.wait_until_stopped(len(users))
            victim.kill()
        else:
            for user in users.values():
                server.wait_for(user)
            victim.kill()
            for user in users.values():
                server.release(user, drop=moment == faults.KILLED_UNPROCESSED)
    finally:
        victim.close()
    assert not any(one.done() and one.exception() is None for one in begun), "it went too far"
    asked = {kind: world.second.use(labels[kind], [[user]]) for kind, user in users.items()}
    found: list[Run] = []
    for kind, user in users.items():
        (seen,) = asked[kind].result(_PATIENCE)
        (later,) = world.first.use(labels[kind], [[user]]).result(_PATIENCE)
        found.append(world.run(kind, user, seen, later))
    return found


def stopped(world: World, kind: str, fault: str) -> Run:
    """A server is stopped and started between two calls."""
    user, service = f"{fault} {kind}", world.services[kind]
    world.open([kind])
    world.save(world.places[kind], user, expired=fault == faults.STOPPED_EXPIRED)
    (before,) = world.second.use(
        kind, [[user if fault != faults.STOPPED_EXPIRED else "nobody"]]
    ).result()
    assert before.error is None
    service.stop(None if fault != faults.CRASHED else signal.SIGKILL)
    try:
        (seen,) = world.second.use(kind, [[user]]).result(_PATIENCE)
    finally:
        service.start()
    # Every connection of every worker is dead by now.
    return world.run(kind, user, seen, world.race(kind, user)[0])


def stopped_during(world: World, kind: str, fault: str) -> Run:
    """A server is stopped while a refresh is under way, and started again."""
    user, service = f"{fault} {kind}", world.services[kind]
    short = fault == faults.STOPPED_FORGOTTEN
    label = f"{kind} short" if short else kind
    world.open([kind], short=short)
    world.save(world.places[kind], user)
    world.server.hold(user, "before")
    asked = world.first.use(label, [[user]])
    world.server.wait_for(user)
    service.stop()
    try:
        world.server.release(user)
        (seen,) = asked.result(_PATIENCE)
    finally:
        service.start()
    if fault == faults.STOPPED_FORGOTTEN:
        (first,) = world.second.use(label, [[user]]).result(_PATIENCE)
        (later,) = world.second.use(label, [[user]]).result(_PATIENCE)
        return world.run(kind, user, first, later)
    other = None
    if fault == faults.STOPPED_ELSEWHERE:
        other = world.second.use(label, [[user]])
        time.sleep(0.3)
    (again,) = world.first.use(label, [[user]]).result(_PATIENCE)
    assert again.error is None, again
    (later,) = (other or world.second.use(label, [[user]])).result(_PATIENCE)
    assert later.access == again.access
    return world.run(kind, user, seen, later)


def flushed(world: World, kind: str, fault: str) -> Run:
    """Redis is emptied while a refresh is under way."""
    user, place = fault, world.places[kind]
    world.open([kind])
    world.save(place, user)
    world.server.hold(user, "before")
    asked = world.first.use(kind, [[user]])
    world.server.wait_for(user)
    place.flush()
    world.server.release(user)
    (seen,) = asked.result(_PATIENCE)
    assert world.server.honours(seen.access), "whoever renewed it can still use it"
    (later,) = world.second.use(kind, [[user]]).result(_PATIENCE)
    found = world.run(kind, user, seen, later)
    world.save(place, user)
    (anew,) = world.second.use(kind, [[user]]).result(_PATIENCE)
    assert anew.access, "a new login is not held up by what was before"
    return found


def disk_full(world: World, kind: str, fault: str) -> Run:
    """The disk that SQLite is on is full, before a refresh or during it, and then no longer."""
    with _small_disk(world.folder / "small") as disk, ExitStack() as stack:
        place = Place(kind, f"sqlite:///{disk / 'tokens.db'}")
        label, user = "small", fault
        workers = [
            WorkerProcess(world.server.base, world.folder / f"small-{number}.log")
            for number in range(2)
        ]
        for worker in workers:
            stack.callback(worker.close)
        world.save(place, user)
        for worker in workers:
            worker.open(place, label=label).result(_PATIENCE)
        if fault == faults.FULL_DURING:
            world.server.hold(user, "before")
            asked = workers[0].use(label, [[user]])
            world.server.wait_for(user)
            _fill_up(disk)
            world.server.release(user)
        else:
            _fill_up(disk)
            asked = workers[0].use(label, [[user]])
        (seen,) = asked.result(_PATIENCE)
        (disk / "filling").unlink()
        (again,) = workers[0].use(label, [[user]]).result(_PATIENCE)
        assert again.error is None, again
        (later,) = workers[1].use(label, [[user]]).result(_PATIENCE)
        assert later.access == again.access
        return world.run(kind, user, seen, later)


def old_tables(world: World, kind: str, fault: str) -> Run:
    """The tables are of version 1, which had no column ``key_id``; four processes start at once."""
    user, place = f"{fault} {kind}", replace(world.places[kind], prefix="older_")
    world.save(place, user)
    _make_older(place)
    world.workers.open(place, label=place.kind + fault)
    uses = world.race(place.kind + fault, user)
    return world.run(kind, user, uses[0], uses[-1])


def old_writer(world: World, kind: str, fault: str) -> Run:
    """The tables were brought up to date, and a process of version 1 writes as it knows them."""
    user, place = f"{fault} {kind}", replace(world.places[kind], prefix="writer_")
    world.save(place, user)
    _make_older(place)
    world.workers.open(place, label=place.kind + fault)
    with _connected(place) as change:
        change("INSERT INTO TOKENS (owner, COLUMNS) SELECT 'written', COLUMNS FROM TOKENS")
        change("DELETE FROM TOKENS WHERE owner <> 'written'")
    # A token of the user's, kept for another owner: its API calls would tell.
    uses = world.race(place.kind + fault, "written", api=False)
    return world.run(kind, user, uses[0], uses[-1])


def new_tables(world: World, kind: str, fault: str) -> Run:
    """The tables are of a version that the code does not know."""
    user, place = f"{fault} {kind}", replace(world.places[kind], prefix="newer_")
    world.save(place, user, expired=False)
    with _connected(place) as change:
        change("UPDATE VERSIONS SET version = version + 7")
        refused = world.first.open(place, label=place.kind + fault).exception(_PATIENCE)
        assert "install the typedoauth that made it" in str(refused)
        (seen,) = world.first.use(place.kind + fault, [[user]]).result(_PATIENCE)
        change("UPDATE VERSIONS SET version = version - 7")
    (later,) = world.first.use(place.kind + fault, [[user]]).result(_PATIENCE)
    return world.run(kind, user, seen, later)


def skewed(world: World, kind: str, fault: str) -> Run:
    """The clocks of the processes are two minutes behind and two minutes ahead."""
    user, label = f"{fault} {kind}", f"{kind} skewed"
    place = replace(world.places[kind], prefix="skewed_")
    tokens = world.server.mint([user])
    ends = 150 if fault == faults.SKEWED_NEARLY else -300
    tokens[user]["expires_at"] = int(time.time()) + ends
    world.keep(place, tokens)
    world.workers.open(place, label=label, skews=(-120, 0, 0, 120))
    # Longer than anybody would wait who took another's lease for one that has ended.
    world.server.latency(0.6)
    try:
        uses = [use for several in world.workers.race(label, [user]) for use in several]
    finally:
        world.server.latency(LATENCY)
    assert {use.error for use in uses} == {None}, {use.text for use in uses}
    assert all(world.server.honours(access) for access in {use.access for use in uses})
    assert fault == faults.SKEWED_NEARLY or len({use.access for use in uses}) == 1
    (later,) = world.first.use(label, [[user]]).result(_PATIENCE)
    return world.run(kind, user, max(uses, key=lambda use: use.waited), later)


def slow_provider(world: World, kind: str, fault: str) -> Run:
    """The provider does not answer the refresh of one user; another one uses the same process."""
    held, user = f"{fault} {kind} held", f"{fault} {kind}"
    world.open([kind])
    world.save(world.places[kind], held)
    world.save(world.places[kind], user, expired=fault == faults.SLOW_REFRESH)
    world.server.hold(held, "before")
    hanging = world.first.use(kind, [[held]] * 3)
    world.server.wait_for(held)
    elsewhere = world.second.use(kind, [[held]])
    uses = [
        worker.use(kind, [[user]]).result(_PATIENCE)[0] for worker in (world.first, world.second)
    ]
    assert not hanging.done()
    assert not elsewhere.done()
    world.server.release(held)
    ended = [*hanging.result(_PATIENCE), *elsewhere.result(_PATIENCE)]
    assert len({use.access for use in ended}) == 1
    assert world.server.asked(held) == 1
    return world.run(kind, user, *uses)


def slow_store(world: World, kind: str, fault: str) -> Run:
    """Somebody has locked the row of one user (in SQLite: all writing); others go on reading."""
    held, user, place = f"{fault} {kind} held", f"{fault} {kind}", world.places[kind]
    world.open([kind])
    world.save(place, held)
    world.save(place, user, expired=False)
    with _connected(place) as change:
        if kind == "sqlite":
            change("BEGIN IMMEDIATE")
        else:
            change("BEGIN")
            change("SELECT owner FROM TOKENS WHERE owner LIKE '% held' FOR UPDATE")
        hanging = world.first.use(kind, [[held]])
        time.sleep(0.3)
        uses = [
            worker.use(kind, [[user]]).result(_PATIENCE)[0]
            for worker in (world.first, world.second)
        ]
        assert not hanging.done()
        change("ROLLBACK")
    assert hanging.result(_PATIENCE)[0].error is None
    return world.run(kind, user, *uses)


def redirected(world: World, kind: str, fault: str) -> Run:
    """The worker that began a login is killed; another one ends it."""
    user, place = "ada", replace(world.places[kind], prefix=f"{_word(fault)}_")
    logins = "" if fault == faults.REDIRECTED else world.places["redis"].url
    world.server.mint([user])
    setting = Setting(world.server.base, place, logins)
    log = world.folder / "gunicorn-killed.log"
    with gunicorn(setting, log, preload=True) as base, browser() as http:
        world.server.redirect_to(f"{base}/authorize")
        answer = http.request("GET", f"{base}/login", redirect=False)
        cookie = {"Cookie": answer.headers["Set-Cookie"].partition(";")[0]}
        first = int(answer.headers["X-Process"])
        os.kill(first, signal.SIGKILL)
        begun = time.monotonic()
        back = http.request("GET", decide(answer.headers["Location"], user), headers=cookie)
        found = back.json()
        assert (back.status, found["process"] != first) == (200, True), found
        access = http.request("GET", f"{base}/me", fields={"user": user}).json()["access"]
    seen = Use(user, access, found.get("error"), begun, time.monotonic(), "")
    return world.run(kind, "redirected", seen, seen)


def flushed_login(world: World, kind: str, fault: str) -> Run:
    """Redis, which has the open logins, is emptied between redirect and callback."""
    user, place, logins = "ada", Place(kind), world.places["redis"]
    world.server.mint([user])
    world.server.redirect_to("http://localhost/authorize")
    app = make_site(Setting(world.server.base, place, logins.url))
    http = app.test_client()
    begun = time.monotonic()
    answers: list[dict[str, str]] = []
    for flush in (True, False):
        page = http.get("/login").headers["Location"]
        if flush:
            logins.flush()
        answers.append(http.get(decide(page, user)).get_json())
    access = http.get("/me").get_json()["access"]
    seen = Use(user, None, answers[0].get("error"), begun, time.monotonic(), "")
    later = Use(user, access, answers[1].get("error"), begun, time.monotonic(), "")
    return world.run(kind, "redirected", seen, later)


SCENARIOS: Final[dict[str, Callable[[World, str, str], Run]]] = {
    faults.STOPPED: stopped,
    faults.CRASHED: stopped,
    faults.STOPPED_EXPIRED: stopped,
    faults.STOPPED_DURING: stopped_during,
    faults.STOPPED_ELSEWHERE: stopped_during,
    faults.STOPPED_FORGOTTEN: stopped_during,
    faults.FLUSHED: flushed,
    faults.FULL_BEFORE: disk_full,
    faults.FULL_DURING: disk_full,
    faults.OLD_TABLES: old_tables,
    faults.OLD_WRITER: old_writer,
    faults.NEW_TABLES: new_tables,
    faults.SKEWED: skewed,
    faults.SKEWED_NEARLY: skewed,
    faults.SLOW_PROVIDER: slow_provider,
    faults.SLOW_REFRESH: slow_provider,
    faults.SLOW_STORE: slow_store,
    faults.REDIRECTED: redirected,
    faults.REDIRECTED_REDIS: redirected,
    faults.FLUSHED_LOGIN: flushed_login,
}
"""How each of those is made to happen that happen by themselves, for one kind of store."""


@contextmanager
def _connected(place: Place) -> Generator[Callable[[str], object]]:
    """A connection around the store; TOKENS and VERSIONS are the tables."""
    engine = create_engine(place.url, isolation_level="AUTOCOMMIT")

    def named(statement: str) -> str:
        for table in ("TOKENS", "VERSIONS"):
            statement = statement.replace(table, place.prefix + table.lower())
        return statement.replace("COLUMNS", _OLDER)

    try:
        with engine.connect() as connection:
            yield lambda statement: connection.execute(text(named(statement)))
    finally:
        engine.dispose()


def _make_older(place: Place) -> None:
    with _connected(place) as change:
        change("ALTER TABLE TOKENS DROP COLUMN key_id")
        change("UPDATE VERSIONS SET version = 1")


@contextmanager
def _small_disk(folder: Path) -> Generator[Path]:
    """A file system of one megabyte."""
    folder.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        lacking("A file system of one megabyte", "run as root, who may mount one")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _fill_up(disk: Path) -> None:
    with (disk / "filling").open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(1024))


def _word(fault: str) -> str:
    return "redis_logins" if fault == faults.REDIRECTED_REDIS else "cookies"
