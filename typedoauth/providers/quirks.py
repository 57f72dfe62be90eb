"""What services do otherwise than the specifications say; each quirk once, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, cast

from typedoauth._urls import add_query
from typedoauth.client import ComplianceFix, OAuth2Client
from typedoauth.credentials import ClientCredentials
from typedoauth.errors import ConfigurationError, HTTPStatusError
from typedoauth.messages import Request, Response
from typedoauth.oauth2.client_authentication import add_form_parameters
from typedoauth.providers.claims import looked_up
from typedoauth.providers.profiles import Fetch, FollowUp
from typedoauth.tokens import AnyToken

__all__ = [
    "NamedCredentials",
    "Quirk",
    "Step",
    "client_id_header",
    "client_id_parameter",
    "email_of_list",
    "email_of_token",
    "every",
    "expires_renamed",
    "header_of_calls",
    "query_of_calls",
    "token_in_header",
    "token_in_query",
    "unwrapped_token",
]


@dataclass(frozen=True, slots=True)
class Quirk:
    """A compliance fix that says what it is for.

    Attributes:
        what: What the service does, in a few words.
        fix: The fix.
    """

    what: str
    fix: ComplianceFix

    def __call__(self, client: OAuth2Client) -> None:
        """Register the hooks.

        Args:
            client: The client.
        """
        self.fix(client)


@dataclass(frozen=True, slots=True)
class Step:
    """A further step to a profile that says what it is for.

    Attributes:
        what: What it finds out, in a few words.
        step: The step.
    """

    what: str
    step: FollowUp

    def __call__(
        self, fetch: Fetch, profile: dict[str, object], token: AnyToken, /
    ) -> Mapping[str, object]:
        """Take it.

        Args:
            fetch: Gets the JSON of a further address.
            profile: The profile so far.
            token: The token.

        Returns:
            The profile with more in it.
        """
        return self.step(fetch, profile, token)


def every(*fixes: ComplianceFix) -> Quirk:
    """Several quirks at once.

    Args:
        *fixes: The quirks, in order.

    Returns:
        A compliance fix of all of them.
    """

    def fix(client: OAuth2Client) -> None:
        for one in fixes:
            one(client)

    return Quirk("; ".join(one.what for one in fixes if isinstance(one, Quirk)), fix)


def client_id_header(name: str) -> Quirk:
    """Every API call carries the client identifier in a header.

    Args:
        name: The header field.

    Returns:
        The compliance fix.
    """

    def fix(client: OAuth2Client) -> None:
        client.headers[name] = client.client_id

    return Quirk(f"`{name}` with every call", fix)


def header_of_calls(**fields: str) -> Quirk:
    """Every API call carries further header fields, such as a version or an API key.

    Args:
        **fields: The fields, with ``_`` for ``-``.

    Returns:
        The compliance fix.
    """
    named = {name.replace("_", "-"): value for name, value in fields.items()}

    def fix(client: OAuth2Client) -> None:
        client.headers.update(named)

    return Quirk(f"{_listed(named)} with every call", fix)


def query_of_calls(**parameters: str) -> Quirk:
    """Every API call carries further parameters in its query, such as a version.

    Args:
        **parameters: The parameters.

    Returns:
        The compliance fix.
    """

    def add(
        url: str, headers: dict[str, str], body: bytes | None
    ) -> tuple[str, dict[str, str], bytes | None]:
        return add_query(url, list(parameters.items())), headers, body

    def fix(client: OAuth2Client) -> None:
        client.register_compliance_hook("protected_request", add)

    return Quirk(f"{_listed(parameters)} in the query of every call", fix)


def token_in_header(name: str) -> Quirk:
    """The token goes into a header field of its own, and not after ``Bearer``.

    Args:
        name: The header field.

    Returns:
        The compliance fix.
    """
    what = f"token in the header `{name}`"
    return _moved(what, lambda url, headers, token: (url, {**headers, name: token}))


def token_in_query(name: str) -> Quirk:
    """The token goes into the query, under a name that no specification knows.

    Args:
        name: The parameter.

    Returns:
        The compliance fix.
    """
    what = f"token in the query, as `{name}`"
    return _moved(what, lambda url, headers, token: (add_query(url, [(name, token)]), headers))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _moved(
    what: str,
    place: Callable[[str, dict[str, str], str], tuple[str, dict[str, str]]],
) -> Quirk:
    def move(
        url: str, headers: dict[str, str], body: bytes | None
    ) -> tuple[str, dict[str, str], bytes | None]:
        rest = {key: value for key, value in headers.items() if key.lower() != "authorization"}
        authorization = "".join(value for key, value in headers.items() if key not in rest)
        return (*place(url, rest, authorization.removeprefix("Bearer ")), body)

    def fix(client: OAuth2Client) -> None:
        client.register_compliance_hook("protected_request", move)

    return Quirk(what, fix)


def client_id_parameter(name: str) -> Quirk:
    """The authorization request carries the client identifier under another name, too.

    Args:
        name: The parameter.

    Returns:
        The compliance fix.
    """

    def fix(client: OAuth2Client) -> None:
        client.authorize_params = {**client.authorize_params, name: client.client_id}

    return Quirk(f"client id as `{name}` in the login, too", fix)


@dataclass(frozen=True, slots=True)
class NamedCredentials:
    """Client authentication in the body, under other names than RFC 6749 2.3.1 has.

    Attributes:
        client_id: What the identifier is called.
        client_secret: What the secret is called.
        name: The method, for ``token_endpoint_auth_method``.
    """

    client_id: str
    client_secret: str
    name: str = "named_credentials"

    def authenticate(self, request: Request, client: ClientCredentials, /) -> Request:
        """Add the two parameters.

        Args:
            request: The request.
            client: The client's credentials.

        Returns:
            The request with the parameters.

        Raises:
            ConfigurationError: The client has no secret.
        """
        if client.client_secret is None:
            raise ConfigurationError("this service needs a client_secret; register one")
        return add_form_parameters(
            request,
            [(self.client_id, client.client_id), (self.client_secret, client.client_secret)],
        )


def _answered(what: str, mend: Callable[[dict[str, object]], Mapping[str, object]]) -> Quirk:
    """A quirk of the token endpoint's JSON, to a code and to a refresh."""

    def hook(response: Response) -> Response:
        document: object = response.json()
        if not isinstance(document, dict):
            return response
        return response.replace(json=mend(cast("dict[str, object]", document)))  # JSON

    def fix(client: OAuth2Client) -> None:
        client.register_compliance_hook("access_token_response", hook)
        client.register_compliance_hook("refresh_token_response", hook)

    return Quirk(what, fix)


def unwrapped_token(path: str) -> Quirk:
    """The token lies within another object of the token endpoint's answer.

    Args:
        path: Where.

    Returns:
        The compliance fix.
    """

    def mend(document: dict[str, object]) -> Mapping[str, object]:
        found = looked_up(document, path)
        return cast("dict[str, object]", found) if isinstance(found, dict) else document  # JSON

    return _answered(f"token within `{path}` of the answer", mend)


def expires_renamed(name: str = "expires") -> Quirk:
    """The token endpoint calls ``expires_in`` something else.

    Args:
        name: What.

    Returns:
        The compliance fix.
    """

    def mend(document: dict[str, object]) -> Mapping[str, object]:
        if name in document and "expires_in" not in document:
            document["expires_in"] = document.pop(name)
        return document

    return _answered(f"`{name}` for `expires_in`", mend)


def email_of_list(
    url: str,
    *,
    within: str = "",
    email: str = "email",
    primary: str = "primary",
    verified: str = "verified",
) -> Step:
    """A second call brings the e-mail addresses; the primary one is taken, or a verified one.

    Where the service refuses that call, as without the scope for it, the profile stays
    as it is.

    Args:
        url: The address of the list.
        within: The path of the list in the answer.
        email: What an entry calls the address.
        primary: What it calls the flag of the primary one.
        verified: What it calls the flag of a verified one.

    Returns:
        The step; the profile has ``email`` and ``email_verified`` after it.
    """

    def step(fetch: Fetch, profile: dict[str, object], token: AnyToken, /) -> Mapping[str, object]:
        try:
            answer = looked_up(fetch(url), within)
        except HTTPStatusError:
            return profile
        listed = cast("list[object]", answer) if isinstance(answer, list) else []  # any list
        entries = [
            cast("dict[str, object]", one) for one in listed if isinstance(one, dict)
        ]  # JSON
        entries = [one for one in entries if isinstance(one.get(email), str)]
        entries.sort(key=lambda one: (one.get(primary) is not True, one.get(verified) is not True))
        chosen = entries[0] if entries else {}
        if chosen.get(primary) is not True and chosen.get(verified) is not True:
            return profile
        return {**profile, "email": chosen[email], "email_verified": chosen.get(verified) is True}

    return Step("second call for the e-mail address", step)


def _email_of_token(
    fetch: Fetch, profile: dict[str, object], token: AnyToken, /
) -> Mapping[str, object]:
    email = cast("Mapping[str, object]", token).get("email")  # read by name
    return {**profile, "email": email} if email else profile


email_of_token: Final[Step] = Step("e-mail address comes with the token", _email_of_token)
"""The e-mail address is not in the profile."""
