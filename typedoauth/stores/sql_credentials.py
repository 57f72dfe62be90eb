"""Pending authorizations in a database: SQLite, PostgreSQL, MariaDB or MySQL."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Final

from typing_extensions import override

from typedoauth._forks import ForkLock
from typedoauth.errors import StoreError
from typedoauth.protocols import Sealing
from typedoauth.stores._documents import checked_sealing, seal, unseal
from typedoauth.stores._sql_extra import SQLEngine, need_sqlalchemy

if TYPE_CHECKING:
    from typedoauth.stores._sql_database import Database
    from typedoauth.stores._sql_schema import Tables
    from typedoauth.stores._sql_statements import CredentialStatements

__all__ = ["SQLCredentialStore"]

_SECONDS_BETWEEN_PURGES: Final = 60.0


class SQLCredentialStore:
    """Keeps pending authorizations in a database; each is taken once.

    What has expired, by the clock of the database, is deleted now and then.

    Args:
        database: Its URL, or an engine of SQLAlchemy that the application has.
        sealing: Encrypts what is kept.
        create_tables: Whether to make the tables.
        prefix: What the names of the tables begin with.

    Raises:
        MissingExtraError: The extra ``sql`` is not installed.
        ConfigurationError: It is no database that the store can use, or *sealing* cannot
            seal.
    """

    __slots__ = (
        "__weakref__",
        "_database",
        "_lock",
        "_next_purge",
        "_returning",
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
        from typedoauth.stores._sql_database import Database
        from typedoauth.stores._sql_migrations import ensure
        from typedoauth.stores._sql_schema import CREDENTIALS_VERSION, make_tables

        tables = make_tables(prefix)

        def prepare(database: Database) -> None:
            ensure(database, tables, tables.credentials, CREDENTIALS_VERSION, make=create_tables)

        self._tables: Tables = tables
        self._sealing: Sealing | None = checked_sealing(sealing)
        self._database: Database = Database(database, prepare)
        self._statements: CredentialStatements | None = None
        self._returning: bool = False
        self._lock: ForkLock = ForkLock()
        self._next_purge: float = 0.0

    @override
    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._database.engine.dialect.name}>"

    def put(self, key: str, value: str, expires: int, /) -> None:
        """Keep *value* under *key* for *expires* seconds.

        Args:
            key: A text that cannot be guessed; only its hash is kept.
            value: JSON text.
            expires: Seconds.

        Raises:
            StoreError: The database failed.
        """
        digest = _digest(key)
        content = seal(value.encode(), digest.encode(), self._sealing)
        self._database.count(
            self._prepared().put,
            {
                "p_digest": self._database.text(digest),
                "p_content": content,
                "p_seconds": float(expires),
            },
        )
        if self._purge_is_due():
            self.purge()

    def _purge_is_due(self) -> bool:
        with self._lock:
            due = time.monotonic() >= self._next_purge
            if due:
                self._next_purge = time.monotonic() + _SECONDS_BETWEEN_PURGES
        return due

    def take(self, key: str, /) -> str | None:
        """Return what is kept under *key* and forget it: of several who ask, one gets it.

        Args:
            key: The key it was put under.

        Returns:
            The value, or ``None`` when there is none, or it has expired.

        Raises:
            StoreError: The database failed, or the value cannot be opened.
        """
        digest = _digest(key)
        statements = self._prepared()
        parameters = {"p_digest": self._database.text(digest)}
        if self._returning:
            row = self._database.one(statements.take, parameters)
        else:
            row = self._database.one(statements.look, parameters)
            if row is not None and self._database.count(statements.take, parameters) != 1:
                row = None
        if row is None or not row[1]:
            return None
        try:
            return unseal(row[0], digest.encode(), self._sealing).decode()
        except UnicodeDecodeError:
            raise StoreError("what is kept is no text; something else wrote it") from None

    def purge(self) -> int:
        """Forget what has expired.

        Returns:
            How many there were.

        Raises:
            StoreError: The database failed.
        """
        return self._database.count(self._prepared().purge, {})

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

    def _prepared(self) -> CredentialStatements:
        found = self._statements
        if found is None:
            from typedoauth.stores._sql_statements import credential_statements

            database = self._database
            database.make_ready()
            # Known once the version of the server is.
            self._returning = database.engine.dialect.delete_returning
            found = self._statements = credential_statements(
                self._tables.credentials, database.kind, returning=self._returning
            )
        return found


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
