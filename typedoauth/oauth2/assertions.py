"""JWT assertions as grants and client credentials: their parameters (RFC 7521, RFC 7523)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from typedoauth.errors import ConfigurationError
from typedoauth.messages import Request
from typedoauth.oauth2.client_authentication import add_form_parameters

__all__ = ["JWTBearerGrant", "add_client_assertion", "assertion_claims"]

_ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def assertion_claims(
    *,
    issuer: str,
    subject: str | None,
    audience: str | Sequence[str],
    now: float,
    lifetime: int,
    jti: str | None = None,
    extra: Mapping[str, object] | None = None,
) -> dict[str, object]:
    """Collect the claims of an assertion.

    Args:
        issuer: Who makes it: the client, or a service account.
        subject: Whom it is about; ``None`` where the server takes the issuer
            for it, as Google does.
        audience: The authorization server: its issuer identifier or token endpoint.
        now: The present time, seconds since the epoch.
        lifetime: For how many seconds it is valid.
        jti: Its identifier, different each time.
        extra: Further claims; they override the others.

    Returns:
        The claims.

    Raises:
        ConfigurationError: *lifetime* is not positive.

    Spec: RFC 7523 3.
    """
    if lifetime <= 0:
        raise ConfigurationError("the lifetime of an assertion is a positive number of seconds")
    claims: dict[str, object] = {
        "iss": issuer,
        "sub": subject,
        "aud": audience if isinstance(audience, str) else list(audience),
        "iat": int(now),
        "exp": int(now) + lifetime,
        "jti": jti,
    }
    claims.update(extra or {})
    return {name: value for name, value in claims.items() if value is not None}


def add_client_assertion(request: Request, client_id: str, assertion: str) -> Request:
    """Authenticate a client by an assertion.

    Args:
        request: A form-encoded POST.
        client_id: The client identifier; it goes into the body as well, which many
            servers need to find the key.
        assertion: The signed JWT.

    Returns:
        The request with the parameters.

    Spec: RFC 7521 4.2, RFC 7523 2.2.
    """
    return add_form_parameters(
        request,
        [
            ("client_id", client_id),
            ("client_assertion_type", _ASSERTION_TYPE),
            ("client_assertion", assertion),
        ],
    )


@dataclass(frozen=True, slots=True)
class JWTBearerGrant:
    """A JWT that somebody trusted has signed, such as a service account (RFC 7523 2.1).

    Attributes:
        assertion: The JWT, or what makes a fresh one for each token request.
        scope: The scope to ask for, or ``None``.
    """

    assertion: str | Callable[[], str] = field(repr=False)
    scope: str | None = None
    grant_type: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"

    def parameters(self) -> dict[str, str]:
        """Return the parameters of the token request.

        Returns:
            ``assertion``, and ``scope`` where given.
        """
        made = self.assertion if isinstance(self.assertion, str) else self.assertion()
        parameters = {"assertion": made}
        if self.scope is not None:
            parameters["scope"] = self.scope
        return parameters
