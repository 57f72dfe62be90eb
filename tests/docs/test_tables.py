"""The tables of the reference name what there is in the code: all of it, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.docs.pages import table
from typedoauth import errors
from typedoauth.client import CallOptions, OAuth1Options, OAuth2Options
from typedoauth.client.options import ConnectionOptions, KeyOptions, OpenIDOptions
from typedoauth.errors import OAuthError
from typedoauth.flask import AnyRegistration
from typedoauth.flask.pages.error_words import WORDS


def _names(rows: Iterable[list[str]]) -> list[str]:
    return [row[0].strip("`") for row in rows]


@pytest.mark.parametrize(
    ("page", "name", "code"),
    [
        ("docs/configuration.md", "register", set(AnyRegistration.__annotations__)),
        ("docs/configuration.md", "connection", set(ConnectionOptions.__annotations__)),
        (
            "docs/configuration.md",
            "oauth1",
            set(OAuth1Options.__annotations__) - set(ConnectionOptions.__annotations__),
        ),
        (
            "docs/configuration.md",
            "oauth2",
            set(OAuth2Options.__annotations__)
            - set(ConnectionOptions.__annotations__)
            - set(OpenIDOptions.__annotations__)
            - set(KeyOptions.__annotations__),
        ),
        ("docs/openid-connect.md", "openid", set(OpenIDOptions.__annotations__)),
        ("docs/openid-connect.md", "keys", set(KeyOptions.__annotations__)),
        ("docs/calling-apis.md", "call", set(CallOptions.__annotations__) | {"token"}),
    ],
)
def test_a_table_is_complete(page: str, name: str, code: set[str]) -> None:
    """Every option has its row, and every row its option."""
    names = _names(table(page, name))
    assert (sorted(names), len(names)) == (sorted(code), len(code))


def test_config_keys_are_read() -> None:
    """The config keys of the table are those that are read."""
    from typedoauth.flask import settings

    keys = getattr(settings, "_CONFIG_KEYS")  # noqa: B009  private, and compared only
    rows = table("docs/configuration.md", "register")
    said = {name: row[3] for name, row in zip(_names(rows), rows, strict=True)}
    expected = {name: f"`{{NAME}}_{name.upper()}`" if name in keys else "\u2013" for name in said}
    assert said == expected


def _tree(root: type[OAuthError]) -> list[type[OAuthError]]:
    return [root, *(below for child in root.__subclasses__() for below in _tree(child))]


def test_errors_are_listed() -> None:
    """Every error has its row, with its code."""
    rows = table("docs/errors.md", "errors")
    said = {row[0].strip("`"): row[1].strip("`") for row in rows}
    public = {one.__name__: one.code for one in _tree(OAuthError) if one.__name__ in errors.__all__}
    assert said == public


def test_error_pages_are_listed() -> None:
    """Every error that has words of its own has its row, with status and title."""
    said = [[row[0].strip("`"), *row[1:]] for row in table("docs/pages.md", "error pages")]
    assert said == [
        [kind.__name__, str(words.status), words.title.replace("{service}", "GitHub")]
        for kind, words in WORDS.items()
    ]


def test_blocks_of_templates_are_listed() -> None:
    """Those that an application may override."""
    folder = Path(errors.__file__).parent / "flask" / "templates" / "typedoauth" / "default"
    given = {
        path.name: sorted(set(re.findall(r"{% block (\w+)", path.read_text("utf-8"))))
        for path in folder.iterdir()
    }
    rows = table("docs/pages.md", "blocks")
    said = {row[0].strip("`"): sorted(re.findall(r"\w+", row[1])) for row in rows}
    shared = {"title", "width", "content"}
    assert {name: set(found) - shared for name, found in said.items()} == {
        name: set(found) - shared for name, found in given.items()
    }


def test_reasons_are_listed() -> None:
    """Every reason of a state mismatch that the code gives has its row."""
    folder = Path(errors.__file__).parent
    text = "".join(path.read_text("utf-8") for path in folder.rglob("*.py"))
    given = set(re.findall(r'reason(?:: str)?\s*=\s*"(\w+)"', text))
    assert set(_names(table("docs/pending-authorizations.md", "reasons"))) == given
