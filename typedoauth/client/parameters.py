"""Sorting what people pass along: HTTP keywords here, protocol parameters there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias, cast

from typedoauth._urls import Parameters, pairs, query_pairs, split, text, without_query
from typedoauth.client.options import CallOptions, TimeoutLike
from typedoauth.credentials import ClientCredentials
from typedoauth.errors import CallbackError, ConfigurationError

__all__ = [
    "Callback",
    "HTTPKeywords",
    "absolute_uri",
    "callback_pairs",
    "checked_max_age",
    "checked_texts",
    "field_mapping",
    "form_parameters",
    "parameter_pairs",
    "split_http_keywords",
]

Callback: TypeAlias = str | Sequence[tuple[str, str]]
"""A request to the redirection endpoint: its URL, or its parameters in order."""

_TAKEN: Final = frozenset(
    {"auth", "cert", "headers", "method", "params", "proxies", "timeout", "verify"}
)
_CONNECTION: Final = ("cert", "proxies", "verify")
# What looks like "localhost:5000/x" is a host and a port, and no scheme.
_ABSOLUTE: Final = re.compile(
    r"https?://[^/?#\s]|(?!https?:)[a-z][a-z0-9+.-]*:(?!\d+(?:[/?#]|$))", re.IGNORECASE
)
_REFUSED: Final = frozenset({"allow_redirects", "cookies", "files", "hooks", "json", "stream"})


def callback_pairs(callback: Callback) -> list[tuple[str, str]]:
    """Every parameter of a callback, in order.

    Raises:
        CallbackError: It is no URL.
    """
    if not isinstance(callback, str):
        return list(callback)
    try:
        return query_pairs(split(callback).query)
    except ConfigurationError:
        pass
    # Not in the handler: whoever called the redirection endpoint is mistaken, not the application.
    raise CallbackError("the callback is no URL that can be read")


def absolute_uri(redirect_uri: object, what: str = "redirect_uri") -> None:
    """Refuse a redirection URI that is not absolute (RFC 6749 3.1.2, RFC 5849 2.1).

    Raises:
        ConfigurationError: It is not.
    """
    if not isinstance(redirect_uri, str):
        raise ConfigurationError(f"{what} is a text, not {type(redirect_uri).__name__}")
    if not _ABSOLUTE.match(redirect_uri):
        raise ConfigurationError(
            f"{what} is to be absolute: {without_query(redirect_uri)!r}; "
            "say url_for(…, _external=True)"
        )


@dataclass(frozen=True, slots=True)
class HTTPKeywords:
    """How a protocol message is sent, apart from what it says.

    Attributes:
        method: The HTTP method, in capitals.
        headers: Further header fields.
        params: Further parameters of the query.
        timeout: Deadlines, or ``None`` for the client's.
        auth: Identifier and secret for HTTP Basic, in place of client authentication.
        connection: ``verify``, ``cert`` and ``proxies``, where given.
    """

    method: str = "POST"
    headers: Mapping[str, str | None] = field(default_factory=dict[str, "str | None"], repr=False)
    params: Sequence[tuple[str, str]] = field(default=(), repr=False)
    timeout: TimeoutLike | None = None
    auth: ClientCredentials | None = None
    connection: CallOptions = field(default_factory=CallOptions, repr=False)


def checked_max_age(value: object) -> int | None:
    """Read ``max_age`` (OpenID Connect Core 3.1.2.1).

    Raises:
        ConfigurationError: It is no whole number of seconds.
    """
    if value is None:
        return None
    if not re.fullmatch(r"[0-9]{1,9}", str(value)):
        raise ConfigurationError("max_age is a whole number of seconds, 0 or more")
    return int(str(value))


def checked_texts(value: object, what: str) -> tuple[str, ...]:
    """Read texts that are given as a list, or in one text with spaces between them.

    Raises:
        ConfigurationError: They are given otherwise.
    """
    if value is None:
        return ()
    if isinstance(value, str):
        return tuple(value.split())
    listed = cast("Sequence[object]", value) if isinstance(value, list | tuple) else [None]
    texts = tuple(one for one in listed if isinstance(one, str))
    if len(texts) != len(listed):
        raise ConfigurationError(f"{what} is a text or a list of texts")
    return texts


def field_mapping(value: object) -> Mapping[str, str | None]:
    """Check that header fields come as a mapping; each is looked at when it is sent.

    Raises:
        ConfigurationError: They do not.
    """
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ConfigurationError(f"headers is a dict, not {type(value).__name__}")
    return cast("Mapping[str, str | None]", value)  # Request looks at each


def parameter_pairs(value: object, what: str) -> list[tuple[str, str]]:
    """Flatten parameters that are given as a text, a dict or a list of pairs.

    Raises:
        ConfigurationError: They are given otherwise.
    """
    if value is None:
        return []
    if isinstance(value, str):
        return query_pairs(value)
    if not isinstance(value, Mapping | list | tuple):
        raise ConfigurationError(f"{what} is a text, a dict or a list of pairs")
    return pairs(cast("Parameters", value))  # it looks at each pair


def form_parameters(parameters: Mapping[str, object]) -> dict[str, str | Sequence[str]]:
    """Write protocol parameters as they are sent; ``None`` values are left out.

    Raises:
        ConfigurationError: A value cannot be sent as text.
    """
    written: dict[str, str | Sequence[str]] = {}
    for name, value in parameters.items():
        if value is None:
            continue
        if isinstance(value, list | tuple):
            values = cast("Sequence[object]", value)  # each item becomes text
            written[text(name)] = [text(one) for one in values if one is not None]
        elif isinstance(value, str | int | float):
            written[text(name)] = text(value)
        else:
            raise ConfigurationError(f"parameter {name!r} is to be a text, number or list of them")
    return written


def split_http_keywords(
    parameters: Mapping[str, object],
) -> tuple[HTTPKeywords, dict[str, str | Sequence[str]]]:
    """Part HTTP keywords (``headers``, ``timeout``, …) from protocol parameters.

    Args:
        parameters: What stands in ``access_token_params`` or a call.

    Returns:
        The HTTP keywords, and the parameters as text; ``None`` values are left out.

    Raises:
        ConfigurationError: A value cannot be sent as text, or a keyword is one
            that protocol messages cannot have.
    """
    given = {name: value for name, value in parameters.items() if value is not None}
    for name in _REFUSED.intersection(given):
        raise ConfigurationError(
            f"{name!r} has no meaning for a protocol message; "
            f"those that have one are {', '.join(sorted(_TAKEN))}"
        )
    rest = form_parameters({name: value for name, value in given.items() if name not in _TAKEN})
    if len(rest) == len(given):
        return HTTPKeywords(), rest
    connection = {name: given[name] for name in _CONNECTION if name in given}
    keywords = HTTPKeywords(
        str(given.get("method", "POST")).upper(),
        field_mapping(given.get("headers")),
        parameter_pairs(given.get("params"), "params"),
        cast("TimeoutLike | None", given.get("timeout")),  # looked at where it is used
        _basic(given.get("auth")),
        cast("CallOptions", connection),  # likewise
    )
    return keywords, rest


def _basic(auth: object) -> ClientCredentials | None:
    match auth:
        case None:
            return None
        case (str() as identifier, str() as secret):
            return ClientCredentials(identifier, secret)
        case _:
            raise ConfigurationError(
                "auth is a pair (identifier, secret) for HTTP Basic; "
                "for another way to authenticate use client_auth_methods"
            )
