"""How a client begins a login: the authorization request of OAuth 2.0."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import cast

from typedoauth._json import parse_object
from typedoauth._urls import pairs, query_pairs, split
from typedoauth.client.endpoints import Endpoints
from typedoauth.client.parameters import (
    absolute_uri,
    checked_max_age,
    checked_texts,
    form_parameters,
)
from typedoauth.client.signed_tokens import SignedTokens
from typedoauth.credentials import PendingAuthorization
from typedoauth.errors import ConfigurationError, MalformedResponseError
from typedoauth.oauth2 import authorization_request_url

__all__ = ["AuthorizationRequests"]


class AuthorizationRequests:
    """Begins logins by authorization code.

    Attributes:
        name: What the client is called in messages and logs.
        client_id: The client identifier.
        authorize_url: The authorization endpoint, or ``None`` where metadata has it.
        authorize_params: Further parameters; they win over those of a call.
        scope: The scope that is asked for, joined.
        code_challenge_method: ``S256``, or ``none``, which gives up PKCE.
    """

    name: str
    client_id: str
    authorize_url: str | None
    authorize_params: Mapping[str, object]
    scope: str | None
    code_challenge_method: str
    _authorize_options: Mapping[str, object]
    _separator: str
    _endpoints: Endpoints
    _signed: SignedTokens

    def _joined(self, scope: object) -> str | None:
        if scope is None or isinstance(scope, str):
            return scope or None
        if isinstance(scope, list | tuple):
            parts = [one for one in cast("Sequence[object]", scope) if isinstance(one, str)]
            if len(parts) == len(cast("Sequence[object]", scope)):  # any members, counted
                return self._separator.join(parts) or None
        raise ConfigurationError("scope is a text or a list of texts")

    def start_authorization(
        self,
        redirect_uri: str | None = None,
        *,
        state: str | None = None,
        nonce: str | None = None,
        code_verifier: str | None = None,
        scope: str | Sequence[str] | None = None,
        data: Mapping[str, object] | None = None,
        make_secret: Callable[[str], str] | None = None,
        **parameters: object,
    ) -> PendingAuthorization:
        """Begin a login: compose the authorization request.

        Args:
            redirect_uri: The redirection URI.
            state: A value of one's own; 192 random bits when left out.
            nonce: A value of one's own; made where the scope has ``openid``.
            code_verifier: A PKCE verifier of one's own; made when left out.
            scope: Another scope than the client's.
            data: The caller's own data, kept until the callback: JSON values.
            make_secret: Makes the ``code_verifier`` or ``nonce`` that it is asked
                for by name, where they are not to be random.
            parameters: Further parameters; ``authorize_params`` win over them.
                ``max_age`` and ``acr_values`` are also asked of the ID Token;
                ``claims`` may be a dict (OpenID Connect Core 5.5).

        Returns:
            Where to send the user agent, and what to remember until it is back.

        Raises:
            ConfigurationError: There is no authorization endpoint, *redirect_uri*
                is not absolute, a parameter cannot be sent, or the ID Token that
                will come could not be verified.
            OAuthError: The server's metadata could not be had.

        Spec: RFC 6749 4.1.1, RFC 7636 4.3, OpenID Connect Core 3.1.2.1.
        """
        if redirect_uri is not None:
            absolute_uri(redirect_uri)
        make_secret = make_secret or _random_secret
        merged = {**self._authorize_options, **parameters, **self.authorize_params}
        joined = self._joined(merged.pop("scope", scope)) or self.scope
        if self.code_challenge_method == "S256":
            code_verifier = code_verifier or make_secret("code_verifier")
        else:
            code_verifier = None
        if nonce is None and "openid" in (joined or "").replace(self._separator, " ").split():
            nonce = make_secret("nonce")
        if nonce is not None and not self._signed.possible:
            raise ConfigurationError(
                f"client {self.name!r} cannot verify the ID Token that openid in the scope brings; "
                "give server_metadata_url=, or issuer= and jwks_uri=, or take openid out"
            )
        endpoint = self._endpoints.find(
            self.authorize_url, "authorization_endpoint", "authorize_url"
        )
        max_age, acr_values = _asked_of_the_id_token(
            merged, dict(query_pairs(split(endpoint).query))
        )
        state = state or secrets.token_urlsafe(24)
        url = authorization_request_url(
            endpoint,
            client_id=self.client_id,
            state=state,
            redirect_uri=redirect_uri,
            scope=joined,
            code_verifier=code_verifier,
            nonce=nonce,
            extra=pairs(form_parameters(merged)),
        )
        return PendingAuthorization(
            state=state,
            redirect_uri=redirect_uri,
            code_verifier=code_verifier,
            nonce=nonce,
            max_age=max_age,
            acr_values=acr_values,
            data=dict(data or {}),
            url=url,
        )


def _asked_of_the_id_token(
    parameters: dict[str, object], fixed: Mapping[str, str]
) -> tuple[int | None, tuple[str, ...]]:
    """Take from the parameters, and write as they are sent, what the ID Token has to show.

    Args:
        parameters: The parameters.
        fixed: Those that stand on the URL of the endpoint; they win.
    """
    max_age = checked_max_age(fixed.get("max_age", parameters.get("max_age")))
    values = checked_texts(parameters.get("acr_values"), "acr_values")
    if values:
        parameters["acr_values"] = " ".join(values)
    values = checked_texts(fixed.get("acr_values"), "acr_values") or values
    claims = fixed.get("claims", parameters.get("claims"))
    if claims is not None:
        parameters["claims"], asked = _written_claims(claims)
        values = values or _acr_of_claims(asked)
    return max_age, values


def _written_claims(claims: object) -> tuple[str, Mapping[str, object]]:
    """The claims parameter as it is sent, and as it is read (Core 5.5)."""
    try:
        text = (
            claims
            if isinstance(claims, str)
            else json.dumps(claims, separators=(",", ":"), allow_nan=False)
        )
        return text, parse_object(text.encode(), "claims=")
    except (TypeError, ValueError, RecursionError, MalformedResponseError):
        pass
    raise ConfigurationError("claims= is a dict of JSON values, or the JSON of one")


def _acr_of_claims(claims: Mapping[str, object]) -> tuple[str, ...]:
    """The values of ``acr`` that the claims parameter accepts (Core 5.5.1.1)."""
    asked = _member(_member(claims, "id_token"), "acr")
    return checked_texts(asked.get("values", asked.get("value")), "acr in claims=")


def _member(members: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = members.get(name)
    # JSON to be: its keys are texts.
    return cast("Mapping[str, object]", found) if isinstance(found, Mapping) else {}


def _random_secret(name: str) -> str:
    return secrets.token_urlsafe(48 if name == "code_verifier" else 24)
