"""Tokens and keys as they come, and as they could."""

from __future__ import annotations

from typing import Any, Final, cast

from typedoauth.stores import AESGCMSealing
from typedoauth.tokens import AnyToken, TokenKey

KEY: Final = TokenKey("github", "ada")
OLD: Final = ("2026", b"0" * 32)
NEW: Final = ("2027", b"1" * 32)


def token(secret: str = "gho_16C7e42F292c6912E7", **members: object) -> AnyToken:
    """A token of OAuth 2.0, with what a provider may have added."""
    made: dict[str, Any] = {"access_token": secret, "token_type": "bearer", **members}
    return cast("AnyToken", made)  # with members that no type knows


def sealing(*keys: tuple[str, bytes], accept_unsealed: bool = False) -> AESGCMSealing:
    """A sealing with these keys, the old one alone if none is given."""
    return AESGCMSealing(keys or [OLD], accept_unsealed=accept_unsealed)


TOKENS: Final[dict[str, AnyToken]] = {
    "OAuth 1.0": {"oauth_token": "token", "oauth_token_secret": "secret"},
    "OAuth 2.0": token(refresh_token="r", expires_in=3600, expires_at=1_800_000_000, scope="a b"),
    "OpenID": token(
        id_token="eyJ.eyJ.x",
        userinfo={"iss": "https://x", "sub": "1", "address": {"street": ["a", {"b": None}]}},
    ),
    "None": token(refresh_token=None, expires_at=None, expires_in=None, scope=None),
    "numbers": token(expires_at=1_800_000_000.5, big=2**70, small=1e-300, negative=-1, yes=True),
    "an expiry beyond all columns": token(expires_at=10**30),
    "an expiry that is a text": token(expires_at="1800000000"),
    "an expiry that is none": token(expires_at="tomorrow"),
    "unicode": token("t\u00f6ken", name="Zo\u00eb \U0001f511 \u202e \u0000 \x7f", é=1),
    "quotes": token("' OR 1=1; -- \" \\ %s %(p)s :p_owner ${x} \r\n"),
    "100 KB": token("x" * 100_000, nested={"deep": ["\u00e9" * 1000] * 10}),
    "empty members": token("", nested={}, listed=[], text=""),
}

KEYS: Final[list[TokenKey]] = [
    KEY,
    TokenKey("github", "Ada"),
    TokenKey("github", "ADA"),
    TokenKey("github", "ada "),
    TokenKey("github", " ada"),
    TokenKey("github", "ada\t"),
    TokenKey("github", "\u00e4da"),
    TokenKey("github", "a\u0308da"),
    TokenKey("github", "\u00c4da"),
    TokenKey("github", "\u0430da"),
    TokenKey("github", "ada\u200b"),
    TokenKey("github", "a_a"),
    TokenKey("github", "a%"),
    TokenKey("github", "*"),
    TokenKey("github", "ada'"),
    TokenKey("github", "ada\\"),
    TokenKey("github", "ada\n"),
    TokenKey("github", "1"),
    TokenKey("github", "01"),
    TokenKey("github", "1.0"),
    TokenKey("github", "\U0001f511"),
    TokenKey("github", "\U0001f512"),
    TokenKey("github", "stra\u00dfe"),
    TokenKey("github", "strasse"),
    TokenKey("github", "o" * 512),
    TokenKey("github", "o" * 511),
    TokenKey("github", "\u00e9" * 256),
    TokenKey("GitHub", "ada"),
    TokenKey("github ", "ada"),
    TokenKey("ada", "github"),
    TokenKey("githubada", "x"),
    TokenKey("github", "ada", "None"),
    TokenKey("github", "ada", "null"),
    TokenKey("github", "ada", "work"),
    TokenKey("github", "ada", "Work"),
    TokenKey("github", "ada", "work "),
    TokenKey("github", "ada", None, "work"),
    TokenKey("github", "ada", "work", "work"),
    TokenKey("github", "ada", "a" * 512, "t" * 255),
    TokenKey("c" * 255, "o" * 512, "a" * 512, "t" * 255),
]
"""Each different from all others, whatever a collation says."""

_HALF: Final = "\ud83d"

REFUSED_KEYS: Final[dict[str, TokenKey]] = {
    "no owner": TokenKey("github", ""),
    "no client": TokenKey("", "ada"),
    "an account that is empty": TokenKey("github", "ada", ""),
    "a tenant that is empty": TokenKey("github", "ada", None, ""),
    "an owner too long": TokenKey("github", "o" * 513),
    "an owner too long in bytes": TokenKey("github", "\u00e9" * 257),
    "a client too long": TokenKey("c" * 256, "ada"),
    "an account too long": TokenKey("github", "ada", "a" * 513),
    "a tenant too long": TokenKey("github", "ada", None, "t" * 256),
    "a NUL": TokenKey("github", "a\x00da"),
    "half a surrogate pair": TokenKey("github", _HALF),
    "a number": TokenKey("github", cast("str", 7)),  # what user.id often is
    "None": TokenKey("github", cast("str", None)),  # what current_user.get_id() may be
}

REFUSED_TOKENS: Final[dict[str, AnyToken]] = {
    "a set": token(scope={"a"}),
    "NaN": token(weight=float("nan")),
    "infinity": token(weight=float("inf")),
    "bytes": token(raw=b"x"),
    "half a surrogate pair": token(_HALF),
}
