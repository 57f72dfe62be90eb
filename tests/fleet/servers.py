"""Databases and a Redis of the tests' own, each a child process that may be stopped and started.

The servers on the standard ports are shared with other runs, which would not like that.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, Final

from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool
from typing_extensions import override

from tests.real_servers.requirement import lacking

_SECONDS: Final = 30.0
_WHERE: Final = (*sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True),
                 "/usr/sbin", "/usr/local/sbin")  # fmt: skip


class Service(ABC):
    """A server on a free port of the loopback interface.

    Attributes:
        url: Where it is, for a store.
        down: The signal that asks it to end at once, and in order.
    """

    name: ClassVar[str]
    program: ClassVar[str]
    user: ClassVar[str]
    url: str
    down: signal.Signals = signal.SIGTERM

    def __init__(self, folder: Path) -> None:
        self.port: int = free_port()
        self.folder: Path = folder
        self._process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def command(self) -> list[str]:
        """What runs it."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether it serves."""

    @abstractmethod
    def make(self) -> None:
        """Make what it needs, once."""

    def start(self) -> None:
        """Start it, and wait until it serves."""
        assert self._process is None
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self.command(),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                user=_account(self.user),
                group=_account(self.user),
                extra_groups=None if os.geteuid() else [],
            )
        ends = time.monotonic() + _SECONDS
        while not self.answers():
            if self._process.poll() is not None or time.monotonic() > ends:
                text = (self.folder / "log").read_text("utf-8", "replace")
                raise RuntimeError(f"{self.name} does not start; its log:\n{text}")
            time.sleep(0.03)

    def stop(self, how: signal.Signals | None = None) -> None:
        """Stop it, if it runs.

        Args:
            how: ``SIGKILL`` for a crash.
        """
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(how or self.down)
        try:
            process.wait(_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


class PostgreSQL(Service):
    """PostgreSQL."""

    name = "PostgreSQL"
    program = "postgres"
    user = "postgres"
    down = signal.SIGINT  # "fast": it ends the sessions

    @override
    def make(self) -> None:
        self.url = f"postgresql+psycopg://fleet@127.0.0.1:{self.port}/postgres"
        _run(
            [found("initdb"), "-D", str(self.folder / "data"), "-U", "fleet", "-A", "trust",
             "--no-sync", "-E", "UTF8", "--locale=C"],
            self.user,
        )  # fmt: skip

    @override
    def command(self) -> list[str]:
        return [
            found("postgres"), "-D", str(self.folder / "data"), "-p", str(self.port),
            "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={self.folder}",
            "-c", "max_connections=300",
        ]  # fmt: skip

    @override
    def answers(self) -> bool:
        return _selects(self.url)


class MariaDB(Service):
    """MariaDB; it runs on an empty folder, and lets everybody in."""

    name = "MariaDB"
    program = "mariadbd"
    user = "mysql"

    @override
    def make(self) -> None:
        self.url = f"mariadb+pymysql://root@127.0.0.1:{self.port}/fleet"
        (self.folder / "data").mkdir()
        # A database is a folder.
        (self.folder / "data" / "fleet").mkdir()
        for path in (self.folder / "data", self.folder / "data" / "fleet"):
            _give(path, self.user)

    @override
    def command(self) -> list[str]:
        return [
            found("mariadbd"), "--no-defaults", f"--datadir={self.folder / 'data'}",
            f"--port={self.port}", "--bind-address=127.0.0.1", f"--socket={self.folder / 'socket'}",
            f"--pid-file={self.folder / 'pid'}", "--skip-grant-tables", "--max-connections=300",
            "--innodb-log-file-size=8M", "--innodb-buffer-pool-size=256M",
        ]  # fmt: skip

    @override
    def answers(self) -> bool:
        return _selects(self.url)


class Redis(Service):
    """Redis, which keeps on disk what it is told."""

    name = "Redis"
    program = "redis-server"
    user = "redis"

    @override
    def make(self) -> None:
        self.url = f"redis://127.0.0.1:{self.port}/0"

    @override
    def command(self) -> list[str]:
        return [
            found("redis-server"), "--port", str(self.port), "--bind", "127.0.0.1",
            "--dir", str(self.folder), "--appendonly", "yes", "--save", "",
        ]  # fmt: skip

    @override
    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


@contextmanager
def running(make: Callable[[Path], Service]) -> Generator[Service]:
    """Run a server in a folder of its own; nothing of it is left in the end.

    Args:
        make: Which: one of the classes here.
    """
    # Not in a folder of pytest's: those are closed to the users that databases run as.
    folder = Path(tempfile.mkdtemp(prefix="typedoauth-"))
    service = make(folder)
    try:
        found(service.program, service.name)
        _give(folder, service.user)
        service.make()
        service.start()
        yield service
    finally:
        service.stop()
        shutil.rmtree(folder, ignore_errors=True)


def found(program: str, name: str = "") -> str:
    """Where a program is; without it the test is skipped, or fails where ``CI`` is set."""
    path = os.pathsep.join((os.environ.get("PATH", ""), *_WHERE))
    return shutil.which(program, path=path) or lacking(
        name or program, f"install the package that has {program}"
    )


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


def _account(user: str) -> str | None:
    """Whom to run as: databases refuse to run as root."""
    if os.geteuid():
        return None
    try:
        return pwd.getpwnam(user).pw_name
    except KeyError:
        return "nobody"


def _give(path: Path, user: str) -> None:
    account = _account(user)
    if account is not None:
        shutil.chown(path, account)


def _run(command: Sequence[str], user: str) -> None:
    done = subprocess.run(
        command, capture_output=True, check=False, cwd="/", text=True, user=_account(user)
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stderr}")


def _selects(url: str) -> bool:
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            return connection.execute(text("SELECT 1")).scalar() == 1
    except SQLAlchemyError:
        return False
    finally:
        engine.dispose()
