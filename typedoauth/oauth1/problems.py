"""The words of OAuth Problem Reporting, which many OAuth 1.0 servers speak."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["DENIALS", "problem_word"]

DENIALS: Final = frozenset({"permission_denied", "user_refused", "access_denied"})
"""Problems that mean: the resource owner said no. The last is OAuth 2.0's word for it."""

_WORD: Final = re.compile(r"[a-z]{1,20}(?:_[a-z]{1,20}){0,5}")


def problem_word(value: str | None) -> str | None:
    """Take a value of ``oauth_problem`` over, if it is a word of that kind.

    Args:
        value: What the server sent.

    Returns:
        The word, such as ``token_expired``; ``None`` for anything that could be
        more than a word.
    """
    return value if value and _WORD.fullmatch(value) else None
