"""What can be wrong with logout (RP-Initiated Logout 3, Back-Channel Logout 2.4)."""

from __future__ import annotations

from typing import Final

from typedoauth.testing.faults.edits import (
    OTHER,
    Edit,
    ParameterEdit,
    chain,
    changed,
    doubled,
    moved,
    pair,
    pair_twice,
    replaced,
    without,
    without_pair,
)
from typedoauth.testing.faults.kinds import Fault, RedirectFault, TokenFault
from typedoauth.testing.faults.signing import (
    TokenRow,
    claims,
    header,
    payload_text,
    signed_by_attacker,
    unsigned,
)

__all__ = ["FAULTS"]

_REDIRECTS: Final[tuple[tuple[str, str, ParameterEdit], ...]] = (
    ("state_missing", "no state", without_pair("state")),
    ("state_other", "another state", pair("state", "another")),
    ("state_empty", "an empty state", pair("state", "")),
    ("state_twice", "state twice", pair_twice("state")),
)

_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
_CLAIMS: Final[tuple[tuple[str, str, str, Edit], ...]] = (
    ("iss_other", "2.6 step 4", "another issuer", replaced("iss", OTHER)),
    ("iss_missing", "2.4", "no issuer", without("iss")),
    ("aud_other", "2.6 step 4", "for another client", replaced("aud", "other-client")),
    ("aud_missing", "2.4", "for nobody", without("aud")),
    ("aud_empty_list", "2.6 step 4", "for nobody, in a list", replaced("aud", [])),
    ("events_missing", "2.6 step 6", "no events", without("events")),
    ("events_list", "2.4", "events in a list", replaced("events", [_EVENT])),
    ("events_other", "2.6 step 6", "another event", replaced("events", {"x": {}})),
    ("events_not_object", "2.4", "an event that is a text", replaced("events", {_EVENT: "yes"})),
    ("nonce_added", "2.6 step 7", "a nonce, as in ID Tokens", replaced("nonce", "n")),
    ("jti_missing", "2.4", "no identifier", without("jti")),
    ("jti_number", "RFC 7519 4.1.7", "the identifier is a number", replaced("jti", 1)),
    ("jti_repeated", "2.6 step 8", "always the same identifier", replaced("jti", "the-same")),
    ("iat_missing", "2.4", "no time of issue", without("iat")),
    ("iat_future", "2.6 step 4", "issued in two hours", moved(7200, "iat", "exp")),
    ("exp_missing", "2.4", "no expiry", without("exp")),
    ("exp_past", "2.6 step 4", "expired two hours ago", moved(-7320, "exp")),
    ("exp_text", "2.4", "the expiry in quotes", changed("exp", str)),
    ("sub_and_sid_missing", "2.6 step 5", "nobody is named", chain(without("sub"), without("sid"))),
    ("sub_missing", "2.4", "only the session is named", without("sub")),
    ("sid_missing", "2.4", "only the user is named", without("sid")),
    ("sub_number", "2.4", "the subject is a number", replaced("sub", 1)),
    ("sid_number", "2.4", "the session is a number", replaced("sid", 1)),
)

_FORMS: Final[tuple[TokenRow, ...]] = (
    ("typ_missing", "2.4", "no typ, as from older providers", header(without("typ"))),
    ("typ_at_jwt", "RFC 8725 3.11", "typ of an access token", header(replaced("typ", "at+jwt"))),
    ("alg_none", "2.6 step 3", "unsigned, by alg none", unsigned("none")),
    ("other_key", "2.6 step 3", "signed by another key, of the same kid", signed_by_attacker),
    ("claim_twice", "RFC 8725 3.1", "sub twice", payload_text(doubled("sub", "eve"))),
    (
        "not_json",
        "RFC 7519 7.2",
        "claims that end too early",
        payload_text(lambda found: found[:-1]),
    ),
    ("not_a_jwt", "RFC 7519 7.2", "words in place of a token", lambda _: "not a token"),
)


def _rule(section: str) -> str:
    return section if section.startswith("RFC") else f"Back-Channel Logout {section}"


FAULTS: Final[tuple[Fault, ...]] = (
    *(
        RedirectFault(f"logout_{name}", "logout", "RP-Initiated Logout 3", what, change)
        for name, what, change in _REDIRECTS
    ),
    *(
        TokenFault(f"logout_token_{name}", "logout_token", _rule(section), what, change)
        for name, section, what, change in (
            *((name, section, what, claims(edit)) for name, section, what, edit in _CLAIMS),
            *_FORMS,
        )
    ),
)
"""The faults of logout: of the way back, and of logout tokens."""
