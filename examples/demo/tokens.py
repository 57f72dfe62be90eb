"""Where the app keeps its users' tokens: two tables of a database."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import create_engine, delete
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from typedoauth import AnyToken, OAuth1Token, OAuth2Token, is_oauth1_token, is_oauth2_token


class Base(DeclarativeBase):
    """What all tables have in common."""


class OAuth1Row(Base):
    """Token credentials of one user at one service."""

    __tablename__ = "oauth1_token"

    user_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    oauth_token: Mapped[str]
    oauth_token_secret: Mapped[str]

    def to_token(self) -> OAuth1Token:
        return {
            "oauth_token": self.oauth_token,
            "oauth_token_secret": self.oauth_token_secret,
        }


class OAuth2Row(Base):
    """An access token of one user at one service, and what renews it."""

    __tablename__ = "oauth2_token"

    user_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    token_type: Mapped[str | None]
    access_token: Mapped[str]
    refresh_token: Mapped[str | None]
    expires_at: Mapped[int | None]
    scope: Mapped[str | None]
    renewals: Mapped[int] = mapped_column(default=0)

    def to_token(self) -> OAuth2Token:
        return {
            "access_token": self.access_token,
            "token_type": self.token_type,
            "refresh_token": self.refresh_token,
            "expires_at": self.expires_at,
            "scope": self.scope,
        }


@dataclass(frozen=True)
class TokenState:
    """What a page may show of a token: never the token itself."""

    kind: str
    masked: str
    scope: str | None = None
    expires_in: int | None = None
    renewals: int = 0
    renewable: bool = False


class TokenTable:
    """Saves and finds tokens by user and service."""

    def __init__(self, database_url: str) -> None:
        self.engine = create_engine(database_url)
        Base.metadata.create_all(self.engine)

    def save(self, user_id: str, name: str, token: AnyToken) -> None:
        """Keep the token of a new login."""
        with Session(self.engine) as session, session.begin():
            if is_oauth1_token(token):
                session.merge(OAuth1Row(user_id=user_id, name=name, **_oauth1_columns(token)))
            elif is_oauth2_token(token):
                row = session.merge(OAuth2Row(user_id=user_id, name=name, access_token=""))
                _fill(row, token)
                row.renewals = 0

    def renew(self, user_id: str, name: str, token: OAuth2Token) -> None:
        """Keep the token that has taken the place of an expired one."""
        with Session(self.engine) as session, session.begin():
            row = session.get(OAuth2Row, (user_id, name))
            if row is not None:
                _fill(row, token)
                row.renewals += 1

    def fetch(self, user_id: str, name: str) -> AnyToken | None:
        """Find a user's token for a service."""
        with Session(self.engine) as session:
            row = session.get(OAuth1Row, (user_id, name)) or session.get(OAuth2Row, (user_id, name))
            return row.to_token() if row else None

    def state(self, user_id: str, name: str) -> TokenState | None:
        """Describe a user's token for a service."""
        with Session(self.engine) as session:
            oauth1 = session.get(OAuth1Row, (user_id, name))
            if oauth1 is not None:
                return TokenState("OAuth 1.0a", _mask(oauth1.oauth_token))
            row = session.get(OAuth2Row, (user_id, name))
            if row is None:
                return None
            return TokenState(
                f"OAuth 2.0, {row.token_type}",
                _mask(row.access_token),
                row.scope,
                row.expires_at - int(time.time()) if row.expires_at else None,
                row.renewals,
                row.refresh_token is not None,
            )

    def expire(self, user_id: str, name: str) -> None:
        """Pretend that an access token expires now."""
        with Session(self.engine) as session, session.begin():
            row = session.get(OAuth2Row, (user_id, name))
            if row is not None:
                row.expires_at = int(time.time())

    def forget(self, user_id: str) -> None:
        """Delete every token of a user."""
        with Session(self.engine) as session, session.begin():
            for table in (OAuth1Row, OAuth2Row):
                session.execute(delete(table).where(table.user_id == user_id))


def _oauth1_columns(token: OAuth1Token) -> dict[str, str]:
    return {
        "oauth_token": token["oauth_token"],
        "oauth_token_secret": token["oauth_token_secret"],
    }


def _fill(row: OAuth2Row, token: OAuth2Token) -> None:
    row.token_type = token.get("token_type")
    row.access_token = token["access_token"]
    row.refresh_token = token.get("refresh_token")
    row.expires_at = token.get("expires_at")
    row.scope = token.get("scope")


def _mask(secret: str) -> str:
    return f"{secret[:4]}{'•' * 12}"
