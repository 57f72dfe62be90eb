"""The matrix: every Python, with the newest and the oldest versions of everything; and the docs.

``make matrix`` runs all of it. ``nox --list`` shows the sessions, ``nox -s "tests-3.12(lowest)"``
runs one. Interpreters are looked for in PATH.
"""

from __future__ import annotations

from pathlib import Path

import nox

nox.needs_version = ">=2025.5.1"
nox.options.default_venv_backend = "uv"
nox.options.download_python = "never"
nox.options.error_on_missing_interpreters = True

PYTHONS = nox.project.python_versions(nox.project.load_toml("pyproject.toml"))

# Nothing of these asks how a real server or a fleet behaves, which depends on no version here.
FOLDERS = [
    f"tests/{name}"
    for name in (
        *("values", "oauth1", "oauth2", "oidc", "transports", "stores"),
        *("client", "flask", "providers", "testing", "security", "packaging"),
    )
]


@nox.session(python=PYTHONS)
@nox.parametrize("versions", ["newest", "lowest"], ids=["newest", "lowest"])
def tests(session: nox.Session, versions: str) -> None:
    """Run the tests of the package and of its distributions."""
    forced = lowest(session) if versions == "lowest" else []
    session.install("-e", ".", "--group", "test", *forced)
    session.run("python", "-m", "pytest", "-q", *(session.posargs or FOLDERS))


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation; a link that leads nowhere fails."""
    session.install("-e", ".", "--group", "docs")
    session.run("sphinx-build", "-W", "--keep-going", "docs", f"{session.create_tmp()}/docs")


def lowest(session: nox.Session) -> list[str]:
    """Find the oldest versions that pyproject.toml allows, and that Flask does.

    What the package needs comes first: an extra, or a peer in the tests, that asks for a
    newer one does not get it. What an extra needs in turn is as new as can be: the oldest
    that it names are from before these Pythons.

    Returns:
        The options that force them.
    """
    folder = Path(session.create_tmp())
    package, beside = folder / "package.txt", folder / "beside.txt"
    compile_ = ["uv", "pip", "compile", "pyproject.toml", "--quiet", "--only-binary=:all:"]
    compile_ += ["--python", session.virtualenv.location]
    session.run(*compile_, "--resolution=lowest", f"--output-file={package}")
    session.run(
        *(*compile_, "--resolution=lowest-direct", f"--output-file={beside}"),
        *("--all-extras", "--group=beside", f"--override={package}"),
    )
    return ["--override", str(beside)]
