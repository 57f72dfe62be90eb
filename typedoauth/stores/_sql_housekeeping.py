"""Long work on the tokens of a database, a page at a time, which others do not wait for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Executable, Table

from typedoauth.errors import StoreError
from typedoauth.protocols import Sealing
from typedoauth.stores._documents import (
    UNKNOWN_KEY,
    is_current,
    key_id_of,
    reencode,
    unopened,
)
from typedoauth.stores._keys import columns_of, key_of
from typedoauth.stores._sql_database import Database, Row
from typedoauth.stores._sql_statements import KEY, PAGE, TokenStatements, summaries_statement
from typedoauth.tokens import TokenKey, TokenSummary

Where = dict[str, Any]  # any: parameters of a statement


def where(database: Database, key: TokenKey) -> Where:
    """The parameters that find a token.

    Raises:
        StoreError: No token can be kept under this key.
    """
    owner, client, account, tenant = columns_of(key)
    if database.kind == "mysql":
        return {
            "p_owner": owner.encode(),
            "p_client": client.encode(),
            "p_account": account.encode(),
            "p_tenant": tenant.encode(),
        }
    return {"p_owner": owner, "p_client": client, "p_account": account, "p_tenant": tenant}


def summaries(
    database: Database, table: Table, owner: str | None, client: str | None
) -> Iterator[TokenSummary]:
    """What can be told of tokens, in the order of their keys."""
    statement = summaries_statement(table, owner=owner is not None, client=client is not None)
    parameters: Where = {}
    first = database.text("")
    if owner is not None:
        parameters["p_this_owner"] = first = database.text(owner)
    if client is not None:
        parameters["p_this_client"] = database.text(client)
    for page in _pages(database, statement, parameters, first):
        for row in page:
            expires_at, refreshable, updated_at = row[4:]
            yield TokenSummary(key_of(*row[:4]), expires_at, bool(refreshable), updated_at)


def purge(database: Database, statements: TokenStatements, before: float) -> int:
    """Forget what is dead, and tell how many there were."""
    gone = 0
    limit = {"p_before": before}
    for page in _pages(database, statements.dead, limit, database.text("")):
        gone += database.many(statements.delete_dead, [_of(database, row) | limit for row in page])
    return gone


def reseal(
    database: Database, statements: TokenStatements, sealing: Sealing | None
) -> Iterator[tuple[int, int]]:
    """Seal anew what is sealed with another key than the first.

    Whoever writes a token meanwhile writes it with the first key, and wins.

    Raises:
        StoreError: At the end, of those that could not be opened.
    """
    stale = {
        "p_key_id": database.text(key_id_of(sealing)),
        "p_unknown": database.text(UNKNOWN_KEY),
    }
    counted = database.one(statements.count_stale, stale)
    there: int = 0 if counted is None else counted[0]
    done = failed = 0
    for page in _pages(database, statements.stale, stale, database.text("")):
        changes: list[Where] = []
        for row in page:
            kept: bytes = row[4]
            key = key_of(*row[:4])
            try:
                anew = kept if is_current(kept, sealing) else reencode(key, kept, sealing)
            except StoreError:
                failed += 1
                continue
            changes.append(
                _of(database, row)
                | {
                    "p_token": anew,
                    "p_key_id": stale["p_key_id"],
                    "p_read": row[5],
                }
            )
        if changes:
            database.many(statements.reseal, changes)
        done += len(page)
        yield done, max(done, there)
    if failed:
        raise unopened(failed)


def _pages(
    database: Database, statement: Executable, parameters: Where, first: str | bytes
) -> Iterator[list[Row]]:
    empty = database.text("")
    after: Where = {"p_owner": first, "p_client": empty, "p_account": empty, "p_tenant": empty}
    while page := list(database.all(statement, parameters | after)):
        yield page
        if len(page) < PAGE:
            return
        after = _of(database, page[-1])


def _of(database: Database, row: Row) -> Where:
    return {f"p_{name}": database.text(row[at]) for at, name in enumerate(KEY)}
