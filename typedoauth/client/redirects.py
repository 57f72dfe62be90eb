"""Redirects of API calls; protocol messages follow none (RFC 9110 15.4, RFC 9700 4.12)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from typedoauth._urls import clean, join, origin, query_pairs, require_secure, split, without_query
from typedoauth.errors import ConfigurationError, InsecureTransportError, MalformedResponseError
from typedoauth.messages import Request, Response

__all__ = ["is_redirect", "redirected"]

# Any other header field may hold a credential: X-Api-Key, and whatever a service calls it.
_HARMLESS: Final = frozenset(
    {
        "accept",
        "accept-encoding",
        "accept-language",
        "cache-control",
        "content-language",
        "content-type",
        "if-modified-since",
        "if-none-match",
        "range",
        "user-agent",
    }
)


def is_redirect(response: Response) -> bool:
    """Tell whether *response* sends the client elsewhere."""
    return response.status_code in (301, 302, 303, 307, 308) and "location" in response.headers


def redirected(request: Request, sent: Request, response: Response, *, allow_http: bool) -> Request:
    """Make the next request; across origins it carries no credentials.

    Args:
        request: The request before its token was added.
        sent: The request as it was sent.
        response: The redirect.
        allow_http: Whether http off loopback is allowed.

    Raises:
        InsecureTransportError: The target is http.
        MalformedResponseError: The target is no web address.
    """
    url = _target(request, sent, response, allow_http=allow_http)
    status, method, body = response.status_code, request.method, request.body
    headers = request.headers
    if (status == 303 and method != "HEAD") or (status in (301, 302) and method == "POST"):
        method, body = "GET", None
        headers = headers.replace({"Content-Type": None})
    connection = request.connection
    if origin(url) != origin(request.url):
        headers = headers.replace({name: None for name in headers if name.lower() not in _HARMLESS})
        if connection.cert is not None:
            connection = replace(connection, cert=None)  # it is a credential, too
    return replace(
        request, method=method, url=url, headers=headers, body=body, connection=connection
    )


def _target(request: Request, sent: Request, response: Response, *, allow_http: bool) -> str:
    where = f"{without_query(request.url)} redirects (status {response.status_code})"
    locations = response.headers.get_all("location")
    if len(locations) != 1:
        raise MalformedResponseError(f"{where} to several addresses at once")
    try:
        url = clean(join(request.url, _utf8(locations[0]).strip()))
        require_secure(url, "the target of a redirect", allow_http=allow_http)
    except InsecureTransportError:
        raise
    except ConfigurationError as error:
        # It is the server that is mistaken, and not this application.
        raise MalformedResponseError(f"{where} to no web address: {error.description}") from None
    if split(request.url).scheme == "https" and split(url).scheme != "https" and not allow_http:
        raise InsecureTransportError(f"{where} from https to http, which is not followed")
    return _without_added(url, request, sent)


def _utf8(field: str) -> str:
    """Read bytes that HTTP libraries take for latin-1, and most servers mean as UTF-8."""
    try:
        return field.encode("latin-1").decode()
    except UnicodeError:
        return field


def _without_added(url: str, request: Request, sent: Request) -> str:
    """Take away what was added to the query when the request was authorised.

    Many servers give the query back in the address they redirect to, and with it
    a token that is in there.
    """
    added = set(query_pairs(split(sent.url).query)) - set(query_pairs(split(request.url).query))
    if not added:
        return url
    parts = split(url)
    kept = [one for one in parts.query.split("&") if not added.intersection(query_pairs(one))]
    return parts._replace(query="&".join(kept)).geturl()
