"""The plugin in a project of somebody else's, installed from the wheel into a clean environment."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.real_servers.requirement import lacking

_ROOT = Path(__file__).parents[2]
_APP = """
from flask import Flask, url_for
from typedoauth.flask import OAuth

oauth = OAuth()
github = oauth.register(
    "github",
    access_token_url="https://github.com/login/oauth/access_token",
    authorize_url="https://github.com/login/oauth/authorize",
    api_base_url="https://api.github.com/",
)


def create_app():
    app = Flask(__name__)
    app.config.from_mapping(SECRET_KEY="x", GITHUB_CLIENT_ID="x", GITHUB_CLIENT_SECRET="y")
    oauth.init_app(app)

    @app.get("/login")
    def login():
        return github.authorize_redirect(url_for("authorize", _external=True))

    @app.get("/authorize")
    def authorize():
        github.authorize_access_token()
        return "Hello, " + github.get("user").json()["login"]

    return app
"""
_TESTS = """
from shop import create_app


def test_login(oauth_provider):
    oauth_provider.stand_in(app := create_app())
    oauth_provider.login_as("user-1", email="ada@example.com")
    oauth_provider.add_resource("https://api.github.com/user", {"login": "ada"})
    page = app.test_client().get("/login", follow_redirects=True)
    assert page.text == "Hello, ada"


def test_fixtures(
    oauth_clock, oauth_transport, oauth_provider, assert_no_secret_logged, assert_one_refresh
):
    assert oauth_provider.clock is oauth_clock
    assert_no_secret_logged()


def test_pages_are_in_the_wheel():
    from typedoauth.testing.desk import DeskProvider
    from werkzeug.test import Client

    assert "What goes wrong" in Client(DeskProvider()).get("/").text
"""


def _run(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    # Nothing of this checkout may be found but by having been installed.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=300
    )


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """The Python of a clean environment that has the wheel and pytest; skips without an index."""
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
    python = tmp_path / "environment" / "bin" / "python"
    _run(sys.executable, "-m", "venv", "--without-pip", str(python.parents[1]), cwd=tmp_path)
    built = _run(*pip, "wheel", "--no-deps", "--wheel-dir", "dist", str(_ROOT), cwd=tmp_path)
    wheels = [str(path) for path in (tmp_path / "dist").glob("*.whl")]
    installed = _run(*pip, "--python", str(python), "install", *wheels, "pytest", cwd=tmp_path)
    for done in (built, installed):
        if done.returncode and "No matching distribution" in done.stderr:
            lacking("A package index", "pip has to find hatchling, pytest and what the wheel needs")
        assert done.returncode == 0, done.stderr
    return python


def test_plugin_works_in_another_project(environment: Path, tmp_path: Path) -> None:
    """Pytest finds the fixtures by itself, and a login takes five lines there too."""
    project = tmp_path / "project"
    project.mkdir()
    (project / "shop.py").write_text(_APP, "utf-8")
    (project / "test_shop.py").write_text(_TESTS, "utf-8")
    result = _run(str(environment), "-m", "pytest", "-W", "error", cwd=project)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "3 passed" in result.stdout
    assert "plugins: typedoauth-" in result.stdout
