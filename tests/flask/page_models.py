"""The page's two tables, on Flask-SQLAlchemy: its slips mended, its pseudo methods written.

Mended: the missing colon, the missing primary keys, a ``to_token`` that reads
columns which the model has. ``mapped_column`` is ``Column`` with a type.
"""

from __future__ import annotations

from typing import Self

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from typedoauth import tokens

db = SQLAlchemy()


class Owned(db.Model):  # type: ignore[name-defined, misc]  # made at run time
    """What the two tables have in common, and the page's ``get`` and ``save``."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    user_id: Mapped[int] = mapped_column(Integer, nullable=False)
    name: Mapped[str] = mapped_column(String(20), nullable=False)

    @classmethod
    def get(cls, name: str, user_id: int) -> Self | None:
        """Find a user's token for a service."""
        return db.session.query(cls).filter_by(name=name, user_id=user_id).first()


class User(db.Model):  # type: ignore[name-defined, misc]  # likewise
    """Somebody who logs in."""

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    login: Mapped[str] = mapped_column(String(48), unique=True)

    @classmethod
    def get_by_username(cls, username: str) -> User:
        """Find a user."""
        return db.session.query(cls).filter_by(login=username).one()

    @classmethod
    def get_by_github(cls, profile: dict[str, str]) -> User:
        """Find the user of a profile, or make one."""
        found = db.session.query(cls).filter_by(login=profile["login"]).first()
        if found is None:
            found = cls()
            found.login = profile["login"]
            db.session.add(found)
            db.session.commit()
        return found


class OAuth1Token(Owned):
    """Token credentials of a user."""

    oauth_token: Mapped[str] = mapped_column(String(48), nullable=False)
    oauth_token_secret: Mapped[str | None] = mapped_column(String(48))

    def to_token(self) -> tokens.OAuth1Token:
        return {
            "oauth_token": self.oauth_token,
            "oauth_token_secret": self.oauth_token_secret or "",
        }

    @classmethod
    def save(cls, name: str, user: User, token: tokens.OAuth1Token) -> None:
        """Keep the token of a login."""
        row = cls()
        row.name, row.user_id = name, user.id
        row.oauth_token = token["oauth_token"]
        row.oauth_token_secret = token["oauth_token_secret"]
        db.session.add(row)
        db.session.commit()


class OAuth2Token(Owned):
    """An access token of a user, and what renews it."""

    token_type: Mapped[str | None] = mapped_column(String(20))
    access_token: Mapped[str] = mapped_column(String(48), nullable=False)
    refresh_token: Mapped[str | None] = mapped_column(String(48))
    expires_at: Mapped[int | None] = mapped_column(Integer, default=0)

    def to_token(self) -> tokens.OAuth2Token:
        return {
            "access_token": self.access_token,
            "token_type": self.token_type,
            "refresh_token": self.refresh_token,
            "expires_at": self.expires_at,
        }

    @classmethod
    def save(cls, name: str, user: User, token: tokens.OAuth2Token) -> None:
        """Keep the token of a login."""
        row = cls()
        row.name, row.user_id = name, user.id
        row.token_type = token.get("token_type")
        row.access_token = token["access_token"]
        row.refresh_token = token.get("refresh_token")
        if token.get("expires_at"):
            row.expires_at = token.get("expires_at")
        db.session.add(row)
        db.session.commit()
