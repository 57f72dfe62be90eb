"""The provider as a whole: registration, pages, serving, and its independence."""

from __future__ import annotations

import ast
import socket
from pathlib import Path
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import Client

import typedoauth.testing
from tests.testing.acting import CALLBACK, SteppingClock, authorization_request, login
from typedoauth.errors import ConfigurationError
from typedoauth.testing import Lifetimes, LocalProvider, serve
from typedoauth.testing.signatures import base_string, base_string_uri, load_rsa_key, verify
from typedoauth.testing.state import State

_EC_KEY = """-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEale5yY7UF3WK9ZDqQ/20PIng8zf6
lRnAHtMrpo64+tLfCXZsxOBIeGc4SNa4eiBbbDjYz8shYuFLWbTkLoVxxQ==
-----END PUBLIC KEY-----
"""
_CLIENT_SIDE = ("oauth1", "oauth2", "oidc", "client", "flask", "transports", "stores")
_MEETS_THE_CLIENT = ("standing_in.py", "pytest_plugin.py")
_SHARED = ("_urls", "_json", "_words", "_names", "messages", "credentials", "tokens")


@pytest.mark.parametrize(
    "arguments",
    [
        {"redirect_uris": ["/callback"]},
        {"redirect_uris": [f"{CALLBACK}#fragment"]},
        {"grant_types": ["implicit"]},
        {"token_endpoint_auth_method": "none"},
        {"token_endpoint_auth_method": "tls_client_auth"},
        {"rsa_public_key": "no PEM"},
        {"rsa_public_key": _EC_KEY},
        {"client_secret": None, "token_endpoint_auth_method": "client_secret_basic"},
        {"token_endpoint_auth_method": "client_secret_jwt"},
        {"token_endpoint_auth_method": "private_key_jwt"},
        {"client_secret": None, "jwks": _EC_KEY, "token_endpoint_auth_method": "none"},
        {"id_token_signed_response_alg": "none"},
        {"userinfo_signed_response_alg": "none"},
        {"userinfo_signed_response_alg": "HS256"},
        {"post_logout_redirect_uris": ["/bye"]},
        {"backchannel_logout_uri": "/backchannel"},
        {"frontchannel_logout_uri": f"{CALLBACK}#fragment"},
    ],
)
def test_impossible_client_is_refused(
    provider: LocalProvider,
    arguments: dict[str, Any],  # a table of wrong ones
) -> None:
    """A registration that cannot work fails where it is made."""
    arguments = {"client_secret": "secret", **arguments}
    with pytest.raises(ConfigurationError):
        provider.add_client("x", **arguments)


def test_pages_escape_what_others_wrote(http: Client) -> None:
    """A client's name is text, not markup."""
    page = http.get("/oauth2/authorize", query_string=authorization_request()).text
    assert "An &lt;app&gt;" in page
    assert "<app>" not in page


@pytest.mark.parametrize("path", ["/", "/oauth1/authorize", "/oauth2/authorize"])
def test_pages_protect_themselves(http: Client, path: str) -> None:
    """No script runs, nobody frames the page, no address leaks from it."""
    headers = http.get(path).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "no-referrer"


def test_page_without_users_says_what_to_do(http: Client) -> None:
    """An empty provider explains itself."""
    empty = LocalProvider()
    empty.add_client("client", redirect_uris=[CALLBACK])
    page = Client(empty).get("/oauth2/authorize", query_string=authorization_request())
    assert "add_user" in page.text


def test_home_page_lists_what_there_is(http: Client) -> None:
    """Users, clients and endpoints are on the first page."""
    page = http.get("/").text
    assert all(text in page for text in ("Ada Lovelace", "public", "/oauth2/token"))


def test_unknown_path_is_not_found(http: Client) -> None:
    """Everything else is 404."""
    assert http.get("/nowhere").status_code == 404


def test_huge_body_is_refused(http: Client) -> None:
    """A body beyond the limit is not read (413)."""
    answer = http.post("/oauth2/token", data=b"x" * (4 * 1024 * 1024 + 1))
    assert answer.status_code == 413


def test_lifetimes_can_be_chosen() -> None:
    """A test can ask for tokens of a second."""
    provider = LocalProvider(lifetimes=Lifetimes(access_token=1))
    provider.add_user("ada")
    provider.add_client("client", "s3cret %&+ü", redirect_uris=[CALLBACK])
    assert int(login(Client(provider))["expires_in"]) == 1


def test_secrets_stay_out_of_reprs(provider: LocalProvider) -> None:
    """What the provider hands to tests can be printed."""
    client = provider.add_client("x", "very-secret")
    user = provider.add_user("y", password="very-secret")
    assert "very-secret" not in f"{client!r}{user!r}"


def test_counts_are_a_copy(provider: LocalProvider) -> None:
    """What a test holds does not change under it."""
    before = provider.counts
    assert before["api_calls"] == 0
    Client(provider).post("/oauth2/token")
    assert before["token_requests"] == 0
    assert provider.counts["token_requests"] == 1


def test_old_nonces_are_forgotten(clock: SteppingClock) -> None:
    """Memory does not grow with every request: a timestamp refuses what is older anyway."""
    state = State(clock, Lifetimes(timestamp_window=300))
    first = int(clock())
    assert state.use_nonce(first, "client", "", "n")
    assert not state.use_nonce(first, "client", "", "n")
    clock.now += 301
    assert state.use_nonce(first, "client", "", "n")


def test_served_provider_stops_with_its_block(
    provider: LocalProvider, capfd: pytest.CaptureFixture[str]
) -> None:
    """The port is free again afterwards, and nothing was written meanwhile."""
    with serve(provider) as url:
        assert requests.get(url, timeout=10).status_code == 200
    port = int(url.rpartition(":")[2])
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("method", "uri", "parameters", "token_secret", "signature"),
    [
        (
            "POST",
            ("https", "photos.example.net", "/initiate"),
            {
                "oauth_timestamp": "137131200",
                "oauth_nonce": "wIjqoS",
                "oauth_callback": "http://printer.example.com/ready",
            },
            "",
            "74KNZJeDHnMBp0EMJ9ZHt/XKycU=",
        ),
        (
            "POST",
            ("https", "photos.example.net:443", "/token"),
            {
                "oauth_token": "hh5s93j4hdidpola",
                "oauth_timestamp": "137131201",
                "oauth_nonce": "walatlh",
                "oauth_verifier": "hfdp7dh39dks9884",
            },
            "hdhd0244k9j7ao03",
            "gKgrFCywp7rO0OXSjdot/IHF7IU=",
        ),
        (
            "get",
            ("http", "Photos.example.net:80", "/photos"),
            {
                "file": "vacation.jpg",
                "size": "original",
                "oauth_token": "nnch734d00sl2jdk",
                "oauth_timestamp": "137131202",
                "oauth_nonce": "chapoH",
            },
            "pfkkdhi9sl3r4s00",
            "MdpQcU8iPSUjWoN/UDMsK2sui9I=",
        ),
    ],
)
def test_signature_of_the_specification_verifies(
    method: str,
    uri: tuple[str, str, str],
    parameters: dict[str, str],
    token_secret: str,
    signature: str,
) -> None:
    """The three signatures of RFC 5849 1.2 are right, and only with their secrets."""
    always = {"oauth_consumer_key": "dpf43f3p2l4k3l03", "oauth_signature_method": "HMAC-SHA1"}
    base = base_string(method, base_string_uri(*uri), list((always | parameters).items()))
    for secret, right in (("kd94hf93k423kf44", True), ("kd94hf93k423kf45", False)):
        assert right == verify(
            "HMAC-SHA1",
            signature,
            base,
            client_secret=secret,
            token_secret=token_secret,
            rsa_public_key=None,
        )


def test_base_string_of_the_specification() -> None:
    """The base string is that of RFC 5849 3.4.1.1, letter by letter."""
    parameters = [
        ("b5", "=%3D"),
        ("a3", "a"),
        ("c@", ""),
        ("a2", "r b"),
        ("oauth_consumer_key", "9djdj82h48djs9d2"),
        ("oauth_token", "kkk9d7dh3k39sjv7"),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_timestamp", "137131201"),
        ("oauth_nonce", "7d8f3e4a"),
        ("c2", ""),
        ("a3", "2 q"),
    ]
    uri = base_string_uri("http", "EXAMPLE.COM:80", "/request")
    assert base_string("POST", uri, parameters) == (
        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q"
        "%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_"
        "key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_m"
        "ethod%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk"
        "9d7dh3k39sjv7"
    )


@given(
    method=st.sampled_from(["HMAC-SHA1", "RSA-SHA256", "PLAINTEXT", "", "RSA-MD5", "HMAC-MD5"]),
    text=st.text(),
)
def test_random_signature_never_verifies(rsa_public_pem: str, method: str, text: str) -> None:
    """Whatever is sent as a signature is an answer, not an exception (RFC 5849 3.2)."""
    key = load_rsa_key(rsa_public_pem)
    assert not verify(
        method, text, "base", client_secret="secret", token_secret="", rsa_public_key=key
    )


def test_provider_shares_no_code_with_the_client() -> None:
    """It imports errors and Protocols, and nothing that the client is made of.

    Where it takes the place of services it meets the application, and the plugin has a
    transport; nothing is checked there.
    """
    folder = Path(typedoauth.testing.__file__).parent
    forbidden = {f"typedoauth.{name}" for name in (*_CLIENT_SIDE, *_SHARED)}
    for file in set(folder.rglob("*.py")) - {folder / name for name in _MEETS_THE_CLIENT}:
        for node in ast.walk(ast.parse(file.read_text())):
            names: list[str] = []
            if isinstance(node, ast.ImportFrom):
                names = [f"{node.module}", *(f"{node.module}.{alias.name}" for alias in node.names)]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            for name in names:
                assert not any(name == one or name.startswith(f"{one}.") for one in forbidden), (
                    f"{file.name} imports {name}"
                )
