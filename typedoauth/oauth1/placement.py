"""Where the protocol parameters go (RFC 5849 3.5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final, Literal, TypeAlias, get_args
from urllib.parse import SplitResult, urlunsplit

from typedoauth.errors import ConfigurationError
from typedoauth.messages import Headers, Request
from typedoauth.oauth1.parameters import is_form

__all__ = ["PLACEMENTS", "Placement", "authorization_header", "parse_placement", "place"]

Placement: TypeAlias = Literal["HEADER", "QUERY", "BODY"]
"""``Authorization`` header, query of the URL, or form-encoded body."""

PLACEMENTS: Final[tuple[Placement, ...]] = get_args(Placement)
"""Every placement, in the order of preference of RFC 5849 3.5."""

_METHODS_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})


def parse_placement(name: str) -> Placement:
    """Read a placement, which configuration calls ``signature_type``.

    Args:
        name: ``HEADER``, ``QUERY`` or ``BODY``, in any case.

    Returns:
        The placement.

    Raises:
        ConfigurationError: It is something else.
    """
    given = str(name).upper()
    for known in PLACEMENTS:
        if given == known:
            return known
    from difflib import get_close_matches  # only a mistake needs it

    close = get_close_matches(given, PLACEMENTS, n=1)
    hint = f" (did you mean {close[0]!r}?)" if close else ""
    raise ConfigurationError(
        f"signature_type: {name!r} is unknown{hint}; it is one of {', '.join(PLACEMENTS)}"
    )


def authorization_header(parameters: Iterable[tuple[str, str]], realm: str | None = None) -> str:
    """Compose the value of the ``Authorization`` header.

    Args:
        parameters: The protocol parameters, encoded, with ``oauth_signature``.
        realm: The protection realm, which comes first and is not signed.

    Returns:
        The header's value.

    Raises:
        ConfigurationError: *realm* holds other characters than printable ASCII.

    Spec: RFC 5849 3.5.1.
    """
    fields = ", ".join([f'{name}="{value}"' for name, value in parameters])
    if not realm:
        return f"OAuth {fields}"
    if not realm.isascii() or not realm.isprintable():
        raise ConfigurationError("realm is to hold printable ASCII characters only")
    quoted = realm.replace("\\", "\\\\").replace('"', '\\"')
    return f'OAuth realm="{quoted}", {fields}'


def takes_form(request: Request) -> bool:
    """Tell whether protocol parameters can go into the body of *request*."""
    if is_form(request.headers.get("content-type")):
        return request.method.upper() not in ("GET", "HEAD")
    untyped = "content-type" not in request.headers and not request.body
    return untyped and request.method.upper() in _METHODS_WITH_BODY


def check_place(request: Request, placement: Placement) -> None:
    """Refuse a request that cannot be signed with its parameters at *placement*.

    Raises:
        ConfigurationError: The place is taken, or there is none.
    """
    authorization = request.headers.get("authorization")
    if authorization is not None and (
        placement == "HEADER" or authorization[:6].lower() == "oauth "
    ):
        raise ConfigurationError(
            "the request has an Authorization header already and would have two; "
            "leave it out, or use signature_type QUERY or BODY if it is not one of OAuth"
        )
    if placement == "BODY" and not takes_form(request):
        raise ConfigurationError(
            f"signature_type BODY needs a form-encoded body, which this {request.method} request "
            "has not (GET and HEAD never have); sign it with signature_type HEADER or QUERY"
        )


def place(
    request: Request,
    url: SplitResult,
    parameters: list[tuple[str, str]],
    placement: Placement,
    realm: str | None,
) -> Request:
    """Put the protocol parameters into a request.

    Args:
        request: A request that :func:`check_place` has passed.
        url: Its URL, clean.
        parameters: The protocol parameters, encoded.
        placement: Where to.
        realm: For the ``Authorization`` header only.

    Returns:
        The signed request.

    Raises:
        ConfigurationError: *realm* cannot be sent.

    Spec: RFC 5849 3.5.1, 3.5.2, 3.5.3.
    """
    if placement == "HEADER":
        value = authorization_header(parameters, realm)
        headers = request.headers.replace({"Authorization": value})
        return _with_headers(request, urlunsplit(url), headers)
    form = "&".join([f"{name}={value}" for name, value in parameters])
    if placement == "QUERY":
        query = f"{url.query}&{form}" if url.query else form
        return replace(request, url=urlunsplit(url._replace(query=query)))
    body = request.body + b"&" + form.encode("ascii") if request.body else form.encode("ascii")
    changed: dict[str, str | None] = {"Content-Length": None}
    if "content-type" not in request.headers:
        changed["Content-Type"] = "application/x-www-form-urlencoded"
    return replace(
        request, url=urlunsplit(url), headers=request.headers.replace(changed), body=body
    )


def _with_headers(request: Request, url: str, headers: Headers) -> Request:
    """What ``dataclasses.replace`` gives, at half the cost."""
    return Request(
        request.method,
        url,
        headers,
        request.body,
        request.timeout,
        request.max_bytes,
        request.stream,
        request.connection,
    )
