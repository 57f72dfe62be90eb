"""From a service's profile to the standard claims of OpenID Connect (Core 5.1), as data."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from typing import Final, Required, TypeAlias, cast
from urllib.parse import quote

from typing_extensions import TypedDict

from typedoauth.claims import UserInfo
from typedoauth.errors import MalformedResponseError
from typedoauth.oidc.claims import read_claims

__all__ = [
    "ClaimSource",
    "ClaimSources",
    "coded",
    "first",
    "https",
    "joined",
    "looked_up",
    "normalise",
    "template",
    "unescaped",
    "without_false_links",
]

ClaimSource: TypeAlias = str | Callable[[Mapping[str, object]], object]
"""A path in the profile, such as ``picture.data.url`` or ``images.0.url``; or a function of it."""

_WEB: Final = ("profile", "picture", "website")


class ClaimSources(TypedDict, total=False):
    """Where in a service's profile each standard claim comes from."""

    sub: Required[ClaimSource]
    name: ClaimSource
    given_name: ClaimSource
    family_name: ClaimSource
    middle_name: ClaimSource
    nickname: ClaimSource
    preferred_username: ClaimSource
    profile: ClaimSource
    picture: ClaimSource
    website: ClaimSource
    email: ClaimSource
    email_verified: ClaimSource
    gender: ClaimSource
    birthdate: ClaimSource
    zoneinfo: ClaimSource
    locale: ClaimSource
    phone_number: ClaimSource
    phone_number_verified: ClaimSource
    updated_at: ClaimSource


def normalise(profile: Mapping[str, object], sources: ClaimSources, service: str) -> UserInfo:
    """Make standard claims of a profile.

    What is missing, empty or of another type than the claim has is left out, and so
    is what should be a web address and is none: a page may show it as a link.

    Args:
        profile: The profile, as the service sent it.
        sources: Where each claim comes from.
        service: What the service is called, for the message.

    Returns:
        The claims; ``sub`` is a text, whatever the service has.

    Raises:
        MalformedResponseError: The profile does not say whose it is.
    """
    found: dict[str, object] = {}
    for name, source in cast("Mapping[str, ClaimSource]", sources).items():  # as its type says
        value = looked_up(profile, source) if isinstance(source, str) else source(profile)
        if value is not None and value != "":
            found[name] = value
    sub = found.get("sub")
    if isinstance(sub, int) and not isinstance(sub, bool):
        sub = str(sub)
    if not isinstance(sub, str):
        raise MalformedResponseError(f"the profile from {service} does not say whose it is")
    found["sub"] = sub
    # Its types are those of the claims.
    return cast("UserInfo", read_claims(without_false_links(found)))


def without_false_links(claims: Mapping[str, object]) -> dict[str, object]:
    """Leave out what should be a web address and is none: users choose these.

    Args:
        claims: Standard claims.

    Returns:
        The claims, without a ``profile``, ``picture`` or ``website`` that a page must
        not show as a link.
    """
    return {
        name: value
        for name, value in claims.items()
        if name not in _WEB or str(value).startswith(("https://", "http://"))
    }


def looked_up(document: object, path: str) -> object:
    """Find what lies at a path.

    Args:
        document: JSON, parsed.
        path: Names and positions with dots between them; empty for all of it.

    Returns:
        The value, or ``None`` where nothing lies there.
    """
    for step in path.split(".") if path else ():
        if isinstance(document, Mapping):
            document = cast("Mapping[str, object]", document).get(step)  # JSON: texts are its names
        elif isinstance(document, list) and step.isdecimal():
            entries = cast("list[object]", document)  # each may be anything
            document = entries[int(step)] if int(step) < len(entries) else None
        else:
            return None
    return document


def first(*paths: str) -> ClaimSource:
    """Take the first that is there and not empty.

    Args:
        *paths: Paths in the profile.

    Returns:
        The source.
    """

    def source(profile: Mapping[str, object]) -> object:
        return next((found for path in paths if (found := looked_up(profile, path))), None)

    return source


def joined(*paths: str) -> ClaimSource:
    """Put the parts of a name together, as many as there are.

    Args:
        *paths: Paths in the profile, in order.

    Returns:
        The source.
    """

    def source(profile: Mapping[str, object]) -> object:
        parts = [looked_up(profile, path) for path in paths]
        return " ".join(part.strip() for part in parts if isinstance(part, str) and part.strip())

    return source


def template(text: str) -> ClaimSource:
    """Put values into an address.

    Args:
        text: The address, with paths in braces; one that is missing leaves the claim out.

    Returns:
        The source.
    """
    fixed, *parts = text.split("{")
    pieces = [part.partition("}") for part in parts]

    def source(profile: Mapping[str, object]) -> object:
        address = fixed
        for path, _, rest in pieces:
            value = looked_up(profile, path)
            if not isinstance(value, str | int) or value == "" or isinstance(value, bool):
                return None
            address += quote(str(value), safe="/:@~") + rest
        return address

    return source


def coded(path: str, codes: Mapping[object, object]) -> ClaimSource:
    """Read what a service writes as a code.

    Args:
        path: A path in the profile.
        codes: What each code means; another one leaves the claim out.

    Returns:
        The source.
    """

    def source(profile: Mapping[str, object]) -> object:
        value = looked_up(profile, path)
        return codes.get(value) if isinstance(value, str | int) else None

    return source


def https(path: str, *, prefix: str = "") -> ClaimSource:
    """Complete a web address that begins with ``//`` or ``/``, or is plain http.

    Args:
        path: A path in the profile.
        prefix: What an address without a host is relative to.

    Returns:
        The source.
    """

    def source(profile: Mapping[str, object]) -> object:
        value = looked_up(profile, path)
        if not isinstance(value, str) or not value:
            return None
        if value.startswith("//"):
            return f"https:{value}"
        if prefix and "://" not in value:
            return f"{prefix}/{value.removeprefix('/')}"
        return f"https://{value.removeprefix('http://')}" if value.startswith("http:") else value

    return source


def unescaped(path: str) -> ClaimSource:
    """Read what a service escapes as for HTML.

    Args:
        path: A path in the profile.

    Returns:
        The source.
    """

    def source(profile: Mapping[str, object]) -> object:
        value = looked_up(profile, path)
        return html.unescape(value) if isinstance(value, str) else None

    return source
