"""Secrets, found by their names and then by their values, and replaced by placeholders."""

from __future__ import annotations

import html
import json
import re
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections import Counter
from collections.abc import Collection
from typing import Final
from urllib.parse import unquote, unquote_plus

from typedoauth.transports._exchanges import Json

PLACEHOLDER: Final = re.compile(r"<(\w+)-\d+>")

_PARTS: Final = re.compile(
    r"token|secret|passw|passphrase|assertion|verifier|nonce|signature|credential|cookie"
    r"|challenge|(?:api|access|private)_?key|session_?id"
)
_WHOLE: Final = frozenset(
    {"auth_code", "auth_req_id", "authorization", "authorization_code", "device_code"}
    | {"oauth_timestamp", "otp", "pin", "session_state", "sid", "ticket", "user_code"}
)
_STANDARD: Final = frozenset(
    {"access_token", "assertion", "client_assertion", "client_secret", "code_challenge"}
    | {"code_verifier", "cookie", "id_token_hint", "jwt", "logout_token", "nonce", "oauth_nonce"}
    | {"oauth_signature", "oauth_token", "oauth_token_secret", "oauth_verifier", "password"}
    | {"refresh_token"}
)
# Their names hold one of the words above, and their values are public.
_PUBLIC: Final = re.compile(
    r".*_(?:alg|at|endpoint|enc|in|methods?|supported|types?|type_hint|ur[il]s?)|type"
)
_ASKED: Final = frozenset({"code", "state"})
"""Names that mean a secret where a request or a redirect has them, and a thing of an API else."""
_NUMBERS: Final = re.compile(r"passw|secret|\bpin\b|\botp\b")

_JWT: Final = re.compile(r"eyJ[\w-]{5,}(?:\.[\w-]*){2,4}")
_NAME: Final = r"(?<![\w.-])(?P<name>[\w.-]+)"
# How a name and its value stand in a text; the first is that of a query or form.
_QUERY: Final = re.compile(r"(?:^|[?&#])(?P<name>[\w.-]+)=(?P<value>[^\s\"'<>&#]+)")
_OTHERS: Final = tuple(
    re.compile(_NAME + rest)
    for rest in (
        r"=(?P<quote>[\"'])(?P<value>.+?)(?P=quote)",
        r"=(?P<value>[^\s\"'<>&,;#]+)",
        r"\"\s*:\s*\"(?P<value>(?:[^\"\\]|\\.)+)",
        r">(?P<value>[^<>]+)",
    )
)
_LONG: Final = 8
_SHORT: Final = 3


class Redactor:
    """Replaces secrets; equal ones by the same placeholder.

    Args:
        names: Further names of parameters, members and header fields that hold secrets.
    """

    def __init__(self, names: Collection[str] = ()) -> None:
        self._names: frozenset[str] = frozenset(map(_plain, names))
        self._placeholders: dict[str, str] = {}
        self._counts: Counter[str] = Counter()
        self._pattern: re.Pattern[str] | None = None
        self._known: list[str] = []

    def request(self, described: dict[str, Json]) -> dict[str, Json]:
        """Replace what is secret by its name in a request."""
        return {name: self._json("", value, asked=True) for name, value in described.items()}

    def response(self, described: dict[str, Json]) -> dict[str, Json]:
        """Replace what is secret by its name in a response."""
        fields, body = described["headers"], described["body"]
        described = {**described, "reason": self._text(str(described["reason"]))}
        if isinstance(fields, dict):
            described = {**described, "headers": {n: self._field(n, v) for n, v in fields.items()}}
        if not (isinstance(body, dict) and "base64" in body):
            described = {**described, "body": self._json("", body, asked=False)}
        return described

    def learn(self, name: str, value: str) -> str:
        """Take a value for a secret.

        Returns:
            Its placeholder.
        """
        if PLACEHOLDER.fullmatch(value):
            return value
        found = self._placeholders.get(value)
        if found is None:
            label = self._label(_plain(name))
            self._counts[label] += 1
            found = self._placeholders[value] = f"<{label}-{self._counts[label]}>"
            self._pattern = None
        return found

    def _label(self, plain: str) -> str:
        # From a closed vocabulary: a name may hold a secret, too, or be one.
        if plain in _STANDARD | _WHOLE | _ASKED:
            return plain
        word = _PARTS.search(plain)
        return word[0] if word is not None else "secret"

    def is_secret(self, name: str, *, asked: bool) -> bool:
        """Tell by its name whether a parameter, member or header field holds a secret."""
        plain = _plain(name)
        if plain in self._names or plain in _WHOLE or (asked and plain in _ASKED):
            return True
        return _PARTS.search(plain) is not None and _PUBLIC.fullmatch(plain) is None

    def _field(self, name: str, value: Json) -> Json:
        if isinstance(value, list):
            return [self._field(name, one) for one in value]
        if name.lower() == "set-cookie" and isinstance(value, str):
            pair, semicolon, attributes = value.partition(";")
            cookie, _, text = pair.partition("=")
            shown = self.learn("cookie", unquote(text.strip('"'))) if text else ""
            return f"{cookie}={shown}{semicolon}{attributes}"
        return self._json(name.lower(), value, asked=False)

    def _json(self, name: str, value: Json, *, asked: bool, inside: bool = False) -> Json:
        """Replace secrets in a JSON value that has *name*, or is *inside* of one that has it."""
        secret = self.is_secret(name, asked=asked) or (
            inside and _PUBLIC.fullmatch(_plain(name)) is None
        )
        match value:
            case dict():
                self._learn_keys(value)
                return {
                    key: self._json(key, one, asked=asked, inside=secret)
                    for key, one in value.items()
                }
            case list():
                return [self._json(name, one, asked=asked, inside=secret) for one in value]
            case str() if value and secret:
                return self.learn(name, value)
            case str():
                return self._text(value)
            case int() | float() if not isinstance(value, bool) and _NUMBERS.search(_plain(name)):
                return self.learn(name, str(value))
            case _:
                return value

    def _learn_keys(self, parameters: dict[str, Json]) -> None:
        """Take apart the signature that is the secrets themselves (RFC 5849 3.4.4)."""
        signature = parameters.get("oauth_signature")
        if parameters.get("oauth_signature_method") == "PLAINTEXT" and isinstance(signature, str):
            for key in filter(None, signature.split("&")):
                self.learn("client_secret", unquote(key))

    def _text(self, text: str) -> str:
        text = _JWT.sub(lambda found: self.learn("jwt", found[0]), text)
        text = _QUERY.sub(lambda found: self._named(found, asked=True), text)
        for pattern in _OTHERS:
            text = pattern.sub(lambda found: self._named(found, asked=False), text)
        return text

    def _named(self, found: re.Match[str], *, asked: bool) -> str:
        name, value = found["name"], found["value"]
        if not self.is_secret(name, asked=asked):
            return found[0]
        start, end = (place - found.start() for place in found.span("value"))
        shown = self.learn(name, unquote_plus(value) if asked else value)
        return found[0][:start] + shown + found[0][end:]

    def cover(self, exchange: dict[str, Json]) -> dict[str, Json]:
        """Replace every secret that is known by now, wherever it stands in an exchange."""
        return {
            name: {key: self._covered_part(key, value) for key, value in part.items()}
            for name, part in exchange.items()
            if isinstance(part, dict)
        }

    def _covered_part(self, name: str, value: Json) -> Json:
        match value:
            case {"base64": str(text)} if name == "body":
                covered = self._cover(b64decode(text).decode("latin-1"))
                return {"base64": b64encode(covered.encode("latin-1", "replace")).decode()}
            case dict() if name in ("auth", "body"):
                # The names here are those of the format.
                return {key: self._covered(one) for key, one in value.items()}
            case str() if name == "method":
                return value
            case _:
                return self._covered(value)

    def _covered(self, value: Json) -> Json:
        match value:
            case dict():
                return {self._cover(key): self._covered(one) for key, one in value.items()}
            case list():
                return [self._covered(one) for one in value]
            case str():
                return self._cover(value)
            case _:
                return value

    def _cover(self, text: str) -> str:
        whole = self._placeholders.get(text)
        if whole is not None:
            return whole
        if self._pattern is None:
            # Longer ones first: one may be the beginning of another.
            self._known = sorted(
                (value for value in self._placeholders if len(value) >= _SHORT),
                key=len,
                reverse=True,
            )
            forms = [f"({_form(value)})" for value in self._known]
            self._pattern = re.compile("|".join([r"<\w+-\d+>", *forms]))
        return self._pattern.sub(self._replacement, text)

    def _replacement(self, found: re.Match[str]) -> str:
        if found.lastindex is None:
            return found[0]  # a placeholder already
        return self._placeholders[self._known[found.lastindex - 1]]


def _plain(name: str) -> str:
    """Write ``accessToken`` and ``Access-Token`` as ``access_token``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().replace("-", "_")


def _form(value: str) -> str:
    """Make the pattern of a value in the ways in which it may be written within a text."""
    plain = "".join(map(_character, value))
    if len(value) < _LONG:
        return rf"(?<!\w){plain}(?!\w)"
    octets = value.encode("utf-8", "replace")
    encoded = {encode(octets).decode().rstrip("=") for encode in (b64encode, urlsafe_b64encode)}
    return "|".join([plain, *map(re.escape, sorted(encoded))])


def _character(character: str) -> str:
    """Make the pattern of a character, as it is or escaped for a URL, JSON or HTML."""
    if character.isascii() and character.isalnum():
        return character
    octets = character.encode("utf-8", "replace")
    forms = {
        character,
        json.dumps(character)[1:-1],
        html.escape(character),
        "+" if character == " " else character,
    }
    percent = "".join(f"%{octet:02x}" for octet in octets)
    return f"(?:{'|'.join(map(re.escape, sorted(forms)))}|(?i:{percent}))"
