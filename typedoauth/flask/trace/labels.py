"""Short labels that stand for secrets: equal secrets have equal labels."""

from __future__ import annotations

import hmac
import json
import re
import secrets
import threading
from collections import OrderedDict
from html import escape, unescape
from typing import Final
from urllib.parse import quote, unquote, unquote_plus

__all__ = ["LABEL", "LONGEST_TEXT", "Labels"]

LABEL: Final = re.compile(r"[a-z_]{1,40}#[0-9a-f]{6}")
"""What a label looks like."""

LONGEST_TEXT: Final = 1 << 13
"""A text that is longer is not shown, so that no secret that is longer need be looked for."""

_KEY: Final = secrets.token_bytes(32)  # of this process: nobody can work a label back
_MOST: Final = 1000
_MOST_CHARACTERS: Final = 1 << 20
_SHORTEST: Final = 6
_KIND: Final = re.compile(r"[a-z_]{1,40}")


class Labels:
    """Gives secrets their labels, and finds them in other texts.

    A label is made with a key of this process, so that it cannot be worked back, not
    even for a secret that is easy to guess. What was labelled lately is remembered, so
    that it is replaced wherever else it turns up.
    """

    __slots__ = ("_beginnings", "_known", "_length", "_lengths", "_lock")

    def __init__(self) -> None:
        self._known: OrderedDict[str, str] = OrderedDict()
        # Each spelling by how it begins, so that a text is looked through once.
        self._beginnings: dict[str, dict[str, str]] = {}
        self._lengths: set[int] = set()
        self._length: int = 0
        self._lock: threading.Lock = threading.Lock()

    def label(self, kind: str, secret: str, *, remember: bool = True) -> str:
        """Return the label of a secret, and remember the secret.

        Args:
            kind: What it is, such as ``state``; the first one that a secret is called by
                stays in its label.
            secret: The secret.
            remember: Whether to look for it elsewhere, too.

        Returns:
            Such as ``state#1f3a5b``.
        """
        with self._lock:
            if secret in self._known:
                self._known.move_to_end(secret)
                return self._known[secret]
            digest = hmac.digest(_KEY, secret.encode("utf-8", "surrogatepass"), "sha256").hex()
            kind = kind.lower()
            label = f"{kind if _KIND.fullmatch(kind) else 'value'}#{digest[:6]}"
            if remember and len(secret) <= LONGEST_TEXT:
                self._remember(secret, label)
            return label

    def hide(self, text: str) -> str:
        """Put labels in the place of every secret that is known.

        Args:
            text: Any text; labels in it stay as they are.

        Returns:
            The text without them, however they are spelt; decoded, where only that
            shows that one is in it.
        """
        hidden = self._hidden(text)
        for decode in (unquote, unquote_plus, unescape):
            decoded = decode(hidden)
            if decoded != hidden and (found := self._hidden(decoded)) != decoded:
                hidden = found
        return hidden

    def _hidden(self, text: str) -> str:
        found: dict[str, str] = {}
        with self._lock:
            for length in self._lengths:
                pieces = {text[at : at + length] for at in range(len(text) - length + 1)}
                for piece in self._beginnings.keys() & pieces:
                    found.update(self._beginnings[piece])
        present = [spelling for spelling in found if spelling in text]
        if not present:
            return text
        longest_first = sorted(present, key=len, reverse=True)
        pattern = "|".join([LABEL.pattern, *map(_matching, longest_first)])
        return re.sub(pattern, lambda match: found.get(match[0], match[0]), text)

    def _remember(self, secret: str, label: str) -> None:
        self._known[secret] = label
        self._length += len(secret)
        for spelling in _spellings(secret):
            beginning = spelling[:_SHORTEST]
            self._beginnings.setdefault(beginning, {}).setdefault(spelling, label)
            self._lengths.add(len(beginning))
        while len(self._known) > _MOST or self._length > _MOST_CHARACTERS:
            oldest, _ = self._known.popitem(last=False)
            self._length -= len(oldest)
            for spelling in _spellings(oldest):
                beginning = spelling[:_SHORTEST]
                self._beginnings.get(beginning, {}).pop(spelling, None)
                if not self._beginnings.get(beginning, True):
                    del self._beginnings[beginning]


def _spellings(secret: str) -> set[str]:
    """How a text may spell a secret; not at all where it is no more than white space."""
    quoted = quote(secret, safe="", errors="replace")
    spellings = {
        secret,
        secret.strip(),
        quoted,
        quoted.replace("%20", "+"),
        escape(secret),
        json.dumps(secret)[1:-1],
    }
    return spellings if secret.strip() else set()


def _matching(spelling: str) -> str:
    # A short one stands in many a word; on its own it is hidden all the same.
    matching = re.escape(spelling)
    return matching if len(spelling) >= _SHORTEST else rf"(?<!\w){matching}(?!\w)"
