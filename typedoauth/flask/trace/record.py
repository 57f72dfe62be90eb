"""One login while it is being recorded."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final, Literal

from typedoauth.flask.trace.steps import Step
from typedoauth.protocols import Clock

__all__ = ["Record"]

_MOST_STEPS: Final = 60
_MOST_CHARACTERS: Final = 1 << 16


@dataclass(slots=True, eq=False, kw_only=True)
class Record:
    """A login.

    Attributes:
        number: The how many-eth it is.
        client: The client's name.
        oauth1: Whether it is of OAuth 1.0.
        openid: Whether an ID Token is to come.
        clock: Tells the time.
        began: When it was first heard of, seconds since the epoch.
        state: The label of its state; ``None`` until it has one.
        outcome: What became of it.
        error: What stopped it.
        steps: Its messages.
        room: How many more characters it may take.
    """

    number: int
    client: str
    oauth1: bool
    openid: bool
    clock: Clock
    began: float
    state: str | None = None
    outcome: Literal["succeeded", "failed", "open"] = "open"
    error: BaseException | None = None
    steps: list[Step] = field(default_factory=list[Step])
    room: int = _MOST_CHARACTERS

    def add(self, step: Step) -> None:
        """Write a message down, without its values where there is no room left for them."""
        if len(self.steps) >= _MOST_STEPS:
            return
        size = len(step.message) + sum(len(name) + len(value) for name, value in step.values)
        if size > self.room:
            step = replace(step, message=step.message[:300], values=(("…", "no room left"),))
        else:
            self.room -= size
        self.steps.append(step)

    @property
    def callback(self) -> int | None:
        """Which of the messages is the callback, the last one of several."""
        found = [number for number, step in enumerate(self.steps) if step.name == "callback"]
        return found[-1] if found else None

    def again(self, number: int) -> Record:
        """The same login, answered once more."""
        names = [step.name for step in self.steps]
        begun = self.steps[: names.index("back") if "back" in names else 0]
        return replace(self, number=number, outcome="open", error=None, steps=begun)
