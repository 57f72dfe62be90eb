"""What it costs to sign a request (RFC 5849): ``python -m benchmarks.signing [--json FILE]``.

Each way gets the method and the URL of a request whose query is canonical already, makes
a nonce and a timestamp, and gives the ``Authorization`` header. "By hand" is written for
one service: it takes what the URL holds as it is, quotes nothing twice but the
credentials, and checks nothing. "Bare RSA" signs a base string that is there, and does
nothing else.
"""

from __future__ import annotations

import hmac
from base64 import b64decode
from binascii import b2a_base64
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from secrets import token_hex
from time import time
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

import requests
from authlib.oauth1 import ClientAuth
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from oauthlib.oauth1 import Client
from requests_oauthlib import OAuth1

from benchmarks.measure import Measured, Work, measure
from benchmarks.report import Report, Row, command, row, versions
from typedoauth.credentials import ClientCredentials
from typedoauth.messages import Request
from typedoauth.oauth1 import OAuth1Signer, signature_method
from typedoauth.tokens import OAuth1Token

__all__ = ["METHODS", "SIZES", "main", "run", "works"]

CLIENT_ID: Final = "xvz1evFS4wEEPTGEFPHBog"
CLIENT_SECRET: Final = "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw"
TOKEN: Final[OAuth1Token] = {
    "oauth_token": "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb",
    "oauth_token_secret": "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE",
}
ENDPOINT: Final = "https://api.example.com/1.1/statuses/update.json"
KEY: Final = rsa.generate_private_key(65537, 2048)
PEM: Final = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
METHODS: Final = ("HMAC-SHA1", "RSA-SHA1", "PLAINTEXT")
SIZES: Final = (5, 50)
AIMS: Final = {"HMAC-SHA1": 1.4, "RSA-SHA1": 1.1, "PLAINTEXT": 1.6}
PEERS: Final = ("Authlib", "oauthlib", "requests-oauthlib")

Sign = Callable[[], str]


def url(size: int) -> str:
    """A URL with that many parameters, some of which had to be encoded, and now are."""
    values = ["Hello Ladies + Gentlemen", "true", "1283764501", "café", "@example"]
    pairs = [(f"field_{number}", values[number % 5]) for number in range(size)]
    return f"{ENDPOINT}?{urlencode(pairs, quote_via=quote, safe='~')}"


def _base_string(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes | None,
    protocol: Sequence[tuple[str, str]],
) -> str:
    parts = urlsplit(url)
    form = parts.query
    if body and headers.get("Content-Type") == "application/x-www-form-urlencoded":
        form = f"{form}&{body.decode()}" if form else body.decode()
    pairs = [tuple(field.split("=")) for field in form.split("&")] if form else []
    pairs.extend(protocol)
    pairs.sort()
    normalized = "&".join([f"{name}={value}" for name, value in pairs])
    signed = normalized.replace("%", "%25").replace("&", "%26").replace("=", "%3D")
    return f"{method}&{quote(f'{parts.scheme}://{parts.netloc}{parts.path}', safe='')}&{signed}"


def _key_of_both() -> str:
    return f"{quote(CLIENT_SECRET, safe='')}&{quote(TOKEN['oauth_token_secret'], safe='')}"


def _protocol(method: str) -> list[tuple[str, str]]:
    return [
        ("oauth_consumer_key", quote(CLIENT_ID, safe="")),
        ("oauth_nonce", token_hex(16)),
        ("oauth_signature_method", method),
        ("oauth_timestamp", str(int(time()))),
        ("oauth_token", quote(TOKEN["oauth_token"], safe="")),
        ("oauth_version", "1.0"),
    ]


def _with_header(
    headers: Mapping[str, str], protocol: Sequence[tuple[str, str]], signature: str
) -> dict[str, str]:
    fields = ", ".join([f'{name}="{value}"' for name, value in protocol])
    value = f'OAuth {fields}, oauth_signature="{quote(signature, safe="")}"'
    return {**headers, "Authorization": value}


def _hmac_by_hand(
    method: str, url: str, headers: Mapping[str, str], body: bytes | None
) -> dict[str, str]:
    protocol = _protocol("HMAC-SHA1")
    base = _base_string(method, url, headers, body, protocol)
    digest = hmac.digest(_key_of_both().encode(), base.encode(), "sha1")
    return _with_header(headers, protocol, b2a_base64(digest, newline=False).decode())


def _rsa_by_hand(
    method: str, url: str, headers: Mapping[str, str], body: bytes | None
) -> dict[str, str]:
    protocol = _protocol("RSA-SHA1")
    base = _base_string(method, url, headers, body, protocol)
    signature = KEY.sign(base.encode(), PKCS1v15(), SHA1())  # noqa: S303  that of OAuth 1.0
    return _with_header(headers, protocol, b2a_base64(signature, newline=False).decode())


def _plaintext_by_hand(
    _method: str, _url: str, headers: Mapping[str, str], _body: bytes | None
) -> dict[str, str]:
    return _with_header(headers, _protocol("PLAINTEXT"), _key_of_both())


def by_hand(method: str, url: str) -> Sign:
    """The same work, written out for this one service."""
    ways = {
        "HMAC-SHA1": _hmac_by_hand,
        "RSA-SHA1": _rsa_by_hand,
        "PLAINTEXT": _plaintext_by_hand,
    }
    sign, headers = ways[method], dict[str, str]()
    return lambda: sign("GET", url, headers, None)["Authorization"]


def ours(method: str, url: str) -> Sign:
    """This package: from a request to a signed request."""
    signer = OAuth1Signer(
        ClientCredentials(CLIENT_ID, CLIENT_SECRET), signature_method(method, rsa_key=PEM)
    )
    request = Request("GET", url)

    def sign() -> str:
        signed = signer.sign(request, TOKEN, timestamp=int(time()), nonce=token_hex(16))
        return signed.headers["authorization"]

    return sign


def with_authlib(method: str, url: str) -> Sign:
    """What Authlib does for each request."""
    client = ClientAuth(
        CLIENT_ID,
        CLIENT_SECRET,
        TOKEN["oauth_token"],
        TOKEN["oauth_token_secret"],
        signature_method=method,
        rsa_key=PEM,
    )

    return lambda: client.sign("GET", url, {}, b"")[1]["Authorization"]


def with_oauthlib(method: str, url: str) -> Sign:
    """What oauthlib does for each request."""
    client = Client(
        CLIENT_ID,
        CLIENT_SECRET,
        TOKEN["oauth_token"],
        TOKEN["oauth_token_secret"],
        signature_method=method,
        rsa_key=PEM,
    )

    return lambda: client.sign(url, "GET")[1]["Authorization"]


def with_requests_oauthlib(method: str, url: str) -> Sign:
    """What requests-oauthlib does for each request that requests has prepared."""
    auth = OAuth1(
        CLIENT_ID,
        CLIENT_SECRET,
        TOKEN["oauth_token"],
        TOKEN["oauth_token_secret"],
        signature_method=method,
        rsa_key=PEM,
    )
    prepared = requests.Request("GET", url).prepare()

    def sign() -> str:
        header: object = auth(prepared.copy()).headers["Authorization"]
        return header.decode() if isinstance(header, bytes) else str(header)

    return sign


ALL: Final[Mapping[str, Callable[[str, str], Sign]]] = {
    "by hand": by_hand,
    "typedoauth": ours,
    "Authlib": with_authlib,
    "oauthlib": with_oauthlib,
    "requests-oauthlib": with_requests_oauthlib,
}


def _is_signed(url: str, header: str) -> bool:
    """Verify a signature slowly: everything is decoded, and encoded again."""
    kind, _, rest = header.partition(" ")
    fields = (field.split("=", 1) for field in rest.split(", "))
    protocol = {name: unquote(value.strip('"')) for name, value in fields}
    signature, method = protocol.pop("oauth_signature"), protocol["oauth_signature_method"]
    expected = {"oauth_consumer_key": CLIENT_ID, "oauth_token": TOKEN["oauth_token"]}
    assert kind == "OAuth"
    assert protocol.items() >= expected.items()
    assert len(protocol["oauth_nonce"]) >= 16
    assert abs(time() - int(protocol["oauth_timestamp"])) < 60
    if method == "PLAINTEXT":
        return signature == _key_of_both()
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, strict_parsing=True) + list(protocol.items())
    encoded = sorted((quote(name, safe="~"), quote(value, safe="~")) for name, value in pairs)
    normalized = "&".join(f"{name}={value}" for name, value in encoded)
    base = "&".join(quote(one, safe="~") for one in ("GET", ENDPOINT, normalized)).encode()
    if method == "HMAC-SHA1":
        digest = hmac.digest(_key_of_both().encode(), base, "sha1")
        return b64decode(signature, validate=True) == digest
    KEY.public_key().verify(b64decode(signature, validate=True), base, PKCS1v15(), SHA1())  # noqa: S303  as above
    return True


def works(method: str, size: int) -> list[Work]:
    """Everybody's way, after the signature of each was verified."""
    target = url(size)
    found = [Work(name, make(method, target)) for name, make in ALL.items()]
    for one in found:
        assert _is_signed(target, str(one.run())), one.name
    if method == "RSA-SHA1":
        base = _base_string("GET", target, {}, None, _protocol(method)).encode()
        bare = partial(KEY.sign, base, PKCS1v15(), SHA1())  # noqa: S303  as above
        found.insert(0, Work("bare RSA", bare))
    return found


def run(seconds: float, rounds: int) -> Report:
    """Measure."""
    cases = {
        f"{method}, {size}": measure(works(method, size), seconds=seconds, rounds=rounds)
        for method in METHODS
        for size in SIZES
    }
    return Report(
        "signing",
        "Signing a request of 5 and of 50 parameters: CPU time, as a ratio to the first way",
        versions("authlib", "cryptography", "oauthlib", "requests-oauthlib"),
        cases,
        [_row(method, size, cases) for method in METHODS for size in SIZES],
    )


def _row(method: str, size: int, cases: Mapping[str, Sequence[Measured]]) -> Row:
    return row(
        f"Sign {size} parameters, {method}",
        cases[f"{method}, {size}"],
        against="bare RSA" if method == "RSA-SHA1" else "by hand",
        most=AIMS[method],
        peers=PEERS,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    command("signing", run, arguments)


if __name__ == "__main__":
    main()
