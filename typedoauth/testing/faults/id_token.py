"""What can be wrong with the claims of an ID Token (OpenID Connect Core 2, 3.1.3.7, 3.1.3.8)."""

from __future__ import annotations

import json
from typing import Final

from typedoauth.testing.drafts import Draft
from typedoauth.testing.faults.edits import (
    DEEP,
    OTHER,
    Edit,
    appended,
    changed,
    doubled,
    moved,
    replaced,
    without,
)
from typedoauth.testing.faults.kinds import Fault, TokenFault
from typedoauth.testing.faults.signing import TOKEN_ROWS, TokenRow, claims, header, payload_text

__all__ = ["FAULTS"]

_LOGOUT: Final = {"http://schemas.openid.net/event/backchannel-logout": dict[str, object]()}


def _audiences(*others: str) -> Edit:
    return changed("aud", lambda ours: [ours, *others])


_CLAIMS: Final[tuple[tuple[str, str, str, Edit], ...]] = (
    ("iss_other", "Core 3.1.3.7 rule 2", "another issuer", replaced("iss", OTHER)),
    ("iss_missing", "Core 2", "no issuer", without("iss")),
    ("iss_list", "Core 2", "the issuer in a list", changed("iss", lambda iss: [iss])),
    (
        "iss_trailing_slash",
        "Core 3.1.3.7 rule 2",
        "the issuer with a slash more at its end",
        changed("iss", lambda iss: f"{iss}/"),
    ),
    ("aud_other", "Core 3.1.3.7 rule 3", "for another client", replaced("aud", "other-client")),
    (
        "aud_other_azp_ours",
        "Core 3.1.3.7 rule 3",
        "for another client, and azp is this one",
        lambda found: {**found, "aud": "other-client", "azp": found["aud"]},
    ),
    ("aud_missing", "Core 2", "no audience", without("aud")),
    ("aud_empty_list", "Core 3.1.3.7 rule 3", "for nobody", replaced("aud", [])),
    ("aud_number", "Core 2", "the audience is a number", replaced("aud", 1)),
    (
        "aud_list_with_number",
        "Core 2",
        "a number among the audiences",
        changed("aud", lambda a: [a, 1]),
    ),
    ("aud_list", "Core 2", "this client alone, in a list", _audiences()),
    (
        "aud_list_with_others",
        "Core 3.1.3.7 rule 3",
        "for another client, too; azp is this one",
        lambda found: {**found, "aud": [found["aud"], "other-client"], "azp": found["aud"]},
    ),
    (
        "aud_list_without_azp",
        "Core 3.1.3.7 rule 4",
        "for another client, too; no azp",
        _audiences("other-client"),
    ),
    (
        "aud_part",
        "Core 3.1.3.7 rule 3",
        "the audience is the start of it",
        changed("aud", lambda a: a[:-1]),
    ),
    (
        "azp_other",
        "Core 3.1.3.7 rule 5",
        "issued to another client",
        replaced("azp", "other-client"),
    ),
    ("azp_number", "Core 2", "azp is a number", replaced("azp", 1)),
    ("exp_past", "Core 3.1.3.7 rule 9", "expired two hours ago", moved(-3 * 3600, "exp")),
    ("exp_just_past", "Core 3.1.3.7 rule 9", "expired a minute ago", moved(-3660, "exp")),
    ("exp_missing", "Core 2", "no expiry", without("exp")),
    ("exp_text", "Core 2", "the expiry in quotes", changed("exp", str)),
    ("exp_nan", "RFC 8259 6", "an expiry that is no number", replaced("exp", float("nan"))),
    ("exp_infinite", "RFC 8259 6", "an expiry that never comes", replaced("exp", float("inf"))),
    ("exp_boolean", "RFC 7519 2", "the expiry is true", replaced("exp", True)),
    ("exp_huge", "RFC 7519 2", "an expiry beyond all dates", replaced("exp", 10**30)),
    ("iat_future", "Core 3.1.3.7 rule 10", "issued in two hours", moved(7200, "iat", "exp")),
    ("iat_missing", "Core 2", "no time of issue", without("iat")),
    ("iat_text", "Core 2", "the time of issue in quotes", changed("iat", str)),
    (
        "nbf_future",
        "RFC 7519 4.1.5",
        "good in two hours",
        lambda f: moved(7200, "nbf")({**f, "nbf": f["iat"]}),
    ),
    (
        "clock_ahead",
        "Core 3.1.3.7",
        "a clock an hour ahead",
        moved(3600, "iat", "exp", "auth_time"),
    ),
    (
        "clock_behind",
        "Core 3.1.3.7",
        "a clock two hours behind",
        moved(-7200, "iat", "exp", "auth_time"),
    ),
    (
        "clock_slightly_ahead",
        "Core 3.1.3.7",
        "a minute ahead",
        moved(60, "iat", "exp", "auth_time"),
    ),
    ("nonce_wrong", "Core 3.1.3.7 rule 11", "another nonce", replaced("nonce", "another")),
    ("nonce_missing", "Core 3.1.3.7 rule 11", "no nonce", without("nonce")),
    ("nonce_number", "Core 2", "the nonce is a number", replaced("nonce", 1)),
    ("nonce_empty", "Core 3.1.3.7 rule 11", "an empty nonce", replaced("nonce", "")),
    ("sub_missing", "Core 2", "no subject", without("sub")),
    ("sub_empty", "Core 2", "an empty subject", replaced("sub", "")),
    ("sub_number", "Core 2", "the subject is a number", replaced("sub", 1)),
    ("sub_null", "Core 2", "the subject is null", replaced("sub", None)),
    ("sub_too_long", "Core 2", "a subject of 256 characters", replaced("sub", "x" * 256)),
    ("at_hash_wrong", "Core 3.1.3.8", "for another access token", replaced("at_hash", "A" * 22)),
    ("at_hash_number", "Core 3.1.3.6", "at_hash is a number", replaced("at_hash", 1)),
    ("at_hash_missing", "Core 3.1.3.6", "no at_hash, which is optional here", without("at_hash")),
    ("c_hash_wrong", "Core 3.3.2.10", "for another code", replaced("c_hash", "A" * 22)),
    ("auth_time_missing", "Core 3.1.3.7 rule 13", "no time of login", without("auth_time")),
    ("auth_time_old", "Core 3.1.3.7 rule 13", "logged in a day ago", moved(-86_400, "auth_time")),
    ("auth_time_text", "Core 2", "the time of login in quotes", changed("auth_time", str)),
    ("acr_other", "Core 3.1.3.7 rule 12", "another level of assurance", replaced("acr", "0")),
    ("acr_missing", "Core 3.1.3.7 rule 12", "no level of assurance", without("acr")),
    (
        "logout_event",
        "Back-Channel Logout 2.4",
        "the event of a logout token",
        replaced("events", _LOGOUT),
    ),
    (
        "unknown_claim",
        "Core 2",
        "a claim that nobody knows, to be ignored",
        replaced("x", {"a": 1}),
    ),
    ("claims_null", "Core 5.3.2", "a claim that is null", replaced("email", None)),
    (
        "email_verified_text",
        "Core 5.1",
        "email_verified in quotes",
        replaced("email_verified", "true"),
    ),
    ("too_long", "RFC 7519 7.2", "a claim of 200 KB", replaced("x", "x" * 200_000)),
)


def _text(draft: Draft) -> str:
    return json.dumps(dict(draft.claims))


_FORMS: Final[tuple[TokenRow, ...]] = (
    ("duplicate_claim", "RFC 8725 3.1", "sub twice", payload_text(doubled("sub", "eve"))),
    ("deep", "RFC 7519 7.2", "a claim nested 5,000 levels deep", payload_text(appended(DEEP))),
    (
        "not_json",
        "RFC 7519 7.2",
        "claims that end too early",
        payload_text(lambda found: found[:-1]),
    ),
    ("array", "RFC 7519 7.2", "the claims in a list", payload_text(lambda found: f"[{found}]")),
    ("payload_empty", "RFC 7519 7.2", "no claims at all", payload_text(lambda _: "")),
    (
        "utf_16",
        "RFC 7519 7.2",
        "claims in UTF-16",
        lambda draft: draft.compact(payload=_text(draft).encode("utf-16")),
    ),
    (
        "typ_logout_jwt",
        "RFC 8725 3.11",
        "typ of a logout token",
        header(replaced("typ", "logout+jwt")),
    ),
    ("typ_at_jwt", "RFC 8725 3.11", "typ of an access token", header(replaced("typ", "at+jwt"))),
    ("typ_missing", "RFC 7519 5.1", "no typ, which is optional", header(without("typ"))),
    ("typ_number", "RFC 7519 5.1", "typ is a number", header(replaced("typ", 1))),
)

FAULTS: Final[tuple[Fault, ...]] = tuple(
    TokenFault(f"id_token_{name}", "id_token", rule, description, change)
    for name, rule, description, change in (
        *((name, rule, what, claims(edit)) for name, rule, what, edit in _CLAIMS),
        *_FORMS,
        *TOKEN_ROWS,
    )
)
"""The faults of ID Tokens."""
