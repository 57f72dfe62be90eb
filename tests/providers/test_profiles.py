"""How a service is asked who the user is, where it does not answer as it should."""

from __future__ import annotations

from typing import Any

import pytest

from tests.providers.catalogue import DIRECTORY
from typedoauth import OAuth1Client, OAuth2Client, OAuth2Token
from typedoauth.errors import (
    ConfigurationError,
    HTTPStatusError,
    MalformedResponseError,
    TransportError,
)
from typedoauth.providers import AzureB2C, Cognito, Endpoint, Introspection, TokenAnswer
from typedoauth.transports import Response, StubTransport

TOKEN: OAuth2Token = {"access_token": "a-token", "token_type": "Bearer"}


def asked(
    source: Endpoint | Introspection | TokenAnswer,
    replies: dict[str, Any],  # any: of the stub
) -> tuple[object, StubTransport]:
    """Ask a replica."""
    stub = StubTransport({f"https://api.example/{path}": one for path, one in replies.items()})
    client = OAuth2Client(
        "c",
        "s",
        access_token_url="https://api.example/token",
        metadata={"introspection_endpoint": "https://api.example/introspect"},
        api_base_url="https://api.example/",
        transport=stub,
    )
    return source.fetch(client, TOKEN), stub


@pytest.mark.parametrize("content", [b"", b"no", b"[]", b'"a"', b"null", b'{"a": 1, "a": 2}'])
def test_answer_that_is_no_object_is_no_profile(content: bytes) -> None:
    """Nor one that could be read in two ways."""
    with pytest.raises(MalformedResponseError):
        asked(Endpoint("me"), {"me": Response(200, content=content)})


@pytest.mark.parametrize("content", [b"{}", b'{"data": []}', b'{"data": null}', b'{"data": "a"}'])
def test_wrapper_without_a_profile_is_none(content: bytes) -> None:
    """The message says where it should have been."""
    with pytest.raises(MalformedResponseError, match=r"'data\.0'"):
        asked(Endpoint("me", within="data.0"), {"me": Response(200, content=content)})


@pytest.mark.parametrize("status", [400, 401, 403, 404, 500])
def test_refusal_is_an_error(status: int) -> None:
    """And what stands in it is no profile."""
    with pytest.raises(HTTPStatusError) as raised:
        asked(Endpoint("me"), {"me": Response(status, content=b'{"id": 1}')})
    assert raised.value.status == status
    assert "a-token" not in str(raised.value)


def test_refusal_of_a_further_call_is_an_error_of_its_step() -> None:
    """The step decides what it means."""
    endpoint = Endpoint("me", then=(lambda fetch, profile, _: {**profile, "more": fetch("more")},))
    found, _ = asked(
        endpoint, {"me": Response(200, content=b'{"id": 1}'), "more": Response(200, content=b"[1]")}
    )
    assert found == {"id": 1, "more": [1]}
    with pytest.raises(HTTPStatusError):
        asked(
            endpoint,
            {"me": Response(200, content=b'{"id": 1}'), "more": Response(403, content=b"[1]")},
        )


def test_service_that_does_not_answer() -> None:
    """Is a transport error, as with every call."""
    with pytest.raises(TransportError):
        asked(Endpoint("me"), {"me": TransportError("no answer")})


def test_member_of_the_token_goes_into_the_query() -> None:
    """As WeChat wants it; one that is missing is empty."""
    endpoint = Endpoint("me", params={"type": "{token_type}", "openid": "{openid}", "lang": "en"})
    _, stub = asked(endpoint, {"me": Response(200, content=b"{}")})
    assert stub.requests[0].url == "https://api.example/me?type=Bearer&openid=&lang=en"


def test_token_that_is_not_active_is_nobodys() -> None:
    """Whatever else the introspection endpoint says."""
    with pytest.raises(MalformedResponseError, match="not active"):
        asked(
            Introspection(),
            {"introspect": Response(200, content=b'{"active": false, "user_id": 7}')},
        )


def test_introspection_is_of_oauth2() -> None:
    """A client of OAuth 1.0 has none."""
    client = OAuth1Client("c", "s", request_token_url="https://api.example/r")
    wrong: Any = client  # any: of another protocol
    with pytest.raises(ConfigurationError):
        Introspection().fetch(wrong, TOKEN)


def test_token_is_the_profile() -> None:
    """Where the service says it there; nothing is asked."""
    found, stub = asked(TokenAnswer(), {})
    assert found == TOKEN
    assert stub.requests == []


def test_claim_under_another_name_wins() -> None:
    """It is the one that the provider means; without it the standard one stays."""
    azure = AzureB2C("engines", DIRECTORY, "B2C_1_signin")
    both = azure.normalise({"sub": "7", "email": "old@x.example", "emails": ["new@x.example"]})
    assert both.get("email") == "new@x.example"
    cognito = Cognito("eu-central-1", "pool")
    assert cognito.normalise({"sub": "7", "preferred_username": "ada"}) == {
        "sub": "7",
        "preferred_username": "ada",
    }
