"""The requests of API calls: where they go, what they carry, and where a token may go."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from typedoauth._urls import add_query, clean, join, origin, require_secure, without_query
from typedoauth.client.bodies import encode_body
from typedoauth.client.exchange import Exchange
from typedoauth.client.options import (
    CallOptions,
    ConnectionOptions,
    connection_settings,
    timeout_of,
)
from typedoauth.client.parameters import field_mapping, parameter_pairs
from typedoauth.errors import ConfigurationError, UntrustedOriginError
from typedoauth.messages import Headers, Request

__all__ = ["APIRequests"]

_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
# A path and a query in which nothing is to be resolved, escaped or refused.
_SEGMENT: Final = "[A-Za-z0-9_~-][A-Za-z0-9._~-]*"
_PLAIN: Final = re.compile(rf"{_SEGMENT}(?:/{_SEGMENT})*/?(?:\?[A-Za-z0-9._~!$%&'()*+,/:;=?@-]+)?")
_COOKIE_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_COOKIE_VALUE: Final = re.compile(r"[\x20-\x3a\x3c-\x7e]*")
_STREAM_SECONDS: Final = 3600.0
_API_BYTES: Final = 64 << 20


class APIRequests:
    """Makes the requests of one client's API calls.

    Args:
        name: The client's name, for messages.
        exchange: What will send them.
        api_base_url: What relative URLs are resolved against.
        options: The client's options.

    Raises:
        ConfigurationError: A URL is wrong.
    """

    __slots__ = ("_base", "_exchange", "_max_bytes", "_name", "_prefix", "_trusted")

    def __init__(
        self, name: str, exchange: Exchange, api_base_url: str | None, options: ConnectionOptions
    ) -> None:
        self._name = name
        self._exchange = exchange
        self._base = api_base_url
        self._max_bytes: int = options.get("max_response_bytes", _API_BYTES)
        exchange.secure(api_base_url, "api_base_url")
        # What stands before a name that is resolved against it.
        self._prefix: str | None = api_base_url and clean(join(api_base_url, "x"))[:-1]
        trusted = [*options.get("trusted_origins", ())]
        for one in trusted:
            exchange.secure(one, "trusted_origins")
        if api_base_url is not None:
            trusted.append(api_base_url)
        # Without api_base_url every absolute URL is the application's own choice.
        self._trusted: frozenset[tuple[str, str, int]] | None = (
            frozenset(map(origin, trusted)) if trusted else None
        )

    def make(
        self, method: str, url: str, options: CallOptions, defaults: Mapping[str, str]
    ) -> Request:
        """Make the request of one call, without its token.

        Args:
            method: The HTTP method.
            url: An absolute URL, or a relative one.
            options: The options of the call.
            defaults: The client's own header fields.

        Raises:
            ConfigurationError: Something about the call cannot be sent.
            InsecureTransportError: It would go out without TLS.
        """
        url = add_query(self._address(url), parameter_pairs(options.get("params"), "params"))
        body, media_type = encode_body(options)
        fields = {"User-Agent": self._exchange.user_agent, "Accept": "*/*"}
        if media_type is not None:
            fields["Content-Type"] = media_type
        cookies = options.get("cookies")
        if cookies:
            fields["Cookie"] = _cookie_header(cookies)
        headers = Headers(fields)
        for given in (defaults, field_mapping(options.get("headers"))):
            if given:
                headers = headers.replace(given)
        stream = bool(options.get("stream"))
        timeout = timeout_of(options.get("timeout"), self._exchange.timeout)
        if stream and options.get("timeout") is None:
            timeout = replace(timeout, total=_STREAM_SECONDS)
        return Request(
            method.upper(),
            url,
            headers,
            body,
            timeout=timeout,
            max_bytes=None if stream else self._max_bytes,
            stream=stream,
            connection=connection_settings(options, self._exchange.connection),
        )

    def check_origin(self, url: str) -> None:
        """Refuse to send a token to *url* unless its origin is trusted.

        Raises:
            UntrustedOriginError: It is not.
        """
        if self._trusted is not None and origin(url) not in self._trusted:
            raise UntrustedOriginError(
                f"client {self._name!r} does not send its token to {without_query(url)}: it is "
                "neither under api_base_url nor in trusted_origins; add the origin there, or say "
                "withhold_token=True"
            )

    def _address(self, url: str) -> str:
        """What is called for *url*, by a short way where that comes to the same."""
        prefix = self._prefix
        if prefix and isinstance(url, str):  # pyright: ignore[reportUnnecessaryIsInstance] as annotated
            if url.startswith(prefix) and _PLAIN.fullmatch(url, len(prefix)):
                return url
            if _PLAIN.fullmatch(url):
                return prefix + url
        return self._absolute(url)

    def _absolute(self, url: object) -> str:
        if not isinstance(url, str):
            raise ConfigurationError(f"the URL of the call is a text, not {type(url).__name__}")
        url = url.strip()
        if not _ABSOLUTE.match(url):
            if self._base is None:
                raise ConfigurationError(
                    f"client {self._name!r} has no api_base_url, so {without_query(url)!r} "
                    "leads nowhere; register one, or give an absolute URL"
                )
            url = join(self._base, url)
        elif url.startswith("//"):
            url = join(self._base or "https:", url)
        require_secure(url, "the URL of the call", allow_http=self._exchange.allow_http)
        return clean(url)


def _cookie_header(cookies: Mapping[str, str]) -> str:
    if not isinstance(cookies, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance] as annotated
        raise ConfigurationError("cookies is a dict of names and values")
    for name, value in cookies.items():
        if not _COOKIE_NAME.fullmatch(str(name)) or not _COOKIE_VALUE.fullmatch(str(value)):
            raise ConfigurationError(
                f"cookie {name!r} cannot be sent: its name or value holds a semicolon "
                "or another character that cookies cannot have (RFC 6265 4.1.1)"
            )
    return "; ".join(f"{name}={value}" for name, value in cookies.items())
