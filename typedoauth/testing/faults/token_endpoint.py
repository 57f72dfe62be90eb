"""What can be wrong with a token response (RFC 6749 5, OpenID Connect Core 3.1.3.3)."""

from __future__ import annotations

import base64
import json
from typing import Final, cast
from urllib.parse import unquote_plus, urlencode

from werkzeug.wrappers import Request, Response

from typedoauth.testing.faults.edits import (
    BROKEN_BODIES,
    Answer,
    Row,
    answer_faults,
    changed,
    doubled,
    members,
    redirect,
    replaced,
    status,
    text,
    typed,
    without,
)
from typedoauth.testing.faults.kinds import Fault

__all__ = ["FAULTS"]

_PATHS: Final = ("/oauth2/token",)
_MARKUP: Final = "<script>alert(1)</script>"


def _member(name: str, value: object) -> Answer:
    return members(replaced(name, value))


def _error(code: object, description: object = "no", http_status: int = 400) -> Answer:
    def answer(request: Request, response: Response) -> Response:
        response.set_data(json.dumps({"error": code, "error_description": description}))
        return status(http_status)(request, response)

    return answer


def _quoting(request: Request, response: Response) -> Response:
    sent = list(request.form.values())
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme == "Basic":
        sent.append(unquote_plus(base64.b64decode(encoded).decode().partition(":")[2]))
    return _error("invalid_grant", f"refused: {' '.join(sent)}")(request, response)


def _as_form(found: str) -> str:
    return urlencode(cast("dict[str, object]", json.loads(found)))  # the provider's own document


def _form_encoded(request: Request, response: Response) -> Response:
    return typed("application/x-www-form-urlencoded")(request, text(_as_form)(request, response))


_STATUSES: Final[tuple[Row, ...]] = (
    ("status_400_with_token", "RFC 6749 5.1", "status 400, with tokens", status(400)),
    ("status_401_with_token", "RFC 6749 5.1", "status 401, with tokens", status(401)),
    ("status_503_with_token", "RFC 9110 15.6.4", "status 503, with tokens", status(503)),
    ("redirect_303", "RFC 9700 4.12", "redirects to another host, with GET", redirect(303)),
    ("redirect_307", "RFC 9700 4.12", "redirects the form to another host", redirect(307)),
    ("redirect_308", "RFC 9700 4.12", "redirects the form for good", redirect(308)),
    ("form_encoded", "RFC 6749 5.1", "a form in place of JSON, as some do", _form_encoded),
    ("called_text", "RFC 6749 5.1", "JSON that is called text", typed("text/plain")),
)

_ERRORS: Final[tuple[Row, ...]] = (
    ("error_invalid_grant", "RFC 6749 5.2", "the code is refused", _error("invalid_grant")),
    (
        "error_invalid_client",
        "RFC 6749 5.2",
        "the client is refused",
        _error("invalid_client", http_status=401),
    ),
    (
        "error_on_200",
        "RFC 6749 5.2",
        "an error with status 200",
        _error("invalid_grant", "no", 200),
    ),
    (
        "error_beside_token",
        "RFC 6749 5.2",
        "tokens and an error",
        _member("error", "invalid_grant"),
    ),
    ("error_object", "RFC 6749 5.2", "the error is an object", _error({"code": 1})),
    ("error_null", "RFC 6749 5.2", "the error is null", _error(None)),
    ("error_html", "RFC 6749 5.2", "an error that is markup", _error(_MARKUP, _MARKUP)),
    (
        "error_control_characters",
        "RFC 6749 5.2",
        "a description that writes into logs and terminals",
        _error("invalid_grant", "no\r\nINFO all is well\x1b[2J\x00"),
    ),
    ("error_quoting_secrets", "RFC 9700 4.2.4", "a description that quotes the request", _quoting),
)

_MEMBERS: Final[tuple[Row, ...]] = (
    (
        "access_token_missing",
        "RFC 6749 5.1",
        "no access token",
        members(without("access_token")),
    ),
    (
        "access_token_null",
        "RFC 6749 5.1",
        "the access token is null",
        _member("access_token", None),
    ),
    (
        "access_token_number",
        "RFC 6749 5.1",
        "the access token is a number",
        _member("access_token", 1),
    ),
    (
        "access_token_empty",
        "RFC 6749 A.12",
        "the access token is empty",
        _member("access_token", ""),
    ),
    (
        "access_token_list",
        "RFC 6749 5.1",
        "a list of access tokens",
        _member("access_token", ["a"]),
    ),
    (
        "access_token_newline",
        "RFC 6750 2.1",
        "an access token that adds a header field",
        _member("access_token", "a\r\nX-Injected: 1"),
    ),
    (
        "access_token_space",
        "RFC 6750 2.1",
        "an access token with a space in it",
        _member("access_token", "a b"),
    ),
    (
        "access_token_not_ascii",
        "RFC 6750 2.1",
        "an access token that no header field takes",
        _member("access_token", "tök\u2028en"),
    ),
    (
        "access_token_huge",
        "RFC 6749 5.1",
        "an access token of 10 MB",
        _member("access_token", "x" * 10_000_000),
    ),
    ("access_token_twice", "RFC 8259 4", "access_token twice", text(doubled("access_token", "a"))),
    ("token_type_missing", "RFC 6749 5.1", "no token type", members(without("token_type"))),
    ("token_type_lower_case", "RFC 6749 5.1", "token type bearer", _member("token_type", "bearer")),
    (
        "token_type_mac",
        "RFC 6749 7.1",
        "a token type that is not Bearer",
        _member("token_type", "mac"),
    ),
    (
        "token_type_dpop",
        "RFC 9449 5",
        "a bound token, not asked for",
        _member("token_type", "DPoP"),
    ),
    ("token_type_number", "RFC 6749 5.1", "the token type is a number", _member("token_type", 1)),
    ("expires_in_missing", "RFC 6749 5.1", "no lifetime", members(without("expires_in"))),
    ("expires_in_text", "RFC 6749 A.14", "the lifetime in quotes", _member("expires_in", "3600")),
    ("expires_in_words", "RFC 6749 A.14", "the lifetime in words", _member("expires_in", "soon")),
    ("expires_in_negative", "RFC 6749 A.14", "a lifetime below zero", _member("expires_in", -1)),
    ("expires_in_zero", "RFC 6749 A.14", "a lifetime of nothing", _member("expires_in", 0)),
    ("expires_in_float", "RFC 6749 A.14", "half a second more", _member("expires_in", 3600.5)),
    (
        "expires_in_huge",
        "RFC 6749 A.14",
        "a lifetime beyond all dates",
        _member("expires_in", 10**30),
    ),
    ("expires_in_boolean", "RFC 6749 A.14", "a lifetime of true", _member("expires_in", True)),
    ("expires_in_list", "RFC 6749 A.14", "a list of lifetimes", _member("expires_in", [3600])),
    (
        "expires_in_nan",
        "RFC 8259 6",
        "a lifetime that is no number",
        _member("expires_in", float("nan")),
    ),
    ("expires_at_added", "RFC 6749 5.1", "a moment of expiry long ago", _member("expires_at", 1)),
    ("scope_number", "RFC 6749 3.3", "the scope is a number", _member("scope", 1)),
    ("scope_list", "RFC 6749 3.3", "the scope is a list", _member("scope", ["openid"])),
    ("scope_missing", "RFC 6749 5.1", "no scope", members(without("scope"))),
    (
        "refresh_token_number",
        "RFC 6749 5.1",
        "the refresh token is a number",
        _member("refresh_token", 1),
    ),
    (
        "refresh_token_null",
        "RFC 6749 5.1",
        "the refresh token is null",
        _member("refresh_token", None),
    ),
    (
        "refresh_token_empty",
        "RFC 6749 A.17",
        "the refresh token is empty",
        _member("refresh_token", ""),
    ),
    ("id_token_missing", "Core 3.1.3.3", "no ID Token", members(without("id_token"))),
    ("id_token_null", "Core 3.1.3.3", "the ID Token is null", _member("id_token", None)),
    ("id_token_number", "Core 3.1.3.3", "the ID Token is a number", _member("id_token", 1)),
    (
        "id_token_list",
        "Core 3.1.3.3",
        "a list of ID Tokens",
        members(changed("id_token", lambda one: [one])),
    ),
    ("id_token_empty", "Core 3.1.3.3", "the ID Token is empty", _member("id_token", "")),
    (
        "id_token_object",
        "Core 3.1.3.3",
        "claims in place of the ID Token",
        _member("id_token", {"sub": "eve"}),
    ),
    (
        "userinfo_added",
        "Core 3.1.3.3",
        "a member userinfo with claims that nobody has signed",
        _member("userinfo", {"sub": "eve", "email": "eve@example.com"}),
    ),
    (
        "unknown_member",
        "RFC 6749 5.1",
        "a member that nobody knows, to be ignored",
        _member("x", {}),
    ),
)

FAULTS: Final[tuple[Fault, ...]] = (
    *answer_faults("token", _PATHS, BROKEN_BODIES),
    *answer_faults("token", _PATHS, _STATUSES),
    *answer_faults("token", _PATHS, _ERRORS),
    *answer_faults("token", _PATHS, _MEMBERS),
)
"""The faults of the token endpoint."""
