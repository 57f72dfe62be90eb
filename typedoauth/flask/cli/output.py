"""What the commands print: lines for a person, JSON for a program, and never a secret."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final

import click

from typedoauth.tokens import TokenKey, TokenSummary

__all__ = [
    "HEAD",
    "columns",
    "iso",
    "key_record",
    "printable",
    "record",
    "relative",
    "say_json",
    "say_row",
]

HEAD: Final = ("CLIENT", "OWNER", "ACCOUNT", "TENANT", "EXPIRES", "REFRESHABLE", "UPDATED")
"""The heads of the columns of :func:`columns`."""

# Fixed, since a row is printed before the next one is read.
_WIDTHS: Final = (14, 20, 10, 10, 12, 11, 0)
_UNITS: Final = ((86_400, "day"), (3600, "h"), (60, "min"), (1, "s"))


def printable(text: str) -> str:
    """Escape what would be a command to a terminal: users choose some of these texts.

    Args:
        text: Any text.

    Returns:
        One line.
    """
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode() for one in text
    )


def relative(moment: float | None, now: float) -> str:
    """Say how far away a moment is.

    Args:
        moment: Seconds since the epoch, or ``None``.
        now: The present time.

    Returns:
        Such as ``in 12 min`` or ``3 days ago``; ``-`` for ``None``.
    """
    if moment is None:
        return "-"
    distance = int(abs(moment - now))
    for size, unit in _UNITS:
        if distance >= size:
            count = distance // size
            name = f"{unit}s" if unit == "day" and count > 1 else unit
            return f"in {count} {name}" if moment > now else f"{count} {name} ago"
    return "now"


def iso(moment: float | None) -> str | None:
    """Write a moment as ISO 8601 does, in UTC.

    Args:
        moment: Seconds since the epoch, or ``None``.

    Returns:
        The text; the end of the calendar for what lies beyond it.
    """
    if moment is None:
        return None
    try:
        when = datetime.fromtimestamp(int(moment), UTC)
    except (ValueError, OverflowError, OSError):
        when = datetime.max if moment > 0 else datetime.min
    return when.replace(tzinfo=None, microsecond=0).isoformat() + "Z"


def key_record(key: TokenKey) -> dict[str, str | None]:
    """What a token is kept under, for JSON.

    Args:
        key: The key.

    Returns:
        The members.
    """
    return {
        "client": key.client,
        "owner": key.owner,
        "account": key.account,
        "tenant": key.tenant,
    }


def record(told: TokenSummary) -> dict[str, object]:
    """What can be told of a token, for JSON.

    Args:
        told: What the store tells.

    Returns:
        The members.
    """
    return {
        **key_record(told.key),
        "expires_at": iso(told.expires_at),
        "refreshable": told.refreshable,
        "updated_at": iso(told.updated_at),
    }


def columns(told: TokenSummary, now: float) -> tuple[str, ...]:
    """What can be told of a token, under :data:`HEAD`.

    Args:
        told: What the store tells.
        now: The present time.

    Returns:
        A text for each column.
    """
    key = told.key
    return (
        key.client,
        key.owner,
        key.account or "-",
        key.tenant or "-",
        relative(told.expires_at, now),
        "yes" if told.refreshable else "no",
        relative(told.updated_at, now),
    )


def say_row(cells: Iterable[str]) -> None:
    """Print a row of the table.

    Args:
        cells: A text for each column.
    """
    padded = (printable(cell).ljust(width) for cell, width in zip(cells, _WIDTHS, strict=True))
    click.echo("  ".join(padded).rstrip())


def say_json(members: Mapping[str, object]) -> None:
    """Print a line of JSON.

    Args:
        members: The members of the object.
    """
    click.echo(json.dumps(members))
