"""OpenID Connect: tokens, keys, UserInfo and logout, as values in and values out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typedoauth._lazy import exports

if TYPE_CHECKING:
    from typedoauth.claims import Address, IdTokenClaims, StandardClaims, UserInfo
    from typedoauth.oidc._leeway import DEFAULT_LEEWAY
    from typedoauth.oidc.algorithms import ALGORITHMS, token_hash
    from typedoauth.oidc.claim_options import ClaimOptions, check_claim_options
    from typedoauth.oidc.claims import unverified_subject
    from typedoauth.oidc.client_authentication import (
        AssertionSigner,
        ClientSecretJWT,
        JWTClientSecret,
        PrivateKeyJWT,
        sign_jwt,
    )
    from typedoauth.oidc.decryption_keys import (
        JWE_ALGORITHMS,
        JWE_ENCRYPTIONS,
        DecryptionKey,
        derive_decryption_key,
        load_decryption_key,
    )
    from typedoauth.oidc.id_token import TrustedIssuer, verify_id_token
    from typedoauth.oidc.jwe import Decryption, decrypt_jwe
    from typedoauth.oidc.jwk import JSONWebKey, secret_key
    from typedoauth.oidc.jwk_set import JWKSet, parse_jwk_set, read_jwk_set
    from typedoauth.oidc.jws import Keys, VerifiedJWS, sign_jws, verify_jws
    from typedoauth.oidc.logout import (
        FrontChannelLogout,
        LogoutToken,
        logout_request_url,
        parse_backchannel_logout,
        parse_frontchannel_logout,
        verify_logout_token,
    )
    from typedoauth.oidc.metadata import signature_algorithms
    from typedoauth.oidc.own_keys import load_signing_key, read_jwk
    from typedoauth.oidc.userinfo import read_userinfo, userinfo_content, verify_userinfo

__all__ = [
    "ALGORITHMS",
    "Address",
    "AssertionSigner",
    "ClaimOptions",
    "ClientSecretJWT",
    "DEFAULT_LEEWAY",
    "Decryption",
    "DecryptionKey",
    "FrontChannelLogout",
    "IdTokenClaims",
    "JSONWebKey",
    "JWE_ALGORITHMS",
    "JWE_ENCRYPTIONS",
    "JWKSet",
    "JWTClientSecret",
    "Keys",
    "LogoutToken",
    "PrivateKeyJWT",
    "StandardClaims",
    "TrustedIssuer",
    "UserInfo",
    "VerifiedJWS",
    "check_claim_options",
    "decrypt_jwe",
    "derive_decryption_key",
    "load_decryption_key",
    "load_signing_key",
    "logout_request_url",
    "parse_backchannel_logout",
    "parse_frontchannel_logout",
    "parse_jwk_set",
    "read_jwk",
    "read_jwk_set",
    "read_userinfo",
    "secret_key",
    "sign_jws",
    "sign_jwt",
    "signature_algorithms",
    "token_hash",
    "unverified_subject",
    "userinfo_content",
    "verify_id_token",
    "verify_jws",
    "verify_logout_token",
    "verify_userinfo",
]

if not TYPE_CHECKING:
    # Hidden from checkers, who would take any name for one that exists.
    __getattr__, __dir__ = exports(
        __name__,
        {
            "typedoauth.claims": "Address IdTokenClaims StandardClaims UserInfo",
            "typedoauth.oidc._leeway": "DEFAULT_LEEWAY",
            "typedoauth.oidc.algorithms": "ALGORITHMS token_hash",
            "typedoauth.oidc.claim_options": "ClaimOptions check_claim_options",
            "typedoauth.oidc.claims": "unverified_subject",
            "typedoauth.oidc.client_authentication": (
                "AssertionSigner ClientSecretJWT JWTClientSecret PrivateKeyJWT sign_jwt"
            ),
            "typedoauth.oidc.decryption_keys": (
                "JWE_ALGORITHMS JWE_ENCRYPTIONS DecryptionKey derive_decryption_key "
                "load_decryption_key"
            ),
            "typedoauth.oidc.id_token": "TrustedIssuer verify_id_token",
            "typedoauth.oidc.jwe": "Decryption decrypt_jwe",
            "typedoauth.oidc.jwk": "JSONWebKey secret_key",
            "typedoauth.oidc.jwk_set": "JWKSet parse_jwk_set read_jwk_set",
            "typedoauth.oidc.jws": "Keys VerifiedJWS sign_jws verify_jws",
            "typedoauth.oidc.logout": (
                "FrontChannelLogout LogoutToken logout_request_url parse_backchannel_logout "
                "parse_frontchannel_logout verify_logout_token"
            ),
            "typedoauth.oidc.metadata": "signature_algorithms",
            "typedoauth.oidc.own_keys": "load_signing_key read_jwk",
            "typedoauth.oidc.userinfo": "read_userinfo userinfo_content verify_userinfo",
        },
    )
