"""SECRET_KEY: is it there, and can it be guessed?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from typedoauth.flask.doctor.findings import Finding, fine, problem

__all__ = ["check_secret_key"]

_FEWEST_BYTES: Final = 16
_FEWEST_CHARACTERS: Final = 20  # of a text, which holds less than a byte in each
_FEWEST_DIFFERENT: Final = 8
_SURELY_LONG: Final = 32  # by chance, one of these words stands in a long key
_EXAMPLES: Final = ("change", "default", "example", "password", "secret", "test", "your")
_REMEDY: Final = (
    'set SECRET_KEY to what python -c "import secrets; print(secrets.token_hex())" prints, '
    "and keep it out of the code"
)


def check_secret_key(key: object, *, cookie_sessions: bool) -> Iterator[Finding]:
    """Look at the key that signs the session.

    Args:
        key: ``app.secret_key``.
        cookie_sessions: Whether the session is Flask's own cookie, which needs it.

    Yields:
        What is to be said of it; never the key.
    """
    if not isinstance(key, str | bytes) or not key:
        if cookie_sessions:
            yield problem(
                "secret_key_missing",
                "SECRET_KEY is not set, so there is no session, and no login can begin",
                _REMEDY,
            )
        return
    why = _weakness(key)
    if why is not None:
        yield problem(
            "secret_key_weak",
            f"SECRET_KEY {why}: who guesses it can write sessions, and be any user",
            _REMEDY,
        )
    else:
        yield fine("secret_key", "SECRET_KEY is set and long enough")


def _weakness(key: str | bytes) -> str | None:
    if isinstance(key, str):
        words = key.lower()
        known = words == "dev" or any(one in words for one in _EXAMPLES)
        if known and len(key) < _SURELY_LONG:
            return "looks like an example"
        if len(key) < _FEWEST_CHARACTERS:
            return f"is shorter than {_FEWEST_CHARACTERS} characters"
    elif len(key) < _FEWEST_BYTES:
        return f"is shorter than {_FEWEST_BYTES} bytes"
    return "repeats a few characters" if len(set(key)) < _FEWEST_DIFFERENT else None
