"""What the commands say of a database or Redis that fails: why, and never a secret."""

from __future__ import annotations

import json

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError

from tests.flask.test_cli import run
from tests.flask.test_token_store import Site
from typedoauth import StoreError, TokenKey, TransportError
from typedoauth.flask.cli.causes import explained
from typedoauth.stores import RedisTokenStore, SQLTokenStore


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:////nowhere/at/all/tokens.db", "unable to open database file"),
        ("postgresql+psycopg://user:s3cret@127.0.0.1:1/x", "port 1 failed"),
        ("mysql+pymysql://user:s3cret@127.0.0.1:1/x", "MySQL server on '127.0.0.1'"),
        ("postgresql+psycopg://user:a@s3cret@127.0.0.1:1/x", ""),
        ("postgresql+psycopg://user:x@127.0.0.1:1/x?passfile=s3cret&nosuch=s3cret", ""),
    ],
)
def test_database_tells_why(url: str, said: str) -> None:
    """In one line; without the password of its URL."""
    store = SQLTokenStore(url)
    result = run(Site(token_store=store).app, "tokens list")
    store.close()
    assert result.exit_code == 5
    assert result.stderr.startswith("Error: the database failed with ")
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert "s3cret" not in result.stderr
    assert "see the cause" not in result.stderr or not said


def test_redis_tells_why() -> None:
    """It as well."""
    client = redis.Redis("127.0.0.1", 1, password="s3cret", retry=Retry(NoBackoff(), 0))
    result = run(Site(token_store=RedisTokenStore(client)).app, "tokens list")
    assert result.exit_code == 5
    assert result.stderr.startswith("Error: Redis failed with ConnectionError: ")
    assert "127.0.0.1:1" in result.stderr
    assert "s3cret" not in result.stderr


def _failure(cause: Exception) -> StoreError:
    error = StoreError("the store failed with X; see the cause of this error")
    error.__cause__ = cause
    return error


def _sql(message: str, *before: object, kind: type[DBAPIError] = OperationalError) -> StoreError:
    return _failure(kind("SELECT", None, Exception(*before, message)))


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (_sql("one\ntwo"), "one"),
        (_sql("one\x1b[2Jtwo"), "one[2Jtwo"),
        (_sql("it is down", 2003), "it is down"),
        (_sql("x" * 300), "x" * 199 + "…"),
        (_sql("no way to postgresql://u:s3cret@host/x"), "no way to …@host/x"),
        (_sql("no host 's3cret@host'"), "no host '…@host'"),
        (_sql("no user 'ada'@'host'"), "no user 'ada'@'host'"),
        (redis.AuthenticationError("invalid password"), "invalid password"),
    ],
)
def test_first_line_is_told(error: Exception, said: str) -> None:
    """As far as it is short, printable and no secret."""
    told = error if isinstance(error, StoreError) else _failure(error)
    assert explained(told) == f"the store failed with X: {said}"


@pytest.mark.parametrize(
    "error",
    [
        _sql(""),
        _sql("in password = s3cret"),
        _sql("key s3cret is there", kind=IntegrityError),
        _sql("syntax near 's3cret'", 1064, kind=ProgrammingError),
        _failure(redis.ResponseError("unknown command, with args 's3cret'")),
        _failure(OSError("s3cret")),
    ],
)
def test_what_may_be_secret_is_not_told(error: StoreError) -> None:
    """The cause of another store's failure, a value that was refused."""
    assert explained(error) == error.description


def test_other_errors_are_told_as_they_are() -> None:
    """They say themselves what happened."""
    assert explained(TransportError("no answer came")) == "no answer came"


def test_reason_for_keeping_a_token_tells_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the store fails at one token of a list."""
    site = Site()
    site.store.set(TokenKey("two", "ada"), {"access_token": "a"})

    def fail(*_: object) -> None:
        raise _sql("it is down")

    monkeypatch.setattr(type(site.store), "acquire", fail)
    result = run(site.app, "tokens revoke ada --client two --yes --json")
    assert json.loads(result.stdout)["reason"] == "the store failed with X: it is down"
