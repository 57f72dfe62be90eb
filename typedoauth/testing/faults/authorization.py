"""What can be wrong with an authorization response (RFC 6749 4.1.2, RFC 9207, Core 3.1.2.5)."""

from __future__ import annotations

from typing import Final

from typedoauth.testing.faults.edits import (
    OTHER,
    ParameterEdit,
    pair,
    pair_twice,
    without_pair,
)
from typedoauth.testing.faults.kinds import Fault, Parameters, RedirectFault

__all__ = ["FAULTS"]


def _error(code: str, **more: str) -> ParameterEdit:
    def edit(found: Parameters) -> Parameters:
        return [("error", code), *more.items(), *without_pair("code")(found)]

    return edit


_ROWS: Final[tuple[tuple[str, str, str, ParameterEdit], ...]] = (
    ("state_missing", "RFC 6749 4.1.2", "no state", without_pair("state")),
    ("state_other", "RFC 6749 4.1.2", "another state", pair("state", "another")),
    ("state_empty", "RFC 6749 4.1.2", "an empty state", pair("state", "")),
    ("state_twice", "RFC 6749 3.1", "state twice", pair_twice("state")),
    ("code_missing", "RFC 6749 4.1.2", "no code", without_pair("code")),
    ("code_empty", "RFC 6749 4.1.2", "an empty code", pair("code", "")),
    ("code_twice", "RFC 6749 3.1", "code twice", pair_twice("code")),
    ("code_of_other_client", "RFC 9700 4.5", "a code that is not the client's", pair("code", "x")),
    ("code_huge", "RFC 6749 4.1.2", "a code of 100 KB", pair("code", "x" * 100_000)),
    (
        "code_control_characters",
        "RFC 6749 A.11",
        "a code over two lines",
        pair("code", "a\r\nb: c"),
    ),
    ("iss_missing", "RFC 9207 2.4", "no iss, which is advertised", without_pair("iss")),
    ("iss_other", "RFC 9207 2.4", "another issuer", pair("iss", OTHER)),
    ("iss_empty", "RFC 9207 2.4", "an empty iss", pair("iss", "")),
    ("iss_twice", "RFC 6749 3.1", "iss twice", pair_twice("iss")),
    (
        "code_and_error",
        "RFC 6749 4.1.2.1",
        "a code and an error",
        lambda found: [*found, ("error", "server_error")],
    ),
    ("error_access_denied", "RFC 6749 4.1.2.1", "the user said no", _error("access_denied")),
    ("error_server_error", "RFC 6749 4.1.2.1", "the provider failed", _error("server_error")),
    (
        "error_login_required",
        "Core 3.1.2.6",
        "the user is not signed in",
        _error("login_required", error_description="sign in first"),
    ),
    ("error_unknown", "RFC 6749 4.1.2.1", "an error that nobody knows", _error("no_such_error")),
    ("error_empty", "RFC 6749 4.1.2.1", "an error without a code", _error("")),
    (
        "error_twice",
        "RFC 6749 3.1",
        "two errors",
        lambda found: pair_twice("error")(_error("a")(found)),
    ),
    (
        "error_without_state",
        "RFC 6749 4.1.2.1",
        "an error that nobody asked for",
        lambda found: without_pair("state")(_error("access_denied")(found)),
    ),
    (
        "error_of_other_issuer",
        "RFC 9207 2.4",
        "an error of another issuer",
        lambda found: pair("iss", OTHER)(_error("access_denied")(found)),
    ),
    (
        "error_html",
        "RFC 6749 A.7",
        "an error code that is markup",
        _error("<script>alert(1)</script>"),
    ),
    (
        "error_description_html",
        "RFC 6749 A.8",
        "a description that is markup",
        _error("access_denied", error_description="<script>alert(1)</script>"),
    ),
    (
        "error_description_control_characters",
        "RFC 6749 A.8",
        "a description that writes into logs and terminals",
        _error("access_denied", error_description="no\r\nINFO all is well\x1b[2J\x00"),
    ),
    (
        "error_description_huge",
        "RFC 6749 A.8",
        "a description of 100 KB",
        _error("access_denied", error_description="x" * 100_000),
    ),
    (
        "error_uri_javascript",
        "RFC 6749 A.9",
        "an address with more that is a script",
        _error("access_denied", error_uri="javascript:alert(1)"),
    ),
    (
        "access_token_added",
        "RFC 6749 4.2.2",
        "an access token that was not asked for",
        lambda found: [*found, ("access_token", "injected"), ("token_type", "Bearer")],
    ),
    (
        "id_token_added",
        "Core 3.3.2.5",
        "an ID Token that was not asked for",
        lambda found: [*found, ("id_token", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJldmUifQ.")],
    ),
    (
        "only_access_token",
        "RFC 6749 4.2.2",
        "an access token in place of a code",
        lambda found: [*without_pair("code")(found), ("access_token", "injected")],
    ),
    (
        "jarm",
        "JARM 2.3",
        "everything in a JWT, which was not asked for",
        lambda _: [("response", "eyJhbGciOiJub25lIn0.eyJjb2RlIjoieCJ9.")],
    ),
    (
        "unknown_parameter",
        "RFC 6749 4.1.2",
        "a parameter that nobody knows, to be ignored",
        lambda found: [*found, ("session_state", "x")],
    ),
)

FAULTS: Final[tuple[Fault, ...]] = tuple(
    RedirectFault(f"authorization_{name}", "authorization", rule, description, change)
    for name, rule, description, change in _ROWS
)
"""The faults of authorization responses."""
