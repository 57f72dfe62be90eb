"""The signature base string (RFC 5849 3.4.1)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import SplitResult, quote, urlunsplit

from typedoauth._urls import percent_encode, split, without_query
from typedoauth.errors import ConfigurationError
from typedoauth.oauth1.parameters import EncodedPairs, normalize, normalize_form

__all__ = ["base_string_uri", "clean_url", "form_base_string", "signature_base_string"]

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_CLEAN: Final = re.compile(
    r"[A-Za-z0-9._~:@!$&'()*+,;=/?-]*+(?:%[0-9A-F]{2}[A-Za-z0-9._~:@!$&'()*+,;=/?-]*+)*+"
)
_PLAIN_HOST: Final = re.compile(r"[a-z0-9.-]+")
_UNCLEAN: Final = re.compile(r"%[0-9A-Fa-f]{2}|[^A-Za-z0-9._~:@!$&'()*+,;=/?-]")


def _clean_one(match: re.Match[str]) -> str:
    found = match[0]
    return found.upper() if len(found) == 3 else quote(found, safe="")


def _clean(component: str) -> str:
    return component if _CLEAN.fullmatch(component) else _UNCLEAN.sub(_clean_one, component)


def clean_url(url: str) -> SplitResult:
    """Bring a URL into the form in which every HTTP client sends it.

    Characters that no URL may hold are escaped and escapes written in capitals:
    a transport would do it after the signature was made, and break it.

    Args:
        url: An absolute http or https URL.

    Returns:
        The URL in parts.

    Raises:
        ConfigurationError: It is no absolute http or https URL, or its host is
            not in ASCII.

    Spec: RFC 3986 2.1, 6.2.2.1.
    """
    parts = split(url)
    if parts.scheme not in _DEFAULT_PORTS or not _PLAIN_HOST.fullmatch(parts.netloc):
        _check_host(parts, url)
    path, query = _clean(parts.path), _clean(parts.query)
    if path == parts.path and query == parts.query:
        return parts
    return parts._replace(path=path, query=query)


def _check_host(parts: SplitResult, url: str) -> None:
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise ConfigurationError(
            f"only absolute http and https URLs can be signed: {without_query(url)!r}"
        )
    if not parts.netloc.isascii():
        raise ConfigurationError(
            f"write the host of {without_query(url)!r} in its ASCII form (xn--...): "
            "it is what the Host header carries and the signature covers"
        )


def base_string_uri(url: str | SplitResult, host: str | None = None) -> str:
    """Compose the URI that is signed: without query, fragment and default port.

    Args:
        url: The URL of the request.
        host: The value of the ``Host`` header where it differs from the URL's.

    Returns:
        The base string URI.

    Raises:
        ConfigurationError: The URL cannot be signed, or *host* is no host.

    Spec: RFC 5849 3.4.1.2.
    """
    parts = clean_url(url) if isinstance(url, str) else url
    if host is None and _PLAIN_HOST.fullmatch(parts.netloc) and parts.path.startswith("/"):
        return f"{parts.scheme}://{parts.netloc}{parts.path}"  # as it is: the quick way
    authority = parts if host is None else split(f"{parts.scheme}://{host}")
    name, port = authority.hostname, authority.port
    if not name:
        raise ConfigurationError("the Host header of a signed request is empty")
    if ":" in name:
        name = f"[{name}]"
    if port is not None and port != _DEFAULT_PORTS[parts.scheme]:
        name = f"{name}:{port}"
    return urlunsplit((parts.scheme, name, parts.path or "/", "", ""))


def _encode_normalized(normalized: str) -> str:
    # Nothing else than unreserved characters and these three is in there.
    return normalized.replace("%", "%25").replace("&", "%26").replace("=", "%3D")


def signature_base_string(
    method: str,
    url: str | SplitResult,
    parameters: Iterable[tuple[str, str]],
    host: str | None = None,
) -> str:
    """Compose the text that is signed.

    Args:
        method: The HTTP method, in any case.
        url: The URL of the request; its query is not looked at.
        parameters: Encoded pairs of every source: query, ``Authorization``
            header and form-encoded body, without ``realm`` and
            ``oauth_signature``.
        host: The value of the ``Host`` header where it differs from the URL's.

    Returns:
        The signature base string.

    Raises:
        ConfigurationError: The URL cannot be signed.

    Spec: RFC 5849 3.4.1.1.
    """
    return _joined(method, base_string_uri(url, host), normalize(parameters))


def form_base_string(
    method: str, url: SplitResult, form: bytes, others: EncodedPairs, host: str | None
) -> str:
    """Compose the text that is signed, of parameters that have not been read.

    Args:
        method: The HTTP method, in any case.
        url: The URL of the request, clean.
        form: Its query and its form-encoded body.
        others: Encoded pairs of the ``Authorization`` header.
        host: The value of the ``Host`` header where it differs from the URL's.

    Returns:
        What :func:`signature_base_string` gives for all of these parameters.

    Raises:
        ConfigurationError: The URL cannot be signed.

    Spec: RFC 5849 3.4.1.1.
    """
    return _joined(method, base_string_uri(url, host), normalize_form(form, others))


def _joined(method: str, uri: str, normalized: str) -> str:
    return (
        f"{percent_encode(method.upper())}&{percent_encode(uri)}&{_encode_normalized(normalized)}"
    )
