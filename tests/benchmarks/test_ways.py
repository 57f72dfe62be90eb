"""Every way that is measured gives the right answer: each benchmark looks before it measures."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import calls, id_token, logins, provider, refreshes, signing, startup, stores
from benchmarks.serving import serving
from typedoauth.testing import LocalProvider


@pytest.mark.parametrize("size", signing.SIZES)
@pytest.mark.parametrize("method", signing.METHODS)
def test_every_way_signs(method: str, size: int) -> None:
    """Ours, the peers' and the hand-written way make a signature that verifies."""
    assert len(signing.works(method, size)) >= len(signing.ALL)


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")  # the name that providers use
@pytest.mark.parametrize("heading", id_token.cases())
def test_every_way_validates(heading: str) -> None:
    """They give the claims of a right ID Token and refuse a wrong one."""
    names = [work.name for work in id_token.checked(id_token.cases()[heading])]
    assert names[2:] == list(id_token.ALL)


def test_every_way_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    """The service gets the token, or a signature that verifies; the peers open a connection."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    with calls.cases() as cases:
        for case in cases.values():
            found, opened = calls.checked(case)
            assert list(found) == list(calls.ALL)
            assert {name for name, each in opened.items() if each} == {
                "Authlib",
                "requests-oauthlib",
            }


def test_one_refresh_for_sixteen_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """And sixteen of each peer, of which one is not refused."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    found = {name: refreshes.renewed(name, make) for name, make in refreshes.ALL.items()}
    assert {name: one.asked for name, one in found.items()} == {
        "typedoauth": 1,
        "Authlib": 16,
        "requests-oauthlib": 16,
    }
    assert found["typedoauth"].answered == 16


def test_every_way_logs_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Redirect, PKCE, token request and token are right; the token endpoint here or elsewhere."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "")  # taken back afterwards
    apps = logins.checked()
    for work in logins.views(apps):
        work.run()
    with serving() as service:
        assert logins.over_http(f"{service}/code").keys() == apps.keys()


def test_every_protocol_logs_in_in_a_test() -> None:
    """In process, with the local provider."""
    assert len(provider.works(LocalProvider())) == 3


@pytest.mark.filterwarnings("ignore:The 'session' cookie is too large")  # Authlib's
def test_cookies_are_as_small_as_they_are_to_be() -> None:
    """Bytes are no time: they are the same everywhere."""
    rows = logins.cookie_rows(logins.checked())
    assert [row.what for row in rows if not row.reached] == []
    assert rows[-1].ours >= 4


def test_every_way_finds_a_client() -> None:
    """The registry, a dict and the peer."""
    assert {"oauth.<name>", "create_client"} <= {work.name for work in startup.lookups()}


@pytest.mark.parametrize("name", startup.IMPORTS)
def test_every_package_starts(name: str, tmp_path: Path) -> None:
    """It gets to the first redirect."""
    _, modules = startup.process(startup.IMPORTS[name] + startup.REDIRECT, str(tmp_path))
    assert modules > 0


def test_clients_take_memory() -> None:
    """They are all there."""
    assert startup.clients(10) > 0


def test_stores_are_measured() -> None:
    """A row for SQLite at least, and one for the memory."""
    report = stores.run(0.001, 1, rows=20)
    assert {"SQLite get", "SQLite set", "memory get"} <= set(report.cases)
