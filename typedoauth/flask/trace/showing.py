"""What may be shown of requests, answers and redirects: names, and labels for secrets.

What a value is shown as is decided by its name. Names that are known to hold no secret are
in a list; every other value has a label in its place.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, cast
from urllib.parse import unquote_plus

from typedoauth._urls import query_pairs, without_query
from typedoauth.flask.trace.labels import LONGEST_TEXT, Labels
from typedoauth.flask.trace.steps import Values
from typedoauth.messages import Request, Response

__all__ = ["ENCRYPTED", "LONGEST", "Shower"]

ENCRYPTED: Final = " (encrypted: its claims are not shown)"
"""What stands after an ID Token whose claims nobody can see."""

LONGEST: Final = 300
"""How many characters of a value are shown."""

_MOST_VALUES: Final = 60
_MOST_BYTES: Final = 1 << 18
# Of OAuth 2.0 and OpenID Connect; of OAuth 1.0; of answers and errors; of ID Tokens.
_PLAIN_NAMES: Final = """
acr_values audience client_assertion_type client_id code_challenge_method display error
error_description error_uri expires_in grant_type iss issuer max_age prompt redirect_uri resource
response_mode response_type scope token_type token_type_hint ui_locales access_type hd tenant
include_granted_scopes

oauth_callback oauth_callback_confirmed oauth_consumer_key oauth_problem oauth_problem_advice
oauth_signature_method oauth_timestamp oauth_version realm

message type status title detail error_code error_subtype error_codes jwks_uri
service_documentation op_policy_uri op_tos_uri

alg kid typ cty aud azp exp iat nbf auth_time acr amr
"""
_NEVER_SHOWN: Final = """
access_token assertion client_assertion client_secret code code_challenge code_verifier denied
id_token nonce oauth_signature oauth_token oauth_token_secret oauth_verifier password
refresh_token state token
"""
_PLAIN: Final = frozenset(_PLAIN_NAMES.split())
_PLAIN_ENDS: Final = ("_endpoint", "_supported")
_SECRETS: Final = frozenset(_NEVER_SHOWN.split())
_SOUNDS_SECRET: Final = re.compile(
    r"code|token|secret|state|nonce|verifier|password|assertion|signature|challenge|hint|session"
    r"|cookie|key|sid|hash|jti|sub|credential",
    re.I,
)
_TOLD_METADATA: Final = frozenset(
    {"authorization_response_iss_parameter_supported", "code_challenge_methods_supported"}
    | {"grant_types_supported", "id_token_signing_alg_values_supported", "scopes_supported"}
    | {"token_endpoint_auth_methods_supported"}
)
_NAME: Final = re.compile(r"[\w.\-\[\]:]{1,60}")
_RANDOM: Final = re.compile(r"[\w.~+/=\-]{16,}")
_TITLE: Final = re.compile(rb"<title[^>]*>([^<]{1,200})", re.I)
_PARAMETER: Final = re.compile(r'(\w+)="([^"]*)"')
_TIMES: Final = ("exp", "iat", "nbf", "auth_time")
_CLAIMS: Final = ("iss", "aud", "azp", "exp", "iat", "nbf", "auth_time", "acr", "amr")
_SECRET_CLAIMS: Final = ("nonce", "at_hash", "c_hash", "sub", "sid", "jti")


class Shower:
    """Shows messages.

    Args:
        labels: Gives secrets their labels.
    """

    __slots__ = ("_labels",)

    def __init__(self, labels: Labels) -> None:
        self._labels = labels

    def text(self, text: str) -> str:
        """Somebody else's words: one line, and no secret that is known."""
        if len(text) > LONGEST_TEXT:
            return f"({len(text)} characters, not shown)"
        hidden = self._labels.hide(text)
        shown = "".join([one if one.isprintable() else " " for one in hidden[: LONGEST + 1]])
        return f"{shown[:LONGEST]}…" if len(shown) > LONGEST else shown

    def pairs(self, pairs: Iterable[tuple[str, str]]) -> Values:
        """Parameters, in order."""
        shown = [(self._name(name), self.value(name, value)) for name, value in pairs]
        if len(shown) > _MOST_VALUES:
            left = len(shown) - _MOST_VALUES
            shown = [*shown[:_MOST_VALUES], ("…", f"and {left} more")]
        return tuple(shown)

    def value(self, name: str, value: str) -> str:
        """One value, by its name."""
        if not value:
            return "(empty)"
        bare = name.rpartition(".")[2]
        if bare in _PLAIN or bare.endswith(_PLAIN_ENDS):
            return self.url(value) if "://" in value[:12] else self.text(value)
        label = self._label(bare, value)
        odd = " (with white space at an end)" if value != value.strip() else ""
        return f"{label}{odd}"

    def url(self, url: str) -> str:
        """An address, with labels in its query."""
        base, _, query = url.partition("?")
        query, _, _ = query.partition("#")
        shown = self.text(without_query(base))
        if not query:
            return shown
        pairs = self.pairs(query_pairs(query))
        return f"{shown}?{'&'.join(f'{name}={value}' for name, value in pairs)}"

    def request(self, request: Request) -> Values:
        """What a request to the provider holds: credentials, query, form."""
        _, _, query = request.url.partition("?")
        values = [*self._authorization(request.headers.get("authorization", ""))]
        values.extend(self.pairs([*query_pairs(query), *form_of(request)]))
        return tuple(values)

    def response(self, response: Response, content: bytes, now: float) -> Values:
        """What an answer of the provider holds."""
        values: list[tuple[str, str]] = []
        location = response.headers.get("location")
        if location is not None:
            values.append(("Location", self.url(location)))
        asked = response.headers.get("www-authenticate")
        if asked is not None:
            values.append(("WWW-Authenticate", self._challenge(asked)))
        wait = response.headers.get("retry-after")
        if wait is not None:
            values.append(("Retry-After", self.text(wait)))
        values.extend(self._content(content[:_MOST_BYTES], now))
        told = [one for one in values if not _is_minor(one[0])]
        if len(told) < len(values):
            told.append(("…", f"and {len(values) - len(told)} more of the provider's metadata"))
        return tuple(told[: _MOST_VALUES + 1])

    def _label(self, name: str, value: str) -> str:
        if _SOUNDS_SECRET.search(name) or name in _SECRETS or _RANDOM.fullmatch(value):
            for part in value.split(".") if value.count(".") in (2, 4) else ():
                if len(part) > 20:  # such as a signature, on its own
                    self._labels.label(f"{name}_part", part)
            # A short number of some other name is no secret, and stands in many a text.
            remember = name in _SECRETS or len(value) >= 6
            return self._labels.label(name, value, remember=remember)
        # Somebody's name or the like: it is not shown, and not looked for elsewhere.
        return f"({len(value)} characters, not shown)"

    def _name(self, name: str) -> str:
        return self.text(name) if _NAME.fullmatch(name) else "(an odd name)"

    def _authorization(self, header: str) -> Iterator[tuple[str, str]]:
        scheme, _, rest = header.partition(" ")
        if not header:
            return
        if scheme.lower() == "oauth":
            for name, value in _PARAMETER.findall(rest):
                yield name, self.value(name, unquote_plus(value.replace("+", "%2B")))
            return
        self._labels.label("credentials", rest)
        if scheme.lower() == "basic":
            try:
                decoded = base64.b64decode(rest).decode()
            except ValueError:
                decoded = ""
            identifier, _, secret = decoded.partition(":")
            yield "Authorization", "Basic, with client_id and client_secret:"
            yield "client_id", self.text(unquote_plus(identifier))
            yield "client_secret", self._basic_secret(secret)
            return
        yield "Authorization", f"{self.text(scheme)} {self._labels.label('access_token', rest)}"

    def _basic_secret(self, sent: str) -> str:
        secret = unquote_plus(sent)
        if secret != sent and sent:
            self._labels.label("client_secret", sent)
        return self.value("client_secret", secret)

    def _challenge(self, header: str) -> str:
        scheme = self.text(header.partition(" ")[0])
        told = [
            f"{name}={self.value(name, value)}"
            for name, value in _PARAMETER.findall(header)
            if name in _PLAIN
        ]
        return " ".join([scheme, *told])

    def _content(self, content: bytes, now: float) -> Iterator[tuple[str, str]]:
        text = content.decode("utf-8", "replace").strip()
        title = _TITLE.search(content)
        if title is not None:
            yield "page", f"HTML, titled {self.text(title[1].decode('utf-8', 'replace')).strip()!r}"
            return
        if text[:1] in ("{", "["):
            try:
                document: object = json.loads(text)
            except (ValueError, RecursionError):
                yield "body", "JSON that cannot be read"
                return
            yield from self._members(document)
            if isinstance(document, Mapping):
                members = cast("Mapping[str, object]", document)  # JSON
                yield from self._id_token(members.get("id_token"), now)
            return
        if "=" in text and not re.search(r"[\s<>]", text):
            yield from self.pairs(query_pairs(text))
            return
        if text:
            yield "body", f"{len(content)} bytes that are neither JSON nor a form, not shown"

    def _members(self, document: object, prefix: str = "") -> Iterator[tuple[str, str]]:
        if not isinstance(document, Mapping):
            yield prefix or "body", "JSON that is no object"
            return
        members = cast("Mapping[str, object]", document)  # JSON: its keys are texts
        for name, value in list(members.items())[:_MOST_VALUES]:
            shown = f"{prefix}{self._name(name)}"
            if name == "keys" and isinstance(value, list):
                yield from self._keys(cast("Sequence[object]", value))
            elif isinstance(value, bool) or value is None:
                yield shown, json.dumps(value)
            elif isinstance(value, str | int | float):
                yield shown, self.value(name, str(value))
            elif isinstance(value, list) and _is_plain(name):
                yield shown, self.text(" ".join(map(str, cast("list[object]", value))))
            elif isinstance(value, dict) and prefix.count(".") < 2:
                yield from self._members(cast("dict[str, object]", value), f"{shown}.")
            else:
                yield shown, "(not shown)"

    def _keys(self, keys: Sequence[object]) -> Iterator[tuple[str, str]]:
        for number, key in enumerate(keys[:8], 1):
            if isinstance(key, dict):
                members = cast("dict[str, object]", key)  # JSON
                named = [f"{n}={members[n]}" for n in ("kid", "kty", "alg", "use") if n in members]
                yield f"key {number}", self.text(", ".join(named))

    def _id_token(self, token: object, now: float) -> Iterator[tuple[str, str]]:
        if not isinstance(token, str):
            return
        if token.count(".") == 4:
            yield "id_token", f"{self.value('id_token', token)}{ENCRYPTED}"
            return
        header, claims = (_part(token, index) for index in (0, 1))
        for name in ("alg", "kid"):
            if name in header:
                yield f"id_token.{name}", self.text(str(header[name]))
        for name in _CLAIMS:
            if name in claims:
                yield f"id_token.{name}", self._claim(name, claims[name], now)
        for name in _SECRET_CLAIMS:
            if name in claims:
                yield f"id_token.{name}", self.value(name, str(claims[name]))
        others = sorted(set(claims) - {*_CLAIMS, *_SECRET_CLAIMS})
        if others:
            yield "id_token, also", self.text(", ".join(map(self._name, others)))

    def _claim(self, name: str, value: object, now: float) -> str:
        if name in _TIMES and isinstance(value, int | float) and not isinstance(value, bool):
            away = value - now
            return f"{value} (in {away:.0f} s)" if away > 0 else f"{value} ({abs(away):.0f} s ago)"
        if isinstance(value, list):
            return self.text(" ".join(map(str, cast("list[object]", value))))
        return self.text(str(value))


def form_of(request: Request) -> list[tuple[str, str]]:
    """The form that a request carries."""
    if "form-urlencoded" not in request.headers.get("content-type", ""):
        return []
    return query_pairs((request.body or b"").decode("utf-8", "replace"))


def _is_minor(name: str) -> bool:
    """Whether it is metadata that a login has nothing to do with."""
    return name.endswith("_supported") and name not in _TOLD_METADATA


def _is_plain(name: str) -> bool:
    return name in _PLAIN or name.endswith(_PLAIN_ENDS)


def _part(token: str, index: int) -> Mapping[str, object]:
    """A part of a JWT, unverified; empty where it cannot be read."""
    try:
        part = token.split(".")[index]
        loaded: object = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, IndexError, RecursionError):
        return {}
    return cast("Mapping[str, object]", loaded) if isinstance(loaded, dict) else {}  # JSON
