"""Redirects of API calls; protocol messages follow none (RFC 9110 15.4, RFC 9700 4.12)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from urllib.parse import urljoin

from typedoauth._urls import origin, require_secure, split
from typedoauth.messages import Request, Response

__all__ = ["is_redirect", "redirected"]

_CREDENTIALS: Final = {
    "Authorization": None,
    "Cookie": None,
    "Proxy-Authorization": None,
}


def is_redirect(response: Response) -> bool:
    """Tell whether *response* sends the client elsewhere."""
    return response.status_code in (301, 302, 303, 307, 308) and "location" in response.headers


def redirected(request: Request, response: Response, *, allow_http: bool) -> Request:
    """Make the next request; across origins it carries no credentials.

    Raises:
        InsecureTransportError: The target is http.
        ConfigurationError: The target is no web address.
    """
    url = urljoin(request.url, response.headers["location"])
    url = split(url)._replace(fragment="").geturl()
    require_secure(url, "the target of a redirect", allow_http=allow_http)
    status, method, body, headers = (
        response.status_code,
        request.method,
        request.body,
        request.headers,
    )
    if (status == 303 and method != "HEAD") or (status in (301, 302) and method == "POST"):
        method, body = "GET", None
        headers = headers.replace({"Content-Type": None})
    if origin(url) != origin(request.url):
        headers = headers.replace(_CREDENTIALS)
    return replace(request, method=method, url=url, headers=headers, body=body)
