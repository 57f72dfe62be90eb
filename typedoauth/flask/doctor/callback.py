"""Which view is the callback of a client: where the provider sends the browser back to."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from types import CodeType
from typing import Final

from flask import Flask

from typedoauth.flask.doctor.findings import Finding, problem

__all__ = ["Route", "check_methods", "choose", "routes"]

_FINISHES: Final = "authorize_access_token"
_WORDS: Final = frozenset({"auth", "authorize", "authorized", "callback", "oauth2callback"})
_REMEDY: Final = "say which one it is with --callback ENDPOINT; flask routes lists them"


@dataclass(frozen=True, slots=True)
class Route:
    """One rule of the application.

    Attributes:
        endpoint: Its endpoint.
        rule: Its path, as it was written.
        arguments: The names of its variable parts.
        methods: The methods that it takes.
        mentions: Names and texts that its view is written with.
    """

    endpoint: str
    rule: str
    arguments: frozenset[str]
    methods: frozenset[str]
    mentions: frozenset[str] = frozenset()

    @property
    def words(self) -> frozenset[str]:
        """The words of its endpoint and of the fixed parts of its path."""
        fixed = re.sub(r"<[^>]*>", "", self.rule)
        return frozenset(re.split(r"[^a-z0-9]+", f"{fixed} {self.endpoint}".lower()))

    def values(self, client: str) -> dict[str, str]:
        """What to build its URL with.

        Args:
            client: The client's name; it is what a variable part stands for.

        Returns:
            A value for each argument.
        """
        return dict.fromkeys(self.arguments, client)


def routes(app: Flask) -> list[Route]:
    """List the rules of an application.

    Args:
        app: The application.

    Returns:
        A route for each.
    """
    found: list[Route] = []
    for rule in app.url_map.iter_rules():
        arguments: set[str] = rule.arguments  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] of texts
        if rule.endpoint.rpartition(".")[2] != "static":
            found.append(
                Route(
                    rule.endpoint,
                    rule.rule,
                    frozenset(arguments - set(rule.defaults or {})),
                    frozenset(rule.methods or ()),
                    _mentions(app.view_functions.get(rule.endpoint)),
                )
            )
    return found


def choose(
    found: Sequence[Route], client: str, others: Collection[str]
) -> tuple[Route | None, list[Finding]]:
    """Choose the callback of a client.

    Args:
        found: The routes of the application.
        client: The client's name.
        others: The names of the other clients.

    Returns:
        The route, or ``None`` and why there is none.
    """
    scores = {route: _score(route, client, others) for route in found}
    best = max(scores.values(), default=0)
    chosen = [route for route, score in scores.items() if score == best and score > 0]
    endpoints = sorted({route.endpoint for route in chosen})
    if not endpoints:
        message = "no view of the application looks like the callback"
        return None, [problem("callback_unknown", message, _REMEDY)]
    if len(endpoints) > 1:
        message = f"several views could be the callback: {', '.join(endpoints)}"
        return None, [problem("callback_ambiguous", message, _REMEDY)]
    return chosen[0], []


def check_methods(route: Route, *, form_post: bool) -> Iterator[Finding]:
    """See to it that the callback takes the method that the provider uses.

    Args:
        route: The callback.
        form_post: Whether the provider posts its answer.

    Yields:
        What is wrong.
    """
    method = "POST" if form_post else "GET"
    if method not in route.methods:
        why = "response_mode is form_post" if form_post else "the browser comes back by GET"
        yield problem(
            "callback_method",
            f"{why}, and the callback {route.endpoint} takes "
            f"{', '.join(sorted(route.methods - {'HEAD', 'OPTIONS'})) or 'nothing'} only",
            f'give the route methods=[…, "{method}"]',
        )


def _score(route: Route, client: str, others: Collection[str]) -> int:
    """How much a route looks like the callback; 0 where it does not at all."""
    looks = 4 * (_FINISHES in route.mentions) + 2 * bool(_WORDS & route.words)
    if not looks or len(route.arguments) > 1:
        return 0
    if route.arguments:
        return looks
    named = route.mentions | route.words
    if client in named:
        return looks + 1
    return 0 if any(one in named for one in others) else looks


def _mentions(view: Callable[..., object] | None) -> frozenset[str]:
    """Names and texts of a view; of the methods of a class of views, too."""
    if view is None:
        return frozenset()
    unwrapped: object = inspect.unwrap(view)
    functions = [unwrapped, *vars(getattr(unwrapped, "view_class", object)).values()]
    found: set[str] = set()
    for one in functions:
        code: object = getattr(one, "__code__", None)
        if isinstance(code, CodeType):
            found |= _names(code)
    return frozenset(found)


def _names(code: CodeType) -> set[str]:
    found = set(code.co_names)
    for one in code.co_consts:
        if isinstance(one, CodeType):  # a function within
            found |= _names(one)
        elif isinstance(one, str):
            found.add(one)
    return found
