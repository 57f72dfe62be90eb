"""``flask typedoauth rotate-keys``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TypeAlias

import click
from flask.cli import with_appcontext

from typedoauth.errors import KeyRotationError
from typedoauth.flask.cli.commands import Command, json_option
from typedoauth.flask.cli.output import say_json
from typedoauth.flask.kept_tokens import managed, stream, token_stores

__all__ = ["rotate_keys"]

_Batches: TypeAlias = Iterator[tuple[int, int]]


@click.command("rotate-keys", cls=Command)
@with_appcontext
@json_option
def rotate_keys(as_json: bool) -> None:
    """Encrypt tokens anew with the first key.

    Put the new key in front of the old ones in the store's sealing first, and deploy
    that. The application goes on running meanwhile. If this is broken off, run it
    again: it goes on where it was.
    """
    for kept in token_stores():
        batches = stream(kept, managed(kept).reseal)
        if as_json:
            _as_json(batches)
        elif sys.stderr.isatty():
            _as_bar(batches)
        else:
            _as_lines(batches)


def _as_json(batches: _Batches) -> None:
    done = total = 0
    try:
        for done, total in batches:
            say_json({"done": done, "total": total})
    except KeyRotationError as error:
        say_json({"done": max(done - error.failed, 0), "total": total, "failed": error.failed})
        raise
    say_json({"done": done, "total": total, "failed": 0})


def _as_bar(batches: _Batches) -> None:
    done = 0
    try:
        with click.progressbar(length=1, label="Encrypting", file=sys.stderr) as bar:
            for done, total in batches:
                bar.length = max(total, 1)
                bar.update(done - bar.pos)
    except KeyRotationError as error:
        _say_rest(done, error)
        raise
    _say_end(done)


def _as_lines(batches: _Batches) -> None:
    done, said = 0, -1
    try:
        for done, total in batches:
            percent = done * 100 // total if total else 100
            if percent > said:
                said = percent
                click.echo(f"{percent} % ({done} of {total})", err=True)
    except KeyRotationError as error:
        _say_rest(done, error)
        raise
    _say_end(done)


def _say_rest(tried: int, error: KeyRotationError) -> None:
    """The progress counts what was tried; this says what was done."""
    if tried > error.failed:
        _say_end(tried - error.failed)


def _say_end(done: int) -> None:
    click.echo(f"{done} done" if done else "nothing to do")
