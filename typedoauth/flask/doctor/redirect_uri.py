"""The redirect URI, as the application would build it behind its proxy settings."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import SplitResult, urlsplit

from flask import Flask, url_for
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BuildError
from werkzeug.sansio.utils import host_is_trusted
from werkzeug.test import EnvironBuilder, run_wsgi_app

from typedoauth._urls import is_loopback
from typedoauth.flask.doctor.callback import Route
from typedoauth.flask.doctor.findings import Finding, problem

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

__all__ = ["Proxy", "base_of", "build", "check_base", "check_redirect_uri", "proxy_of"]

_MOST_LAYERS: Final = 20


@dataclass(frozen=True, slots=True)
class Proxy:
    """How many proxies the application trusts to say what the browser asked for.

    Attributes:
        proto: For the scheme.
        host: For the host.
        prefix: For the path that the application is mounted at.
    """

    proto: int
    host: int
    prefix: int


def base_of(config: Mapping[str, object], given: str | None) -> str | None:
    """Where browsers reach the application.

    Args:
        config: ``app.config``.
        given: What the user of the doctor says.

    Returns:
        The URL without a slash at its end; ``None`` where nobody says.
    """
    if given is not None:
        return given.rstrip("/")
    name = config.get("SERVER_NAME")
    if not isinstance(name, str) or not name or "/" in name:
        return None
    scheme = config.get("PREFERRED_URL_SCHEME") or "http"
    return f"{scheme}://{name}{config.get('APPLICATION_ROOT') or ''}".rstrip("/")


def proxy_of(app: Flask) -> Proxy | None:
    """Find Werkzeug's ProxyFix among the middleware of an application.

    Args:
        app: The application.

    Returns:
        What it trusts; ``None`` where there is none.
    """
    layer: object = app.wsgi_app
    for _ in range(_MOST_LAYERS):
        if isinstance(layer, ProxyFix):
            return Proxy(layer.x_proto, layer.x_host, layer.x_prefix)
        layer = getattr(layer, "app", None) or getattr(layer, "wsgi_app", None)
    return None


def check_base(
    config: Mapping[str, object], given: str | None, proxy: Proxy | None
) -> Iterator[Finding]:
    """Look at what the application knows of its own address.

    Args:
        config: ``app.config``.
        given: What the user of the doctor says.
        proxy: What the application trusts.

    Yields:
        What is wrong.
    """
    name = config.get("SERVER_NAME")
    base = base_of(config, given)
    if isinstance(name, str) and "/" in name:
        yield problem(
            "server_name_invalid",
            "SERVER_NAME is a host, with a port at the most, and here it holds a scheme or a path",
            'set SERVER_NAME = "app.example", PREFERRED_URL_SCHEME = "https"',
        )
    elif not name and given is None:
        yield problem(
            "server_name_missing",
            "SERVER_NAME is not set, so the redirect URI has the host that the browser, or "
            "whoever, asks for, and it is not known here",
            "set SERVER_NAME and PREFERRED_URL_SCHEME, or run this with --base-url "
            "https://app.example; TRUSTED_HOSTS refuses other hosts",
        )
    if base is None:
        return
    parts = urlsplit(base)
    if given is not None and isinstance(name, str) and name and name != parts.netloc:
        yield problem(
            "server_name_other",
            f"SERVER_NAME is {name} and browsers reach the application at {parts.netloc}: URLs "
            "that are made outside requests lead elsewhere",
            f'set SERVER_NAME = "{parts.netloc}"',
        )
    trusted = config.get("TRUSTED_HOSTS")
    if isinstance(trusted, list | tuple) and not _trusts(
        cast("Iterable[object]", trusted), parts.netloc
    ):
        yield problem(
            "trusted_hosts_other",
            f"TRUSTED_HOSTS does not have {parts.hostname}: every request is refused",
            "add the host to TRUSTED_HOSTS",
        )
    yield from _proxy_problems(parts, proxy)


def _trusts(trusted: Iterable[object], host: str) -> bool:
    return host_is_trusted(host, [one for one in trusted if isinstance(one, str)])


def _proxy_problems(base: SplitResult, proxy: Proxy | None) -> Iterator[Finding]:
    if base.scheme == "https" and proxy is None and not is_loopback(base.hostname or ""):
        yield problem(
            "proxy_fix_missing",
            "the application is reached by https and has no ProxyFix: if a proxy ends TLS in "
            "front of it, redirect URIs begin with http",
            "app.wsgi_app = ProxyFix(app.wsgi_app, x_proto=1, x_host=1); leave it if the server "
            "itself speaks TLS, or sets the scheme",
        )
    if base.scheme == "https" and proxy is not None and not proxy.proto:
        yield problem(
            "proxy_scheme_ignored",
            "ProxyFix has x_proto=0: it does not believe the proxy that the browser came by https",
            "say ProxyFix(…, x_proto=1)",
        )
    if base.path and proxy is not None and not proxy.prefix:
        yield problem(
            "proxy_prefix_ignored",
            f"the application is reached under {base.path} and ProxyFix has x_prefix=0: unless "
            "the server sets SCRIPT_NAME, the redirect URI lacks it",
            "say ProxyFix(…, x_prefix=1), and let the proxy send X-Forwarded-Prefix",
        )


def build(
    app: Flask, route: Route, client: str, base: str | None, proxy: Proxy | None
) -> str | None:
    """Build the redirect URI as a view would.

    Args:
        app: The application.
        route: The callback.
        client: The client's name.
        base: Where browsers reach the application; only the path is told where not known.
        proxy: What the application trusts of the proxy in front of it.

    Returns:
        The URI; ``None`` where it cannot be built.
    """
    try:
        with (
            warnings.catch_warnings(action="ignore"),
            app.request_context(_environ(base or "http://localhost", proxy)) as context,
        ):
            if context.url_adapter is None:  # the host is not trusted
                return None
            uri = url_for(route.endpoint, _external=base is not None, **route.values(client))
    except (BuildError, ValueError):
        return None
    # Flask 3.0 makes a whole URL, and a strange one, of a host that is not SERVER_NAME.
    if base is None:
        return urlsplit(uri).path
    return None if "<invalid>" in uri else uri


def _environ(base: str, proxy: Proxy | None) -> WSGIEnvironment:
    """What the application gets of a request to *base*, past the proxy in front of it."""
    if proxy is None:
        return EnvironBuilder(base_url=f"{base}/").get_environ()
    parts = urlsplit(base)
    said = {"Proto": parts.scheme, "Host": parts.netloc, "Prefix": parts.path}
    headers = [
        (f"X-Forwarded-{name}", ", ".join([value] * max(count, 1)))
        for (name, value), count in zip(
            said.items(), (proxy.proto, proxy.host, proxy.prefix), strict=True
        )
        if value
    ]
    environ = EnvironBuilder(base_url=f"http://{parts.netloc}/", headers=headers).get_environ()
    seen: list[WSGIEnvironment] = []

    def application(changed: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        seen.append(changed)
        start_response("204 No Content", [])
        return []

    fix = ProxyFix(
        application, x_proto=proxy.proto, x_host=proxy.host, x_prefix=proxy.prefix, x_for=0
    )
    run_wsgi_app(fix, environ)
    return seen[0]


def check_redirect_uri(uri: str) -> Iterator[Finding]:
    """Look at a redirect URI.

    Args:
        uri: The URI, or its path alone.

    Yields:
        What is wrong.
    """
    parts = urlsplit(uri)
    host = parts.hostname or ""
    if parts.scheme == "http" and not is_loopback(host):
        yield problem(
            "redirect_uri_http",
            f"the redirect URI is {uri}: codes travel without TLS, and providers refuse it",
            'serve the application by https; if it is, set PREFERRED_URL_SCHEME = "https" and '
            "ProxyFix(…, x_proto=1)",
        )
    elif host.lower() == "localhost":
        yield problem(
            "redirect_uri_localhost",
            f"the redirect URI is {uri}: to browsers and providers localhost and 127.0.0.1 are "
            "two hosts, with a session each",
            "use one of them everywhere: in the browser, and where the provider has the redirect "
            "URI; RFC 8252 8.3 prefers 127.0.0.1",
        )
