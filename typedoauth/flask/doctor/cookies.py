"""The flags of the session cookie, and whether the callback gets the cookie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

from typedoauth._urls import is_loopback
from typedoauth.flask.doctor.findings import Finding, fine, problem

__all__ = ["CookieSettings", "check_cookie", "check_cookie_reaches"]

_SAMESITE: Final = ("lax", "strict", "none")


@dataclass(frozen=True, slots=True)
class CookieSettings:
    """What config says of the session cookie.

    Attributes:
        name: Its name.
        secure: Whether it is sent over https only.
        http_only: Whether scripts cannot read it.
        samesite: ``Lax``, ``Strict``, ``None`` as a text, or not set.
        domain: For which hosts; the one that set it where not set.
        path: For which paths.
    """

    name: str
    secure: bool
    http_only: bool
    samesite: str | None
    domain: str | None
    path: str

    @classmethod
    def of(cls, config: Mapping[str, object]) -> CookieSettings:
        """Read them as Flask does.

        Args:
            config: ``app.config``.

        Returns:
            The settings.
        """
        samesite, domain = (
            config.get("SESSION_COOKIE_SAMESITE"),
            config.get("SESSION_COOKIE_DOMAIN"),
        )
        path = config.get("SESSION_COOKIE_PATH") or config.get("APPLICATION_ROOT") or "/"
        return cls(
            str(config.get("SESSION_COOKIE_NAME") or "session"),
            bool(config.get("SESSION_COOKIE_SECURE")),
            bool(config.get("SESSION_COOKIE_HTTPONLY", True)),
            None if samesite is None else str(samesite),
            str(domain) if domain else None,
            str(path),
        )


def check_cookie(cookie: CookieSettings, base: str | None) -> Iterator[Finding]:
    """Look at the flags.

    Args:
        cookie: What config says.
        base: Where the application is reached, if that is known.

    Yields:
        What is to be said of them.
    """
    found = [*_flags(cookie)]
    if base is not None:
        found += _flags_at(cookie, urlsplit(base))
    yield from found
    if not found:
        yield fine("cookie", "the session cookie has the flags that a login needs")


def _flags(cookie: CookieSettings) -> Iterator[Finding]:
    samesite = None if cookie.samesite is None else cookie.samesite.lower()
    if samesite is None:
        yield problem(
            "cookie_samesite_unset",
            "SESSION_COOKIE_SAMESITE is not set, so each browser does as it likes",
            'set SESSION_COOKIE_SAMESITE = "Lax", which logins work with',
        )
    elif samesite not in _SAMESITE:
        yield problem(
            "cookie_samesite_invalid",
            "SESSION_COOKIE_SAMESITE is none of Lax, Strict and None: no session can be saved",
            'set SESSION_COOKIE_SAMESITE = "Lax"',
        )
    elif samesite == "strict":
        yield problem(
            "cookie_samesite_strict",
            "SESSION_COOKIE_SAMESITE is Strict: the way back from the provider leads across "
            "sites, and the callback gets no session",
            'set SESSION_COOKIE_SAMESITE = "Lax"',
        )
    elif samesite == "none" and not cookie.secure:
        yield problem(
            "cookie_none_without_secure",
            "SESSION_COOKIE_SAMESITE is None without SESSION_COOKIE_SECURE: browsers refuse such "
            "a cookie",
            'set SESSION_COOKIE_SAMESITE = "Lax", or SESSION_COOKIE_SECURE = True as well',
        )
    if not cookie.http_only:
        yield problem(
            "cookie_script_readable",
            "SESSION_COOKIE_HTTPONLY is False: a script that got into a page can take the session",
            "leave SESSION_COOKIE_HTTPONLY out",
        )
    lacking = _lacking_of_prefix(cookie)
    if lacking:
        yield problem(
            "cookie_prefix_unmet",
            f"the name {cookie.name} promises what the cookie lacks, so browsers refuse it: "
            f"{', '.join(lacking)}",
            "set what the prefix asks for, or give SESSION_COOKIE_NAME another one",
        )


def _lacking_of_prefix(cookie: CookieSettings) -> list[str]:
    name = cookie.name.lower()
    lacking: list[str] = []
    if name.startswith(("__host-", "__secure-")) and not cookie.secure:
        lacking.append("SESSION_COOKIE_SECURE = True")
    if name.startswith("__host-") and cookie.domain is not None:
        lacking.append("no SESSION_COOKIE_DOMAIN")
    if name.startswith("__host-") and cookie.path != "/":
        lacking.append('SESSION_COOKIE_PATH = "/"')
    return lacking


def _flags_at(cookie: CookieSettings, base: SplitResult) -> Iterator[Finding]:
    host = (base.hostname or "").lower()
    if base.scheme == "https" and not cookie.secure:
        yield problem(
            "cookie_not_secure",
            "the application is reached by https, and the session cookie is sent by http, too",
            "set SESSION_COOKIE_SECURE = True",
        )
    elif base.scheme == "http" and cookie.secure and is_loopback(host):
        yield problem(
            "cookie_secure_on_loopback",
            f"SESSION_COOKIE_SECURE is True and the application is reached at http://{host}: "
            "some browsers then keep no session",
            "set SESSION_COOKIE_SECURE = False while you develop",
        )
    elif base.scheme == "http" and cookie.secure:
        yield problem(
            "cookie_secure_on_http",
            "SESSION_COOKIE_SECURE is True and the application is reached by http: browsers do "
            "not send the cookie, and no login can end",
            "serve the application by https; if it is, say so with PREFERRED_URL_SCHEME, or "
            "--base-url",
        )
    domain = (cookie.domain or host).lstrip(".").lower()
    if host != domain and not host.endswith(f".{domain}"):
        yield problem(
            "cookie_domain_other",
            f"SESSION_COOKIE_DOMAIN is {domain} and the application is reached at {host}: "
            "browsers refuse the cookie",
            "leave SESSION_COOKIE_DOMAIN out, or set it to the host or a domain above it",
        )


def check_cookie_reaches(cookie: CookieSettings, path: str) -> Iterator[Finding]:
    """See to it that the callback gets the session.

    Args:
        cookie: What config says.
        path: The path of the redirect URI.

    Yields:
        What is wrong.
    """
    prefix = cookie.path.rstrip("/")
    if path != prefix and not path.startswith(f"{prefix}/"):
        yield problem(
            "cookie_path_other",
            f"the session cookie is for {cookie.path} and the callback is {path}: it gets no "
            "session",
            "set SESSION_COOKIE_PATH (or APPLICATION_ROOT, which it is taken from) to a path "
            "above the callback",
        )
