"""Placeholders as variables: what stands for what, while a recording is replayed."""

from __future__ import annotations

import re
from typing import Final

from typedoauth.transports._exchanges import Json
from typedoauth.transports._redaction import PLACEHOLDER

# New for each request, so that what was equal in a recording need not be now.
_FRESH: Final = frozenset(
    {"assertion", "client_assertion", "jwt", "oauth_nonce", "oauth_signature", "oauth_timestamp"}
)
_NAME: Final = re.compile(r"[A-Za-z_.-]{1,40}")  # others could be values

Bindings = dict[str, str]
"""Values by placeholder."""


def match(recorded: Json, actual: Json, bindings: Bindings) -> bool:
    """Compare a value with a recorded one, in which each placeholder stands for any text.

    Args:
        recorded: The recorded value.
        actual: What is there now.
        bindings: What placeholders stand for; more is added.

    Returns:
        Whether they are equal.
    """
    if isinstance(recorded, str) and isinstance(actual, str):
        return _match_text(recorded, actual, bindings)
    if isinstance(recorded, dict) and isinstance(actual, dict):
        return not differences(recorded, actual, bindings)
    if isinstance(recorded, list) and isinstance(actual, list):
        return len(recorded) == len(actual) and all(
            match(one, other, bindings) for one, other in zip(recorded, actual, strict=True)
        )
    return type(recorded) is type(actual) and recorded == actual


def differences(
    recorded: dict[str, Json], actual: dict[str, Json], bindings: Bindings
) -> list[str]:
    """Name the members in which two values differ, those within members, too.

    Args:
        recorded: The recorded value.
        actual: What is there now.
        bindings: What placeholders stand for; more is added.

    Returns:
        The names.
    """
    recorded = {substitute(name, bindings): value for name, value in recorded.items()}
    found: list[str] = []
    for name in dict.fromkeys([*recorded, *actual]):
        one, other = recorded.get(name), actual.get(name)
        if isinstance(one, dict) and isinstance(other, dict):
            found += differences(one, other, bindings)
        elif name not in recorded or name not in actual or not match(one, other, bindings):
            found.append(name if _NAME.fullmatch(name) else "another name")
    return found


def _match_text(recorded: str, actual: str, bindings: Bindings) -> bool:
    if recorded == actual:
        return True
    places = list(PLACEHOLDER.finditer(recorded))
    if not places:
        return False
    pattern, end = "", 0
    for place in places:
        pattern += re.escape(recorded[end : place.start()]) + "(.+?)"
        end = place.end()
    found = re.fullmatch(pattern + re.escape(recorded[end:]), actual, re.DOTALL)
    if found is None:
        return False
    return all(
        place[1] in _FRESH or bindings.setdefault(place[0], value) == value
        for place, value in zip(places, found.groups(), strict=True)
    )


def substitute(text: str, bindings: Bindings) -> str:
    """Put what placeholders stand for in their place; the others stand for themselves from now.

    Args:
        text: A text.
        bindings: What placeholders stand for; more is added.

    Returns:
        The text.
    """
    return PLACEHOLDER.sub(lambda place: bindings.get(place[0], place[0]), text)


def deliver(recorded: Json, bindings: Bindings) -> Json:
    """Make the value that a recorded one stands for now.

    A placeholder that stands for nothing yet is a value of its own from now on.

    Args:
        recorded: The recorded value.
        bindings: What placeholders stand for; more is added.

    Returns:
        The value.
    """
    if isinstance(recorded, dict):
        return {
            substitute(name, bindings): deliver(value, bindings) for name, value in recorded.items()
        }
    if isinstance(recorded, list):
        return [deliver(value, bindings) for value in recorded]
    if isinstance(recorded, str):
        for place in PLACEHOLDER.finditer(recorded):
            bindings.setdefault(place[0], place[0])
        return substitute(recorded, bindings)
    return recorded
