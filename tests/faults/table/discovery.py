"""Expected of faulty metadata: fetched by the first login, and refused as a whole."""

from __future__ import annotations

from typing import Final

from tests.faults.cases import KEPT, PAUSE, Case, Way, accept, reject, table
from typedoauth.errors import (
    ConfigurationError,
    InsecureTransportError,
    MalformedResponseError,
    OAuthError,
    ResponseTooLargeError,
    StateMismatchError,
)


def _unread(name: str, error: type[OAuthError] = MalformedResponseError, peer: str = "") -> Case:
    """The document is refused, so that the login does not begin."""
    return reject(name, error, begins=True, peer=peer)


ROWS: Final = table(
    Way.LOGIN,
    "discovery",
    _unread("status_500"),
    _unread("redirect_302"),
    _unread("empty"),
    _unread("not_json"),
    _unread("not_object"),
    _unread("html"),
    _unread("utf_16"),
    accept("bom", "a parser may ignore it (RFC 8259 8.1)"),
    _unread("deep"),
    _unread("huge", ResponseTooLargeError),
    _unread("issuer_other"),
    reject(
        "issuer_other",
        MalformedResponseError,
        begins=True,
        beside=("id_token_iss_other",),
        peer="logs in",
    ),
    reject(
        "issuer_trailing_slash",
        StateMismatchError,
        "other_issuer",
        "both have this document (Discovery 4.1); callback and ID Token are of the other one",
        heals=KEPT,
    ),
    _unread("issuer_upper_case"),
    _unread("issuer_with_query"),
    _unread("issuer_missing"),
    _unread("issuer_null"),
    _unread("issuer_not_text"),
    _unread("duplicate_member"),
    _unread("status_404"),
    _unread("authorization_endpoint_http", InsecureTransportError),
    _unread("token_endpoint_http", InsecureTransportError),
    _unread("jwks_uri_http", InsecureTransportError),
    _unread("userinfo_endpoint_http", InsecureTransportError),
    _unread("authorization_endpoint_javascript"),
    _unread("jwks_uri_file"),
    _unread("token_endpoint_relative"),
    _unread("token_endpoint_list"),
    reject("authorization_endpoint_missing", ConfigurationError, begins=True, heals=PAUSE),
    reject("token_endpoint_missing", ConfigurationError, heals=PAUSE),
    reject("jwks_uri_missing", ConfigurationError, heals=PAUSE),
    reject("algorithms_none", ConfigurationError, heals=PAUSE),
    accept("algorithms_none_and_rs256", "none is never one of them; RS256 signs"),
    reject("algorithms_symmetric", ConfigurationError, heals=PAUSE),
    reject("algorithms_unknown", ConfigurationError, heals=PAUSE),
    _unread("algorithms_not_list"),
    accept("algorithms_missing", "RS256 is the default (Registration 2)"),
    accept("pkce_plain", "the challenge is S256 all the same"),
    accept("pkce_missing", "the challenge is sent all the same"),
    _unread("response_iss_not_boolean"),
    accept(
        "settings_injected",
        "members that are not known are dropped",
        peer="sends no PKCE, takes the proxy, turns TLS verification off",
    ),
)
