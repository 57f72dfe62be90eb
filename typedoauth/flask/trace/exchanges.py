"""Recording what goes to the provider and comes back, by way of the transport."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from typedoauth._urls import query_pairs, without_query
from typedoauth.errors import ConfigurationError, OAuthError
from typedoauth.flask.trace.record import Record
from typedoauth.flask.trace.showing import Shower, form_of
from typedoauth.flask.trace.steps import Step
from typedoauth.messages import Request, Response
from typedoauth.oauth2.pkce import code_challenge
from typedoauth.protocols import Transport

__all__ = ["TracingTransport"]

_TITLES: Final = {
    "metadata": ("The application asks the provider for its addresses", "They come"),
    "keys": ("The application asks for the provider's public keys", "The keys come"),
    "temporary": ("The application asks for temporary credentials", "The credentials come"),
    "token": ("The application trades what came back for a token", "The provider answers"),
    "other": ("The application asks the provider for something", "The provider answers"),
}


class TracingTransport:
    """A transport that writes down what it sends for a login.

    Args:
        inner: What sends.
        current: The login at hand, or ``None``.
        shower: Takes secrets out.
    """

    __slots__ = ("_current", "_inner", "_shower")

    def __init__(
        self, inner: Transport, current: Callable[[], Record | None], shower: Shower
    ) -> None:
        self._inner = inner
        self._current = current
        self._shower = shower

    def send(self, request: Request, /) -> Response:
        """Send a request.

        Raises:
            OAuthError: No complete response arrived.
        """
        record = self._current()
        if record is None:
            return self._inner.send(request)
        name = _name_of(request)
        where = f"{request.method} {self._shower.text(without_query(request.url))}"
        title, answered = _TITLES[name]
        values = (*self._shower.request(request), *self._challenge(request))
        record.add(Step(f"{name}_request", "app", "provider", title, where, values))
        began = time.monotonic()
        try:
            response = self._inner.send(request)
            content = b"" if request.stream else response.content
        except Exception as error:
            said = error.description if isinstance(error, OAuthError) else type(error).__name__
            record.add(
                Step(
                    f"{name}_response",
                    "provider",
                    "app",
                    "No answer comes",
                    self._shower.text(said),
                    failed=True,
                )
            )
            raise
        taken = 1000 * (time.monotonic() - began)
        kind = response.headers.get("content-type", "no content type").partition(";")[0]
        summary = f"{response.status_code} {response.reason}, {kind}, {len(content)} bytes"
        failed = not 200 <= response.status_code < 300
        record.add(
            Step(
                f"{name}_response",
                "provider",
                "app",
                "The provider refuses" if failed else answered,
                f"{self._shower.text(summary)}, {taken:.0f} ms",
                self._shower.response(response, content, record.clock()),
                failed=failed,
            )
        )
        return response

    def _challenge(self, request: Request) -> list[tuple[str, str]]:
        verifier = dict(_parameters(request)).get("code_verifier")
        challenge = None
        if verifier is not None:
            with suppress(ConfigurationError):
                challenge = code_challenge(verifier)
        if challenge is None:
            return []
        return [("code_verifier, its challenge", self._shower.value("code_challenge", challenge))]


def _parameters(request: Request) -> list[tuple[str, str]]:
    return [*query_pairs(request.url.partition("?")[2]), *form_of(request)]


def _name_of(request: Request) -> str:
    names = {name for name, _ in _parameters(request)}
    signed = request.headers.get("authorization", "")
    if "grant_type" in names:
        return "token"
    if "oauth_signature_method" in names or signed.lower().startswith("oauth "):
        trades = "oauth_token" in names or "oauth_token=" in signed
        return "token" if trades else "temporary"
    if "jwk-set" in request.headers.get("accept", ""):
        return "keys"
    return "metadata" if "/.well-known/" in request.url else "other"
