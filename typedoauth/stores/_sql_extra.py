"""What the SQL stores need: an engine, and the extra."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from typedoauth.errors import MissingExtraError

__all__ = ["SQLEngine", "need_sqlalchemy"]


class SQLEngine(Protocol):
    """An engine of SQLAlchemy, such as ``db.engine`` of Flask-SQLAlchemy."""

    def connect(self) -> AbstractContextManager[object]:
        """Open a connection."""
        ...

    def begin(self) -> AbstractContextManager[object]:
        """Open a connection with a transaction."""
        ...

    def raw_connection(self) -> object:
        """Open a connection of the driver."""
        ...


def need_sqlalchemy() -> None:
    """Import SQLAlchemy.

    Raises:
        MissingExtraError: It is not installed.
    """
    try:
        import sqlalchemy
    except ImportError:
        raise MissingExtraError(
            "the SQL stores need SQLAlchemy, which is not installed: pip install 'typedoauth[sql]'"
        ) from None
    del sqlalchemy
