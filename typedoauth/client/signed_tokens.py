"""What a provider signs for a client: by whom, how, and with which keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Final, Literal, TypeVar, cast

from typedoauth import oidc
from typedoauth._urls import without_query
from typedoauth.client.endpoints import Endpoints
from typedoauth.client.fetched import Fetched
from typedoauth.client.options import DecryptionKeyLike, OAuth2Options
from typedoauth.credentials import ClientCredentials
from typedoauth.errors import (
    ConfigurationError,
    InvalidSignatureError,
    MalformedResponseError,
)
from typedoauth.messages import Headers, Request
from typedoauth.oauth2 import ServerMetadata

__all__ = ["ID_TOKEN", "Kind", "LOGOUT_TOKEN", "SignedTokens", "USERINFO"]

_MOST_BYTES: Final = 1 << 19

ClaimsT = TypeVar("ClaimsT")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of what is signed, and where its algorithms are said.

    Attributes:
        registered: The option that names the algorithm.
        advertised: The member of the metadata that lists those there are.
        encryption: The options that name ``alg`` and ``enc`` where it is encrypted.
        plain_too: Whether it may come unencrypted all the same.
        purpose: Why the JWK set may be fetched anew, see :meth:`Fetched.newer`.
    """

    registered: Literal["id_token_signed_response_alg", "userinfo_signed_response_alg"]
    advertised: Literal[
        "id_token_signing_alg_values_supported", "userinfo_signing_alg_values_supported"
    ]
    encryption: (
        tuple[
            Literal["id_token_encrypted_response_alg"], Literal["id_token_encrypted_response_enc"]
        ]
        | tuple[
            Literal["userinfo_encrypted_response_alg"], Literal["userinfo_encrypted_response_enc"]
        ]
    )
    plain_too: bool = False
    purpose: str = ""


ID_TOKEN: Final = Kind(
    "id_token_signed_response_alg",
    "id_token_signing_alg_values_supported",
    ("id_token_encrypted_response_alg", "id_token_encrypted_response_enc"),
)
LOGOUT_TOKEN: Final = replace(ID_TOKEN, plain_too=True, purpose="logout")
USERINFO: Final = Kind(
    "userinfo_signed_response_alg",
    "userinfo_signing_alg_values_supported",
    ("userinfo_encrypted_response_alg", "userinfo_encrypted_response_enc"),
)


class SignedTokens:
    """Validates ID Tokens, logout tokens and signed UserInfo of one client's provider.

    Args:
        client: The client's credentials.
        options: Its options.
        endpoints: Knows the provider's metadata.
        jwks: The provider's JWK set, where it is known beforehand.
        clock: Tells the time.

    Raises:
        ConfigurationError: An option or the JWK set is wrong.
    """

    __slots__ = (
        "_client",
        "_decryptions",
        "_endpoints",
        "_given",
        "_keys",
        "_leeway",
        "_options",
        "_secret_keys",
        "_trusted",
    )

    def __init__(
        self,
        client: ClientCredentials,
        options: OAuth2Options,
        endpoints: Endpoints,
        jwks: Mapping[str, object] | None,
        clock: Callable[[], float],
    ) -> None:
        self._client = client
        self._options = options
        self._endpoints = endpoints
        self._given: oidc.JWKSet | None = None if jwks is None else _given(jwks)
        self._keys: Fetched[oidc.JWKSet] = Fetched(self._fetch, clock)
        self._leeway: float = options.get("clock_skew", oidc.DEFAULT_LEEWAY)
        self._trusted: frozenset[str] = frozenset(options.get("trusted_audiences", ()))
        self._decryptions: dict[Kind, oidc.Decryption] = {}
        self._secret_keys: dict[str, oidc.JSONWebKey] = {}
        for kind in (ID_TOKEN, USERINFO):
            registered = options.get(kind.registered)
            if registered is not None:
                oidc.signature_algorithms(registered, option=kind.registered)
                if registered.startswith("HS") and client.client_secret is not None:
                    self._secret_key(registered)
            if client.client_secret is not None or options.get("decryption_key") is not None:
                self._decryption(kind)

    def signs(self, kind: Kind) -> bool:
        """Whether an algorithm is registered to sign it by."""
        return self._options.get(kind.registered) is not None

    def encrypts(self, kind: Kind) -> bool:
        """Whether it is registered to be encrypted."""
        return self._options.get(kind.encryption[0]) is not None

    @property
    def possible(self) -> bool:
        """Whether there is, or may be, a key and an issuer to verify ID Tokens with."""
        if self._endpoints.url is not None:
            return True
        known = self._endpoints.known
        keys = self._given is not None or "jwks_uri" in known or self._secret(ID_TOKEN) is not None
        return keys and "issuer" in known

    def validate(
        self,
        kind: Kind,
        token: str,
        check: Callable[[str, oidc.Keys, oidc.TrustedIssuer], ClaimsT],
        leeway: float | None = None,
    ) -> ClaimsT:
        """Run *check* on *token*, with the keys and the trust that apply.

        A signature that no key of the JWK set has made makes the set be fetched anew,
        once: the provider may have rotated its keys.

        Args:
            kind: What it is.
            token: The JWT.
            check: Verifies it.
            leeway: By how many seconds the clocks may differ.

        Returns:
            What *check* answered.

        Raises:
            ConfigurationError: Issuer or keys are not known.
            OAuthError: Metadata or keys could not be had, or *check* refused.
        """
        token = self.decrypted(kind, token)
        trust = self._trust(kind, _seconds(leeway))
        secret = self._secret(kind)
        if secret is not None:
            return check(token, self._secret_key(secret), trust)
        if self._given is not None:
            return check(token, self._given, trust)
        keys = self._keys.get()
        try:
            return check(token, keys, trust)
        except InvalidSignatureError as error:
            # The key is not there, or another one is there by its name.
            newer = self._keys.newer(keys, kind.purpose) if error.keys_may_be_old else None
            if newer is None:
                raise
        return check(token, newer, trust)

    def decrypted(self, kind: Kind, token: str) -> str:
        """Decrypt a token, if it is registered to be encrypted.

        Args:
            kind: What it is.
            token: The JWE; or the JWS, which is given back.

        Returns:
            The JWS.

        Raises:
            IdTokenError: It is not encrypted as registered, or cannot be decrypted.
            ConfigurationError: There is no key.
        """
        decryption = self._decryption(kind)
        if decryption is None or (kind.plain_too and token.count(".") == 2):
            return token
        return oidc.decrypt_jwe(token, decryption)

    def prepare(self) -> None:
        """Have at hand what verifies an ID Token.

        Raises:
            OAuthError: Metadata or keys could not be had.
        """
        self._endpoints.metadata()
        if self._secret(ID_TOKEN) is None and self._given is None:
            self._keys.get()

    def jwk_set(self, *, force: bool = False) -> oidc.JWKSet:
        """Return the provider's JWK set.

        Args:
            force: Whether to ask again, unless that was done a moment ago.

        Returns:
            The set.

        Raises:
            OAuthError: It could not be had.
        """
        if self._given is not None:
            return self._given
        keys = self._keys.get()
        return (self._keys.newer(keys) or keys) if force else keys

    def _decryption(self, kind: Kind) -> oidc.Decryption | None:
        algorithm = self._options.get(kind.encryption[0])
        if algorithm is None:
            return None
        found = self._decryptions.get(kind)
        if found is None:
            encryption = self._options.get(kind.encryption[1], "A128CBC-HS256")
            given = self._options.get("decryption_key")
            if given is None:
                secret = self._need_secret(f"encryption by {algorithm}, without a decryption_key,")
                keys = [
                    oidc.derive_decryption_key(secret, algorithm=algorithm, encryption=encryption)
                ]
            else:
                several = isinstance(given, list | tuple)
                # A text is a key, and no sequence of them.
                listed = cast("Sequence[DecryptionKeyLike]", given if several else [given])
                keys = [
                    one if isinstance(one, oidc.DecryptionKey) else oidc.load_decryption_key(one)
                    for one in listed
                ]
            found = self._decryptions[kind] = oidc.Decryption(tuple(keys), algorithm, encryption)
        return found

    def _secret(self, kind: Kind) -> str | None:
        """The registered algorithm, if it is one of those with a shared secret."""
        registered = self._options.get(kind.registered)
        return registered if registered is not None and registered.startswith("HS") else None

    def _secret_key(self, algorithm: str) -> oidc.JSONWebKey:
        key = self._secret_keys.get(algorithm)
        if key is None:
            key = self._secret_keys[algorithm] = oidc.secret_key(
                self._need_secret(algorithm), algorithm
            )
        return key

    def _need_secret(self, what: str) -> str:
        secret = self._client.client_secret
        if secret is None:
            raise ConfigurationError(
                f"client {self._endpoints.name!r} has no client_secret, which {what} needs"
            )
        return secret

    def _trust(self, kind: Kind, leeway: float | None) -> oidc.TrustedIssuer:
        metadata = self._endpoints.metadata()
        issuer = metadata.get("issuer")
        if issuer is None:
            raise ConfigurationError(
                f"client {self._endpoints.name!r} does not know the provider's issuer, without "
                "which no ID Token can be trusted; give server_metadata_url=, or issuer= and "
                "jwks_uri="
            )
        return oidc.TrustedIssuer(
            issuer,
            self._client.client_id,
            self._algorithms(kind, metadata),
            self._trusted,
            self._endpoints.issuer_template,
            self._leeway if leeway is None else leeway,
        )

    def _algorithms(self, kind: Kind, metadata: ServerMetadata) -> frozenset[str]:
        registered = self._options.get(kind.registered)
        try:
            return oidc.signature_algorithms(
                registered, metadata.get(kind.advertised), option=kind.registered
            )
        except ConfigurationError:
            newer = self._endpoints.renewed()
            if newer is None:
                raise
        return oidc.signature_algorithms(
            registered, newer.get(kind.advertised), option=kind.registered
        )

    def _fetch(self) -> oidc.JWKSet:
        url = self._endpoints.find(None, "jwks_uri")
        headers = Headers({"Accept": "application/jwk-set+json, application/json"})
        response = self._endpoints.exchange.protocol(
            Request("GET", url, headers, max_bytes=_MOST_BYTES)
        )
        where = without_query(url)
        if response.status_code != 200:
            raise MalformedResponseError(
                f"the JWK set {where} answered status {response.status_code}, not 200"
            )
        found = oidc.parse_jwk_set(response.content)
        if not found.keys:
            raise MalformedResponseError(f"the JWK set {where} has no usable key{_why(found)}")
        return found


def _given(jwks: Mapping[str, object]) -> oidc.JWKSet:
    try:
        found = oidc.read_jwk_set(jwks)
    except MalformedResponseError as error:
        # It is the application's own.
        raise ConfigurationError(f"jwks=: {error.description}") from None
    if not found.keys:
        raise ConfigurationError(f"jwks= has no usable key{_why(found)}")
    return found


def _why(keys: oidc.JWKSet) -> str:
    return "".join(f"; {one}" for one in keys.refused[:3])


def _seconds(leeway: object) -> float | None:
    """The leeway of a call, whatever its annotation says."""
    if leeway is None:
        return None
    if isinstance(leeway, int | float) and not isinstance(leeway, bool) and 0 <= leeway < inf:
        return leeway
    raise ConfigurationError("leeway is a number of seconds, 0 or more")
