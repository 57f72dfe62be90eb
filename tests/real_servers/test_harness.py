"""The harness itself: what is missing is said, and nothing is left running."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.real_servers import nodejs, process
from tests.real_servers.process import running
from tests.real_servers.requirement import lacking

# Starts a process of its own, and tells both numbers when it is ready.
_PARENT = """
import json, os, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(json.dumps({"parent": str(os.getpid()), "child": str(child.pid)}), flush=True)
child.wait()
"""


def _runs(number: str) -> bool:
    """Whether a process is there and no zombie that its new parent has yet to bury."""
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


@pytest.mark.parametrize("value", ["", "0", "false"])
def test_lacking_service_skips_on_a_machine_of_ones_own(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    """Without ``CI`` the test is skipped, in words that help."""
    monkeypatch.setenv("CI", value)
    with pytest.raises(pytest.skip.Exception, match="Redis is missing: start it"):
        lacking("Redis", "start it")


def test_lacking_service_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    """With ``CI`` it fails: a run that proves nothing must not look green."""
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="Redis is missing: start it"):
        lacking("Redis", "start it")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_nothing_runs_after_the_server_is_stopped(tmp_path: Path) -> None:
    """The server goes, and so does what it started."""
    with running("parent", [sys.executable, "-c", _PARENT], tmp_path / "log") as server:
        numbers = server.ready["parent"], server.ready["child"]
        assert [_runs(number) for number in numbers] == [True, True]
    deadline = time.monotonic() + 10
    while any(_runs(number) for number in numbers) and time.monotonic() < deadline:
        time.sleep(0.01)  # a killed process takes a moment to be gone
    assert [_runs(number) for number in numbers] == [False, False]


@pytest.mark.parametrize("words", ["", "print()", "print('hello')"])
def test_server_that_does_not_start_shows_its_log(tmp_path: Path, words: str) -> None:
    """A server that ends, or says something else, is an error that quotes its log, at once."""
    script = f"import sys; print('it broke', file=sys.stderr, flush=True); {words}"
    command = [sys.executable, "-c", script]
    with pytest.raises(RuntimeError, match="it broke"), running("b", command, tmp_path / "log"):
        pass


def test_silent_server_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that never says it is ready does not hold the tests up."""
    monkeypatch.setattr(process, "STARTUP_SECONDS", 0.2)
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    with pytest.raises(RuntimeError, match="did not say"), running("s", command, tmp_path / "l"):
        pass


@pytest.mark.parametrize("name", ["authlib_oauth1_server", "authlib_oauth2_server"])
def test_server_ends_with_whoever_started_it(name: str) -> None:
    """Also a test run that is killed leaves no server: its end of the pipe is closed."""
    command = [sys.executable, "-m", f"tests.real_servers.{name}"]
    root = Path(__file__).parents[2]
    answer = subprocess.run(command, cwd=root, input=b"", capture_output=True, timeout=60)
    assert answer.returncode == 0, answer.stderr


@pytest.mark.usefixtures("oidc_provider")  # has installed what it needs
def test_oidc_provider_ends_with_whoever_started_it() -> None:
    """The same holds for Node."""
    settings = b'{"clients": [], "people": [], "scopes": []}\n'
    command = [str(nodejs.node()), str(nodejs.FOLDER / "server.mjs")]
    answer = subprocess.run(command, input=settings, capture_output=True, timeout=60)
    assert answer.returncode == 0, answer.stderr
