"""The tables of the SQL stores, and the version they are of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
)
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.types import TypeEngine

from typedoauth.errors import ConfigurationError
from typedoauth.stores import _keys
from typedoauth.stores._documents import UNKNOWN_KEY

TOKENS_VERSION: Final = 2
CREDENTIALS_VERSION: Final = 1

_MYSQL: Final = ("mysql", "mariadb")
_PREFIX: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of one prefix.

    Attributes:
        metadata: Holds them, for Alembic as well.
        tokens: Tokens.
        credentials: Pending authorizations.
        versions: The version of each of them.
        prefix: What their names begin with.
    """

    metadata: MetaData
    tokens: Table
    credentials: Table
    versions: Table
    prefix: str


def _exact(size: int) -> TypeEngine[str]:
    """A text of *size* bytes that equals itself alone.

    By most collations of MariaDB and MySQL, case, accents and spaces at the end do not
    count: there it is bytes. In PostgreSQL the order of bytes makes the smaller index.
    """
    return (
        String(size)
        .with_variant(postgresql.VARCHAR(size, collation="C"), "postgresql")
        .with_variant(mysql.VARBINARY(size), *_MYSQL)
    )


def _content() -> TypeEngine[bytes]:
    # A BLOB of theirs ends at 64 KB.
    return LargeBinary().with_variant(mysql.MEDIUMBLOB(), *_MYSQL)


def make_tables(prefix: str) -> Tables:
    """Describe the tables.

    Args:
        prefix: What their names begin with.

    Returns:
        The tables.

    Raises:
        ConfigurationError: The prefix cannot be one.
    """
    if not _PREFIX.fullmatch(prefix):
        raise ConfigurationError("prefix is up to 40 of a-z 0-9 _, and begins with a letter")
    metadata = MetaData()
    tokens = Table(
        f"{prefix}tokens",
        metadata,
        Column("owner", _exact(_keys.OWNER_BYTES), primary_key=True),
        Column("client", _exact(_keys.CLIENT_BYTES), primary_key=True),
        Column("account", _exact(_keys.ACCOUNT_BYTES), primary_key=True),
        Column("tenant", _exact(_keys.TENANT_BYTES), primary_key=True),
        Column("token", _content(), nullable=False),
        Column("version", BigInteger, nullable=False),
        Column("expires_at", BigInteger),
        Column("refreshable", SmallInteger, nullable=False),
        Column("updated_at", Double, nullable=False),
        Column("lease_holder", _exact(_keys.HOLDER_BYTES), nullable=False),
        Column("lease_until", Double, nullable=False),
        # Since version 2. What was written before may be sealed with any key.
        Column("key_id", _exact(32), nullable=False, server_default=UNKNOWN_KEY),
        mysql_engine="InnoDB",
        mariadb_engine="InnoDB",
    )
    credentials = Table(
        f"{prefix}credentials",
        metadata,
        Column("digest", _exact(64), primary_key=True),
        Column("content", _content(), nullable=False),
        Column("expires_at", Double, nullable=False, index=True),
        mysql_engine="InnoDB",
        mariadb_engine="InnoDB",
    )
    versions = Table(
        f"{prefix}versions",
        metadata,
        Column("name", _exact(64), primary_key=True),
        Column("version", Integer, nullable=False, autoincrement=False),
        mysql_engine="InnoDB",
        mariadb_engine="InnoDB",
    )
    return Tables(metadata, tokens, credentials, versions, prefix)
