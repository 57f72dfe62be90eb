"""The error tree: whatever the library raises is an :class:`OAuthError`.

::

    OAuthError                        .error .description .uri .code
    ├─ ConfigurationError             the developer's mistake, found early
    │  ├─ UnknownClientError          also a KeyError
    │  ├─ UnknownOptionError          also a TypeError; names the nearest valid key
    │  ├─ ContextError                also a RuntimeError; no application, or several
    │  ├─ InsecureTransportError      http where TLS is needed
    │  ├─ UntrustedOriginError        a token was about to go to another origin
    │  └─ MissingExtraError           also an ImportError; names the extra to install
    ├─ TransportError                 no complete response; ``__cause__`` is the original
    │  ├─ TransportTimeoutError
    │  ├─ ResponseTooLargeError
    │  └─ TooManyRedirectsError
    ├─ AuthorizationResponseError     the redirect back carries ``error``
    │  └─ AuthorizationDeniedError    the resource owner said no
    ├─ CallbackError                  the redirect back is ours to refuse
    │  ├─ StateMismatchError          .reason
    │  ├─ DuplicateParameterError
    │  ├─ MissingCodeError
    │  ├─ MissingVerifierError
    │  └─ MissingRequestTokenError
    ├─ TokenEndpointError             .status; the token endpoint refused
    │  └─ InvalidGrantError           the grant is void; also a LoginRequiredError
    ├─ CredentialRequestError         .status; OAuth 1.0 credentials were refused
    ├─ MalformedResponseError         a response that does not follow its specification
    │  └─ UnsupportedTokenTypeError
    ├─ IdTokenError                   .claim; what a provider signed cannot be trusted
    │  └─ InvalidSignatureError       no signature by an allowed algorithm and key
    │     └─ UnknownKeyError          the JWK set has no key for it: fetch the set anew
    ├─ HTTPStatusError                .status; raised by ``raise_for_status``
    ├─ LoginRequiredError             log in again: three of the others are one
    ├─ MissingTokenError              an API call without a token; also a LoginRequiredError
    ├─ InvalidTokenError              what was given as a token is none
    │  └─ TokenExpiredError           it cannot be renewed; also a LoginRequiredError
    └─ StoreError                     a store or cache failed

Messages never hold a token, a secret, a code, a verifier or a response body.
"""

from __future__ import annotations

from typing import ClassVar

from typing_extensions import override

__all__ = [
    "AuthorizationDeniedError",
    "AuthorizationResponseError",
    "CallbackError",
    "ConfigurationError",
    "ContextError",
    "CredentialRequestError",
    "DuplicateParameterError",
    "HTTPStatusError",
    "IdTokenError",
    "InsecureTransportError",
    "InvalidGrantError",
    "InvalidSignatureError",
    "InvalidTokenError",
    "KeyRotationError",
    "LoginRequiredError",
    "MalformedResponseError",
    "MissingCodeError",
    "MissingExtraError",
    "MissingRequestTokenError",
    "MissingTokenError",
    "MissingVerifierError",
    "OAuthError",
    "ResponseTooLargeError",
    "StateMismatchError",
    "StoreError",
    "TokenEndpointError",
    "TokenExpiredError",
    "TooManyRedirectsError",
    "TransportError",
    "TransportTimeoutError",
    "UnknownClientError",
    "UnknownKeyError",
    "UnknownOptionError",
    "UnsupportedTokenTypeError",
    "UntrustedOriginError",
]


def _rebuild(cls: type[OAuthError], state: dict[str, object]) -> OAuthError:
    error = cls.__new__(cls, state["error"], state["description"])
    error.__dict__.update(state)
    return error


class OAuthError(Exception):
    """The root of the tree; catching it catches everything the library raises.

    Args:
        error: A wire code such as ``access_denied``; the class's own stable
            code when left out.
        description: A sentence for a person.
        uri: A page that explains the error, if the server named one.

    Attributes:
        error: The server's error code, or the stable code of the class.
        description: What happened, what was expected, what to do; may be empty.
        uri: A page about the error, or ``None``.
        code: The stable code of the class; it never holds a server's words.
    """

    code: ClassVar[str] = "oauth_error"

    error: str
    description: str
    uri: str | None

    def __init__(
        self,
        error: str | None = None,
        description: str | None = None,
        uri: str | None = None,
    ) -> None:
        self.error = error or self.code
        self.description = description or ""
        self.uri = uri
        super().__init__(self.error, self.description)

    @override
    def __str__(self) -> str:
        return f"{self.error}: {self.description}" if self.description else self.error

    @override
    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    @override
    def __reduce__(self) -> tuple[object, tuple[type[OAuthError], dict[str, object]]]:
        return _rebuild, (type(self), self.__dict__)


class _Described(OAuthError):
    """An error of ours: constructed from its description alone."""

    def __init__(self, description: str) -> None:
        super().__init__(None, description)


class _ServerRefusal(OAuthError):
    """A refusal that came with an HTTP status."""

    status: int | None

    def __init__(
        self,
        error: str | None = None,
        description: str | None = None,
        uri: str | None = None,
        *,
        status: int | None = None,
    ) -> None:
        super().__init__(error, description, uri)
        self.status = status


class ConfigurationError(_Described):
    """A mistake in the application's own settings or calls."""

    code: ClassVar[str] = "configuration_error"


class UnknownClientError(ConfigurationError, KeyError):
    """No client is registered under that name; the message lists those that are."""

    code: ClassVar[str] = "unknown_client"


class UnknownOptionError(ConfigurationError, TypeError):
    """A keyword or a config key that does not exist; the message names the nearest."""

    code: ClassVar[str] = "unknown_option"


class ContextError(ConfigurationError, RuntimeError):
    """It is not clear which Flask application's settings apply."""

    code: ClassVar[str] = "no_application"


class InsecureTransportError(ConfigurationError):
    """A URL would carry credentials without TLS (RFC 6749 1.6, RFC 5849 4)."""

    code: ClassVar[str] = "insecure_transport"


class UntrustedOriginError(ConfigurationError):
    """A call with a token leads to an origin that the client is not registered for."""

    code: ClassVar[str] = "untrusted_origin"


class LoginRequiredError(OAuthError):
    """The user has to log in again: there is no token, or none that can be renewed."""

    code: ClassVar[str] = "login_required"


class InvalidTokenError(_Described):
    """What was given as a token has not the shape of one, or is of the wrong kind."""

    code: ClassVar[str] = "token_invalid"


class MissingExtraError(ConfigurationError, ImportError):
    """An optional dependency is not installed; the message names the extra."""

    code: ClassVar[str] = "missing_extra"


class TransportError(_Described):
    """No complete response arrived; ``__cause__`` is the transport's own error."""

    code: ClassVar[str] = "transport_error"


class TransportTimeoutError(TransportError):
    """A connect, read or total deadline passed."""

    code: ClassVar[str] = "transport_timeout"


class ResponseTooLargeError(TransportError):
    """A response is longer, after decoding, than the limit of its request (bytes)."""

    code: ClassVar[str] = "response_too_large"


class TooManyRedirectsError(TransportError):
    """An API call was redirected more often than ``max_redirects`` allows."""

    code: ClassVar[str] = "too_many_redirects"


class AuthorizationResponseError(OAuthError):
    """The authorization server redirected back with ``error`` (RFC 6749 4.1.2.1)."""

    code: ClassVar[str] = "authorization_error"


class AuthorizationDeniedError(AuthorizationResponseError):
    """The resource owner refused: ``access_denied``, or ``denied`` in OAuth 1.0."""

    code: ClassVar[str] = "access_denied"


class CallbackError(_Described):
    """The request to the redirection endpoint cannot be accepted."""

    code: ClassVar[str] = "callback_refused"


class StateMismatchError(CallbackError):
    """The callback belongs to no login that this browser has open (RFC 6749 10.12).

    Attributes:
        reason: Which of the known causes it was: ``missing_state``,
            ``no_session_cookie``, ``other_logins``, ``expired``,
            ``already_used``, ``other_host``, ``no_secret_key``, or
            ``other_issuer`` or ``missing_issuer`` (RFC 9207 2.4).
    """

    code: ClassVar[str] = "mismatching_state"

    reason: str

    def __init__(self, description: str, *, reason: str = "other_logins") -> None:
        super().__init__(description)
        self.reason = reason


class DuplicateParameterError(CallbackError):
    """A parameter came twice (RFC 6749 3.1)."""

    code: ClassVar[str] = "duplicate_parameter"


class MissingCodeError(CallbackError):
    """The callback carries neither ``code`` nor ``error`` (RFC 6749 4.1.2)."""

    code: ClassVar[str] = "missing_code"


class MissingVerifierError(CallbackError):
    """The callback carries no ``oauth_verifier`` (RFC 5849 2.2)."""

    code: ClassVar[str] = "missing_verifier"


class MissingRequestTokenError(CallbackError):
    """The temporary credentials of this login are gone (RFC 5849 2.2)."""

    code: ClassVar[str] = "missing_request_token"


class TokenEndpointError(_ServerRefusal):
    """The token, revocation or introspection endpoint refused (RFC 6749 5.2).

    Attributes:
        status: The HTTP status of the refusal.
    """

    code: ClassVar[str] = "token_endpoint_error"


class InvalidGrantError(TokenEndpointError, LoginRequiredError):
    """``invalid_grant``: the code or refresh token is void; the user logs in again."""

    code: ClassVar[str] = "invalid_grant"


class CredentialRequestError(_ServerRefusal):
    """Temporary or token credentials were refused (RFC 5849 2.1, 2.3).

    Attributes:
        status: The HTTP status of the refusal.
    """

    code: ClassVar[str] = "credentials_refused"


class MalformedResponseError(_Described):
    """A response that does not follow its specification."""

    code: ClassVar[str] = "malformed_response"


class UnsupportedTokenTypeError(MalformedResponseError):
    """A token of a type that the library cannot use (RFC 6749 7.1)."""

    code: ClassVar[str] = "unsupported_token_type"


class IdTokenError(_Described):
    """An ID Token, logout token or UserInfo response that cannot be trusted.

    Attributes:
        claim: The claim that is missing or wrong, such as ``nonce``; ``None``
            when it is none of them (OpenID Connect Core 3.1.3.7).
    """

    code: ClassVar[str] = "invalid_id_token"

    claim: str | None

    def __init__(self, description: str, *, claim: str | None = None) -> None:
        super().__init__(description)
        self.claim = claim


class InvalidSignatureError(IdTokenError):
    """Not a JWS, or not signed by an allowed algorithm with a trusted key (RFC 7515 5.2).

    Attributes:
        keys_may_be_old: Whether it may be right with the server's keys of today.
    """

    code: ClassVar[str] = "invalid_signature"

    keys_may_be_old: bool

    def __init__(self, description: str, *, keys_may_be_old: bool = False) -> None:
        super().__init__(description)
        self.keys_may_be_old = keys_may_be_old


class UnknownKeyError(InvalidSignatureError):
    """The JWK set holds no key that could have signed it: it may have been rotated."""

    code: ClassVar[str] = "unknown_key"

    def __init__(self, description: str) -> None:
        super().__init__(description, keys_may_be_old=True)


class HTTPStatusError(_ServerRefusal):
    """``raise_for_status`` met a status of 400 or more.

    Attributes:
        status: The HTTP status.
    """

    code: ClassVar[str] = "http_status"


class MissingTokenError(_Described, LoginRequiredError):
    """An API call found no token to send."""

    code: ClassVar[str] = "missing_token"


class TokenExpiredError(InvalidTokenError, LoginRequiredError):
    """The token has expired and nothing can renew it: the user logs in again."""

    code: ClassVar[str] = "token_expired"


class StoreError(_Described):
    """A store or cache failed, or gave back what nobody put there."""

    code: ClassVar[str] = "store_error"


class KeyRotationError(StoreError):
    """Some tokens could not be encrypted anew, and stayed as they were.

    Attributes:
        failed: How many.
    """

    code: ClassVar[str] = "key_rotation_error"

    failed: int

    def __init__(self, description: str, *, failed: int = 0) -> None:
        super().__init__(description)
        self.failed = failed
