"""How a service is asked who the user is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias, cast, runtime_checkable

from typedoauth._json import parse_object
from typedoauth._urls import without_query
from typedoauth.client.verbs import APICalls
from typedoauth.errors import ConfigurationError, MalformedResponseError
from typedoauth.oauth2 import TokenIntrospection
from typedoauth.providers.claims import looked_up
from typedoauth.tokens import AnyToken, OAuth2Token

__all__ = ["Endpoint", "Fetch", "FollowUp", "Introspection", "ProfileSource", "TokenAnswer"]

Fetch: TypeAlias = Callable[[str], object]
"""Gets the JSON of a further address of the same API, with the same token."""
FollowUp: TypeAlias = Callable[[Fetch, dict[str, object], AnyToken], Mapping[str, object]]
"""What is still to be found out: gets the profile so far, and gives it back with more in it."""


class ProfileSource(Protocol):
    """Where a profile comes from."""

    def fetch(self, client: APICalls[AnyToken], token: AnyToken, /) -> Mapping[str, object]:
        """Get the profile.

        Args:
            client: A client or remote app of the service.
            token: The user's token.

        Returns:
            The profile, as the service sent it.

        Raises:
            MalformedResponseError: The answer is no profile.
            OAuthError: There was none.
        """
        ...


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An API call with the token.

    Attributes:
        url: The address, relative to ``api_base_url``.
        method: The HTTP method.
        params: Its query. A value ``{name}`` stands for that member of the token.
        headers: Further header fields.
        body: Its body.
        within: The path of the profile in the answer; empty where the answer is it.
        then: What else is to be found out, in order.
    """

    url: str
    method: Literal["GET", "POST"] = "GET"
    params: Mapping[str, str] = field(default_factory=dict[str, str])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes | None = None
    within: str = ""
    then: tuple[FollowUp, ...] = ()

    def fetch(self, client: APICalls[AnyToken], token: AnyToken, /) -> Mapping[str, object]:
        """Get the profile; see :meth:`ProfileSource.fetch`.

        Args:
            client: A client or remote app of the service.
            token: The user's token.

        Returns:
            The profile, as the service sent it.

        Raises:
            MalformedResponseError: The answer is no profile.
            HTTPStatusError: The service refused.
            OAuthError: It could not be asked.
        """
        members = cast("Mapping[str, object]", token)  # read by name
        response = client.request(
            self.method,
            self.url,
            token=token,
            params={
                name: str(members.get(value[1:-1], "")) if value.startswith("{") else value
                for name, value in self.params.items()
            },
            headers={"Accept": "application/json", **self.headers},
            data=self.body,
        )
        response.raise_for_status()
        where = f"the profile of {without_query(response.url)}"
        profile = looked_up(parse_object(response.content, where), self.within)
        if not isinstance(profile, dict):
            raise MalformedResponseError(f"{where} is not an object in {self.within or 'JSON'!r}")
        found: Mapping[str, object] = cast("dict[str, object]", profile)  # JSON

        def more(url: str) -> object:
            answer = client.request(
                "GET", url, token=token, headers={"Accept": "application/json", **self.headers}
            )
            answer.raise_for_status()
            parsed: object = answer.json()
            return parsed

        for step in self.then:
            found = step(more, dict(found), token)
        return found


@runtime_checkable
class _Introspects(Protocol):
    def introspect_token(self, token: OAuth2Token | str | None = None) -> TokenIntrospection: ...


@dataclass(frozen=True, slots=True)
class Introspection:
    """The service's introspection endpoint tells whose a token is (RFC 7662)."""

    def fetch(self, client: APICalls[AnyToken], token: AnyToken, /) -> Mapping[str, object]:
        """Get the profile; see :meth:`ProfileSource.fetch`.

        Args:
            client: A client or remote app of the service.
            token: The user's token.

        Returns:
            What the service says about the token.

        Raises:
            MalformedResponseError: The token is not active.
            ConfigurationError: *client* cannot ask.
            OAuthError: The service could not be asked.
        """
        if not isinstance(client, _Introspects):
            raise ConfigurationError("introspection takes a client of OAuth 2.0")
        found = client.introspect_token(cast("OAuth2Token", token))  # it is checked there
        if not found["active"]:
            raise MalformedResponseError("the token is not active: it has expired, or was revoked")
        return cast("Mapping[str, object]", found)  # read by name


@dataclass(frozen=True, slots=True)
class TokenAnswer:
    """What came with the token says whose it is."""

    def fetch(self, client: APICalls[AnyToken], token: AnyToken, /) -> Mapping[str, object]:
        """Get the profile; see :meth:`ProfileSource.fetch`.

        Args:
            client: Not asked.
            token: The user's token.

        Returns:
            The token's members.
        """
        return cast("Mapping[str, object]", token)  # read by name
