"""The few edits that the tables of faults are made of."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeAlias, cast
from urllib.parse import parse_qsl, urlencode

from werkzeug.wrappers import Request, Response

from typedoauth.testing.faults.kinds import AnswerFault, Parameters

__all__ = [
    "Answer",
    "BROKEN_BODIES",
    "DEEP",
    "Edit",
    "HTML",
    "OTHER",
    "ParameterEdit",
    "Row",
    "answer_faults",
    "appended",
    "body",
    "chain",
    "changed",
    "doubled",
    "form",
    "members",
    "moved",
    "pair",
    "pair_twice",
    "redirect",
    "replaced",
    "status",
    "text",
    "typed",
    "without",
    "without_pair",
]

Members: TypeAlias = Mapping[str, object]
Edit: TypeAlias = Callable[[Members], Members]
"""Changes a JSON object."""

ParameterEdit: TypeAlias = Callable[[Parameters], Parameters]
"""Changes parameters."""

Answer: TypeAlias = Callable[[Request, Response], Response]
"""Changes an answer."""

Row: TypeAlias = tuple[str, str, str, Answer]
"""Name without family, rule, description, change."""

OTHER: Final = "https://other.example"
"""An origin that has nothing to do with the provider."""

HTML: Final = "<!doctype html><title>Sign in</title><p>Please sign in to the network.</p>"
"""What a captive portal answers."""

DEEP: Final = "[" * 5_000 + "]" * 5_000
"""JSON that is nested deeper than parsers recurse, and not long."""


def replaced(name: str, value: object) -> Edit:
    """Give a member another value, or add it.

    Args:
        name: The member.
        value: The value.

    Returns:
        The edit.
    """
    return lambda found: {**found, name: value}


def without(name: str) -> Edit:
    """Leave a member out.

    Args:
        name: The member.

    Returns:
        The edit.
    """
    return lambda found: {one: value for one, value in found.items() if one != name}


def changed(name: str, change: Callable[[str], object]) -> Edit:
    """Make the value of a member from what it is.

    Args:
        name: The member; where it is missing, nothing is changed.
        change: Gets the value as text.

    Returns:
        The edit.
    """
    return lambda found: {**found, name: change(str(found[name]))} if name in found else found


def moved(seconds: int, *names: str) -> Edit:
    """Move moments in time.

    Args:
        seconds: By how much.
        *names: The members; those that are missing stay so.

    Returns:
        The edit.
    """

    def edit(found: Members) -> Members:
        moments = {name: value for name, value in found.items() if name in names}
        return {
            **found,
            **{name: value + seconds for name, value in moments.items() if isinstance(value, int)},
        }

    return edit


def chain(*edits: Edit) -> Edit:
    """Do several edits after another.

    Args:
        *edits: The edits.

    Returns:
        The edit.
    """

    def edit(found: Members) -> Members:
        for one in edits:
            found = one(found)
        return found

    return edit


def doubled(name: str, first: object) -> Callable[[str], str]:
    """Write a member of a JSON object twice (RFC 8259 4).

    Args:
        name: The member.
        first: The value of the one in front.

    Returns:
        What changes the text of the object.
    """
    return lambda found: "{" + f"{json.dumps(name)}: {json.dumps(first)}, " + found[1:]


def appended(value: str) -> Callable[[str], str]:
    """Write one more member into a JSON object.

    Args:
        value: Its value, as JSON.

    Returns:
        What changes the text of the object.
    """
    return lambda found: f'{found.rstrip()[:-1]}, "more": {value}}}'


def members(edit: Edit) -> Answer:
    """Edit the JSON object of an answer.

    Args:
        edit: The edit.

    Returns:
        The change.
    """

    def change(found: str) -> str:
        document: object = json.loads(found)
        return json.dumps(edit(cast("Members", document)))  # the provider's own document

    return text(change)


def form(edit: ParameterEdit) -> Answer:
    """Edit the form of an answer.

    Args:
        edit: The edit.

    Returns:
        The change.
    """
    return text(lambda found: urlencode(edit(parse_qsl(found))))


def text(change: Callable[[str], str | bytes]) -> Answer:
    """Edit the body of an answer.

    Args:
        change: Gets the body.

    Returns:
        The change.
    """

    def answer(_: Request, response: Response) -> Response:
        response.set_data(change(response.get_data(as_text=True)))
        return response

    return answer


def body(content: str | bytes, content_type: str | None = None) -> Answer:
    """Answer something else.

    Args:
        content: The body.
        content_type: Its type; ``None`` leaves it.

    Returns:
        The change.
    """

    def answer(_: Request, response: Response) -> Response:
        response.set_data(content)
        if content_type is not None:
            response.content_type = content_type
        return response

    return answer


def status(code: int) -> Answer:
    """Answer the same with another status.

    Args:
        code: The status code.

    Returns:
        The change.
    """

    def answer(_: Request, response: Response) -> Response:
        response.status_code = code
        return response

    return answer


def typed(content_type: str) -> Answer:
    """Answer the same and call it something else.

    Args:
        content_type: The type.

    Returns:
        The change.
    """

    def answer(_: Request, response: Response) -> Response:
        response.content_type = content_type
        return response

    return answer


def redirect(code: int) -> Answer:
    """Redirect to another host.

    Args:
        code: The status code.

    Returns:
        The change.
    """

    def answer(request: Request, _: Response) -> Response:
        return Response(status=code, headers={"Location": f"{OTHER}{request.path}"})

    return answer


def pair(name: str, value: str) -> ParameterEdit:
    """Give a parameter another value, or add it.

    Args:
        name: The parameter.
        value: The value.

    Returns:
        The edit.
    """
    return lambda found: [*without_pair(name)(found), (name, value)]


def without_pair(name: str) -> ParameterEdit:
    """Leave a parameter out.

    Args:
        name: The parameter.

    Returns:
        The edit.
    """
    return lambda found: [one for one in found if one[0] != name]


def pair_twice(name: str) -> ParameterEdit:
    """Send a parameter twice, the second time with another value.

    Args:
        name: The parameter.

    Returns:
        The edit.
    """
    return lambda found: [*found, (name, "another")]


BROKEN_BODIES: Final[tuple[Row, ...]] = (
    ("status_500", "RFC 9110 15.6.1", "status 500, with the right body", status(500)),
    ("redirect_302", "RFC 9700 4.12", "redirects to another host", redirect(302)),
    ("empty", "RFC 8259 2", "an empty body", body("")),
    ("not_json", "RFC 8259 2", "JSON that ends too early", text(lambda found: found[:-1])),
    ("not_object", "RFC 8259 4", "the object in a list", text(lambda found: f"[{found}]")),
    ("html", "RFC 8259 2", "a page for people", body(HTML, "text/html")),
    ("utf_16", "RFC 8259 8.1", "JSON in UTF-16", text(lambda found: found.encode("utf-16"))),
    ("bom", "RFC 8259 8.1", "a byte order mark first", text(lambda found: f"\ufeff{found}")),
    ("deep", "RFC 8259 9", "a member nested 5,000 levels deep", text(appended(DEEP))),
    ("huge", "RFC 8259 9", "a member of 10 MB", text(appended(f'"{"x" * 10_000_000}"'))),
)
"""What can be wrong with any JSON document."""


def answer_faults(family: str, paths: tuple[str, ...], rows: Iterable[Row]) -> list[AnswerFault]:
    """Make the faults of one endpoint.

    Args:
        family: Their family.
        paths: Where the endpoint is.
        rows: What they do.

    Returns:
        The faults.
    """
    return [
        AnswerFault(f"{family}_{name}", family, rule, description, paths, change)
        for name, rule, description, change in rows
    ]
