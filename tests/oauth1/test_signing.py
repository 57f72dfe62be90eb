"""Signing whole requests (RFC 5849 3.1, 3.3, 3.5)."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from typedoauth.credentials import ClientCredentials, TemporaryCredentials
from typedoauth.errors import ConfigurationError, InsecureTransportError
from typedoauth.messages import Headers, Request, Timeout
from typedoauth.oauth1 import (
    HMACSHA1,
    PLACEMENTS,
    OAuth1Signer,
    Placement,
    Plaintext,
    encoded_pairs,
    parse_placement,
    signature_base_string,
    signature_method,
)
from typedoauth.tokens import OAuth1Token

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
CLIENT = ClientCredentials("id", "secret")
URL = "https://example.com/api"


def sign(
    request: Request, placement: Placement = "HEADER", *, include_body_hash: bool = False
) -> Request:
    signer = OAuth1Signer(CLIENT, placement=placement, include_body_hash=include_body_hash)
    return signer.sign(request, timestamp=1, nonce="n")


def post(body: bytes | None, content_type: str | None, method: str = "POST") -> Request:
    headers = Headers({} if content_type is None else {"Content-Type": content_type})
    return Request(method, URL, headers, body)


def in_header(request: Request) -> dict[str, str]:
    scheme, _, fields = request.headers["Authorization"].partition(" ")
    assert scheme == "OAuth"
    pairs = (field.partition("=") for field in fields.split(", "))
    return {name: unquote(value.strip('"')) for name, _, value in pairs}


@pytest.mark.parametrize("name", ["header", "Query", "BODY"])
def test_parse_placement_takes_any_case(name: str) -> None:
    """Code that migrates writes the signature type in small letters."""
    assert parse_placement(name) == name.upper()


@pytest.mark.parametrize(("name", "message"), [("quary", "mean 'QUERY'"), ("x", "one of HEADER")])
def test_parse_placement_unknown_refused(name: str, message: str) -> None:
    """An unknown signature type is answered with the valid ones."""
    with pytest.raises(ConfigurationError, match=message):
        parse_placement(name)


def test_header_holds_protocol_parameters() -> None:
    """Every protocol parameter stands in the header, and nowhere else (3.1, 3.5.1)."""
    signed = sign(Request("GET", f"{URL}?a=1"))
    assert list(in_header(signed)) == [
        "oauth_nonce",
        "oauth_timestamp",
        "oauth_version",
        "oauth_signature_method",
        "oauth_consumer_key",
        "oauth_signature",
    ]
    assert (signed.url, signed.body) == (f"{URL}?a=1", None)


def test_query_keeps_what_is_there() -> None:
    """The protocol parameters follow the request's own, which stay as written (3.5.3)."""
    signed = sign(Request("GET", f"{URL}?b=2+3&a=%7e#top"), "QUERY")
    assert signed.url.startswith(f"{URL}?b=2+3&a=%7E&oauth_nonce=n&")
    assert signed.url.endswith("#top")
    assert "Authorization" not in signed.headers


def test_body_keeps_what_is_there() -> None:
    """The protocol parameters follow the form, which stays as written (3.5.2)."""
    request = post(b"b=2+3&a=%7e", f"{FORM}; charset=utf-8")
    signed = sign(
        replace(request, headers=request.headers.replace({"Content-Length": "11"})), "BODY"
    )
    assert signed.body is not None
    assert signed.body.startswith(b"b=2+3&a=%7e&oauth_nonce=n&")
    assert dict(signed.headers) == {"Content-Type": f"{FORM}; charset=utf-8"}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
@pytest.mark.parametrize("body", [None, b""])
def test_body_absent_becomes_form(method: str, body: bytes | None) -> None:
    """Where there is no body the protocol parameters are the form (3.5.2)."""
    signed = sign(post(body, None, method), "BODY")
    assert (signed.body or b"").startswith(b"oauth_nonce=n&")
    assert signed.headers["Content-Type"] == FORM


@pytest.mark.parametrize(
    "request_",
    [
        post(b"{}", JSON),
        post(None, JSON),
        post(b"--x", "multipart/form-data; boundary=x"),
        post(b"raw", None),
        post(None, None, "GET"),
        post(None, None, "DELETE"),
        post(b"a=1", FORM, "GET"),
        post(b"a=1", FORM, "HEAD"),
    ],
)
def test_body_without_form_refused(request_: Request) -> None:
    """Parameters go into forms only; the message names the other places (3.5.2)."""
    with pytest.raises(ConfigurationError, match="HEADER or QUERY"):
        sign(request_, "BODY")


@pytest.mark.parametrize(
    ("method", "placement"),
    [
        *[(method, place) for method in ("POST", "DELETE") for place in PLACEMENTS],
        ("GET", "HEADER"),
        ("GET", "QUERY"),
    ],
)
def test_form_takes_part(method: str, placement: Placement) -> None:
    """A form changes the signature, whatever the method and the charset (3.4.1.3.1)."""
    first, second = (
        sign(post(body, f"{FORM};x=y", method), placement) for body in (b"a=1", b"a=2")
    )
    assert signature_of(first) != signature_of(second)


def signature_of(request: Request) -> str:
    parameters = [*parse_qsl(urlsplit(request.url).query)]
    if request.headers.get("Content-Type", "").startswith(FORM):
        parameters += parse_qsl((request.body or b"").decode())
    if "Authorization" in request.headers:
        parameters += in_header(request).items()
    (found,) = [value for name, value in parameters if name == "oauth_signature"]
    return found


def expected_signature(request: Request, sent: bytes) -> str:
    """The signature of parameters as they stand in a query or body, by the RFC."""
    pairs = [pair for pair in encoded_pairs(sent) if pair[0] != "oauth_signature"]
    base_string = signature_base_string(request.method, request.url.partition("?")[0], pairs)
    return HMACSHA1().sign(base_string, "secret", "")


@given(callback=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
@pytest.mark.parametrize("placement", ["QUERY", "BODY"])
def test_what_is_sent_is_what_was_signed(placement: Placement, callback: str) -> None:
    """A server that reads the request computes its signature, also of "%25" (3.2)."""
    signer = OAuth1Signer(CLIENT, placement=placement)
    signed = signer.sign(post(b"a=%41+b", FORM), timestamp=1, nonce="n", callback=callback)
    sent = "&".join([urlsplit(signed.url).query, (signed.body or b"").decode()])
    assert signature_of(signed) == expected_signature(signed, sent.encode())


@pytest.mark.parametrize("content_type", [JSON, "multipart/form-data; boundary=x", None])
def test_other_body_untouched(content_type: str | None) -> None:
    """A body that is no form is sent as it is and does not change the signature (3.4.1.3.1)."""
    body = b"a=1&\xff\x00"
    signed = sign(post(body, content_type))
    assert signed.body is body
    assert signature_of(signed) == signature_of(sign(post(b"other", content_type)))


@pytest.mark.parametrize(
    ("name", "algorithm"),
    [("HMAC-SHA1", "sha1"), ("HMAC-SHA256", "sha256"), ("RSA-SHA512", "sha512")],
)
@pytest.mark.parametrize("body", [b"{}", None])
def test_body_hash_of_the_methods_hash(
    name: str, algorithm: str, body: bytes | None, rsa_key: rsa.RSAPrivateKey
) -> None:
    """oauth_body_hash uses the signature method's hash, on no body too (Body Hash 3.2)."""
    signer = OAuth1Signer(CLIENT, signature_method(name, rsa_key=rsa_key), include_body_hash=True)
    signed = signer.sign(post(body, JSON if body else None), timestamp=1, nonce="n")
    digest = hashlib.new(algorithm, body or b"").digest()
    assert in_header(signed)["oauth_body_hash"] == b64encode(digest).decode()


def test_body_hash_is_signed() -> None:
    """Another body gives another signature once the hash is included (Body Hash 3.2)."""
    first, second = (sign(post(body, JSON), include_body_hash=True) for body in (b"1", b"2"))
    assert signature_of(first) != signature_of(second)


@pytest.mark.parametrize(
    ("request_", "placement"),
    [(post(b"a=1", FORM), "HEADER"), (post(None, None), "BODY")],
)
def test_body_hash_of_form_left_out(request_: Request, placement: Placement) -> None:
    """A form is signed already and must not carry the hash (Body Hash 3.1)."""
    signed = sign(request_, placement, include_body_hash=True)
    assert "oauth_body_hash" not in f"{dict(signed.headers)}{signed.body!r}"


def test_body_hash_of_plaintext_left_out() -> None:
    """PLAINTEXT signs nothing, so a hash would prove nothing."""
    signer = OAuth1Signer(CLIENT, Plaintext(), include_body_hash=True)
    signed = signer.sign(post(b"{}", JSON), timestamp=1, nonce="n")
    assert "oauth_body_hash" not in in_header(signed)


@pytest.mark.parametrize(
    "url",
    ["http://example.com/", "http://127.0.0.1.example.com/", "http://10.0.0.1/", "HTTP://a.b/"],
)
def test_plaintext_without_tls_refused(url: str) -> None:
    """Secrets never cross a network in the clear (3.4.4)."""
    with pytest.raises(InsecureTransportError, match="PLAINTEXT"):
        OAuth1Signer(CLIENT, Plaintext()).sign(Request("GET", url), timestamp=1, nonce="n")


@pytest.mark.parametrize("url", ["http://localhost:5000/", "http://[::1]/", "https://example.com/"])
def test_plaintext_with_tls_or_loopback_signed(url: str) -> None:
    """TLS, or no network at all, lets PLAINTEXT through (3.4.4)."""
    signed = OAuth1Signer(CLIENT, Plaintext()).sign(Request("GET", url), timestamp=1, nonce="n")
    assert in_header(signed)["oauth_signature"] == "secret&"


@pytest.mark.parametrize(
    ("request_", "name"),
    [
        (Request("GET", f"{URL}?oauth_nonce=1"), "oauth_nonce"),
        (Request("GET", f"{URL}?oauth%5Fsignature=1"), "oauth_signature"),
        (post(b"a=1&oauth_consumer_key=x", FORM), "oauth_consumer_key"),
    ],
)
@pytest.mark.parametrize("placement", PLACEMENTS)
def test_doubled_protocol_parameter_refused(
    request_: Request, name: str, placement: Placement
) -> None:
    """A protocol parameter must not be sent twice (3.1)."""
    if placement == "BODY":
        request_ = replace(request_, method="POST")
    with pytest.raises(ConfigurationError, match=name):
        sign(request_, placement)


@pytest.mark.parametrize("write", [str.upper, str.lower])
@pytest.mark.parametrize("letter", sorted(set("oauth_")))
def test_doubled_protocol_parameter_refused_however_written(
    letter: str, write: Callable[[str], str]
) -> None:
    """An escape of any of its letters, in capitals or not, hides none (3.1)."""
    name = "oauth_nonce".replace(letter, write(f"%{ord(letter):02x}"), 1)
    with pytest.raises(ConfigurationError, match="oauth_nonce"):
        sign(post(f"{name}=1".encode(), FORM))


def test_other_oauth_parameter_signed() -> None:
    """A parameter that signing does not add may be the request's own (3.1)."""
    assert sign(post(b"oauth_verifier=v", FORM)).body == b"oauth_verifier=v"


@pytest.mark.parametrize(
    ("authorization", "placement"),
    [("Basic YTpi", "HEADER"), ("OAuth a", "HEADER"), ("oauth a", "QUERY"), ("OAuth a", "BODY")],
)
def test_second_authorization_refused(authorization: str, placement: Placement) -> None:
    """Neither the caller's header nor the protocol parameters are lost or doubled (3.5)."""
    with pytest.raises(ConfigurationError, match="Authorization") as caught:
        sign(Request("POST", URL, Headers({"Authorization": authorization})), placement)
    assert authorization not in str(caught.value)


@pytest.mark.parametrize("placement", ["QUERY", "BODY"])
def test_foreign_authorization_kept(placement: Placement) -> None:
    """A header for a proxy in between goes along when the parameters are elsewhere (3.5)."""
    signed = sign(Request("POST", URL, Headers({"Authorization": "Basic YTpi"})), placement)
    assert signed.headers["Authorization"] == "Basic YTpi"


@pytest.mark.parametrize(("timestamp", "nonce"), [(0, "n"), (-1, "n"), (1, "")])
def test_timestamp_and_nonce_needed(timestamp: int, nonce: str) -> None:
    """The timestamp is a positive integer, and a nonce is there (3.3)."""
    with pytest.raises(ConfigurationError, match="positive timestamp"):
        OAuth1Signer(CLIENT).sign(Request("GET", URL), timestamp=timestamp, nonce=nonce)


def test_unknown_placement_refused() -> None:
    """A placement that slipped past the checker does not become another one."""
    with pytest.raises(ConfigurationError, match="signature_type"):
        sign(Request("GET", URL), "NOWHERE")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] the mistake under test


def test_realm_quoted() -> None:
    """The realm is a quoted string, comes first, and is not signed (3.5.1)."""
    signer = OAuth1Signer(CLIENT, realm='a "b" \\c')
    signed = signer.sign(Request("GET", URL), timestamp=1, nonce="n")
    plain = OAuth1Signer(CLIENT).sign(Request("GET", URL), timestamp=1, nonce="n")
    assert signed.headers["Authorization"] == plain.headers["Authorization"].replace(
        "OAuth ", 'OAuth realm="a \\"b\\" \\\\c", '
    )


@pytest.mark.parametrize("realm", ["ä", "a\r\nb"])
def test_realm_unprintable_refused(realm: str) -> None:
    """A realm that no header can carry is refused (3.5.1)."""
    with pytest.raises(ConfigurationError, match="realm"):
        OAuth1Signer(CLIENT, realm=realm).sign(Request("GET", URL), timestamp=1, nonce="n")


def test_host_header_is_signed() -> None:
    """The signature covers the Host header, not the URL's host (3.4.1.2)."""
    elsewhere = Request("GET", "https://10.0.0.1/api", Headers({"Host": "example.com"}))
    assert signature_of(sign(elsewhere)) == signature_of(sign(Request("GET", URL)))


@pytest.mark.parametrize(
    "token",
    [
        TemporaryCredentials("t", "ts"),
        OAuth1Token(oauth_token="t", oauth_token_secret="ts"),
    ],
)
def test_token_of_either_kind_signs(token: TemporaryCredentials | OAuth1Token) -> None:
    """Temporary and token credentials are used alike (3.1, 3.4.2)."""
    signed = OAuth1Signer(CLIENT, Plaintext()).sign(
        Request("GET", URL), token, timestamp=1, nonce="n"
    )
    assert in_header(signed)["oauth_token"] == "t"
    assert in_header(signed)["oauth_signature"] == "secret&ts"


def test_rest_of_request_kept() -> None:
    """Deadlines, limits and other headers survive signing."""
    request = Request("GET", URL, Headers({"X": "y"}), None, Timeout(1, 2, 3), 7, True)
    signed = sign(request)
    assert replace(signed, headers=request.headers) == request
    assert signed.headers["X"] == "y"


class Rot13:
    """A signature method of somebody's own."""

    name = "X-ROT13"

    def sign(self, base_string: str, client_secret: str, token_secret: str, /) -> str:
        return f"{len(base_string)} {client_secret}+{token_secret}"


def test_own_signature_method_plugs_in() -> None:
    """A plain class with a name and sign() is a signature method (3.4)."""
    signed = OAuth1Signer(CLIENT, Rot13()).sign(
        Request("GET", URL), TemporaryCredentials("t", "ts"), timestamp=1, nonce="n"
    )
    assert in_header(signed)["oauth_signature_method"] == "X-ROT13"
    assert in_header(signed)["oauth_signature"].endswith(" secret+ts")


class Spy:
    """A PLAINTEXT that tells what it was given."""

    name = "PLAINTEXT"

    def sign(self, base_string: str, client_secret: str, token_secret: str, /) -> str:
        return f"[{base_string}][{client_secret}][{token_secret}]"


def test_plaintext_gets_no_base_string() -> None:
    """PLAINTEXT has no use for a base string; absent secrets are empty (3.4.4)."""
    signer = OAuth1Signer(ClientCredentials("id"), Spy())
    signed = signer.sign(Request("GET", URL), timestamp=1, nonce="n")
    assert in_header(signed)["oauth_signature"] == "[][][]"


def test_own_signature_method_without_hash_refuses_body_hash() -> None:
    """A method whose name tells no hash cannot be asked for oauth_body_hash."""
    signer = OAuth1Signer(CLIENT, Rot13(), include_body_hash=True)
    with pytest.raises(ConfigurationError, match="X-ROT13"):
        signer.sign(Request("GET", URL), timestamp=1, nonce="n")


def test_secrets_absent_from_repr() -> None:
    """Neither the signer nor a signed request shows a secret."""
    signer = OAuth1Signer(CLIENT, Plaintext(), placement="QUERY")
    signed = signer.sign(Request("GET", URL), timestamp=1, nonce="n")
    assert "secret" not in repr(signer) + repr(signed)
