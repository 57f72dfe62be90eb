"""OAuth 1.0 (RFC 5849): values in, values out; no socket, no clock, no entropy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typedoauth._lazy import exports

if TYPE_CHECKING:
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

if not TYPE_CHECKING:
    # Hidden from checkers, who would take any name for one that exists.
    __getattr__, __dir__ = exports(
        __name__,
        {
            "typedoauth.oauth1.authorization": (
                "AuthorizationResponse authorization_url callback_token "
                "parse_authorization_response"
            ),
            "typedoauth.oauth1.base_string": "base_string_uri signature_base_string",
            "typedoauth.oauth1.credential_requests": (
                "temporary_credentials_request token_credentials_request"
            ),
            "typedoauth.oauth1.parameters": "encoded_pairs normalize",
            "typedoauth.oauth1.placement": (
                "PLACEMENTS Placement authorization_header parse_placement"
            ),
            "typedoauth.oauth1.rsa": "RSASHA1 RSASHA256 RSASHA512",
            "typedoauth.oauth1.signature": (
                "HMACSHA1 HMACSHA256 HMACSHA512 SIGNATURE_METHODS Plaintext signature_method"
            ),
            "typedoauth.oauth1.signing": "OAuth1Signer sign_request",
        },
    )
