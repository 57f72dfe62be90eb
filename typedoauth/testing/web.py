"""What the provider's endpoints have in common: parameters, answers, routes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NoReturn, TypeAlias
from urllib.parse import urlencode, urlsplit, urlunsplit

from werkzeug.exceptions import abort
from werkzeug.wrappers import Request, Response

from typedoauth.testing.state import State

__all__ = [
    "ISSUER",
    "REALM",
    "Route",
    "TENANT",
    "View",
    "base_url",
    "bearer_challenge",
    "form_parameters",
    "is_form",
    "json_answer",
    "no_store",
    "redirect_back",
    "refuse",
    "without_template",
]

View: TypeAlias = Callable[[State, Request], Response]
"""Answers a request from the state."""

Route: TypeAlias = tuple[str, tuple[str, ...], View]
"""A path, the methods it takes, and what answers."""

ISSUER: str = "typedoauth.issuer"
"""Where the environment of a request says for which issuer it is."""

TENANT: str = "9188040d-6c67-4c5b-b112-36a304b66dad"
"""Microsoft's tenant of personal accounts."""

REALM: str = "typedoauth local provider"
"""The protection realm of every challenge."""


def no_store(response: Response) -> Response:
    """Forbid every cache to keep a response (RFC 6749 5.1).

    Args:
        response: The response.

    Returns:
        The same response.
    """
    response.headers["Cache-Control"] = "no-store"
    response.headers["Pragma"] = "no-cache"
    return response


def json_answer(
    document: Mapping[str, object] | Sequence[object],
    status: int = 200,
    *,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Answer with JSON that no cache may keep.

    Args:
        document: The members of an object, or of an array.
        status: The status code.
        headers: More header fields.

    Returns:
        The response.
    """
    response = Response(
        json.dumps(document, ensure_ascii=False), status, dict(headers or {}), "application/json"
    )
    return no_store(response)


def refuse(
    error: str,
    description: str,
    status: int = 400,
    *,
    headers: Mapping[str, str] | None = None,
) -> NoReturn:
    """End the request with an error answer (RFC 6749 5.2).

    Args:
        error: The error code.
        description: What was wrong, for a developer.
        status: The status code.
        headers: More header fields.
    """
    document = {"error": error, "error_description": description}
    abort(json_answer(document, status, headers=headers))


def bearer_challenge(error: str = "", description: str = "", scope: str = "") -> str:
    """Compose a challenge (RFC 6750 3).

    Args:
        error: The error code; empty when the request had no token at all.
        description: What was wrong.
        scope: The scope that was missing.

    Returns:
        The value of ``WWW-Authenticate``.
    """
    parts = {"realm": REALM, "error": error, "error_description": description, "scope": scope}
    return "Bearer " + ", ".join(f'{name}="{value}"' for name, value in parts.items() if value)


def is_form(request: Request) -> bool:
    """Tell whether the body of a request is a form of the kind that OAuth knows.

    Args:
        request: The request.

    Returns:
        Whether it is ``application/x-www-form-urlencoded``.
    """
    return request.mimetype == "application/x-www-form-urlencoded"


def form_parameters(request: Request) -> dict[str, str]:
    """Take the parameters of a form, of which each may occur once (RFC 6749 3.2).

    Args:
        request: The request.

    Returns:
        Values by name; those sent without a value count as left out.
    """
    if not is_form(request):
        refuse("invalid_request", "the body is to be application/x-www-form-urlencoded")
    parameters = request.form
    for name, values in parameters.lists():
        if len(values) > 1:
            refuse("invalid_request", f"the parameter {name!a} occurs {len(values)} times")
    return {name: value for name, value in parameters.items() if value}


def base_url(request: Request) -> str:
    """Tell where the provider is, as the client sees it.

    Args:
        request: A request to it.

    Returns:
        The URL without a slash at its end; also the issuer (RFC 8414 2). Where it
        answers for another service, that one's issuer.
    """
    issuer: object = request.environ.get(ISSUER)
    return issuer if isinstance(issuer, str) else request.root_url.rstrip("/")


def without_template(issuer: str) -> str:
    """Take a tenant for the placeholder of an issuer that is for several (Microsoft's).

    Args:
        issuer: The issuer.

    Returns:
        It, with :data:`TENANT` in place of ``{tenantid}``.
    """
    return issuer.replace("{tenantid}", TENANT)


def redirect_back(uri: str, parameters: Iterable[tuple[str, str]]) -> Response:
    """Send the user agent back to the client (RFC 6749 4.1.2, RFC 5849 2.2).

    Args:
        uri: The redirection URI; its query stays.
        parameters: What to add to it.

    Returns:
        A redirection that is followed with GET (RFC 9700 4.12).
    """
    parts = urlsplit(uri)
    query = "&".join(filter(None, (parts.query, urlencode(list(parameters)))))
    location = urlunsplit(parts._replace(query=query))
    return no_store(Response(status=303, headers={"Location": location}))
