"""OAuth 1.0 (RFC 5849): values in, values out; no socket, no clock, no entropy."""

from __future__ import annotations

from typedoauth.oauth1.authorization import (
    AuthorizationResponse,
    authorization_url,
    callback_token,
    parse_authorization_response,
)
from typedoauth.oauth1.base_string import base_string_uri, signature_base_string
from typedoauth.oauth1.credential_requests import (
    temporary_credentials_request,
    token_credentials_request,
)
from typedoauth.oauth1.parameters import encoded_pairs, normalize
from typedoauth.oauth1.placement import (
    PLACEMENTS,
    Placement,
    authorization_header,
    parse_placement,
)
from typedoauth.oauth1.rsa import RSASHA1, RSASHA256, RSASHA512
from typedoauth.oauth1.signature import (
    HMACSHA1,
    HMACSHA256,
    HMACSHA512,
    SIGNATURE_METHODS,
    Plaintext,
    signature_method,
)
from typedoauth.oauth1.signing import OAuth1Signer, sign_request

__all__ = [
    "AuthorizationResponse",
    "HMACSHA1",
    "HMACSHA256",
    "HMACSHA512",
    "OAuth1Signer",
    "PLACEMENTS",
    "Placement",
    "Plaintext",
    "RSASHA1",
    "RSASHA256",
    "RSASHA512",
    "SIGNATURE_METHODS",
    "authorization_header",
    "authorization_url",
    "base_string_uri",
    "callback_token",
    "encoded_pairs",
    "normalize",
    "parse_authorization_response",
    "parse_placement",
    "sign_request",
    "signature_base_string",
    "signature_method",
    "temporary_credentials_request",
    "token_credentials_request",
]
