"""What a trace of a login holds: steps, checks, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

__all__ = [
    "Check",
    "Diagnosis",
    "LoginTrace",
    "Outcome",
    "PARTIES",
    "Party",
    "Step",
    "Values",
    "values_of",
]

Party: TypeAlias = Literal["browser", "app", "provider"]
PARTIES: Final[tuple[Party, ...]] = ("browser", "app", "provider")
Values: TypeAlias = tuple[tuple[str, str], ...]
"""Names and what is shown of their values: a secret's label, or the value."""
Outcome: TypeAlias = Literal["passed", "failed", "nothing to compare", "not reached"]


@dataclass(frozen=True, slots=True)
class Step:
    """One message of a login.

    Attributes:
        name: What it is, for programs: ``authorization_request``, ``callback``,
            ``token_request``, ``token_response``, …
        source: Who sent it.
        target: Who got it.
        title: What it does, in plain words.
        message: What was sent: method and address, or the status.
        values: What it held.
        seen: Whether this application saw it; otherwise it is known to happen between
            two others.
        failed: Whether something went wrong with it.
    """

    name: str
    source: Party
    target: Party
    title: str
    message: str = ""
    values: Values = ()
    seen: bool = True
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that the application checks of a login.

    Attributes:
        name: What has to be true.
        outcome: What came of it.
        detail: What was compared.
    """

    name: str
    outcome: Outcome
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Why a login stopped, for somebody who has not read the specifications.

    Attributes:
        wrong: What is wrong.
        mend: What to do, one thing each.
    """

    wrong: str
    mend: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LoginTrace:
    """One login, as far as it got.

    Attributes:
        number: The how many-eth that was recorded.
        client: The client's name.
        protocol: ``OAuth 1.0``, ``OAuth 2.0`` or ``OpenID Connect``.
        began: When it was first heard of, in UTC: ``2026-11-27 07:20:05``.
        outcome: ``succeeded``, ``failed``, or ``open``: the browser is not back.
        error: The exception, as its class and message; ``None`` without one.
        diagnosis: What is wrong, and how to mend it; ``None`` where nothing is.
        rows: Steps and checks in order.
    """

    number: int
    client: str
    protocol: str
    began: str
    outcome: Literal["succeeded", "failed", "open"]
    error: str | None
    diagnosis: Diagnosis | None
    rows: tuple[Step | Check, ...]

    @property
    def steps(self) -> list[Step]:
        """The messages."""
        return [row for row in self.rows if isinstance(row, Step)]

    @property
    def checks(self) -> list[Check]:
        """The checks."""
        return [row for row in self.rows if isinstance(row, Check)]

    def text(self) -> str:
        """Write it down for a terminal."""
        from typedoauth.flask.trace.text import as_text

        return as_text(self)


def values_of(steps: Sequence[Step], name: str) -> Mapping[str, str]:
    """What the last step of a name held; nothing where there is none."""
    found = [step for step in steps if step.name == name]
    return dict(found[-1].values) if found else {}
