"""Run a server as a process of its own, and leave nothing of it behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

STARTUP_SECONDS: float = 30.0
"""Far more than any of the servers takes, so that a loaded machine is no failure."""
_STOP_SECONDS: float = 5.0
_ROOT: Path = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class ServerProcess:
    """A running server.

    Attributes:
        name: For people.
        log: The file that its standard error goes to, one JSON line a request among it.
        ready: What it said of itself when it was ready; may hold keys.
    """

    name: str
    log: Path
    ready: dict[str, str] = field(repr=False)

    @property
    def base_url(self) -> str:
        """Its address, without a slash at the end."""
        return self.ready["base_url"]

    def requests(self) -> list[tuple[str, str, int]]:
        """Method, path and status of the requests it has answered, in order."""
        lines = self.log.read_text("utf-8", "replace").splitlines()
        entries: list[tuple[str, str, int]] = []
        for line in lines:
            if line.startswith('{"method"'):
                entry: dict[str, str | int] = json.loads(line)
                entries.append((str(entry["method"]), str(entry["path"]), int(entry["status"])))
        return entries


@contextmanager
def running(
    name: str, command: Sequence[str], log: Path, *, settings: object = None
) -> Generator[ServerProcess]:
    """Start a server and wait until it says, in one line of JSON, that it is ready.

    The server gets *settings* as the first line of its standard input, and
    ends when that input does: also when this process is killed.

    Args:
        name: For people.
        command: What to run.
        log: Where its standard error goes.
        settings: Anything that JSON can say.

    Raises:
        RuntimeError: It ended, kept silent, or said something else; the text holds its log.
    """
    with log.open("wb") as errors:
        process = subprocess.Popen(
            command,
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        )
    try:
        yield ServerProcess(name, log, _ready(name, process, log, settings))
    finally:
        stop(process)


def _ready(
    name: str, process: subprocess.Popen[bytes], log: Path, settings: object
) -> dict[str, str]:
    assert process.stdin is not None
    assert process.stdout is not None
    with suppress(BrokenPipeError):  # it may have ended already; its silence says so below
        process.stdin.write(json.dumps(settings).encode() + b"\n")
        process.stdin.flush()
    lines: list[bytes] = []
    output = process.stdout
    # A blocking read has no timeout of its own; stopping the process ends it.
    reader = Thread(target=lambda: lines.append(output.readline()), daemon=True)
    reader.start()
    reader.join(STARTUP_SECONDS)
    try:
        document: dict[str, str] = json.loads(lines[0])
    except (IndexError, ValueError):
        stop(process)
        reader.join()
        text = log.read_text("utf-8", "replace")
        raise RuntimeError(f"{name} did not say that it is ready; its log:\n{text}") from None
    return document


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process that leads a group, and the whole group with it."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        # The group, not the process: npm and node start others.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_STOP_SECONDS)
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(BrokenPipeError):
                pipe.close()
