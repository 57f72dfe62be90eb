"""Tokens in a database: SQLite, PostgreSQL, MariaDB or MySQL.

SQLAlchemy is imported when a store is made.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from typing_extensions import override

from typedoauth.protocols import Sealing
from typedoauth.stores._documents import (
    checked_sealing,
    decode,
    encode,
    expiry_of,
    is_refreshable,
    key_id_of,
)
from typedoauth.stores._keys import HOLDER_BYTES, checked
from typedoauth.stores._sql_extra import SQLEngine, need_sqlalchemy
from typedoauth.tokens import AnyToken, StoredToken, TokenKey, TokenSummary

if TYPE_CHECKING:
    from typedoauth.stores import _sql_housekeeping
    from typedoauth.stores._sql_database import Database
    from typedoauth.stores._sql_schema import Tables
    from typedoauth.stores._sql_statements import TokenStatements

__all__ = ["SQLEngine", "SQLTokenStore"]

_VERSION_BITS: Final = 62


class SQLTokenStore:
    """Keeps tokens in a database; several processes and machines may share it.

    The tables are made at the first use, and brought up to date, by one process at a
    time. Leases end by the clock of the database.

    Args:
        database: Its URL, or an engine of SQLAlchemy that the application has. A store
            with an engine of its own commits each statement by itself, and waits less.
        sealing: Encrypts the tokens; they are kept as they are when left out.
        create_tables: Whether to make the tables; if not, a migration of the application does.
        prefix: What the names of the tables begin with.

    Raises:
        MissingExtraError: The extra ``sql`` is not installed.
        ConfigurationError: It is no database that the store can use, or *sealing* cannot
            seal.
    """

    __slots__ = (
        "__weakref__",
        "_database",
        "_housekeeping",
        "_key_id",
        "_sealing",
        "_statements",
        "_tables",
    )

    def __init__(
        self,
        database: str | SQLEngine,
        *,
        sealing: Sealing | None = None,
        create_tables: bool = True,
        prefix: str = "typedoauth_",
    ) -> None:
        need_sqlalchemy()
        from typedoauth.stores import _sql_housekeeping
        from typedoauth.stores._sql_database import Database
        from typedoauth.stores._sql_migrations import ensure
        from typedoauth.stores._sql_schema import TOKENS_VERSION, make_tables
        from typedoauth.stores._sql_statements import token_statements

        tables = make_tables(prefix)

        def prepare(database: Database) -> None:
            ensure(database, tables, tables.tokens, TOKENS_VERSION, make=create_tables)

        self._tables: Tables = tables
        self._sealing: Sealing | None = checked_sealing(sealing)
        self._database: Database = Database(database, prepare)
        self._statements: TokenStatements = token_statements(tables.tokens, self._database.kind)
        self._key_id: str | bytes = self._database.text(key_id_of(sealing))
        self._housekeeping = _sql_housekeeping

    @override
    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._database.engine.dialect.name}>"

    def get(self, key: TokenKey, /) -> AnyToken | None:
        """Return the token that is kept under *key*, or ``None``.

        Args:
            key: What it is kept under.

        Returns:
            The token, or ``None``.

        Raises:
            StoreError: The database failed, or the token cannot be opened.
        """
        row = self._database.one(self._statements.get, self._where(key))
        return None if row is None else decode(key, row[0], self._sealing)

    def set(self, key: TokenKey, token: AnyToken, /) -> None:
        """Keep *token* under *key*; a lease on what was there ends.

        Args:
            key: What to keep it under.
            token: The token.

        Raises:
            StoreError: The database failed, or the token cannot be kept.
        """
        self._database.count(self._statements.set, self._written(key, token))

    def delete(self, key: TokenKey, /) -> None:
        """Forget what is kept under *key*, if anything is.

        Args:
            key: What it is kept under.

        Raises:
            StoreError: The database failed.
        """
        self._database.count(self._statements.delete, self._where(key))

    def load(self, key: TokenKey, /) -> StoredToken[AnyToken] | None:
        """Return the token that is kept under *key*, with its version, or ``None``.

        Args:
            key: What it is kept under.

        Returns:
            The token and its version, or ``None``.

        Raises:
            StoreError: The database failed, or the token cannot be opened.
        """
        row = self._database.one(self._statements.get, self._where(key))
        return None if row is None else StoredToken(decode(key, row[0], self._sealing), row[1])

    def acquire(self, key: TokenKey, holder: str, seconds: float, /) -> bool:
        """Take the lease of a token; see :class:`LeasingTokenStore`.

        Args:
            key: What it is kept under.
            holder: Who takes it.
            seconds: When it ends by itself.

        Returns:
            Whether it was taken.

        Raises:
            StoreError: The database failed.
        """
        parameters = self._where(key)
        parameters["p_holder"] = self._holder(holder)
        parameters["p_seconds"] = seconds
        return self._database.count(self._statements.acquire, parameters) == 1

    def replace(self, key: TokenKey, token: AnyToken, version: int, /) -> bool:
        """Write a token for the one that was read; see :class:`LeasingTokenStore`.

        Args:
            key: What it is kept under.
            token: The new token.
            version: The version that was read.

        Returns:
            Whether it was written.

        Raises:
            StoreError: The database failed, or the token cannot be kept.
        """
        parameters = self._written(key, token)
        parameters["p_read"] = version
        return self._database.count(self._statements.replace, parameters) == 1

    def release(self, key: TokenKey, holder: str, /) -> None:
        """End a lease; see :class:`LeasingTokenStore`.

        Args:
            key: What the token is kept under.
            holder: Who has it.

        Raises:
            StoreError: The database failed.
        """
        parameters = self._where(key)
        parameters["p_holder"] = self._holder(holder)
        parameters["p_nobody"] = self._database.text("")
        self._database.count(self._statements.release, parameters)

    def summaries(
        self, *, owner: str | None = None, client: str | None = None
    ) -> Iterator[TokenSummary]:
        """Tell what is kept, in the order of its keys; see :class:`ManagedTokenStore`.

        Args:
            owner: Only of this owner.
            client: Only of this client.

        Returns:
            A summary of each token, read some hundreds at a time.

        Raises:
            StoreError: The database failed.
        """
        return self._housekeeping.summaries(self._database, self._tables.tokens, owner, client)

    def delete_owner(self, owner: str, /) -> int:
        """Forget every token of an owner.

        Args:
            owner: Whose.

        Returns:
            How many there were.

        Raises:
            StoreError: The database failed.
        """
        database = self._database
        return database.count(self._statements.delete_owner, {"p_owner": database.text(owner)})

    def purge(self, before: float, /) -> int:
        """Forget what expired before a moment and cannot be renewed.

        Args:
            before: Seconds since the epoch.

        Returns:
            How many there were.

        Raises:
            StoreError: The database failed.
        """
        return self._housekeeping.purge(self._database, self._statements, before)

    def reseal(self) -> Iterator[tuple[int, int]]:
        """Encrypt anew what the first key did not; see :class:`ManagedTokenStore`.

        Returns:
            How many are done and how many there are, after each batch.

        Raises:
            KeyRotationError: At the end: some could not be opened, and stayed as they were.
            StoreError: The database failed.
        """
        return self._housekeeping.reseal(self._database, self._statements, self._sealing)

    def prepare(self) -> None:
        """Make sure of the tables now, rather than at the first use.

        Raises:
            StoreError: The database failed, or its tables are newer than this code.
        """
        self._database.make_ready()

    def metadata(self) -> object:
        """Describe the tables, for Alembic: ``target_metadata = [..., store.metadata()]``.

        Returns:
            A ``sqlalchemy.MetaData`` with every table of the prefix.
        """
        return self._tables.metadata

    def close(self) -> None:
        """Close the connections, unless the engine is the application's."""
        self._database.close()

    def _where(self, key: TokenKey) -> _sql_housekeeping.Where:
        return self._housekeeping.where(self._database, key)

    def _holder(self, holder: str) -> str | bytes:
        return self._database.text(checked("holder", holder, HOLDER_BYTES))

    def _written(self, key: TokenKey, token: AnyToken) -> _sql_housekeeping.Where:
        text = self._database.text
        parameters = self._where(key)
        parameters |= {
            "p_token": encode(key, token, self._sealing),
            # Not a count: it would begin again when a token is deleted and set.
            "p_version": secrets.randbits(_VERSION_BITS),
            "p_expires_at": expiry_of(token),
            "p_refreshable": int(is_refreshable(token)),
            "p_nobody": text(""),
            "p_key_id": self._key_id,
        }
        return parameters
