"""Options of clients and calls, each with its type; a misspelt one is refused."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from inspect import signature
from typing import TYPE_CHECKING, Final, Literal, Protocol, TypeAlias, cast

from typing_extensions import TypedDict

from typedoauth._names import nearest
from typedoauth._urls import Parameters, ParameterValue
from typedoauth.errors import ConfigurationError, UnknownOptionError
from typedoauth.messages import ConnectionSettings, Timeout

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    from typedoauth.oauth2.client_authentication import BasicEncoding
    from typedoauth.oidc.algorithms import PrivateKey
    from typedoauth.oidc.decryption_keys import DecryptionKey, Decryptor
    from typedoauth.protocols import SignatureMethod

__all__ = [
    "CallOptions",
    "ConnectionOptions",
    "Data",
    "DecryptionKeyLike",
    "Files",
    "KeyOptions",
    "OAuth1Options",
    "OAuth2Options",
    "OpenIDOptions",
    "TimeoutLike",
    "check_option_names",
    "connection_settings",
    "option_names",
    "timeout_of",
]

_CONNECTION: Final = frozenset(
    {"allowed_ports", "cert", "proxies", "public_addresses_only", "trust_env", "verify"}
)

TimeoutLike: TypeAlias = float | tuple[float, float] | Timeout
"""Seconds for everything; seconds to connect and between reads; or all three."""


class Readable(Protocol):
    """An open file."""

    def read(self) -> bytes | str:
        """Return the whole content."""
        ...


FileContent: TypeAlias = bytes | str | Readable
File: TypeAlias = FileContent | tuple[str, FileContent] | tuple[str, FileContent, str]
"""Content; or file name and content; or file name, content and media type."""
Files: TypeAlias = Mapping[str, File] | Sequence[tuple[str, File]]
"""Files to upload, by the name of the form field."""
Data: TypeAlias = (
    str
    | bytes
    | Readable
    | Mapping[str, ParameterValue | Sequence[ParameterValue]]
    | Sequence[tuple[str, ParameterValue]]
)
"""A body: text and bytes as they are, parameters as a form."""


class ConnectionOptions(TypedDict, total=False):
    """How a client connects.

    ``verify``, ``cert``, ``proxies`` and ``trust_env`` mean what they mean in
    requests. ``max_redirects`` bounds the redirects of one API call (10).
    ``default_timeout`` is in seconds. ``max_response_bytes`` bounds the body of
    an API response that is no stream (64 MiB). ``allow_insecure_transport=True``
    lets http off loopback pass, and shows tokens to the network.
    ``trusted_origins`` lists further origins, such as ``https://uploads.example``,
    that may be called with a token. ``user_agent`` is the ``User-Agent`` header.
    ``public_addresses_only=True`` refuses hosts on private networks, for URLs that
    others supply, and every port but those of ``allowed_ports`` (443).
    """

    verify: bool | str
    cert: str | tuple[str, str] | None
    proxies: Mapping[str, str] | None
    trust_env: bool
    max_redirects: int
    default_timeout: TimeoutLike | None
    max_response_bytes: int
    allow_insecure_transport: bool
    trusted_origins: Sequence[str]
    user_agent: str
    public_addresses_only: bool
    allowed_ports: Sequence[int]


class OAuth1Options(ConnectionOptions, total=False):
    """What ``client_kwargs`` of an OAuth 1.0 client may hold.

    ``signature_method`` is a name such as ``RSA-SHA1`` or an object of one's own;
    ``signature_type`` is where the parameters go: ``HEADER``, ``QUERY`` or
    ``BODY``; ``rsa_key`` is PEM text or bytes, or a private key of
    ``cryptography``, with ``rsa_key_password`` when it is encrypted.
    ``include_body_hash`` adds ``oauth_body_hash`` where the body is no form.
    ``force_include_body`` is another word for it, of code written for Authlib.
    ``require_callback_confirmed=False`` accepts servers of OAuth 1.0 without the "a".
    """

    signature_method: str | SignatureMethod
    signature_type: str
    rsa_key: str | bytes | RSAPrivateKey | None
    rsa_key_password: str | bytes | None
    realm: str | None
    include_body_hash: bool
    force_include_body: bool
    require_callback_confirmed: bool


DecryptionKeyLike: TypeAlias = "str | bytes | Mapping[str, object] | Decryptor | DecryptionKey"
"""PEM, a JWK, a key of ``cryptography``, or what :func:`load_decryption_key` gave."""


class OpenIDOptions(TypedDict, total=False):
    """What ``client_kwargs`` of an OpenID Connect client may hold besides.

    ``id_token_signed_response_alg`` and ``userinfo_signed_response_alg`` name the
    algorithm that the client is registered with; ``HS256`` and its like count only
    when they are named. Where they are registered to be encrypted, too,
    ``id_token_encrypted_response_alg`` with ``…_enc`` (``A128CBC-HS256``), and the
    same of ``userinfo``, say how, and ``decryption_key`` is the key, or a list of
    them, as ``private_key`` is given; without one the client secret serves. That
    takes the extra ``jwe``. ``clock_skew`` is by how many seconds the provider's clock
    may differ (120). ``trusted_audiences`` lists who else an ID Token may be for.

    Each of these gives something up, for a provider that cannot do better:
    ``accept_missing_nonce=True`` the protection against replayed ID Tokens,
    ``accept_missing_iss=True`` that against mix-up (RFC 9207), and
    ``accept_other_acr=True`` the certainty that the user signed in as strongly as
    ``acr_values`` asked.
    """

    id_token_signed_response_alg: str
    id_token_encrypted_response_alg: str
    id_token_encrypted_response_enc: str
    userinfo_signed_response_alg: str
    userinfo_encrypted_response_alg: str
    userinfo_encrypted_response_enc: str
    decryption_key: DecryptionKeyLike | Sequence[DecryptionKeyLike]
    clock_skew: float
    trusted_audiences: Sequence[str]
    accept_missing_nonce: bool
    accept_missing_iss: bool
    accept_other_acr: bool


class KeyOptions(TypedDict, total=False):
    """What ``client_kwargs`` of a client that authenticates with keys may hold besides.

    ``private_key`` is PEM, a JWK (as JSON or as a dict) or a key of ``cryptography``,
    with ``private_key_password`` when it is encrypted; it makes ``private_key_jwt``
    the way to authenticate. ``private_key_id`` is the ``kid`` that the server knows
    it by. ``token_endpoint_auth_signing_alg`` is the algorithm, where the key or
    the secret leaves a choice. ``client_assertion_audience`` is whom an assertion
    is for: the endpoint that it is sent to, when left out; some servers want their
    issuer identifier, or their token endpoint everywhere.
    """

    private_key: str | bytes | Mapping[str, object] | PrivateKey
    private_key_password: str | bytes | None
    private_key_id: str | None
    token_endpoint_auth_signing_alg: str
    client_assertion_audience: str


class OAuth2Options(ConnectionOptions, OpenIDOptions, KeyOptions, total=False):
    """What ``client_kwargs`` of an OAuth 2.0 client may hold.

    ``scope`` is a text or a list, joined with ``scope_separator`` (a space).
    ``token_endpoint_auth_method`` and its two siblings name a client
    authentication method; ``basic_auth_encoding="raw"`` is for servers that do
    not decode HTTP Basic as RFC 6749 2.3.1 says. ``token_placement`` is
    ``header``, ``body`` or ``query``. ``code_challenge_method`` is ``S256``, or
    ``none``, which gives up PKCE. ``leeway`` is how many seconds before its
    expiry a token is renewed (60). ``grant_type="client_credentials"`` makes the
    client fetch and renew its own token, for which it takes every token without
    ``refresh_token``: users' tokens belong to another client. ``response_mode``,
    ``prompt`` and ``login_hint`` are sent with the authorization request.
    """

    scope: str | Sequence[str] | None
    scope_separator: str
    token_endpoint_auth_method: str
    revocation_endpoint_auth_method: str
    introspection_endpoint_auth_method: str
    basic_auth_encoding: BasicEncoding
    token_placement: Literal["header", "body", "query", "uri"]
    code_challenge_method: Literal["S256", "none"] | None
    leeway: float
    grant_type: Literal["authorization_code", "client_credentials"]
    response_type: Literal["code"]
    response_mode: Literal["query", "form_post"]
    prompt: str
    login_hint: str


class CallOptions(TypedDict, total=False):
    """What an API call may be given, with the meaning that requests gives it.

    ``timeout`` is in seconds: a number bounds the whole call, a pair connecting
    and each read. ``stream=True`` leaves the body to be read piece by piece.
    ``withhold_token=True`` sends the request without a token.
    """

    params: Parameters | str | None
    data: Data | None
    json: object
    headers: Mapping[str, str] | None
    files: Files | None
    cookies: Mapping[str, str] | None
    timeout: TimeoutLike | None
    stream: bool
    allow_redirects: bool
    withhold_token: bool
    verify: bool | str
    cert: str | tuple[str, str] | None
    proxies: Mapping[str, str] | None


def option_names(options: type) -> frozenset[str]:
    """The keys of a TypedDict of options, those of its bases included."""
    keys: object = options.__annotations__
    return frozenset(cast("dict[str, object]", keys))  # TypedDict collects those of its bases


def check_option_names(
    given: Iterable[str],
    valid: Iterable[str],
    what: str,
    function: Callable[..., object] | None = None,
) -> None:
    """Refuse an option that does not exist.

    Args:
        given: The names that were given.
        valid: Those that exist.
        what: Where they were given, for the message.
        function: What takes them: its own parameters may have been meant.

    Raises:
        UnknownOptionError: One does not exist; the message names the nearest.
    """
    names = frozenset(valid)  # itself, if it is one
    for name in given:
        if name not in names:
            hint = _hint(name, names, _parameters(function))
            raise UnknownOptionError(f"{what} has no option {name!r}; {hint}")


def _hint(name: str, options: frozenset[str], parameters: set[str]) -> str:
    from typedoauth.oauth2.metadata import ServerMetadata

    if name == "client_kwargs":
        return "give its members as keywords"
    if "metadata" in parameters and name in ServerMetadata.__annotations__:
        return f"give metadata={{{name!r}: …}}"
    return nearest(name, options | parameters)


def _parameters(function: Callable[..., object] | None) -> set[str]:
    if function is None:
        return set()
    parameters = signature(function).parameters.values()
    return {one.name for one in parameters if one.kind is not one.VAR_KEYWORD} - {"self"}


def timeout_of(value: TimeoutLike | None, default: Timeout) -> Timeout:
    """Read a timeout as people write it.

    Args:
        value: Seconds for the whole call; or seconds to connect and between two
            reads; or all three; ``None`` for the default.
        default: What applies where nothing was said.

    Returns:
        The deadlines.

    Raises:
        ConfigurationError: It is not a positive number of seconds, or a pair.
    """
    if value is None or isinstance(value, Timeout):
        return value or default
    match cast("object", value):  # whatever its annotation says
        case bool():
            pass
        case int() | float() as seconds:
            return Timeout(seconds, seconds, seconds)
        case (int() | float() as connect, int() | float() as read):
            return Timeout(connect, read, max(connect + read, default.total))
        case _:
            pass
    raise ConfigurationError("timeout is a number of seconds, a pair (connect, read), or a Timeout")


def connection_settings(
    options: ConnectionOptions | CallOptions, default: ConnectionSettings
) -> ConnectionSettings:
    """Collect the TLS and proxy settings, and where connections may lead.

    Args:
        options: Options of a client or of a call.
        default: What applies where nothing was said.

    Returns:
        The settings; *default* itself when nothing was said.

    Raises:
        ConfigurationError: One is of another type than it is to have, or two contradict.
    """
    if _CONNECTION.isdisjoint(options):
        return default
    verify, cert = options.get("verify"), options.get("cert")
    settings = ConnectionSettings(
        default.verify if verify is None else _path(verify, "verify"),
        default.cert if cert is None else _certificate(cert),
        _proxies(options.get("proxies"), default),
        bool(options.get("trust_env", default.trust_env)),
        bool(options.get("public_addresses_only", default.public_addresses_only)),
        _ports(options.get("allowed_ports"), default),
    )
    return default if settings == default else settings


def _path(value: object, what: str) -> bool | str:
    if isinstance(value, bool):
        return value
    if isinstance(value, os.PathLike):
        value = os.fspath(cast("os.PathLike[str]", value))  # of bytes, it is refused below
    if not isinstance(value, str):
        raise ConfigurationError(f"{what} is True, False, or the path of a file")
    return value


def _certificate(value: object) -> str | tuple[str, str]:
    parts = cast("Sequence[object]", value) if isinstance(value, list | tuple) else (value,)
    match [_path(one, "cert") for one in parts]:
        case [str() as both]:
            return both
        case [str() as certificate, str() as key]:
            return certificate, key
        case _:
            raise ConfigurationError("cert is the path of a PEM file, or a pair of paths")


def _ports(value: object, default: ConnectionSettings) -> tuple[int, ...] | None:
    if value is None:
        return default.allowed_ports
    if isinstance(value, list | tuple | set | frozenset):
        items = list(cast("Iterable[object]", value))  # each is looked at
        found = [one for one in items if type(one) is int and 0 < one < 1 << 16]
        if found and len(found) == len(items):
            return tuple(sorted(set(found)))
    raise ConfigurationError("allowed_ports is a list of port numbers, such as [443]")


def _proxies(value: object, default: ConnectionSettings) -> tuple[tuple[str, str], ...]:
    if value is None:
        return default.proxies
    if isinstance(value, Mapping):
        items = cast("Mapping[object, object]", value).items()  # each is looked at
        found = [(k, v) for k, v in items if isinstance(k, str) and isinstance(v, str)]
        if len(found) == len(items):
            return tuple(sorted(found))
    # Without the value: it may hold a password.
    raise ConfigurationError("proxies is a dict of URLs by scheme")
