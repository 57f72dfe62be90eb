"""What a fault is: a name, the rule that it breaks, and what it does at its one place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from werkzeug.wrappers import Request, Response

from typedoauth.testing.drafts import Draft
from typedoauth.testing.keys import SigningKey

__all__ = ["AnswerFault", "Fault", "KeyFault", "Parameters", "RedirectFault", "TokenFault"]

Parameters: TypeAlias = Sequence[tuple[str, str]]
"""The parameters of a redirection or form, in order."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that the provider does wrong on purpose, or unusually.

    Attributes:
        name: How it is switched on; begins with the family.
        family: What it is about; one fault of a family can be on at a time.
        rule: The section that says how it ought to be.
        description: What the provider does.
    """

    name: str
    family: str
    rule: str
    description: str


@dataclass(frozen=True, slots=True)
class AnswerFault(Fault):
    """Breaks a successful answer of an endpoint.

    Attributes:
        paths: Where.
        change: Gets the request and the right answer, and returns the wrong one.
    """

    paths: tuple[str, ...]
    change: Callable[[Request, Response], Response]


@dataclass(frozen=True, slots=True)
class RedirectFault(Fault):
    """Breaks what a redirection tells the client.

    Attributes:
        change: Gets the right parameters and returns the wrong ones.
    """

    change: Callable[[Parameters], Parameters]


@dataclass(frozen=True, slots=True)
class TokenFault(Fault):
    """Breaks a JWT.

    Attributes:
        change: Gets what is about to be signed, and returns the JWT.
    """

    change: Callable[[Draft], str]


@dataclass(frozen=True, slots=True)
class KeyFault(Fault):
    """Breaks the provider's keys, as they sign and as they are published.

    Attributes:
        change: Gets the right key and returns the wrong one.
    """

    change: Callable[[SigningKey], SigningKey]
