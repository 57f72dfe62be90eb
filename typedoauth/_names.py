"""Telling a person that a name does not exist, and which one was meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from typedoauth.errors import ConfigurationError


def nearest(name: str, valid: Iterable[str]) -> str:
    """A sentence that names the nearest of *valid*, or all of them."""
    names = sorted(valid)
    close = get_close_matches(name.lower(), names, n=1, cutoff=0.6)
    return f"did you mean {close[0]!r}?" if close else f"it is one of {', '.join(names)}"


def one_of(what: str, value: object, valid: Iterable[str]) -> str:
    """Give *value* back when it is one of *valid*."""
    names = list(valid)
    if not isinstance(value, str) or value not in names:
        shown = repr(value) if isinstance(value, str) else f"a {type(value).__name__}"
        raise ConfigurationError(f"{what}: {shown} is unknown; it is one of {', '.join(names)}")
    return value
