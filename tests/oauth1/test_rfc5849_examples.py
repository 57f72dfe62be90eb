"""The examples that RFC 5849 prints."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest

from tests.oauth1.driving import answer
from typedoauth.credentials import ClientCredentials, TemporaryCredentials
from typedoauth.messages import Request
from typedoauth.oauth1 import (
    HMACSHA1,
    AuthorizationResponse,
    OAuth1Signer,
    Plaintext,
    authorization_header,
    authorization_url,
    base_string_uri,
    encoded_pairs,
    normalize,
    parse_authorization_response,
    signature_base_string,
    temporary_credentials_request,
    token_credentials_request,
)

PRINTER = "kd94hf93k423kf44"

# Section 1.2: method, URL, protocol parameters as printed, token secret, signature.
DANCE = [
    (
        "POST",
        "https://photos.example.net/initiate",
        "oauth_consumer_key=dpf43f3p2l4k3l03&oauth_signature_method=HMAC-SHA1"
        "&oauth_timestamp=137131200&oauth_nonce=wIjqoS"
        "&oauth_callback=http%3A%2F%2Fprinter.example.com%2Fready",
        "",
        "74KNZJeDHnMBp0EMJ9ZHt/XKycU=",
    ),
    (
        "POST",
        "https://photos.example.net/token",
        "oauth_consumer_key=dpf43f3p2l4k3l03&oauth_token=hh5s93j4hdidpola"
        "&oauth_signature_method=HMAC-SHA1&oauth_timestamp=137131201&oauth_nonce=walatlh"
        "&oauth_verifier=hfdp7dh39dks9884",
        "hdhd0244k9j7ao03",
        "gKgrFCywp7rO0OXSjdot/IHF7IU=",
    ),
    (
        "GET",
        "http://photos.example.net/photos?file=vacation.jpg&size=original",
        "oauth_consumer_key=dpf43f3p2l4k3l03&oauth_token=nnch734d00sl2jdk"
        "&oauth_signature_method=HMAC-SHA1&oauth_timestamp=137131202&oauth_nonce=chapoH",
        "pfkkdhi9sl3r4s00",
        "MdpQcU8iPSUjWoN/UDMsK2sui9I=",
    ),
]

# Section 3.1: the request that every later section works on.
QUERY = b"b5=%3D%253D&a3=a&c%40=&a2=r%20b"
BODY = b"c2&a3=2+q"
PROTOCOL = (
    b"oauth_consumer_key=9djdj82h48djs9d2&oauth_token=kkk9d7dh3k39sjv7"
    b"&oauth_signature_method=HMAC-SHA1&oauth_timestamp=137131201&oauth_nonce=7d8f3e4a"
)
PARAMETERS = encoded_pairs(QUERY) + encoded_pairs(PROTOCOL) + encoded_pairs(BODY)
BASE_STRING = (
    "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q"
    "%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_"
    "key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_m"
    "ethod%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk"
    "9d7dh3k39sjv7"
)


@pytest.mark.parametrize(("method", "url", "protocol", "token_secret", "signature"), DANCE)
def test_dance_signatures(
    method: str, url: str, protocol: str, token_secret: str, signature: str
) -> None:
    """The three signatures of the photo printer come out as printed (1.2)."""
    query = url.partition("?")[2].encode()
    parameters = encoded_pairs(query) + encoded_pairs(protocol.encode())
    base_string = signature_base_string(method, url, parameters)
    assert HMACSHA1().sign(base_string, PRINTER, token_secret) == signature


def test_dance_whole_ends_with_printed_token() -> None:
    """The steps, put together, walk through the whole example (1.2)."""
    signer = OAuth1Signer(ClientCredentials("dpf43f3p2l4k3l03", PRINTER), realm="Photos")
    first = temporary_credentials_request(
        "https://photos.example.net/initiate",
        signer,
        timestamp=137131200,
        nonce="wIjqoS",
        callback="http://printer.example.com/ready",
    )
    assert next(first).headers["Authorization"].startswith('OAuth realm="Photos", oauth_nonce=')
    temporary = answer(
        first,
        b"oauth_token=hh5s93j4hdidpola&oauth_token_secret=hdhd0244k9j7ao03"
        b"&oauth_callback_confirmed=true",
    )
    assert (
        authorization_url("https://photos.example.net/authorize", temporary)
        == "https://photos.example.net/authorize?oauth_token=hh5s93j4hdidpola"
    )
    callback = parse_authorization_response(
        parse_qsl("oauth_token=hh5s93j4hdidpola&oauth_verifier=hfdp7dh39dks9884")
    )
    third = token_credentials_request(
        "https://photos.example.net/token",
        signer,
        temporary,
        callback,
        timestamp=137131201,
        nonce="walatlh",
    )
    assert 'oauth_verifier="hfdp7dh39dks9884"' in next(third).headers["Authorization"]
    token = answer(third, b"oauth_token=nnch734d00sl2jdk&oauth_token_secret=pfkkdhi9sl3r4s00")
    assert token == {"oauth_token": "nnch734d00sl2jdk", "oauth_token_secret": "pfkkdhi9sl3r4s00"}


def test_plaintext_signature() -> None:
    """A temporary credentials request in PLAINTEXT has the printed signature (2.1)."""
    signer = OAuth1Signer(ClientCredentials("jd83jd92dhsh93js", "ja893SD9"), Plaintext())
    signed = signer.sign(
        Request("POST", "https://server.example.com/request_temp_credentials"),
        timestamp=1,
        nonce="n",
        callback="http://client.example.net/cb?x=1",
    )
    header = signed.headers["Authorization"]
    assert 'oauth_signature="ja893SD9%26"' in header
    assert 'oauth_callback="http%3A%2F%2Fclient.example.net%2Fcb%3Fx%3D1"' in header


def test_authorization_url_of_section_2_2() -> None:
    """The resource owner is sent to the printed address (2.2)."""
    url = authorization_url(
        "https://server.example.com/authorize_access", TemporaryCredentials("hdk48Djdsa", "")
    )
    assert url == "https://server.example.com/authorize_access?oauth_token=hdk48Djdsa"


def test_callback_of_section_2_2() -> None:
    """The printed callback, with the client's own parameter, is read (2.2)."""
    pairs = parse_qsl("x=1&oauth_token=hdk48Djdsa&oauth_verifier=473f82d3")
    assert parse_authorization_response(pairs) == AuthorizationResponse("hdk48Djdsa", "473f82d3")


def test_signature_of_section_3_1() -> None:
    """The signature belongs to the printed base string.

    The RFC prints another value here, which no reading of its base string and
    secrets gives; oauthlib computes this one too.
    """
    signature = HMACSHA1().sign(BASE_STRING, "j49sk3j29djd", "dh893hdasih9")
    assert signature == "r6/TJjbCOr97/+UU0NsvSne7s5g="


def test_base_string() -> None:
    """The base string comes out as printed (3.4.1.1)."""
    assert signature_base_string("POST", "http://example.com/request", PARAMETERS) == BASE_STRING


@pytest.mark.parametrize(
    ("url", "host", "expected"),
    [
        ("http://EXAMPLE.COM:80/r%20v/X?id=123", None, "http://example.com/r%20v/X"),
        ("http://10.0.0.1/r%20v/X?id=123", "EXAMPLE.COM:80", "http://example.com/r%20v/X"),
        ("https://www.example.net:8080/?q=1", None, "https://www.example.net:8080/"),
    ],
)
def test_base_string_uri(url: str, host: str | None, expected: str) -> None:
    """Host, port and path are written as printed (3.4.1.2)."""
    assert base_string_uri(url, host) == expected


def test_parameter_sources() -> None:
    """The parameters of query, header and body are those of the table (3.4.1.3.1)."""
    assert PARAMETERS == [
        ("b5", "%3D%253D"),
        ("a3", "a"),
        ("c%40", ""),
        ("a2", "r%20b"),
        ("oauth_consumer_key", "9djdj82h48djs9d2"),
        ("oauth_token", "kkk9d7dh3k39sjv7"),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_timestamp", "137131201"),
        ("oauth_nonce", "7d8f3e4a"),
        ("c2", ""),
        ("a3", "2%20q"),
    ]


def test_normalization() -> None:
    """The normalised parameters come out as printed (3.4.1.3.2)."""
    assert normalize(PARAMETERS) == (
        "a2=r%20b&a3=2%20q&a3=a&b5=%3D%253D&c%40=&c2=&oauth_consumer_key=9dj"
        "dj82h48djs9d2&oauth_nonce=7d8f3e4a&oauth_signature_method=HMAC-SHA1"
        "&oauth_timestamp=137131201&oauth_token=kkk9d7dh3k39sjv7"
    )


def test_authorization_header() -> None:
    """The header is written as printed, on one line (3.5.1)."""
    parameters = encoded_pairs(
        b"oauth_consumer_key=0685bd9184jfhq22&oauth_token=ad180jjd733klru7"
        b"&oauth_signature_method=HMAC-SHA1&oauth_signature=wOJIO9A2W5mFwDgiDvZbTSMK%2FPY%3D"
        b"&oauth_timestamp=137131200&oauth_nonce=4572616e48616d6d65724c61686176&oauth_version=1.0"
    )
    assert authorization_header(parameters, "Example") == (
        'OAuth realm="Example", oauth_consumer_key="0685bd9184jfhq22", '
        'oauth_token="ad180jjd733klru7", oauth_signature_method="HMAC-SHA1", '
        'oauth_signature="wOJIO9A2W5mFwDgiDvZbTSMK%2FPY%3D", oauth_timestamp="137131200", '
        'oauth_nonce="4572616e48616d6d65724c61686176", oauth_version="1.0"'
    )
