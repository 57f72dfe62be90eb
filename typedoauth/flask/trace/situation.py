"""What there is to know about a login that stopped."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from typedoauth.errors import OAuthError
from typedoauth.flask.trace.steps import Step, values_of

__all__ = ["Situation"]

_IN_CONFIG: Final = frozenset(
    {"access_token_url", "client_id", "client_secret", "request_token_url", "server_metadata_url"}
)


@dataclass(frozen=True, slots=True)
class Situation:
    """What there is to know about a login that stopped.

    Attributes:
        client: The client's name.
        steps: Its messages.
        samesite: ``SESSION_COOKIE_SAMESITE``.
        secure: ``SESSION_COOKIE_SECURE``.
        hide: Puts labels in the place of secrets.
    """

    client: str
    steps: Sequence[Step]
    samesite: str | None = None
    secure: bool = False
    hide: Callable[[str], str] = str

    @property
    def sent(self) -> Mapping[str, str]:
        """The authorization request."""
        return values_of(self.steps, "authorization_request")

    @property
    def asked(self) -> Mapping[str, str]:
        """The token request."""
        return values_of(self.steps, "token_request")

    @property
    def answer(self) -> Mapping[str, str]:
        """The token response."""
        return values_of(self.steps, "token_response")

    @property
    def redirect_uri(self) -> str:
        """Where the login was to come back to."""
        return self.sent.get("redirect_uri") or "the redirect URI"

    def setting(self, name: str) -> str:
        """A setting, by its keyword, and its config key where it has one."""
        if name not in _IN_CONFIG or "@" in self.client:
            return name
        return f"{name} ({self.client.upper().replace('-', '_')}_{name.upper()} in app.config)"

    @property
    def begun_at(self) -> str:
        """The origin of the page that began the login; empty where that is not known."""
        return values_of(self.steps, "login_request").get("address", "")

    @property
    def came_to(self) -> str:
        """The origin that the callback came to."""
        return values_of(self.steps, "callback").get("address", "")

    def said(self, error: OAuthError) -> str:
        """The description of an error, without a secret that a server may have quoted."""
        return self.hide(error.description)

    def sentence(self, error: OAuthError) -> str:
        """The same, as the end of a sentence."""
        said = self.said(error)
        return said if said.endswith((".", "?", "!")) else f"{said}."

    def words(self, error: OAuthError) -> list[str]:
        """The provider's own words, where it had any."""
        said = [f"The provider says: {self.said(error)}"] if error.description else []
        return said + ([f"It explains that at {self.hide(error.uri)}"] if error.uri else [])
