"""Signing a request (RFC 5849 3)."""

from __future__ import annotations

import hashlib
import re
from binascii import b2a_base64
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult

from typedoauth._urls import is_loopback, percent_encode, without_query
from typedoauth.credentials import ClientCredentials, TemporaryCredentials
from typedoauth.errors import ConfigurationError, InsecureTransportError
from typedoauth.messages import Request
from typedoauth.oauth1.base_string import clean_url, form_base_string
from typedoauth.oauth1.parameters import EncodedPairs, encoded_pairs, is_form
from typedoauth.oauth1.placement import Placement, check_place, parse_placement, place
from typedoauth.oauth1.signature import HMACSHA1
from typedoauth.protocols import SignatureMethod
from typedoauth.tokens import OAuth1Token

__all__ = ["OAuth1Signer", "sign_request"]

# A letter of oauth_ that need not have been escaped.
_ESCAPED_LETTER: Final = re.compile(rb"%(?:6[F18f]|7[45]|5[Ff])")
_HASHES: Final = ("SHA1", "SHA256", "SHA384", "SHA512")


def _body_hash(body: bytes, method: str) -> str | None:
    if method == "PLAINTEXT":
        return None
    name = method.rpartition("-")[2]
    if name not in _HASHES:
        raise ConfigurationError(
            f"oauth_body_hash: no hash is known for the signature method {method!r}; "
            f"a name that ends in one of {', '.join(_HASHES)} chooses one"
        )
    return b2a_base64(hashlib.new(name, body).digest(), newline=False).decode("ascii")


def _protocol_parameters(
    client: ClientCredentials,
    token: str | None,
    method: str,
    timestamp: int,
    nonce: str,
    callback: str | None,
    verifier: str | None,
) -> EncodedPairs:
    if timestamp <= 0 or not nonce:
        raise ConfigurationError("a signed request needs a positive timestamp and a nonce")
    parameters = [
        ("oauth_nonce", percent_encode(nonce)),
        ("oauth_timestamp", str(timestamp)),
        ("oauth_version", "1.0"),
        ("oauth_signature_method", percent_encode(method)),
        ("oauth_consumer_key", percent_encode(client.client_id)),
    ]
    if token is not None:
        parameters.append(("oauth_token", percent_encode(token)))
    if callback is not None:
        parameters.append(("oauth_callback", percent_encode(callback)))
    if verifier is not None:
        parameters.append(("oauth_verifier", percent_encode(verifier)))
    return parameters


def _check_unique(form: bytes, ours: EncodedPairs) -> None:
    if b"oauth_" not in form and not _ESCAPED_LETTER.search(form):
        return
    names = {name for name, _ in encoded_pairs(form) if name.startswith("oauth_")}
    names.intersection_update(["oauth_signature", *(name for name, _ in ours)])
    if names:
        raise ConfigurationError(
            f"the request carries {', '.join(sorted(names))} already, and signing would send it "
            "a second time (RFC 5849 3.1); leave it out, signing adds it"
        )


def _require_tls(url: SplitResult) -> None:
    if url.scheme != "https" and not is_loopback(url.hostname or ""):
        raise InsecureTransportError(
            f"PLAINTEXT would show the secrets to the network on the way to "
            f"{without_query(url.geturl())}; use https, or a signature method that signs"
        )


def sign_request(
    request: Request,
    client: ClientCredentials,
    token: TemporaryCredentials | OAuth1Token | None = None,
    *,
    method: SignatureMethod,
    timestamp: int,
    nonce: str,
    placement: Placement = "HEADER",
    realm: str | None = None,
    callback: str | None = None,
    verifier: str | None = None,
    include_body_hash: bool = False,
) -> Request:
    """Sign a request.

    The parameters of the query and of a form-encoded body are signed; another
    body stays out of it, unless *include_body_hash* covers it.

    Args:
        request: The complete request, without protocol parameters.
        client: The client credentials.
        token: Temporary or token credentials, or ``None`` before there are any.
        method: The signature method.
        timestamp: The present time, whole seconds since the epoch.
        nonce: A text that no other request with this timestamp has.
        placement: Where the protocol parameters go.
        realm: The realm of the ``Authorization`` header; it is not signed.
        callback: ``oauth_callback``.
        verifier: ``oauth_verifier``.
        include_body_hash: Whether to sign ``oauth_body_hash`` over a body that is
            no form, and over the absence of one; PLAINTEXT does without. The
            hash is the one in the signature method's name.

    Returns:
        The signed request. Its URL holds only characters that URLs may hold, so
        that what is sent is what was signed.

    Raises:
        ConfigurationError: The request has no place for the parameters, carries
            some already, or cannot be signed; the message says which.
        InsecureTransportError: PLAINTEXT over http to another host than this.

    Spec: RFC 5849 3.1-3.5, OAuth Request Body Hash 1.0 (draft 4) 3.
    """
    url = clean_url(request.url)
    placement = parse_placement(placement)
    check_place(request, placement)
    identifier, secret = _token_credentials(token)
    ours = _protocol_parameters(
        client, identifier, method.name, timestamp, nonce, callback, verifier
    )
    form = url.query.encode("ascii")
    if is_form(request.headers.get("content-type")):
        form = b"&".join([form, request.body or b""]).strip(b"&")
    elif include_body_hash and placement != "BODY":
        digest = _body_hash(request.body or b"", method.name)
        if digest is not None:
            ours.append(("oauth_body_hash", percent_encode(digest)))
    _check_unique(form, ours)
    if method.name == "PLAINTEXT":
        _require_tls(url)
        base_string = ""
    else:
        host = request.headers.get("host")
        base_string = form_base_string(request.method, url, form, ours, host)
    signature = method.sign(base_string, client.client_secret or "", secret)
    ours.append(("oauth_signature", percent_encode(signature)))
    return place(request, url, ours, placement, realm)


def _token_credentials(token: TemporaryCredentials | OAuth1Token | None) -> tuple[str | None, str]:
    if token is None:
        return None, ""
    if isinstance(token, TemporaryCredentials):
        return token.oauth_token, token.oauth_token_secret
    return token["oauth_token"], token["oauth_token_secret"]


@dataclass(frozen=True, slots=True)
class OAuth1Signer:
    """How one client signs: everything that does not change from request to request.

    Attributes:
        client: The client credentials.
        method: The signature method.
        placement: Where the protocol parameters go.
        realm: The realm of the ``Authorization`` header, or ``None``.
        include_body_hash: Whether bodies that are no forms are covered.
    """

    client: ClientCredentials
    method: SignatureMethod = field(default_factory=HMACSHA1, repr=False)
    placement: Placement = "HEADER"
    realm: str | None = None
    include_body_hash: bool = False

    def sign(
        self,
        request: Request,
        token: TemporaryCredentials | OAuth1Token | None = None,
        *,
        timestamp: int,
        nonce: str,
        callback: str | None = None,
        verifier: str | None = None,
    ) -> Request:
        """Sign a request.

        Args:
            request: The complete request, without protocol parameters.
            token: Temporary or token credentials, or ``None``.
            timestamp: The present time, whole seconds since the epoch.
            nonce: A text that no other request with this timestamp has.
            callback: ``oauth_callback``.
            verifier: ``oauth_verifier``.

        Returns:
            The signed request.

        Raises:
            ConfigurationError: See :func:`sign_request`.
            InsecureTransportError: PLAINTEXT over http to another host than this.
        """
        return sign_request(
            request,
            self.client,
            token,
            method=self.method,
            timestamp=timestamp,
            nonce=nonce,
            placement=self.placement,
            realm=self.realm,
            callback=callback,
            verifier=verifier,
            include_body_hash=self.include_body_hash,
        )
