"""A login as text, for a terminal."""

from __future__ import annotations

from textwrap import wrap
from typing import Final

from typedoauth.flask.trace.steps import Check, LoginTrace, Step

__all__ = ["HEADS", "OUTCOMES", "as_text", "unreached"]

OUTCOMES: Final = {
    "succeeded": "succeeded",
    "failed": "FAILED",
    "open": "has not come back yet",
}
HEADS: Final = {
    "succeeded": ("What is wrong", "What to do"),
    "failed": ("What is wrong", "What to do"),
    "open": ("Where it is", "If it stays so"),
}
"""What stands over a diagnosis, and over what to do."""

_MARKS: Final = {"passed": "ok", "failed": "WRONG", "nothing to compare": "-"}
_WIDTH: Final = 96


def as_text(login: LoginTrace) -> str:
    """Write a login down.

    Args:
        login: The login.

    Returns:
        Lines of text.
    """
    lines = [
        f"Login {login.number} with {login.client} ({login.protocol}), {login.began} UTC: "
        f"{OUTCOMES[login.outcome]}"
    ]
    if login.diagnosis is not None:
        wrong, mend = HEADS[login.outcome]
        lines += ["", *_paragraph(f"  {wrong}:".ljust(18), login.diagnosis.wrong)]
        for number, advice in enumerate(login.diagnosis.mend, 1):
            head = f"  {mend}:" if number == 1 else ""
            lines += _paragraph(head.ljust(18), f"- {advice}")
    if login.error is not None:
        lines += _paragraph("  The error:".ljust(18), login.error)
    number = 0
    for row in login.rows:
        if isinstance(row, Step):
            number += 1
            lines += ["", *_step(number, row)]
        elif row.outcome != "not reached":
            lines += _check(row)
    left = unreached(login)
    if left:
        lines += ["", f"  Not reached: {len(left)} more check{'s' * (len(left) > 1)}"]
    return "\n".join(lines) + "\n"


def unreached(login: LoginTrace) -> list[Check]:
    """The checks that a login did not get to."""
    return [check for check in login.checks if check.outcome == "not reached"]


def _step(number: int, step: Step) -> list[str]:
    arrow = f"{step.source} -> {step.target}"
    wrong = "  <-- here" if step.failed else ""
    lines = [f" {number:2}. {arrow:20} {step.title}{wrong}"]
    if step.message:
        lines.append(f"{'':25} {step.message}")
    lines += [f"{'':27} {name}: {value}" for name, value in step.values]
    return lines


def _check(check: Check) -> list[str]:
    detail = f": {check.detail}" if check.detail else ""
    return [f"     check {_MARKS[check.outcome]:>6}  {check.name}{detail}"]


def _paragraph(head: str, text: str) -> list[str]:
    return wrap(
        text,
        _WIDTH,
        initial_indent=head,
        subsequent_indent=" " * (len(head) + 2 * text.startswith("- ")),
        break_long_words=False,
        break_on_hyphens=False,
    )
