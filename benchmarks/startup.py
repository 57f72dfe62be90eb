"""What it costs to have clients: ``python -m benchmarks.startup [--json FILE]``.

Importing is measured in processes of their own, which have imported Flask and nothing
else, as the CPU time of the import, with the bytecode of everybody's modules at hand;
"first redirect" goes on to register a client and to send a browser to log in, so that it
holds what an import has put off. Clients are looked up by name beside a dict that holds
them. "An empty method" is one of a class with a ``__getattr__``, as a registry is: Python
3.11 takes longer to find it than to look into a dict twice.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from statistics import median
from typing import Final

from authlib.integrations.flask_client import OAuth as AuthlibOAuth
from flask import Flask

from benchmarks.measure import Measured, Work, measure
from benchmarks.report import Report, Row, command, row, versions
from typedoauth.flask import OAuth

__all__ = ["IMPORTS", "REDIRECT", "clients", "lookups", "main", "process", "run"]

IMPORTS: Final = {
    "typedoauth": "from typedoauth.flask import OAuth",
    "Authlib": "from authlib.integrations.flask_client import OAuth",
}
_CLIENTS: Final = 10_000
REDIRECT: Final = """
app = flask.Flask("app")
app.secret_key = "of the benchmark"
oauth = OAuth(app)
oauth.register(
    "github",
    client_id="id",
    client_secret="secret",
    access_token_url="https://github.example/login/oauth/access_token",
    authorize_url="https://github.example/login/oauth/authorize",
)
with app.test_request_context():
    assert oauth.github.authorize_redirect("https://app.example/callback").status_code == 302
"""


def process(program: str, bytecode: str) -> tuple[float, int]:
    """Run a program in a process that has Flask.

    Args:
        program: The program.
        bytecode: The folder where compiled modules are kept.

    Returns:
        The milliseconds of CPU time it took, and how many modules it loaded.
    """
    measured = (
        "import sys, time, flask\nflask.Flask('warm').test_request_context()\n"
        "before, begun = set(sys.modules), time.process_time()\n"
        f"{program}\n"
        "took = time.process_time() - begun\n"
        "print(took * 1000, len(set(sys.modules) - before))"
    )
    ran = subprocess.run(  # noqa: S603  a program of this file
        [sys.executable, "-W", "ignore", "-c", measured],
        env={**os.environ, "PYTHONPYCACHEPREFIX": bytecode, "PYTHONDONTWRITEBYTECODE": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    milliseconds, modules = ran.stdout.split()
    return float(milliseconds), int(modules)


def clients(number: int) -> float:
    """Register clients.

    Args:
        number: How many.

    Returns:
        The mebibytes that they take, beside the texts that they were given.
    """
    oauth = OAuth(Flask("app"))

    def register(name: str) -> None:
        oauth.register(
            name,
            client_id="id",
            client_secret="secret",
            access_token_url="https://as.example/token",
            authorize_url="https://as.example/authorize",
            api_base_url="https://api.example/",
            client_kwargs={"scope": "profile email"},
        )

    register("first")
    names = [f"client_{at}" for at in range(number)]
    gc.collect()
    tracemalloc.start()
    for name in names:
        register(name)
    gc.collect()
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(oauth) == number + 1
    return taken / 2**20


def lookups() -> list[Work]:
    """The ways to find a client by its name, checked."""
    app = Flask("app")
    oauth, authlib = OAuth(app), AuthlibOAuth(app)
    for name in ("github", "google", "other"):
        oauth.register(name, client_id="id", access_token_url="https://as.example/token")
        authlib.register(name, client_id="id", access_token_url="https://as.example/token")
    held = {name: oauth.create_client(name) for name in oauth}
    ways: dict[str, Callable[[], object]] = {
        "a dict": lambda: held["google"],
        "oauth.<name>": lambda: oauth.google,
        "create_client": lambda: oauth.create_client("google"),
        "an empty method": lambda: _Empty.found("google"),
        "Authlib's oauth.<name>": lambda: authlib.google,
        "Authlib's create_client": lambda: authlib.create_client("google"),
    }
    for name, find in ways.items():
        assert find() is find(), name
    return [Work(name, find) for name, find in ways.items()]


class _Nothing:
    def found(self, name: str, tenant: str | None = None) -> None:
        """Take the arguments of ``create_client``, and find nothing."""

    def __getattr__(self, name: str) -> object:
        raise AttributeError(name)


_Empty: Final = _Nothing()


def _starts(rounds: int) -> list[Row]:
    rows: list[Row] = []
    for what, rest, most in (
        ("import", "", (4.0, 20.0)),
        ("import, register, first redirect", REDIRECT, (None, None)),
    ):
        found: dict[str, list[tuple[float, int]]] = {name: [] for name in IMPORTS}
        with tempfile.TemporaryDirectory() as bytecode:
            for program in IMPORTS.values():
                process(program + rest, bytecode)
            for _ in range(rounds):
                for name, program in IMPORTS.items():
                    found[name].append(process(program + rest, bytecode))
        times = {name: median(one[0] for one in ran) for name, ran in found.items()}
        modules = {name: float(ran[0][1]) for name, ran in found.items()}
        for unit, figures, bound in (("ms", times, most[0]), ("modules", modules, most[1])):
            peers = {name: figure for name, figure in figures.items() if name != "typedoauth"}
            rows.append(Row(what, unit, figures["typedoauth"], bound, peers))
    return rows


def _look_up(found: Sequence[Measured]) -> Iterator[Row]:
    for name in ("oauth.<name>", "create_client"):
        theirs = f"Authlib's {name}"
        one = row(f"`{name}`", found, against="a dict", most=2.5, peers=[theirs], ours=name)
        yield replace(one, peers={"Authlib": one.peers[theirs]})


def run(seconds: float, rounds: int) -> Report:
    """Measure.

    Args:
        seconds: How long a sample takes.
        rounds: How many samples of each way.

    Returns:
        What was found.
    """
    rows = _starts(rounds)
    rows.append(Row(f"{_CLIENTS:,} clients", "MiB", clients(_CLIENTS), 8))
    found = measure(lookups(), seconds=seconds, rounds=rounds)
    rows.extend(_look_up(found))
    title = "Clients: what it takes to import, register and find them"
    return Report("startup", title, versions("authlib", "flask"), {"look-up": found}, rows)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    command("startup", run, arguments)


if __name__ == "__main__":
    main()
