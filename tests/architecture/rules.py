"""The import rules of the house, as a table, and what breaks them."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.architecture.imports import Import, imports_of

VALUES = frozenset(
    {"claims", "errors", "messages", "credentials", "tokens", "protocols"}
    | {"_headers", "_json", "_names", "_responses", "_urls", "_words"}
)
ADAPTERS = frozenset(
    {"urllib3", "httpx", "requests", "wsgi", "stub", "recording"}
    | {"memory", "cache", "redis", "sql", "sql_credentials", "sealing"}
)

# What a room without input and output may take from the standard library: no socket,
# no clock, no entropy, no file, no thread.
PURE = frozenset(
    {"__future__", "abc", "base64", "binascii", "collections", "contextlib", "dataclasses"}
    | {"datetime", "difflib", "email.utils.parsedate_to_datetime", "enum", "functools", "hashlib"}
    | {"hmac", "http.HTTPMethod", "http.HTTPStatus", "http.cookies", "itertools", "json", "math"}
    | {"operator", "re", "string", "textwrap", "types", "typing", "typing_extensions"}
    | {"unicodedata", "urllib.parse"}
)
IMPURE_CALLS = frozenset({"open", "input", "now", "utcnow", "today"})


@dataclass(frozen=True)
class Room:
    """What the modules of one room may import.

    Attributes:
        rooms: The other rooms.
        third_parties: Distributions, besides typing-extensions.
        typing_only: Distributions that may be named in annotations.
        pure: Whether it does no input or output.
        exceptions: Pairs of a module and what it alone may import, when a function is called
            or for its annotations.
    """

    rooms: frozenset[str] = frozenset()
    third_parties: frozenset[str] = frozenset()
    typing_only: frozenset[str] = frozenset()
    pure: bool = False
    exceptions: frozenset[tuple[str, str]] = field(default_factory=frozenset[tuple[str, str]])


_CORE = frozenset({"values", "oauth1", "oauth2", "oidc"})
_CRYPTOGRAPHY = frozenset({"cryptography"})

ROOMS = {
    # It imports what the packages name, which test_lazy.py reads.
    "_lazy": Room(third_parties=frozenset({"?"})),
    "values": Room(pure=True),
    "_forks": Room(),
    "oauth1": Room(frozenset({"values"}), _CRYPTOGRAPHY, pure=True),
    "oauth2": Room(frozenset({"values"}), _CRYPTOGRAPHY, pure=True),
    "oidc": Room(
        frozenset({"values", "oauth2"}),
        _CRYPTOGRAPHY,
        pure=True,
        exceptions=frozenset(
            # The extra for encrypted tokens; Key is an annotation.
            ("typedoauth.oidc.jwe", f"joserfc.{name}")
            for name in ("jwe", "jwk", "jwk.Key")
        ),
    ),
    "transports": Room(
        frozenset({"values", "_forks"}), frozenset({"urllib3", "httpx", "requests"})
    ),
    "stores": Room(frozenset({"values", "_forks"}), frozenset({"sqlalchemy", "cryptography"})),
    "client": Room(
        _CORE | {"_forks"},
        typing_only=_CRYPTOGRAPHY,
        exceptions=frozenset(
            {
                ("typedoauth.client.exchange", "typedoauth.transports.urllib3.Urllib3Transport"),
                ("typedoauth.client.exchange", "typedoauth.__version__"),
                ("typedoauth.client.bodies", "urllib3.filepost.encode_multipart_formdata"),
            }
        ),
    ),
    "flask": Room(
        _CORE | {"client", "stores", "transports", "providers"},
        frozenset({"flask", "werkzeug", "blinker", "click", "jinja2", "cryptography"}),
        exceptions=frozenset(
            # The command that serves it.
            {("typedoauth.flask.cli.provider", "typedoauth.testing.desk")}
        ),
    ),
    "providers": Room(_CORE | {"client"}),
    # The provider checks what the client does; it shares no more than errors and seams.
    "testing": Room(
        frozenset({"errors", "messages", "protocols"}),
        frozenset({"werkzeug", "jinja2", "cryptography", "pytest"}),
        typing_only=frozenset({"flask"}),
        exceptions=frozenset(
            {
                # Where it takes the place of services, it meets the application.
                ("typedoauth.testing.standing_in", "typedoauth.flask.registries"),
                ("typedoauth.testing.standing_in", "typedoauth.transports.WSGITransport"),
                ("typedoauth.testing.pytest_plugin", "typedoauth.transports.StubTransport"),
            }
        ),
    ),
    "typedoauth": Room(_CORE | {"client"}),
}

# The one third party of an adapter is the business of its own file and private helpers.
_ONLY_IN = {
    "urllib3": ("typedoauth.transports.urllib3", "typedoauth.transports._"),
    "httpx": ("typedoauth.transports.httpx", "typedoauth.transports._httpx"),
    "requests": ("typedoauth.transports.requests", "typedoauth.transports._requests"),
    "sqlalchemy": ("typedoauth.stores.sql", "typedoauth.stores._sql"),
}


def room_of(name: str) -> str:
    """The room that a module, or a name in it, belongs to."""
    parts = name.split(".")
    if len(parts) == 1 or parts[1].startswith("__"):
        return "typedoauth"
    return "values" if parts[1] in VALUES else parts[1]


def breaches(source: str, module: str, *, package: bool = False) -> list[str]:
    """Every breach of the rules in one module.

    Args:
        source: Its text.
        module: Its dotted name.
        package: Whether it is an ``__init__``.

    Returns:
        A sentence for each, with the line.
    """
    room = ROOMS.get(room_of(module))
    if room is None:
        return [f"{module}: the room {room_of(module)!r} has no rules; write them in rules.py"]
    found = [
        f"{module}:{one.line}: {problem}"
        for one in imports_of(source, module, package=package)
        for problem in _problems(one, module, room, package=package)
    ]
    if room.pure:
        found.extend(f"{module}:{line}: {what}" for line, what in _impurities(source))
    return found


def _problems(one: Import, module: str, room: Room, *, package: bool) -> Iterator[str]:
    top = one.target.partition(".")[0]
    if (module, one.target) in room.exceptions:
        if not (one.lazy or one.typing_only):
            yield f"{one.target} is for a function to import, when it is called"
    elif top == "typedoauth":
        yield from _own_problems(one.target, module, room, package=package)
    elif top in sys.stdlib_module_names or top in {"typing_extensions", "_typeshed"}:
        if room.pure and not _within(one.target, PURE) and top != "_typeshed":
            yield f"{one.target} is not for a room without input and output"
        if top == "_typeshed" and not one.typing_only:
            yield "_typeshed exists for checkers only"
    elif one.typing_only and top in room.typing_only:
        pass
    elif top not in room.third_parties:
        yield f"{room_of(module)} does not import {top}"
    elif top in _ONLY_IN and not module.startswith(_ONLY_IN[top]):
        yield f"{top} is for {_ONLY_IN[top][0]} alone"


def _own_problems(target: str, module: str, room: Room, *, package: bool) -> Iterator[str]:
    here, there = room_of(module), room_of(target)
    if package and there == "_lazy":
        return
    parts = target.split(".")
    if there != here and room.rooms.isdisjoint({there, *parts[1:2]}):
        yield f"{here} does not import {there} ({target})"
    if len(parts) > 3 and parts[2].startswith("_") and there != here:
        yield f"{target} is private to {there}"
    if here == there and here in {"transports", "stores"} and not package:
        own = module.split(".")[2]
        if len(parts) > 2 and own in ADAPTERS and parts[2] in ADAPTERS - {own}:
            yield f"adapters do not import each other ({target})"


def _within(target: str, allowed: frozenset[str]) -> bool:
    parts = target.split(".")
    return any(".".join(parts[:length]) in allowed for length in range(1, len(parts) + 1))


def _impurities(source: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), lineno=line):
                if name in IMPURE_CALLS:
                    yield line, f"{name}() reads the world; take what it gives as an argument"
            case _:
                pass
