"""What happens to every application sooner or later, by name: nothing here breaks a rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Event
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from typedoauth.testing.faults.kinds import Fault

if TYPE_CHECKING:
    from typedoauth.testing.state import State

__all__ = ["EVERYDAY", "EverydayFault"]


def _nothing(state: State) -> None:
    del state


@dataclass(frozen=True, slots=True)
class EverydayFault(Fault):
    """Something that goes wrong, or only otherwise, in the life of an application.

    Attributes:
        parts: Names of other faults, which it consists of.
        begin: What happens when it is switched on.
        end: What happens when it is switched off.
        momentary: Whether it has happened as soon as it is switched on.
    """

    parts: tuple[str, ...] = ()
    begin: Callable[[State], None] = _nothing
    end: Callable[[State], None] = _nothing
    momentary: bool = False


def _expire(state: State) -> None:
    state.end_tokens()


def _rotate(state: State) -> None:
    state.keys.rotate(keep_old=False)


def _fail_twice(state: State) -> None:
    state.failing = 2


def _recover(state: State) -> None:
    state.failing = 0


def _slow_down(state: State) -> None:
    state.pause = Event()


def _speed_up(state: State) -> None:
    if state.pause is not None:
        state.pause.set()
    state.pause = None


def _fault(
    name: str,
    rule: str,
    description: str,
    *parts: str,
    begin: Callable[[State], None] = _nothing,
    end: Callable[[State], None] = _nothing,
    momentary: bool = False,
) -> EverydayFault:
    return EverydayFault(name, name, rule, description, parts, begin, end, momentary)


EVERYDAY: Final[Mapping[str, EverydayFault]] = MappingProxyType(
    {
        fault.name: fault
        for fault in (
            _fault("deny", "RFC 6749 4.1.2.1", "Whoever is asked says no"),
            _fault(
                "wrong_state",
                "RFC 6749 10.12",
                "The answer of a login belongs to another one",
                "authorization_state_other",
                "oauth1_callback_token_other",
            ),
            _fault(
                "expire_now",
                "RFC 6750 3.1",
                "Every access token that there is has ended",
                begin=_expire,
                momentary=True,
            ),
            _fault(
                "rotate_keys",
                "OpenID Connect Core 10.1.1",
                "New keys sign, and the old ones are gone",
                begin=_rotate,
                momentary=True,
            ),
            _fault(
                "answer_500_twice",
                "RFC 9110 15.6.1",
                "The next two requests of an application fail",
                begin=_fail_twice,
                end=_recover,
            ),
            _fault(
                "be_slow",
                "RFC 9110 9.2.2",
                "No answer comes before a minute has passed",
                begin=_slow_down,
                end=_speed_up,
            ),
        )
    }
)
"""Every one of them by name, for :meth:`LocalProvider.faults`."""
