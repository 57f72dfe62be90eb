"""Reading OAuth 1.0 requests and checking what they are signed with (RFC 5849 3)."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, field
from typing import Final, NoReturn
from urllib.parse import parse_qsl, quote, unquote, urlencode

from werkzeug.exceptions import abort
from werkzeug.wrappers import Request, Response

from typedoauth.testing import signatures
from typedoauth.testing.records import RegisteredClient
from typedoauth.testing.state import State
from typedoauth.testing.web import REALM, is_form, no_store

__all__ = ["SignedRequest", "authenticate", "is_signed", "problem", "read"]

_FORM: Final = "application/x-www-form-urlencoded"
_PARAMETER: Final = re.compile(r'\s*([^\s=",]+)="([^"]*)"\s*(?:,|$)')
_REQUIRED: Final = ("oauth_consumer_key", "oauth_signature_method", "oauth_signature")


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """The parameters of one OAuth 1.0 request.

    Attributes:
        protocol: The ``oauth_`` parameters by name.
        base_string: What the signature is over.
        body: The body, when it is no form, or ``None``.
        placement: ``header``, ``body`` or ``query``.
    """

    protocol: dict[str, str] = field(repr=False)
    base_string: str = field(repr=False)
    body: bytes | None
    placement: str


def problem(name: str, advice: str, status: int = 401) -> NoReturn:
    """End the request in the words of OAuth Problem Reporting.

    Args:
        name: The problem's registered name.
        advice: What was wrong, for a developer.
        status: 401, or 400 when the request itself is wrong (RFC 5849 3.2).
    """
    response = Response(
        urlencode({"oauth_problem": name, "oauth_problem_advice": advice}),
        status,
        {"WWW-Authenticate": f'OAuth realm="{REALM}", oauth_problem="{name}"'},
        _FORM,
    )
    abort(no_store(response))


def is_signed(request: Request) -> bool:
    """Tell whether a request claims to be one of OAuth 1.0.

    Args:
        request: The request.

    Returns:
        Whether it has an ``OAuth`` header, or a signature elsewhere.
    """
    scheme = request.headers.get("Authorization", "").partition(" ")[0].lower()
    return (
        scheme == "oauth" or "oauth_signature" in request.args or "oauth_signature" in request.form
    )


def _decode(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=1000)
    except ValueError:
        problem("parameter_rejected", "a query or form is not UTF-8, or too long", 400)


def _header(value: str) -> list[tuple[str, str]]:
    scheme, _, rest = value.partition(" ")
    if scheme.lower() != "oauth":
        return []
    pairs: list[tuple[str, str]] = []
    position = 0
    rest = rest.strip()
    while position < len(rest):
        found = _PARAMETER.match(rest, position)
        if found is None:
            problem("parameter_rejected", "the Authorization header cannot be read", 400)
        try:
            pairs.append((unquote(found[1]), unquote(found[2], errors="strict")))
        except ValueError:
            problem("parameter_rejected", "the Authorization header is not UTF-8", 400)
        position = found.end()
    return pairs


def _raw_path(request: Request) -> str:
    # The path in the environment is decoded; the signature is over the one that was sent.
    raw: object = request.environ.get("REQUEST_URI") or request.environ.get("RAW_URI")
    if isinstance(raw, str) and raw.startswith("/"):
        return raw.partition("?")[0]
    return quote(request.root_path + request.path, safe="/-._~!$&'()*+,;=:@")


def read(request: Request) -> SignedRequest:
    """Collect the parameters of a request (RFC 5849 3.4.1.3, 3.5).

    Args:
        request: The request.

    Returns:
        What was found; the request ends with 400 where the protocol parameters
        stand in two places, occur twice, or a required one is missing.
    """
    body = request.get_data()
    try:
        form_text = body.decode() if is_form(request) else ""
    except UnicodeDecodeError:
        problem("parameter_rejected", "the form is not UTF-8", 400)
    sources = {
        "header": _header(request.headers.get("Authorization", "")),
        "body": _decode(form_text),
        "query": _decode(request.query_string.decode("latin-1")),
    }
    used = [
        place
        for place, pairs in sources.items()
        if any(name.startswith("oauth_") for name, _ in pairs)
    ]
    if len(used) != 1:
        found = " and ".join(used) or "nowhere"
        problem("parameter_rejected", f"protocol parameters are in one place, not {found}", 400)
    found_pairs = [pair for pair in sources[used[0]] if pair[0].startswith("oauth_")]
    protocol = dict(found_pairs)
    if len(protocol) != len(found_pairs):
        problem("parameter_rejected", "a protocol parameter occurs twice", 400)
    for name in _REQUIRED:
        if not protocol.get(name):
            problem("parameter_absent", f"{name} is missing", 400)
    sources["header"] = [pair for pair in sources["header"] if pair[0] != "realm"]
    signed = [pair for pairs in sources.values() for pair in pairs if pair[0] != "oauth_signature"]
    uri = signatures.base_string_uri(request.scheme, request.host, _raw_path(request))
    base = signatures.base_string(request.method, uri, signed)
    return SignedRequest(protocol, base, None if is_form(request) else body, used[0])


def authenticate(
    state: State, signed: SignedRequest, client: RegisteredClient | None, token_secret: str
) -> RegisteredClient:
    """Check everything that makes a signed request genuine (RFC 5849 3.2).

    Args:
        state: The provider's memory.
        signed: The request.
        client: The client that it names, if there is one.
        token_secret: The shared secret of the token it uses, or an empty text.

    Returns:
        The client; the request ends where anything is wrong.
    """
    if client is None:
        problem("consumer_key_unknown", "there is no such client")
    protocol = signed.protocol
    if protocol.get("oauth_version", "1.0") != "1.0":
        problem("version_rejected", "oauth_version is 1.0 where it is sent", 400)
    method = protocol["oauth_signature_method"]
    if method != "PLAINTEXT" and method not in signatures.DIGESTS:
        problem("signature_method_rejected", f"the signature method {method!a} is unknown", 400)
    timestamp = _timestamp(state, signed)
    if not signatures.verify(
        method,
        protocol["oauth_signature"],
        signed.base_string,
        client_secret=client.client_secret,
        token_secret=token_secret,
        rsa_public_key=client.rsa_public_key,
    ):
        problem("signature_invalid", f"the {method} signature does not fit the request")
    _check_body_hash(signed)
    # After the signature: otherwise anybody could use up a client's nonces.
    nonce, token = protocol.get("oauth_nonce", ""), protocol.get("oauth_token", "")
    if timestamp and not state.use_nonce(timestamp, client.client_id, token, nonce):
        problem("nonce_used", "this nonce came with this timestamp before")
    return client


def _timestamp(state: State, signed: SignedRequest) -> int:
    names = ("oauth_timestamp", "oauth_nonce")
    if signed.protocol["oauth_signature_method"] == "PLAINTEXT" and not any(
        name in signed.protocol for name in names
    ):
        return 0  # RFC 5849 3.1: both may be left out with PLAINTEXT
    for name in names:
        if not signed.protocol.get(name):
            problem("parameter_absent", f"{name} is missing", 400)
    text = signed.protocol["oauth_timestamp"]
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        problem("parameter_rejected", "oauth_timestamp is a positive number", 400)
    if abs(state.clock() - int(text)) > state.lifetimes.timestamp_window:
        problem("timestamp_refused", f"the clock here says {int(state.clock())}")
    return int(text)


def _check_body_hash(signed: SignedRequest) -> None:
    sent = signed.protocol.get("oauth_body_hash")
    if sent is None:
        return
    if signed.body is None:
        problem("parameter_rejected", "a form is signed itself and has no oauth_body_hash", 400)
    expected = signatures.body_hash(signed.protocol["oauth_signature_method"], signed.body)
    if not hmac.compare_digest(expected.encode(), sent.encode()):
        problem("body_hash_invalid", "oauth_body_hash does not fit the body")
