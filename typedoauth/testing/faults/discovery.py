"""What can be wrong with the provider's metadata (OpenID Connect Discovery 3, 4; RFC 8414)."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from typedoauth.testing.faults.edits import (
    BROKEN_BODIES,
    OTHER,
    Answer,
    answer_faults,
    changed,
    doubled,
    members,
    replaced,
    status,
    text,
    without,
)
from typedoauth.testing.faults.kinds import Fault

__all__ = ["FAULTS"]

_PATHS: Final = ("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server")
_ALGORITHMS: Final = "id_token_signing_alg_values_supported"
_SETTINGS: Final[dict[str, object]] = {
    "verify": False,
    "ssl_verify": False,
    "allow_insecure_transport": True,
    "proxies": {"https": "http://proxy.attacker.example:3128"},
    "proxy": "http://proxy.attacker.example:3128",
    "code_challenge_method": None,
    "code_challenge": "plain",
    "client_kwargs": {"code_challenge_method": "plain", "verify": False, "timeout": None},
    "client_id": "attacker",
    "client_secret": "attacker",
    "api_base_url": "https://attacker.example/",
    "scope": "admin",
    "leeway": 1e9,
    "timeout": 1e9,
    "token_endpoint_auth_method": "none",
    "trust_env": True,
    "headers": {"X-Injected": "1"},
}


def _plain_http(name: str) -> Answer:
    return members(changed(name, lambda url: f"http://op.example{urlsplit(url).path}"))


_MEMBERS: Final[tuple[tuple[str, str, str, Answer], ...]] = (
    ("issuer_other", "Discovery 4.3", "another issuer", members(replaced("issuer", OTHER))),
    (
        "issuer_trailing_slash",
        "Discovery 4.3",
        "the issuer with a slash more at its end",
        members(changed("issuer", lambda issuer: f"{issuer}/")),
    ),
    (
        "issuer_upper_case",
        "Discovery 4.3",
        "the issuer in capitals",
        members(changed("issuer", str.upper)),
    ),
    (
        "issuer_with_query",
        "Discovery 3",
        "the issuer with a query",
        members(changed("issuer", lambda issuer: f"{issuer}?a=1")),
    ),
    ("issuer_missing", "Discovery 3", "no issuer", members(without("issuer"))),
    ("issuer_null", "Discovery 3", "issuer is null", members(replaced("issuer", None))),
    ("issuer_not_text", "Discovery 3", "issuer is a number", members(replaced("issuer", 1))),
    ("duplicate_member", "RFC 8259 4", "issuer twice", text(doubled("issuer", OTHER))),
    ("status_404", "RFC 8414 3.2", "status 404, with the right body", status(404)),
    (
        "authorization_endpoint_http",
        "RFC 8414 2",
        "an authorization endpoint without TLS, off loopback",
        _plain_http("authorization_endpoint"),
    ),
    (
        "token_endpoint_http",
        "RFC 8414 2",
        "a token endpoint without TLS, off loopback",
        _plain_http("token_endpoint"),
    ),
    ("jwks_uri_http", "RFC 8414 2", "keys without TLS, off loopback", _plain_http("jwks_uri")),
    (
        "userinfo_endpoint_http",
        "Discovery 3",
        "a UserInfo endpoint without TLS, off loopback",
        _plain_http("userinfo_endpoint"),
    ),
    (
        "authorization_endpoint_javascript",
        "RFC 8414 2",
        "an authorization endpoint that is a script",
        members(replaced("authorization_endpoint", "javascript:alert(1)//")),
    ),
    (
        "jwks_uri_file",
        "RFC 8414 2",
        "keys in a file of the client's own",
        members(replaced("jwks_uri", "file:///etc/passwd")),
    ),
    (
        "token_endpoint_relative",
        "RFC 8414 2",
        "a token endpoint without a host",
        members(replaced("token_endpoint", "/oauth2/token")),
    ),
    (
        "token_endpoint_list",
        "RFC 8414 2",
        "a list of token endpoints",
        members(changed("token_endpoint", lambda url: [url])),
    ),
    (
        "authorization_endpoint_missing",
        "RFC 8414 2",
        "no authorization endpoint",
        members(without("authorization_endpoint")),
    ),
    (
        "token_endpoint_missing",
        "RFC 8414 2",
        "no token endpoint",
        members(without("token_endpoint")),
    ),
    ("jwks_uri_missing", "Discovery 3", "no jwks_uri", members(without("jwks_uri"))),
    (
        "algorithms_none",
        "RFC 8725 3.1",
        "ID Tokens are not signed, it says",
        members(replaced(_ALGORITHMS, ["none"])),
    ),
    (
        "algorithms_none_and_rs256",
        "RFC 8725 3.1",
        "ID Tokens may be unsigned, it says",
        members(replaced(_ALGORITHMS, ["none", "RS256"])),
    ),
    (
        "algorithms_symmetric",
        "Core 3.1.3.7 rule 8",
        "ID Tokens are signed with client secrets only, it says",
        members(replaced(_ALGORITHMS, ["HS256", "HS384"])),
    ),
    (
        "algorithms_unknown",
        "RFC 8725 3.2",
        "only algorithms that nobody knows",
        members(replaced(_ALGORITHMS, ["RS1", "ROT13"])),
    ),
    (
        "algorithms_not_list",
        "Discovery 3",
        "the algorithms are one text",
        members(replaced(_ALGORITHMS, "RS256")),
    ),
    (
        "algorithms_missing",
        "Discovery 3",
        "no algorithms, which are required",
        members(without(_ALGORITHMS)),
    ),
    (
        "pkce_plain",
        "RFC 9700 2.1.1",
        "PKCE by the method plain only, it says",
        members(replaced("code_challenge_methods_supported", ["plain"])),
    ),
    (
        "pkce_missing",
        "RFC 8414 2",
        "nothing about PKCE",
        members(without("code_challenge_methods_supported")),
    ),
    (
        "response_iss_not_boolean",
        "RFC 9207 3",
        "a text says that responses carry iss",
        members(replaced("authorization_response_iss_parameter_supported", "true")),
    ),
    (
        "settings_injected",
        "RFC 8414 2",
        "members that are called like settings of clients",
        members(lambda found: {**found, **_SETTINGS}),
    ),
)

FAULTS: Final[tuple[Fault, ...]] = (
    *answer_faults("discovery", _PATHS, BROKEN_BODIES),
    *answer_faults("discovery", _PATHS, _MEMBERS),
)
"""The faults of discovery."""
