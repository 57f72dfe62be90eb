"""Secrets in the log: whether there are any."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from typing_extensions import override

if TYPE_CHECKING:
    from typedoauth.testing.provider import LocalProvider

__all__ = ["watched_logs"]

_SHORTEST: Final = 8  # a shorter one, such as "secret", may be a word


class _Keeper(logging.Handler):
    """Keeps what each record says, and where it comes from."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.kept: list[tuple[str, str]] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        said = f"{self.format(record)} {record.__dict__}"  # extra= is among the attributes
        self.kept.append((f"{record.name} ({record.filename}:{record.lineno})", said))


@contextmanager
def watched_logs(provider: LocalProvider) -> Generator[Callable[[], None]]:
    """Watch what is logged, at any level, for secrets of the provider.

    Args:
        provider: The provider; its secrets of less than eight characters are not looked for.

    Yields:
        A function that fails where a secret has been logged since the block began: it
        raises an ``AssertionError`` that says which kind of secret, and who logged it.
    """
    keeper, root = _Keeper(), logging.getLogger()
    level = root.level
    root.addHandler(keeper)
    root.setLevel(logging.DEBUG)

    def check() -> None:
        secrets = provider.secrets
        found = {
            f"{kind} was logged by {where}"
            for where, said in keeper.kept
            for secret, kind in secrets.items()
            if len(secret) >= _SHORTEST and secret in said
        }
        if found:
            raise AssertionError("; ".join(sorted(found)))

    try:
        yield check
    finally:
        root.removeHandler(keeper)
        root.setLevel(level)
