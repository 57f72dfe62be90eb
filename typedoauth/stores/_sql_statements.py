"""Every statement of the SQL stores, built once: one for each step that a store promises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Double,
    Executable,
    Insert,
    Table,
    and_,
    bindparam,
    delete,
    false,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import mysql, postgresql, sqlite

KEY: Final = ("owner", "client", "account", "tenant")
PAGE: Final = 200
"""How many rows are read, or changed in one transaction, at a time."""

# Each the clock of the database, which all its clients share, in seconds since the epoch,
# and none of them moved by a time zone or its summer.
_CLOCKS: Final = {
    "postgresql": "CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS DOUBLE PRECISION)",
    "mysql": "(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) / 1e6)",
    # unixepoch('subsec') is of version 3.42.
    "sqlite": "((julianday('now') - 2440587.5) * 86400.0)",
}


def family(dialect: str) -> str | None:
    """Which of the three ways of speaking a dialect has, or ``None``."""
    name = "mysql" if dialect == "mariadb" else dialect
    return name if name in _CLOCKS else None


def _now(kind: str) -> ColumnElement[float]:
    return literal_column(_CLOCKS[kind], Double)


def _upsert(table: Table, kind: str, values: dict[str, Any]) -> Insert:  # any: columns' values
    """Insert a row, or overwrite what there is under its primary key."""
    keys = [column.name for column in table.primary_key]
    changed = {name: value for name, value in values.items() if name not in keys}
    match kind:
        case "postgresql":
            made = postgresql.insert(table).values(values)
            return made.on_conflict_do_update(index_elements=keys, set_=changed)
        case "sqlite":
            made_too = sqlite.insert(table).values(values)
            return made_too.on_conflict_do_update(index_elements=keys, set_=changed)
        case _:
            return mysql.insert(table).values(values).on_duplicate_key_update(changed)


@dataclass(frozen=True, slots=True)
class TokenStatements:
    """What is done with tokens; parameters are named ``p_`` and their column."""

    get: Executable
    set: Executable
    delete: Executable
    acquire: Executable
    replace: Executable
    release: Executable
    delete_owner: Executable
    dead: Executable
    delete_dead: Executable
    count_stale: Executable
    stale: Executable
    reseal: Executable


def token_statements(table: Table, kind: str) -> TokenStatements:
    """Build the statements for tokens.

    Args:
        table: Their table.
        kind: The family of the database.

    Returns:
        The statements.
    """
    columns, now = table.c, _now(kind)
    key_columns = [columns[name] for name in KEY]
    this = and_(*(column == bindparam(f"p_{column.name}") for column in key_columns))
    keys: dict[str, Any] = {name: bindparam(f"p_{name}") for name in KEY}  # any: as below
    written: dict[str, Any] = {  # any: parameters and expressions
        "token": bindparam("p_token"),
        "version": bindparam("p_version"),
        "expires_at": bindparam("p_expires_at"),
        "refreshable": bindparam("p_refreshable"),
        "updated_at": now,
        "lease_holder": bindparam("p_nobody"),
        "lease_until": 0.0,
        "key_id": bindparam("p_key_id"),
    }
    dead = and_(columns.expires_at < bindparam("p_before"), columns.refreshable == 0)
    stale = or_(columns.key_id != bindparam("p_key_id"), columns.key_id == bindparam("p_unknown"))
    return TokenStatements(
        get=select(columns.token, columns.version).where(this),
        set=_upsert(table, kind, {**keys, **written}),
        delete=delete(table).where(this),
        acquire=update(table)
        .where(this, columns.lease_until <= now)
        .values(
            lease_holder=bindparam("p_holder"),
            lease_until=now + bindparam("p_seconds", type_=Double),
        ),
        # The new version, too: the same statement may have arrived, and its answer not.
        replace=update(table)
        .where(this, columns.version.in_([bindparam("p_read"), bindparam("p_version")]))
        .values(written),
        release=update(table)
        .where(this, columns.lease_holder == bindparam("p_holder"))
        .values(lease_holder=bindparam("p_nobody"), lease_until=0.0),
        delete_owner=delete(table).where(columns.owner == bindparam("p_owner")),
        dead=select(*key_columns)
        .where(dead, _after(key_columns))
        .order_by(*key_columns)
        .limit(PAGE),
        delete_dead=delete(table).where(this, dead),
        count_stale=select(func.count()).select_from(table).where(stale),
        stale=select(*key_columns, columns.token, columns.version)
        .where(stale, _after(key_columns))
        .order_by(*key_columns)
        .limit(PAGE),
        # It stays the same token, so its version stays, and so does a lease on it.
        reseal=update(table)
        .where(this, columns.version == bindparam("p_read"))
        .values(token=bindparam("p_token"), key_id=bindparam("p_key_id")),
    )


def summaries_statement(table: Table, *, owner: bool, client: bool) -> Executable:
    """Build the statement for a page of what can be told of tokens.

    Args:
        table: Their table.
        owner: Whether only of one owner.
        client: Whether only of one client.

    Returns:
        The statement.
    """
    columns = table.c
    key_columns = [columns[name] for name in KEY]
    told = select(*key_columns, columns.expires_at, columns.refreshable, columns.updated_at)
    if owner:
        told = told.where(columns.owner == bindparam("p_this_owner"))
    if client:
        told = told.where(columns.client == bindparam("p_this_client"))
    return told.where(_after(key_columns)).order_by(*key_columns).limit(PAGE)


def _after(columns: list[Any]) -> ColumnElement[bool]:  # any: of columns of any type
    """The rows after a key, in the order of the index.

    Written out, with a lower bound of the first column beside it, since MariaDB does not use
    an index for a comparison of rows.
    """
    later: ColumnElement[bool] = false()
    for column in reversed(columns):
        bound: BindParameter[Any] = bindparam(f"p_{column.name}")  # any: as above
        later = or_(column > bound, and_(column == bound, later))
    return and_(columns[0] >= bindparam(f"p_{columns[0].name}"), later)


@dataclass(frozen=True, slots=True)
class CredentialStatements:
    """What is done with pending authorizations."""

    put: Executable
    take: Executable
    look: Executable
    purge: Executable


def credential_statements(table: Table, kind: str, *, returning: bool) -> CredentialStatements:
    """Build the statements for pending authorizations.

    Args:
        table: Their table.
        kind: The family of the database.
        returning: Whether it can tell what it deletes.

    Returns:
        The statements.
    """
    columns, now = table.c, _now(kind)
    this = columns.digest == bindparam("p_digest")
    told = (columns.content, (columns.expires_at > now).label("alive"))
    take = delete(table).where(this)
    return CredentialStatements(
        put=_upsert(
            table,
            kind,
            {
                "digest": bindparam("p_digest"),
                "content": bindparam("p_content"),
                "expires_at": now + bindparam("p_seconds", type_=Double),
            },
        ),
        take=take.returning(*told) if returning else take,
        look=select(*told).where(this),
        purge=delete(table).where(columns.expires_at <= now),
    )


def version_statements(table: Table) -> tuple[Executable, Executable, Executable]:
    """Build the statements for the versions of the tables: read, forget and write one."""
    this = table.c.name == bindparam("p_name")
    return (
        select(table.c.version).where(this),
        delete(table).where(this),
        insert(table).values(name=bindparam("p_name"), version=bindparam("p_version")),
    )
