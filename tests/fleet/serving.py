"""gunicorn with four workers of eight threads, serving the site."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import urllib3

from tests.fleet.fleet import PROCESSES, THREADS
from tests.fleet.site import Setting
from tests.real_servers.process import stop

_ROOT: Final = Path(__file__).parents[2]
_SECONDS: Final = 60.0
_READY: Final = "a worker is ready"


def post_worker_init(_: object) -> None:
    """Say so in the log; gunicorn calls this by its name."""
    print(_READY, flush=True)  # noqa: T201  where the output goes


@contextmanager
def gunicorn(setting: Setting, log: Path, *, preload: bool) -> Generator[str]:
    """Serve the site for as long as the block runs.

    Args:
        setting: What the site has to know.
        log: Where the server's output goes.
        preload: Whether the application is made before the workers are forked.

    Yields:
        The address, without a slash at its end.
    """
    # Bound here, so that nobody else can take the port.
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listening:
        base = f"http://127.0.0.1:{listening.getsockname()[1]}"
        command = [
            sys.executable, "-m", "gunicorn", "--bind", f"fd://{listening.fileno()}",
            "--workers", str(PROCESSES), "--threads", str(THREADS), "--worker-class", "gthread",
            "--no-control-socket", "--graceful-timeout", "2", "--config", f"python:{__name__}",
            # So that no worker takes more than its share.
            "--worker-connections", str(2 * THREADS),
            *(["--preload"] if preload else []), "tests.fleet.site:create_app()",
        ]  # fmt: skip
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=_ROOT,
                env={**os.environ, **setting.environment()},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=[listening.fileno()],
                start_new_session=True,
            )
        try:
            _wait(process, log)
            yield base
        finally:
            stop(process)


def _wait(process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until every worker runs."""
    ends = time.monotonic() + _SECONDS
    while (said := log.read_text("utf-8", "replace")).count(_READY) < PROCESSES:
        if process.poll() is not None or time.monotonic() > ends:
            raise RuntimeError(f"gunicorn does not start; its log:\n{said}")
        time.sleep(0.05)


def browser() -> urllib3.PoolManager:
    """What asks it: connections are not kept, so that any worker may answer."""
    return urllib3.PoolManager(
        retries=False, timeout=_SECONDS, headers={"Connection": "close"}, maxsize=64
    )
