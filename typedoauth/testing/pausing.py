"""Being slow: with a real wait over a network, and none at all in process."""

from __future__ import annotations

from typing import Final

from werkzeug.wrappers import Request

from typedoauth.errors import TransportTimeoutError
from typedoauth.testing.state import State

__all__ = ["SECONDS", "await_pause"]

SECONDS: Final[float] = 60
"""How long the provider is silent while it is slow."""


def await_pause(state: State, request: Request) -> None:
    """Wait while the provider is slow; its lock must not be held.

    Args:
        state: The provider's memory.
        request: The request that has to wait.

    Raises:
        TransportTimeoutError: It came from this process, where nobody need wait to
            know what comes of it.
    """
    pause = state.pause
    if pause is None:
        return
    if request.environ.get("typedoauth.in_process"):
        raise TransportTimeoutError(
            f"{request.base_url} gave no answer in time: the local provider is slow on purpose"
        )
    pause.wait(SECONDS)
