"""Redirection URIs: only absolute ones begin a login (RFC 6749 3.1.2, RFC 5849 2.1)."""

from __future__ import annotations

import pytest

from tests.client.world import AS
from typedoauth import ConfigurationError, OAuth1Client, OAuth2Client, Response
from typedoauth.transports import StubTransport

ANSWER = b"oauth_token=t&oauth_token_secret=s&oauth_callback_confirmed=true"


def client1() -> tuple[OAuth1Client, StubTransport]:
    """A client of OAuth 1.0, and what it sends over."""
    stub = StubTransport(lambda _: Response(200, content=ANSWER))
    client = OAuth1Client(
        "id",
        "secret",
        request_token_url=f"{AS}/request",
        authorize_url=f"{AS}/authorize",
        transport=stub,
    )
    return client, stub


def client2() -> OAuth2Client:
    """A client of OAuth 2.0."""
    return OAuth2Client("id", authorize_url=f"{AS}/authorize")


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "/authorize",
        "authorize",
        "//app.example/cb",
        "?cb",
        "127.0.0.1:5001/authorize",
        "localhost:5000",
        "localhost:5000/x",
        "localhost:5000?x",
        "https:/app/cb",
        "HTTPS:cb",
        "http:///cb",
    ],
)
def test_relative_one_is_refused_before_anything_is_sent(uri: str) -> None:
    """By clients of both protocols, with the way out."""
    first, stub = client1()
    for start in (first.start_authorization, client2().start_authorization):
        with pytest.raises(ConfigurationError, match=r"to be absolute.*_external=True"):
            start(uri)
    assert stub.requests == []


@pytest.mark.parametrize(
    "uri",
    [
        None,
        "https://app.example/cb?next=/",
        "HTTP://localhost:5000/cb",
        "http://[::1]:5000/cb",
        "com.example.app:/cb",
        "myapp://cb",
        "urn:ietf:wg:oauth:2.0:oob",
    ],
)
def test_absolute_one_is_kept(uri: str | None) -> None:
    """Custom schemes of native applications, too (RFC 8252 7.1)."""
    first, _ = client1()
    assert first.start_authorization(uri).redirect_uri == uri
    assert client2().start_authorization(uri).redirect_uri == uri


def test_out_of_band_is_for_oauth1_alone() -> None:
    """``oob`` stands for no URI (RFC 5849 2.1)."""
    first, _ = client1()
    assert first.start_authorization("oob").redirect_uri == "oob"
    with pytest.raises(ConfigurationError):
        client2().start_authorization("oob")


def test_one_of_another_type_is_refused() -> None:
    """By its type."""
    with pytest.raises(ConfigurationError, match="text, not int"):
        client2().start_authorization(5)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] wrong on purpose
