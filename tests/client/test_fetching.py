"""Fetching tokens: every grant, parameter and way to authenticate (RFC 6749 2.3, 4)."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping, Sequence

import pytest

from tests.client.world import (
    AS,
    TOKEN_POST,
    TOKEN_URL,
    answered,
    form,
    issued,
    query,
    token_client,
)
from typedoauth import (
    ClientCredentials,
    ConfigurationError,
    MalformedResponseError,
    OAuth2Client,
    OAuthError,
    Request,
    Response,
    TokenEndpointError,
)
from typedoauth.client import ClientAuthMethod
from typedoauth.transports import StubTransport

BASIC = "Basic aWQ6c2VjcmV0"


def test_code_is_traded_with_its_verifier() -> None:
    """The redirection URI and the verifier go along (RFC 6749 4.1.3, RFC 7636 4.5)."""
    client, stub = token_client(issued())
    client.fetch_access_token("https://app/cb", code="c", code_verifier="v" * 43)
    assert form(stub.requests[0]) == {
        "grant_type": "authorization_code",
        "code": "c",
        "redirect_uri": "https://app/cb",
        "code_verifier": "v" * 43,
    }
    assert stub.requests[0].headers["Authorization"] == BASIC


def test_password_is_traded() -> None:
    """With the client's scope (RFC 6749 4.3.2)."""
    client, stub = token_client(issued())
    client.scope = "read"
    client.fetch_access_token(username="ada", password="p&w")
    assert form(stub.requests[0]) == {
        "grant_type": "password",
        "username": "ada",
        "password": "p&w",
        "scope": "read",
    }


def test_client_credentials_are_the_default() -> None:
    """Nothing given means: for the client itself (RFC 6749 4.4.2)."""
    client, stub = token_client(issued())
    client.fetch_access_token(scope=["a", "b"], audience="https://api")
    assert form(stub.requests[0]) == {
        "grant_type": "client_credentials",
        "scope": "a b",
        "audience": "https://api",
    }


def test_grant_type_of_ones_own_by_name() -> None:
    """``grant_type=`` with its parameters (RFC 6749 4.5)."""
    client, stub = token_client(issued())
    client.fetch_access_token(grant_type="urn:example:saml", assertion="x")
    assert form(stub.requests[0]) == {"grant_type": "urn:example:saml", "assertion": "x"}


class Assertion:
    """A grant of one's own (RFC 7523 2.1)."""

    grant_type = "urn:ietf:params:oauth:grant-type:jwt-bearer"

    def parameters(self) -> Mapping[str, str | Sequence[str]]:
        """What is traded."""
        return {"assertion": "e30.e30.", "resource": ["a", "b"]}


def test_grant_of_ones_own_behind_the_protocol() -> None:
    """Any object with the two members is one (RFC 6749 4.5)."""
    client, stub = token_client(issued())
    client.fetch_access_token(grant=Assertion())
    assert stub.requests[0].body == (
        b"grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer"
        b"&assertion=e30.e30.&resource=a&resource=b"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        {"username": "ada"},
        {"password": "x"},
        {"redirect_uri": "https://app/cb"},
        {"code_verifier": "v" * 43},
        {"scope": 5},
        {"scope": ["a", 5]},
        {"resource": object()},
        {"resource": {"a": 1}},
        {"cookies": {"a": "b"}},
        {"allow_redirects": True},
        {"headers": "X: y"},
        {"headers": {"X": "a\r\nY: b"}},
        {"timeout": "5"},
        {"timeout": (1, 2, 3)},
        {"timeout": True},
        {"method": "DELETE"},
        {"params": 5},
        {"auth": "secret"},
        {"auth": print},
        {"verify": 5},
        {"proxies": "http://proxy"},
        {"cert": ("a", "b", "c")},
    ],
)
def test_what_cannot_be_sent_is_refused_before_anything_is(arguments: Mapping[str, object]) -> None:
    """A half-filled grant or a keyword that means nothing is the caller's mistake."""
    client, stub = token_client()
    with pytest.raises(ConfigurationError):
        client.fetch_access_token(**arguments)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] wrong on purpose
    assert stub.requests == []


def test_without_a_token_endpoint_the_client_says_which_setting_is_missing() -> None:
    """The keyword."""
    with pytest.raises(ConfigurationError, match="give access_token_url="):
        OAuth2Client("id").fetch_access_token()


def test_parameters_of_the_registration_and_the_call() -> None:
    """HTTP keywords are picked out of both; the call's win; the rest is form (4.3 of the table)."""
    stub = StubTransport({TOKEN_POST: issued()})
    client = OAuth2Client(
        "id",
        "secret",
        access_token_url=TOKEN_URL,
        access_token_params={
            "resource": "a",
            "tenant": "x",
            "absent": None,
            "headers": {"X-Version": "2"},
            "params": {"v": "2"},
            "timeout": 5,
            "verify": "/ca.pem",
            "proxies": {"https": "http://proxy.example"},
        },
        transport=stub,
    )
    client.fetch_access_token(resource="b", flag=True, timeout=(1, 2))
    request = stub.requests[0]
    assert form(request) == {
        "grant_type": "client_credentials",
        "resource": "b",
        "tenant": "x",
        "flag": "true",
    }
    assert request.url == f"{TOKEN_URL}?v=2"
    assert request.headers["X-Version"] == "2"
    assert request.headers["User-Agent"].startswith("typedoauth/")
    assert (request.timeout.connect, request.timeout.read) == (1, 2)
    assert request.connection.verify == "/ca.pem"
    assert request.connection.proxies == (("https", "http://proxy.example"),)
    assert dict(client.access_token_params)["tenant"] == "x"


def test_wrong_parameters_are_refused_at_registration() -> None:
    """Not at the first login."""
    for name in ("access_token_params", "refresh_token_params", "authorize_params"):
        with pytest.raises(ConfigurationError):
            OAuth2Client("id", authorize_url=AS, **{name: {"x": object()}})  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] by name


def test_token_request_by_get() -> None:
    """``method="GET"`` for servers that know no better: the query has it all."""
    stub = StubTransport({f"GET {TOKEN_URL}": issued()})
    client = OAuth2Client(
        "id",
        "secret",
        access_token_url=TOKEN_URL,
        access_token_params={"method": "get"},
        token_endpoint_auth_method="client_secret_post",
        transport=stub,
    )
    assert client.fetch_access_token(code="c")["access_token"] == "new"
    assert query(stub.requests[0].url) == {
        "grant_type": "authorization_code",
        "code": "c",
        "client_id": "id",
        "client_secret": "secret",
    }
    assert stub.requests[0].body is None


def test_auth_replaces_the_clients_own() -> None:
    """``auth=(identifier, secret)`` is HTTP Basic, as in requests."""
    client, stub = token_client(issued())
    client.fetch_access_token(auth=("other", "pass word"))
    value = stub.requests[0].headers["Authorization"].removeprefix("Basic ")
    assert b64decode(value) == b"other:pass word"
    assert "auth" not in form(stub.requests[0])


def own_function(
    client: OAuth2Client, method: str, url: str, headers: dict[str, str], body: str
) -> tuple[str, dict[str, str], str]:
    """Authenticate as code written for Authlib does."""
    headers["X-Client"] = f"{client.client_id} {method}"
    return url + "?own", headers, f"{body}&own=1"


class OwnCallable:
    """The same as an object that is called."""

    name = "own"

    def __call__(
        self, client: OAuth2Client, method: str, url: str, headers: dict[str, str], body: str, /
    ) -> tuple[str, dict[str, str], str]:
        """Authenticate."""
        return own_function(client, method, url, headers, body)


class OwnProtocol:
    """The same behind the Protocol."""

    name = "own"

    def authenticate(self, request: Request, client: ClientCredentials, /) -> Request:
        """Authenticate."""
        headers = request.headers.replace({"X-Client": f"{client.client_id} {request.method}"})
        body = (request.body or b"") + b"&own=1"
        return Request(request.method, f"{request.url}?own", headers, body)


class NameOnly:
    """It has a name, and does nothing."""

    name = "own"


METHODS: list[ClientAuthMethod] = [("own", own_function), OwnCallable(), OwnProtocol()]


@pytest.mark.parametrize("method", METHODS)
def test_client_authentication_of_ones_own(method: ClientAuthMethod) -> None:
    """In each of its three shapes (RFC 6749 2.3.2)."""
    stub = StubTransport({TOKEN_POST: issued()})
    client = OAuth2Client(
        "id",
        "secret",
        access_token_url=TOKEN_URL,
        client_auth_methods=[method],
        token_endpoint_auth_method="own",
        transport=stub,
    )
    client.fetch_access_token()
    request = stub.requests[0]
    assert request.url == f"{TOKEN_URL}?own"
    assert request.headers["X-Client"] == "id POST"
    assert request.body == b"grant_type=client_credentials&own=1"
    assert client.token_endpoint_auth_method == "own"


@pytest.mark.parametrize(
    "methods",
    [
        [own_function],
        [("own",)],
        [("own", 5)],
        [(5, own_function)],
        [object()],
        [NameOnly()],
        ("own", own_function),
        own_function,
        5,
    ],
)
def test_client_authentication_of_another_shape_is_refused(methods: object) -> None:
    """At registration, with what the shapes are."""
    with pytest.raises(ConfigurationError, match="client_auth_methods"):
        OAuth2Client("id", client_auth_methods=methods)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] wrong on purpose


def test_own_method_that_returns_something_else_is_named() -> None:
    """It shows when it is called."""
    client = OAuth2Client(
        "id",
        access_token_url=TOKEN_URL,
        client_auth_methods=[("own", lambda *_: None)],  # type: ignore[list-item] # pyright: ignore[reportArgumentType] wrong on purpose
        token_endpoint_auth_method="own",
        transport=StubTransport({}),
    )
    with pytest.raises(ConfigurationError, match="client_auth_method 'own'"):
        client.fetch_access_token()


@pytest.mark.parametrize(
    ("secret", "options", "header", "extra"),
    [
        ("secret", {}, BASIC, {}),
        (None, {}, None, {"client_id": "id"}),
        ("", {}, None, {"client_id": "id"}),
        ("secret", {"token_endpoint_auth_method": "none"}, None, {"client_id": "id"}),
        (
            "secret",
            {"token_endpoint_auth_method": "client_secret_post"},
            None,
            {"client_id": "id", "client_secret": "secret"},
        ),
        ("s +", {"basic_auth_encoding": "raw"}, "Basic aWQ6cyAr", {}),
        ("s +", {}, "Basic aWQ6cyUyMCUyQg==", {}),
    ],
)
def test_client_authentication_follows_from_the_options(
    secret: str | None, options: dict[str, str], header: str | None, extra: dict[str, str]
) -> None:
    """With a secret HTTP Basic, without one just the identifier, or what is named (2.3.1)."""
    stub = StubTransport({TOKEN_POST: issued()})
    client = OAuth2Client("id", secret, access_token_url=TOKEN_URL, transport=stub, **options)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] from the table
    client.fetch_access_token()
    assert stub.requests[0].headers.get("authorization") == header
    assert form(stub.requests[0]) == {"grant_type": "client_credentials", **extra}


BAD: list[tuple[str, Response | Exception, type[OAuthError]]] = [
    ("HTML", Response(200, {"Content-Type": "text/html"}, b"<h1>hush"), MalformedResponseError),
    ("redirect", Response(307, {"Location": "https://evil.example/"}), TokenEndpointError),
    ("refusal", answered({"error": "invalid_client"}, 401), TokenEndpointError),
    ("wrong status", issued().replace(status_code=503), TokenEndpointError),
]


@pytest.mark.parametrize(("what", "reply", "kind"), BAD, ids=[one[0] for one in BAD])
def test_bad_answer_leaves_nothing_behind(
    what: str, reply: Response, kind: type[OAuthError]
) -> None:
    """One request, one error, no token kept; a redirect is not followed (RFC 9700 4.12)."""
    client, stub = token_client(reply)
    with pytest.raises(OAuthError) as caught:
        client.fetch_access_token(code="c0de-hush")
    assert type(caught.value) is kind
    assert "hush" not in str(caught.value)
    assert len(stub.requests) == 1
    assert client.token is None
