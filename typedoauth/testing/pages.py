"""The pages that a person sees, and the one form that is posted from them."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from werkzeug.wrappers import Request, Response

from typedoauth.testing.records import RegisteredClient, User
from typedoauth.testing.state import State
from typedoauth.testing.web import Route, no_store

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = [
    "Decision",
    "FormPost",
    "consent",
    "decision",
    "desk",
    "error",
    "form_post",
    "home",
    "sign_out",
    "signed_out",
    "verifier",
]

_SCOPES: dict[str, str] = {
    "profile": "See your name",
    "openid": "Know who you are",
    "email": "See your email address",
    "address": "See your postal address",
    "phone": "See your telephone number",
    "notes": "Read and write your notes",
}
_SUBMIT: Final = "HTMLFormElement.prototype.submit.call(document.forms[0])"
_SUBMIT_HASH: Final = base64.b64encode(hashlib.sha256(_SUBMIT.encode()).digest()).decode()


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person chose on the authorization page.

    Attributes:
        user: Who they said they are.
        approved: Whether they approved.
    """

    user: User
    approved: bool


class FormPost(Response):
    """A page that has the user agent post a form; it tells those in this process what.

    Args:
        page: The page.
        uri: Where to.
        parameters: The form.

    Attributes:
        uri: Where to.
        parameters: The form.
    """

    def __init__(self, page: Response, uri: str, parameters: Sequence[tuple[str, str]]) -> None:
        super().__init__(page.get_data(), page.status, page.headers)
        self.uri: str = uri
        self.parameters: Sequence[tuple[str, str]] = parameters


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("typedoauth.testing"), autoescape=True, undefined=StrictUndefined
    )


def _page(
    template: str, status: int, values: dict[str, object], allowed: Iterable[str] = ()
) -> Response:
    response = Response(
        _environment().get_template(template).render(values), status, mimetype="text/html"
    )
    response.headers["Content-Security-Policy"] = "; ".join(
        (
            "default-src 'none'",
            "style-src 'unsafe-inline'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            *allowed,
        )
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return no_store(response)


def consent(
    client: RegisteredClient, users: Iterable[User], scope: Sequence[str], protocol: str
) -> Response:
    """Ask who is there, and whether the client may have access.

    The form posts ``user`` (an identifier) and ``decision`` (``approve`` or
    ``deny``) to the address of the page.

    Args:
        client: Who asks.
        users: Who may answer.
        scope: What is asked for.
        protocol: The protocol's name, for the page's small print.

    Returns:
        The page.
    """
    wishes = [_SCOPES.get(value, value) for value in scope]
    return _page(
        "consent.html",
        200,
        {"client": client, "users": list(users), "wishes": wishes, "protocol": protocol},
    )


def decision(state: State, request: Request) -> Decision | None:
    """Find out what was decided on the authorization page, or will be without it.

    Args:
        state: The provider's memory.
        request: The POST of its form; or a GET, which decides where it is known who visits.

    Returns:
        What was chosen, or ``None`` when that is no valid choice.
    """
    chosen, word = request.form.get("user", ""), request.form.get("decision")
    if state.visitor is not None and request.method != "POST":
        chosen, word = state.visitor, "approve"
    user = state.users.get(chosen)
    if user is None or word not in ("approve", "deny"):
        return None
    return Decision(user, word == "approve" and "deny" not in state.faults)


def form_post(uri: str, parameters: Sequence[tuple[str, str]]) -> Response:
    """Have the user agent post a form to the client (OAuth 2.0 Form Post Response Mode 2).

    Args:
        uri: Where to.
        parameters: The form.

    Returns:
        A page that sends itself, or waits for a click where no script runs.
    """
    values: dict[str, object] = {"uri": uri, "parameters": parameters, "script": _SUBMIT}
    page = _page("form_post.html", 200, values, (f"script-src 'sha256-{_SUBMIT_HASH}'",))
    return FormPost(page, uri, parameters)


def verifier(client: RegisteredClient, code: str) -> Response:
    """Show a verification code to type into the client (RFC 5849 2.1, ``oob``).

    Args:
        client: Who waits for it.
        code: The code.

    Returns:
        The page.
    """
    return _page("verifier.html", 200, {"client": client, "code": code})


def error(title: str, message: str, status: int = 400) -> Response:
    """Tell a person what went wrong, where a redirect would not be safe.

    Args:
        title: A few words.
        message: What happened, and what to do.
        status: The status code.

    Returns:
        The page.
    """
    return _page("error.html", status, {"title": title, "message": message})


def sign_out(user: User, parameters: Sequence[tuple[str, str]]) -> Response:
    """Ask whether a user wants to be signed out (RP-Initiated Logout 2).

    Args:
        user: Who is signed in.
        parameters: The request, which the form repeats.

    Returns:
        The page.
    """
    return _page("sign_out.html", 200, {"user": user, "parameters": parameters})


def signed_out(frames: Sequence[str], target: str | None) -> Response:
    """Tell that a session has ended, and have clients told by frames.

    Args:
        frames: What to open in frames (Front-Channel Logout 2).
        target: Where to go then, or ``None``.

    Returns:
        The page.
    """
    origins = {"{0.scheme}://{0.netloc}".format(urlsplit(frame)) for frame in frames}
    allowed = [" ".join(("frame-src", *sorted(origins)))] if frames else []
    return _page("signed_out.html", 200, {"frames": frames, "target": target}, allowed)


def home(state: State, routes: Iterable[Route]) -> Response:
    """Show what the provider offers.

    Args:
        state: The provider's memory.
        routes: Its paths.

    Returns:
        The page.
    """
    values: dict[str, object] = {
        "paths": [path for path, _, _ in routes],
        "users": list(state.users.values()),
        "clients": list(state.clients.values()),
    }
    return _page("home.html", 200, values)


def desk(**values: object) -> Response:
    """Let a person choose who signs in and what goes wrong.

    Args:
        **values: What the template shows; see :class:`DeskProvider`.

    Returns:
        The page.
    """
    return _page("desk.html", 200, values)
