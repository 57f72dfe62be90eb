"""``flask typedoauth tokens revoke``: ended at the service, then deleted; or told, and kept."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
from typing_extensions import override

from tests.flask.test_cli import OLD, TOKEN, run
from tests.flask.test_token_store import Site
from typedoauth import (
    InvalidGrantError,
    OAuth2Token,
    Request,
    Response,
    StoreError,
    TokenKey,
    TransportError,
)
from typedoauth.flask import OAuth
from typedoauth.flask.kept_tokens import token_stores
from typedoauth.flask.revoking import Revocation, revoke
from typedoauth.stores import MemoryTokenStore
from typedoauth.tokens import AnyToken

ADA = TokenKey("two", "ada")


def _logged_in(site: Site, key: TokenKey = ADA) -> OAuth2Token:
    """A token that the provider honours, in the store."""
    token = site.two.fetch_access_token(username="ada", password="pw")
    site.store.set(key, token)
    return token


def _is_good(site: Site, token: OAuth2Token) -> bool:
    with site.app.app_context():
        return site.two.get("me", token=token).ok


def test_token_is_ended_at_its_service() -> None:
    """Neither it nor its refresh token is good any more, and it is gone."""
    site = Site()
    token = _logged_in(site)
    assert _is_good(site, token)
    result = run(site.app, "tokens revoke ada --client two --yes")
    assert (result.exit_code, result.stdout) == (0, "revoked  two ada\n")
    assert site.store.get(ADA) is None
    with site.app.app_context(), pytest.raises(InvalidGrantError):
        site.two.refresh_token(token)
    assert not _is_good(site, token)


def test_token_without_a_refresh_token_is_ended() -> None:
    """Its access token is what is revoked."""
    site = Site()
    token = _logged_in(site)
    site.store.set(ADA, {**token, "refresh_token": None})
    assert run(site.app, "tokens revoke ada --client two --yes").exit_code == 0
    assert not _is_good(site, token)


@pytest.mark.parametrize(
    ("options", "gone"),
    [
        ("--all-clients --force", {"two", "work", "acme", "one"}),
        ("--client two", {"two", "work", "acme"}),
        ("--client two --account work", {"work"}),
        ("--client two --tenant acme --force", {"acme"}),
    ],
)
def test_what_is_said_is_revoked(options: str, gone: set[str]) -> None:
    """Every account of a client, unless one is named; nobody else's."""
    site = Site(client_store=Tenants())
    keys = {
        "two": ADA,
        "work": TokenKey("two", "ada", "work"),
        "acme": TokenKey("two", "ada", tenant="acme"),
        "bob": TokenKey("two", "bob"),
    }
    for key in keys.values():
        _logged_in(site, key)
    keys["one"] = TokenKey("one", "ada")
    site.store.set(keys["one"], OLD)
    assert run(site.app, f"tokens revoke ada {options} --yes").exit_code == 0
    assert {name for name, key in keys.items() if site.store.get(key) is None} == gone


@dataclass
class Tenants:
    """A client store with the client ``two`` of the tenant ``acme``."""

    def get(self, name: str, tenant: str | None, /) -> dict[str, object] | None:
        """Return its registration."""
        if (name, tenant) != ("two", "acme"):
            return None
        return {
            "client_id": "client",
            "client_secret": "secret",
            "access_token_url": "http://localhost/oauth2/token",
            "revocation_endpoint": "http://localhost/oauth2/revoke",
        }


@pytest.mark.parametrize("yes", ["", " --yes"])
@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("", "say --client NAME, or --all-clients"),
        ("--client two --all-clients", "--client NAME and --all-clients exclude each other"),
    ],
)
def test_one_client_or_all(options: str, said: str, yes: str) -> None:
    """One of the two is said, so that nothing is left to guess; before ``--yes`` is missed."""
    site = Site()
    _logged_in(site)
    result = run(site.app, f"tokens revoke ada {options}{yes}")
    assert result.exit_code == 2
    assert said in result.stderr
    assert site.store.get(ADA) is not None


@pytest.mark.parametrize("options", ["--client three", "--client two --account work"])
def test_nothing_to_revoke(options: str) -> None:
    """Exit code 1."""
    site = Site()
    _logged_in(site)
    result = run(site.app, f"tokens revoke ada {options} --yes")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "no such token of ada is kept\n"


class Silent:
    """A transport that gets no answer."""

    def send(self, _: Request, /) -> Response:
        """Fail."""
        raise TransportError("no answer came")


def _troubled() -> tuple[Site, dict[str, str]]:
    """A site with a token of each kind that cannot be revoked, and why."""
    site = Site()
    silent = OAuth(site.app, transport=Silent(), token_store=site.store)
    url = "http://localhost/oauth2/token"
    silent.register("down", client_id="c", access_token_url=url, revocation_endpoint=url)
    for name in ("mute", "mixed"):
        site.oauth.register(name, client_id="c", access_token_url=url)
    nowhere = "http://localhost/nowhere"
    site.oauth.register("wrong", client_id="c", access_token_url=url, revocation_endpoint=nowhere)
    why = {
        "down": "no answer came",
        "gone": "no client 'gone' is registered any more",
        "mixed": "an OAuth 2.0 token needs access_token",
        "mute": "client 'mute' has no revocation_endpoint",
        "one": "OAuth 1.0 has no way to revoke a token",
        "wrong": "404",
    }
    tokens: dict[str, AnyToken] = {"one": OLD, "mixed": OLD}
    for name in why:
        site.store.set(TokenKey(name, "ada"), tokens.get(name, TOKEN))
    return site, why


def test_what_cannot_be_revoked_is_kept() -> None:
    """Each is told with its reason; what can be revoked is, and the exit code is 3."""
    site, why = _troubled()
    _logged_in(site)
    result = run(site.app, "tokens revoke ada --all-clients --yes --json")
    told = {line["client"]: line for line in map(json.loads, result.stdout.splitlines())}
    assert result.exit_code == 3
    assert told.pop("two") == {
        "client": "two",
        "owner": "ada",
        "account": None,
        "tenant": None,
        "outcome": "revoked",
        "reason": None,
    }
    assert {name: line["outcome"] for name, line in told.items()} == dict.fromkeys(why, "kept")
    for name, reason in why.items():
        assert reason in told[name]["reason"]
    assert {one.key.client for one in site.store.summaries()} == why.keys()


def test_what_cannot_be_revoked_is_deleted_by_force() -> None:
    """And told all the same."""
    site, why = _troubled()
    result = run(site.app, "tokens revoke ada --all-clients --yes --force")
    assert (result.exit_code, result.stderr) == (0, "")
    for line, name in zip(sorted(result.stdout.splitlines()), sorted(why), strict=True):
        assert line.startswith(f"deleted  {name} ada: ")
        assert why[name] in line
    assert list(site.store.summaries()) == []


def test_token_that_cannot_be_read_is_kept() -> None:
    """Its key may be lost for the moment only."""

    class Sealed(MemoryTokenStore):
        @override
        def get(self, key: TokenKey, /) -> AnyToken | None:
            raise StoreError("no key '2026'")

    store = Sealed()
    store.set(ADA, TOKEN)
    result = run(Site(token_store=store).app, "tokens revoke ada --client two --yes")
    assert (result.exit_code, result.stdout) == (3, "kept     two ada: no key '2026'\n")
    assert [one.key for one in store.summaries()] == [ADA]


def test_token_that_is_being_renewed_is_kept() -> None:
    """Another process is about to have a new one, which nobody would have revoked."""
    site = Site()
    token = _logged_in(site)
    assert site.store.acquire(ADA, "another process", 30)
    command = "tokens revoke ada --client two --yes"
    result = run(site.app, command)
    assert result.exit_code == 3
    assert "being renewed at this moment; run this again" in result.stdout
    assert _is_good(site, token)
    site.store.release(ADA, "another process")
    assert run(site.app, command).exit_code == 0


def test_token_that_was_kept_can_be_renewed() -> None:
    """The lease that was taken for revoking it has ended."""
    site, _ = _troubled()
    run(site.app, "tokens revoke ada --client wrong --yes")
    assert site.store.acquire(TokenKey("wrong", "ada"), "the application", 30)


def test_token_that_is_gone_meanwhile_is_no_failure() -> None:
    """Its user may log out while the question is on the screen."""
    site = Site()
    with site.app.app_context():
        (kept,) = token_stores()
        assert revoke(kept, ADA, force=False) is None
        _logged_in(site)
        assert revoke(kept, ADA, force=False) == Revocation(ADA, "revoked")


def test_client_is_that_of_the_store() -> None:
    """Where two registries have a client of one name, each revokes its own tokens.

    To a service that does not know a token it is revoked: the wrong one would say so.
    """
    site, other = Site(), Site()
    second = OAuth(site.app, transport=Silent(), token_store=MemoryTokenStore())
    second.register("two", client_id="x", revocation_endpoint="http://localhost/x")
    third_store = MemoryTokenStore()
    OAuth(other.app, token_store=third_store)
    token = _logged_in(site)
    assert run(site.app, "tokens revoke ada --client two --yes").exit_code == 0
    assert not _is_good(site, token)
    third_store.set(ADA, TOKEN)
    result = run(other.app, "tokens revoke ada --client two --yes")
    assert "no client 'two' is registered any more" in result.stdout
