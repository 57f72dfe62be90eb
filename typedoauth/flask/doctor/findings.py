"""What the doctor finds: a stable code, how bad it is, a sentence, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

__all__ = ["ERRORS", "Finding", "Severity", "WARNINGS", "fine", "problem"]

Severity: TypeAlias = Literal["error", "warning", "ok"]
"""``error``: logins or calls fail, or are not safe. ``warning``: look at it."""

ERRORS: Final = frozenset(
    {
        "algorithm_unsupported",
        "auth_method_unsupported",
        "cache_failed",
        "cache_lossy",
        "callback_method",
        "check_failed",
        "client_id_missing",
        "client_secret_missing",
        "clock_skew",
        "cookie_domain_other",
        "cookie_none_without_secure",
        "cookie_path_other",
        "cookie_prefix_unmet",
        "cookie_samesite_invalid",
        "cookie_samesite_strict",
        "cookie_secure_on_http",
        "credentials_placeholder",
        "credentials_unclean",
        "discovery_malformed",
        "discovery_redirected",
        "discovery_status",
        "discovery_unreachable",
        "endpoint_insecure",
        "endpoint_missing",
        "endpoint_unreachable",
        "extra_missing",
        "issuer_mismatch",
        "jwks_malformed",
        "jwks_no_algorithm",
        "jwks_no_key",
        "jwks_status",
        "jwks_unreachable",
        "no_client",
        "openid_unverifiable",
        "owner_unusable",
        "proxy_scheme_ignored",
        "redirect_uri_http",
        "secret_key_missing",
        "secret_key_weak",
        "server_name_invalid",
        "settings_refused",
        "tls_unverified",
        "token_store_failed",
        "token_store_lossy",
        "trusted_hosts_other",
    }
)
"""The codes of errors."""

WARNINGS: Final = frozenset(
    {
        "api_base_url_slash",
        "cache_in_process",
        "callback_ambiguous",
        "callback_unknown",
        "client_public",
        "config_ignored",
        "config_key_misspelt",
        "cookie_not_secure",
        "cookie_samesite_unset",
        "cookie_script_readable",
        "cookie_secure_on_loopback",
        "endpoint_differs",
        "http_allowed",
        "jwks_kid_ambiguous",
        "openid_scope_missing",
        "owner_fails",
        "owner_for_nobody",
        "owner_missing",
        "pkce_off",
        "plaintext_signature",
        "protection_given_up",
        "proxy_fix_missing",
        "proxy_prefix_ignored",
        "redirect_uri_localhost",
        "response_mode_unsupported",
        "scope_commas",
        "scope_unsupported",
        "server_name_missing",
        "server_name_other",
        "token_store_in_process",
    }
)
"""The codes of warnings."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, and what is to be said of it.

    Attributes:
        code: Names it; it stays the same from version to version.
        severity: How bad it is.
        message: A sentence; it holds no secret.
        remedy: How to mend it; ``None`` where nothing is to be done.
        client: Whose setting it is; ``None`` where it is the application's.
    """

    code: str
    severity: Severity
    message: str
    remedy: str | None = None
    client: str | None = None


def problem(code: str, message: str, remedy: str) -> Finding:
    """Tell what is wrong.

    Args:
        code: One of :data:`ERRORS` or :data:`WARNINGS`.
        message: What is wrong, in plain words.
        remedy: How to mend it.

    Returns:
        The finding.

    Raises:
        ValueError: There is no such code.
    """
    if code not in ERRORS | WARNINGS:
        raise ValueError(f"{code} is in neither list of codes")
    return Finding(code, "error" if code in ERRORS else "warning", message, remedy)


def fine(subject: str, message: str) -> Finding:
    """Tell what is right.

    Args:
        subject: What was looked at; the code is this and ``_ok``.
        message: What was seen.

    Returns:
        The finding.
    """
    return Finding(f"{subject}_ok", "ok", message)
