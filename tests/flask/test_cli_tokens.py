"""``flask typedoauth tokens``: what is kept is listed, shown, deleted and purged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typing_extensions import override

from tests.flask.test_cli import OLD, TOKEN, filled, run
from tests.flask.test_token_store import Site
from typedoauth import OAuth2Token, TokenKey
from typedoauth.flask.cli.output import iso, relative
from typedoauth.stores import AESGCMSealing, MemoryTokenStore, SQLTokenStore, TokenSummary

EXPIRED: OAuth2Token = {"access_token": "SECRET", "expires_at": 1}


class Many(MemoryTokenStore):
    """Tells of a thousand tokens one at a time, and then fails."""

    @override
    def summaries(
        self, *, owner: str | None = None, client: str | None = None
    ) -> Iterator[TokenSummary]:
        for number in range(1000):
            yield TokenSummary(TokenKey("two", str(number)), None, False, 0)
        raise OSError("down")


def _keys(site: Site) -> list[TokenKey]:
    return [told.key for told in site.store.summaries()]


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (None, "-"),
        (1000, "now"),
        (1000.9, "now"),
        (1001, "in 1 s"),
        (1000 + 59, "in 59 s"),
        (1000 + 60, "in 1 min"),
        (1000 + 12 * 60, "in 12 min"),
        (1000 + 3600, "in 1 h"),
        (1000 + 86_400, "in 1 day"),
        (1000 + 3 * 86_400, "in 3 days"),
        (1, "16 min ago"),
        (1000 - 3 * 86_400, "3 days ago"),
        (2**62, "in 53375995583650 days"),
    ],
)
def test_moments_are_told_as_a_person_would(moment: float | None, text: str) -> None:
    """In the largest unit of which there is one, rounded down."""
    assert relative(moment, 1000) == text


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (None, None),
        (0, "1970-01-01T00:00:00Z"),
        (1_800_000_000.7, "2027-01-15T08:00:00Z"),
        (2**62, "9999-12-31T23:59:59Z"),
        (-(2**62), "0001-01-01T00:00:00Z"),
    ],
)
def test_moments_are_written_for_programs(moment: float | None, text: str | None) -> None:
    """In UTC; a service may say anything, and it is a date all the same."""
    assert iso(moment) == text


def test_list_is_a_table() -> None:
    """A row for each token; what does not fit makes its row longer."""
    site = filled()
    now = int(site.clock.now)
    site.store.set(TokenKey("two", "ada"), {**TOKEN, "expires_at": now + 720})
    site.store.set(TokenKey("two", "b" * 30, "work", "acme"), {**EXPIRED, "expires_at": now - 60})
    site.clock.now += 1
    lines = run(site.app, "tokens list").stdout.splitlines()
    assert lines == [
        "CLIENT          OWNER                 ACCOUNT     TENANT      EXPIRES       REFRESHABLE"
        "  UPDATED",
        "one             ada                   -           -           -             no         "
        "  1 s ago",
        "two             ada                   -           -           in 11 min     yes        "
        "  1 s ago",
        f"two             {'b' * 30}  work        acme        1 min ago     no           1 s ago",
    ]


def test_list_for_programs() -> None:
    """An object a line, as they are read; the members are always the same."""
    site = filled()
    site.store.set(TokenKey("two", "bob", "work", "acme"), {**EXPIRED, "expires_at": 60})
    told = [json.loads(line) for line in run(site.app, "tokens list --json").stdout.splitlines()]
    updated = iso(site.clock.now)
    assert told[2] == {
        "client": "two",
        "owner": "bob",
        "account": "work",
        "tenant": "acme",
        "expires_at": "1970-01-01T00:01:00Z",
        "refreshable": False,
        "updated_at": updated,
    }
    assert told[0]["expires_at"] is None
    assert told[0].keys() == told[2].keys()


@pytest.mark.parametrize(
    ("options", "count"),
    [
        ("", 3),
        ("--owner ada", 2),
        ("--client two", 2),
        ("--owner bob --client two", 1),
        ("--owner eve", 0),
    ],
)
def test_list_is_narrowed(options: str, count: int) -> None:
    """By owner, by client, by both; none is an answer, too."""
    site = filled()
    site.store.set(TokenKey("two", "bob"), TOKEN)
    result = run(site.app, f"tokens list --json {options}")
    assert (result.exit_code, len(result.stdout.splitlines())) == (0, count)
    told = run(site.app, f"tokens list {options}")
    assert (told.stderr == "no tokens\n") is (count == 0)


@pytest.mark.parametrize(("option", "head"), [("", 1), ("--json", 0)])
def test_list_is_printed_as_it_is_read(option: str, head: int) -> None:
    """What was read before the store failed is there, so no list of all was waited for."""
    result = run(Site(token_store=Many()).app, f"tokens list {option}")
    assert result.exit_code == 5
    assert len(result.stdout.splitlines()) == 1000 + head


def test_show_tells_names_only() -> None:
    """Of what the token holds, and of the claims."""
    site = filled()
    site.store.set(TokenKey("two", "ada"), {**TOKEN, "expires_at": int(site.clock.now) + 3600})
    site.clock.now += 60
    result = run(site.app, "tokens show ada --client two")
    now = site.clock.now
    assert result.stdout.splitlines() == [
        "client       two",
        "owner        ada",
        "account      -",
        "tenant       -",
        f"expires      in 59 min ({iso(now + 3540)})",
        "refreshable  yes",
        f"updated      1 min ago ({iso(now - 60)})",
        "token type   Bearer",
        "scope        profile mail",
        "members      access_token, expires_at, id_token, refresh_token, scope, token_type, "
        "userinfo",
        "claims       aud, exp, iat, iss, sub",
    ]


def test_show_for_programs() -> None:
    """The same in one object; of OAuth 1.0 there is less to tell."""
    site = filled()
    result = run(site.app, "tokens show ada --client one --json")
    assert json.loads(result.stdout) == {
        "client": "one",
        "owner": "ada",
        "account": None,
        "tenant": None,
        "expires_at": None,
        "refreshable": False,
        "updated_at": iso(site.clock.now),
        "token_type": None,
        "scope": None,
        "members": ["oauth_token", "oauth_token_secret"],
        "claims": [],
    }


def test_show_does_not_renew() -> None:
    """It tells what is kept: an expired token stays so."""
    site = filled()
    site.store.set(TokenKey("two", "ada"), {**TOKEN, "expires_at": 1})
    assert "days ago (1970" in run(site.app, "tokens show ada --client two").stdout
    assert site.provider.counts["refresh_token"] == 0


@pytest.mark.parametrize(
    "options", ["--client two --account work", "--client two --tenant acme", "--client three"]
)
def test_show_of_nothing(options: str) -> None:
    """Exit code 1, and where to look."""
    result = run(filled().app, f"tokens show ada {options}")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "tokens list --owner ada" in result.stderr


def test_show_of_one_account() -> None:
    """The whole key counts."""
    site = filled()
    site.clock.now += 60
    site.store.set(TokenKey("two", "ada", "work", "acme"), EXPIRED)
    command = "tokens show ada --client two --account work --tenant acme --json"
    told = json.loads(run(site.app, command).stdout)
    assert told["members"] == ["access_token", "expires_at"]
    assert told["updated_at"] == iso(site.clock.now)


def test_show_of_a_strange_token() -> None:
    """Whatever wrote it: an expiry that is none is not told, and values of other kinds neither."""
    site = filled()
    strange = {"access_token": "SECRET", "expires_at": "soon", "scope": ["SECRET"], "userinfo": 1}
    site.store.set(TokenKey("two", "ada"), strange)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] strange
    shown = run(site.app, "tokens show ada --client two")
    assert shown.exit_code == 0
    assert "SECRET" not in shown.output
    assert "expires      -\n" in shown.output


@pytest.mark.parametrize(
    ("options", "left"),
    [
        ("ada", [TokenKey("two", "bob")]),
        ("bob", [TokenKey("two", "ada"), TokenKey("one", "ada"), TokenKey("two", "ada", "work")]),
        ("ada --client two", [TokenKey("one", "ada"), TokenKey("two", "bob")]),
        (
            "ada --client two --account work",
            [TokenKey("two", "ada"), TokenKey("one", "ada"), TokenKey("two", "bob")],
        ),
    ],
)
def test_delete_forgets_what_it_says(options: str, left: list[TokenKey]) -> None:
    """Everything of one owner, of one client, or one account; of nobody else."""
    site = filled()
    site.store.set(TokenKey("two", "bob"), TOKEN)
    site.store.set(TokenKey("two", "ada", "work"), TOKEN)
    result = run(site.app, f"tokens delete {options} --yes --json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"deleted": 4 - len(left)}
    assert sorted(_keys(site), key=str) == sorted(left, key=str)


def test_delete_of_an_owner_is_one_call() -> None:
    """The store does it, at once."""
    asked: list[str] = []

    class Store(MemoryTokenStore):
        @override
        def delete_owner(self, owner: str, /) -> int:
            asked.append(owner)
            return super().delete_owner(owner)

        @override
        def delete(self, key: TokenKey, /) -> None:
            raise AssertionError

    store = Store()
    store.set(TokenKey("two", "ada"), TOKEN)
    result = run(Site(token_store=store).app, "tokens delete ada --yes")
    assert (result.stdout, asked) == ("1 token deleted\n", ["ada"])


@pytest.mark.parametrize("options", ["eve", "eve --client two", "ada --client three"])
def test_delete_of_nothing(options: str) -> None:
    """Exit code 1."""
    result = run(filled().app, f"tokens delete {options} --yes")
    assert (result.exit_code, result.stdout) == (1, "")


def test_delete_of_an_account_of_no_client() -> None:
    """It would delete more than was meant."""
    site = filled()
    result = run(site.app, "tokens delete ada --account work --yes")
    assert (result.exit_code, len(_keys(site))) == (2, 2)


@pytest.mark.parametrize(
    ("options", "count"), [("", 2), ("--older-than 0", 2), ("--older-than 7", 1)]
)
def test_purge_forgets_what_is_dead(options: str, count: int) -> None:
    """What expired so long ago, and cannot be renewed; and a dry run counts the same."""
    site = filled()
    for days in (1, 10):
        dead = int(site.clock.now) - days * 86_400
        site.store.set(TokenKey("two", f"dead {days}"), {**EXPIRED, "expires_at": dead})
        site.store.set(TokenKey("two", f"refreshable {days}"), {**TOKEN, "expires_at": dead})
    dry = run(site.app, f"tokens purge --dry-run --json {options}")
    assert json.loads(dry.stdout) == {"purged": count, "dry_run": True}
    assert len(_keys(site)) == 6
    wet = run(site.app, f"tokens purge --json {options}")
    assert json.loads(wet.stdout) == {"purged": count, "dry_run": False}
    assert len(_keys(site)) == 6 - count


def test_purge_in_words() -> None:
    """Nothing to purge is a success."""
    site = filled()
    site.store.set(TokenKey("two", "eve"), EXPIRED)
    said = [run(site.app, f"tokens purge {option}") for option in ("--dry-run", "", "")]
    assert [one.stdout for one in said] == [
        "1 token would be purged\n",
        "1 token purged\n",
        "0 tokens purged\n",
    ]
    assert [one.exit_code for one in said] == [0, 0, 0]
    assert site.store.get(TokenKey("one", "ada")) == OLD


def test_database_is_no_different(tmp_path: Path) -> None:
    """Every command, over encrypted tokens in SQLite."""
    sealing = AESGCMSealing({"1": b"k" * 32})
    store = SQLTokenStore(f"sqlite:///{tmp_path / 'tokens.db'}", sealing=sealing)
    site = Site(token_store=store)
    good = site.two.fetch_access_token(username="ada", password="pw")
    for owner, token in {"ada": good, "bob": TOKEN, "eve": EXPIRED}.items():
        store.set(TokenKey("two", owner), token)
    commands = (
        ("tokens list --json", 3),
        ("tokens show bob --client two --json", 1),
        ("tokens revoke ada --all-clients --yes --json", 1),
        ("tokens purge --json", 1),
        ("tokens delete bob --yes --json", 1),
        ("tokens list --json", 0),
    )
    for command, lines in commands:
        result = run(site.app, command)
        assert (command, result.exit_code) == (command, 0)
        assert (command, len(result.stdout.splitlines())) == (command, lines)
        assert "SECRET" not in result.output
        assert good["access_token"] not in result.output
    store.close()
