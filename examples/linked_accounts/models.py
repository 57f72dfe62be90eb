"""Users of the app, and the accounts that they have linked. Tokens are the token store's."""

from __future__ import annotations

from flask_login import UserMixin
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    """What all tables have in common."""


class User(UserMixin, Base):
    """Somebody who has signed in here."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    accounts: Mapped[list[Account]] = relationship(cascade="all, delete-orphan")


class Account(Base):
    """An account at the service; it belongs to one user of the app."""

    __tablename__ = "account"

    sub: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))


db = SQLAlchemy(model_class=Base)
