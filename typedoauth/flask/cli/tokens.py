"""``flask typedoauth tokens``: list, show, revoke, delete and purge what is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final, TypeVar

import click

from typedoauth.client.stored_tokens import ask
from typedoauth.flask.cli.commands import (
    KEPT,
    NOTHING,
    Commands,
    ask_first,
    check_yes,
    json_option,
    stop,
    yes_option,
)
from typedoauth.flask.cli.details import Details
from typedoauth.flask.cli.output import HEAD, columns, record, say_json, say_row
from typedoauth.flask.cli.revoking import say_outcome
from typedoauth.flask.kept_tokens import KeptTokens, managed, stream, token_stores
from typedoauth.flask.revoking import revoke
from typedoauth.tokens import TokenKey, TokenSummary

__all__ = ["tokens"]

_DAY: Final = 86_400

_FunctionT = TypeVar("_FunctionT", bound=Callable[..., Any])  # any: a command takes its options

tokens: Final[Commands] = Commands("tokens", help="What the token stores keep of users.")


def _account_options(function: _FunctionT) -> _FunctionT:
    account = click.option("--account", metavar="ACCOUNT", help="Which of several accounts.")
    tenant = click.option("--tenant", metavar="TENANT", help="Which tenant.")
    return account(tenant(function))


@tokens.command("list")
@click.option("--owner", metavar="OWNER", help="Only tokens of this user.")
@click.option("--client", metavar="NAME", help="Only tokens of this client.")
@json_option
def list_tokens(owner: str | None, client: str | None, as_json: bool) -> None:
    """List tokens, without what is secret in them."""
    empty = True
    for kept in token_stores():
        now = kept.now()
        for told in _summaries(kept, owner, client):
            if as_json:
                say_json(record(told))
            else:
                if empty:
                    say_row(HEAD)
                say_row(columns(told, now))
            empty = False
    if empty and not as_json:
        click.echo("no tokens", err=True)


@tokens.command("show")
@click.argument("owner")
@click.option("--client", metavar="NAME", required=True, help="Of which client.")
@_account_options
@json_option
def show(owner: str, client: str, account: str | None, tenant: str | None, as_json: bool) -> None:
    """Tell about one token of OWNER.

    Nothing that is secret: of its members and of OpenID Connect's claims, the names.
    """
    key, found = TokenKey(client, owner, account, tenant), False
    for kept in token_stores():
        token = ask(kept.store, kept.store.get, key)
        if token is None:
            continue
        found = True
        details = Details.of(kept, key, token)
        if as_json:
            details.say_json()
        else:
            details.say(kept.now())
    if not found:
        stop(NOTHING, f"no token is kept under that; see: tokens list --owner {owner}")


@tokens.command("revoke")
@click.argument("owner")
@click.option("--client", metavar="NAME", help="Only tokens of this client.")
@click.option("--all-clients", is_flag=True, help="Those of every client.")
@_account_options
@click.option("--force", is_flag=True, help="Delete also what cannot be revoked.")
@yes_option
@json_option
def revoke_tokens(
    owner: str,
    client: str | None,
    all_clients: bool,
    account: str | None,
    tenant: str | None,
    force: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Revoke tokens of OWNER at their services.

    What is revoked is deleted. What cannot be is kept and told, and the exit code is 3.
    """
    if client is not None and all_clients:
        raise click.UsageError("--client NAME and --all-clients exclude each other; say one")
    if client is None and not all_clients:
        raise click.UsageError("say --client NAME, or --all-clients")
    check_yes(yes)
    todo = _keys(owner, client, account, tenant)
    ask_first(f"Revoke {_count(len(todo))} of {owner}?", yes)
    kept_some = False
    for kept, key in todo:
        outcome = revoke(kept, key, force=force)
        if outcome is not None:
            kept_some = kept_some or outcome.outcome == "kept"
            say_outcome(outcome, as_json=as_json)
    if kept_some:
        stop(KEPT, "what was kept goes on to be good; --force deletes it here all the same")


@tokens.command("delete")
@click.argument("owner")
@click.option("--client", metavar="NAME", help="Only tokens of this client.")
@_account_options
@yes_option
@json_option
def delete(
    owner: str,
    client: str | None,
    account: str | None,
    tenant: str | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Delete tokens of OWNER, without revoking them.

    Without --client, everything that is kept of that user. To their services the tokens
    go on to be good.
    """
    if client is None:
        if account is not None or tenant is not None:
            raise click.UsageError("--account and --tenant need --client NAME")
        check_yes(yes)
        stores = [(kept, managed(kept)) for kept in token_stores()]
        ask_first(f"Delete everything that is kept of {owner}, without revoking it?", yes)
        count = sum(ask(kept.store, store.delete_owner, owner) for kept, store in stores)
    else:
        check_yes(yes)
        todo = _keys(owner, client, account, tenant)
        ask_first(f"Delete {_count(len(todo))} of {owner}, without revoking?", yes)
        for kept, key in todo:
            ask(kept.store, kept.store.delete, key)
        count = len(todo)
    if not count:
        stop(NOTHING, f"nothing is kept of {owner}")
    if as_json:
        say_json({"deleted": count})
    else:
        click.echo(f"{_count(count)} deleted")


@tokens.command("purge")
@click.option(
    "--older-than",
    type=click.IntRange(min=0),
    default=0,
    metavar="DAYS",
    help="Only what has been dead for so long.",
)
@click.option("--dry-run", is_flag=True, help="Only count.")
@json_option
def purge(older_than: int, dry_run: bool, as_json: bool) -> None:
    """Delete tokens that have expired and cannot be renewed."""
    count = 0
    for kept in token_stores():
        store, before = managed(kept), kept.now() - older_than * _DAY
        if dry_run:
            count += sum(_is_dead(told, before) for told in _summaries(kept, None, None))
        else:
            count += ask(kept.store, store.purge, before)
    if as_json:
        say_json({"purged": count, "dry_run": dry_run})
    else:
        click.echo(f"{_count(count)} {'would be ' if dry_run else ''}purged")


def _summaries(kept: KeptTokens, owner: str | None, client: str | None) -> Iterator[TokenSummary]:
    return stream(kept, partial(managed(kept).summaries, owner=owner, client=client))


def _keys(
    owner: str, client: str | None, account: str | None, tenant: str | None
) -> list[tuple[KeptTokens, TokenKey]]:
    found = [
        (kept, told.key)
        for kept in token_stores()
        for told in _summaries(kept, owner, client)
        if account in (None, told.key.account) and tenant in (None, told.key.tenant)
    ]
    if not found:
        stop(NOTHING, f"no such token of {owner} is kept")
    return found


def _is_dead(told: TokenSummary, before: float) -> bool:
    return told.expires_at is not None and told.expires_at < before and not told.refreshable


def _count(number: int) -> str:
    return f"{number} token{'' if number == 1 else 's'}"
