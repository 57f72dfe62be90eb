"""Logins by authorization code, from the redirect to the token (RFC 6749 4.1, RFC 7636)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from tests.client.world import AS, TOKEN_POST, TOKEN_URL, Reply, answered, form, issued, query
from typedoauth import (
    AuthorizationDeniedError,
    CallbackError,
    ConfigurationError,
    DuplicateParameterError,
    MissingCodeError,
    OAuth2Client,
    OAuthError,
    PendingAuthorization,
    Response,
    StateMismatchError,
    TokenEndpointError,
)
from typedoauth.client import Callback, OAuth2Options
from typedoauth.oauth2 import code_challenge
from typedoauth.transports import StubTransport

AUTHORIZE = f"{AS}/authorize"
METADATA_URL = f"{AS}/.well-known/oauth-authorization-server"
METADATA: dict[str, object] = {
    "issuer": AS,
    "authorization_endpoint": AUTHORIZE,
    "token_endpoint": TOKEN_URL,
    "revocation_endpoint": f"{AS}/revoke",
}
KEYS = {"issuer": AS, "jwks_uri": f"{AS}/jwks"}
"""What a client has to know to ask for an ID Token."""


def make(
    *replies: Reply, authorize_params: Mapping[str, object] | None = None, **options: object
) -> tuple[OAuth2Client, StubTransport]:
    """A client, and what it sends over."""
    stub = StubTransport({TOKEN_POST: replies})
    client = OAuth2Client(
        "id",
        "secret",
        access_token_url=TOKEN_URL,
        authorize_url=AUTHORIZE,
        authorize_params=authorize_params,
        transport=stub,
        **options,  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] from the tables
    )
    return client, stub


def test_whole_login() -> None:
    """What the request began, the callback finishes: code, redirection URI and verifier."""
    client, stub = make(issued())
    pending = client.start_authorization("https://app/cb", data={"next": "/x"})
    sent = query(pending.url)
    assert pending.code_verifier is not None
    assert sent == {
        "response_type": "code",
        "client_id": "id",
        "redirect_uri": "https://app/cb",
        "state": pending.state,
        "code_challenge": code_challenge(pending.code_verifier),
        "code_challenge_method": "S256",
    }
    callback = f"https://app/cb?code=c0de&state={pending.state}"
    assert client.authorization_key(callback) == pending.state
    token = client.finish_authorization(callback, pending, resource="x")
    assert token["access_token"] == "new"
    assert form(stub.requests[0]) == {
        "grant_type": "authorization_code",
        "code": "c0de",
        "redirect_uri": "https://app/cb",
        "code_verifier": pending.code_verifier,
        "resource": "x",
    }
    assert (pending.data, client.token) == ({"next": "/x"}, None)


def test_every_login_has_secrets_of_its_own() -> None:
    """State and verifier cannot be guessed: 192 and 384 bits (RFC 6749 10.10, RFC 7636 7.1)."""
    client, _ = make()
    begun = [client.start_authorization() for _ in range(50)]
    assert len({one.state for one in begun} | {one.code_verifier for one in begun}) == 100
    assert {len(one.state) for one in begun} == {32}
    assert {len(one.code_verifier or "") for one in begun} == {64}


def test_secrets_may_be_given_or_made_otherwise() -> None:
    """By value, or by a function that is asked by name."""
    client, _ = make(scope="openid", metadata=KEYS)
    made = client.start_authorization(make_secret=lambda name: f"{name}-{'x' * 43}")
    assert (made.code_verifier, made.nonce) == (f"code_verifier-{'x' * 43}", f"nonce-{'x' * 43}")
    given = client.start_authorization(state="s", nonce="n", code_verifier="v" * 43)
    assert (given.state, given.nonce, given.code_verifier) == ("s", "n", "v" * 43)
    assert query(given.url)["nonce"] == "n"


@pytest.mark.parametrize("method", ["none", "S256", None])
def test_pkce_is_on_unless_it_is_turned_off_by_name(method: str | None) -> None:
    """RFC 9700 2.1.1; without it neither a challenge nor a verifier is sent."""
    client, stub = make(issued(), code_challenge_method=method)
    pending = client.start_authorization(code_verifier="v" * 43)
    assert ("code_challenge" in query(pending.url)) is (method != "none")
    client.finish_authorization([("code", "c"), ("state", pending.state)], pending)
    assert ("code_verifier" in form(stub.requests[0])) is (method != "none")


@pytest.mark.parametrize(
    ("options", "asked", "sent", "nonce"),
    [
        ({}, None, None, False),
        ({"scope": "a b"}, None, "a b", False),
        ({"scope": ["a", "b"]}, None, "a b", False),
        ({"scope": ("openid", "b")}, None, "openid b", True),
        ({"scope": ["a", "b"], "scope_separator": ","}, None, "a,b", False),
        ({"scope": ["openid", "b"], "scope_separator": ","}, None, "openid,b", True),
        ({"scope": "openid b", "scope_separator": ","}, None, "openid b", True),
        ({"scope": "a"}, ["c", "d"], "c d", False),
        ({"scope": "a"}, "openid", "openid", True),
        ({"scope": "a"}, "", "a", False),
        ({"scope": "openids"}, None, "openids", False),
        ({"scope": []}, None, None, False),
        ({"scope": None}, None, None, False),
    ],
)
def test_scope_and_nonce(
    options: OAuth2Options, asked: str | list[str] | None, sent: str | None, nonce: bool
) -> None:
    """Text or list, joined as the server wants; with ``openid`` there is a nonce."""
    client, _ = make(**options, metadata=KEYS)
    pending = client.start_authorization(scope=asked)
    assert query(pending.url).get("scope") == sent
    assert ("nonce" in query(pending.url)) is nonce
    assert (pending.nonce is not None) is nonce


def test_authorize_params_win_over_those_of_a_call() -> None:
    """As they did before (4.2 of the table); options of that name come last."""
    client, _ = make(
        authorize_params={"prompt": "login", "scope": "fixed", "access_type": "offline"},
        prompt="none",
        login_hint="ada",
        response_mode="form_post",
    )
    pending = client.start_authorization(scope="other", prompt="consent", login_hint="bob", hd=None)
    sent = query(pending.url)
    assert (sent["prompt"], sent["scope"], sent["access_type"]) == ("login", "fixed", "offline")
    assert (sent["login_hint"], sent["response_mode"]) == ("bob", "form_post")
    assert "hd" not in sent


def test_parameters_called_like_http_keywords_are_sent() -> None:
    """In a redirect there is nothing else that they could mean."""
    client, _ = make(authorize_params={"method": "sms"})
    sent = query(client.start_authorization(timeout=5, params="x").url)
    assert (sent["method"], sent["timeout"], sent["params"]) == ("sms", "5", "x")


RESERVED = [
    "client_id",
    "redirect_uri",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
]


@pytest.mark.parametrize("name", RESERVED)
def test_reserved_name_is_refused_at_registration(name: str) -> None:
    """On the endpoint or among its parameters; not at the first login."""
    with pytest.raises(ConfigurationError, match=name):
        make(authorize_params={name: "x"})
    with pytest.raises(ConfigurationError, match=name):
        OAuth2Client("id", authorize_url=f"{AUTHORIZE}?{name}=x")


@pytest.mark.parametrize(
    "arguments",
    [
        {"scope": 5},
        {"scope": ["a", 5]},
        {"scope": {"a"}},
        {"code_verifier": "short"},
        {"client_id": "x"},
        {"response_type": "token"},
        {"prompt": object()},
        {"prompt": "\ud800"},
    ],
)
def test_wrong_argument_of_a_login_is_refused(arguments: dict[str, object]) -> None:
    """Nothing that a server would misread is sent."""
    client, _ = make()
    with pytest.raises(ConfigurationError):
        client.start_authorization(**arguments)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] wrong on purpose


BAD: list[tuple[str, Callback, type[OAuthError]]] = [
    ("nothing", [], StateMismatchError),
    ("no state", [("code", "c")], StateMismatchError),
    ("another state", "https://app/cb?code=c&state=x", StateMismatchError),
    ("denied", "https://app/cb?error=access_denied&state=s", AuthorizationDeniedError),
    ("denied without state", [("error", "access_denied")], StateMismatchError),
    ("no code", [("state", "s")], MissingCodeError),
    ("twice", "?state=s&state=s&code=c", DuplicateParameterError),
    ("no URL", "https://[", CallbackError),
    ("half a surrogate", [("state", "\ud800")], CallbackError),
]


@pytest.mark.parametrize(("what", "callback", "kind"), BAD, ids=[one[0] for one in BAD])
def test_bad_callback_trades_nothing(what: str, callback: Callback, kind: type[OAuthError]) -> None:
    """No token request goes out."""
    client, stub = make()
    with pytest.raises(OAuthError) as caught:
        client.finish_authorization(callback, PendingAuthorization("s"))
    assert type(caught.value) is kind
    assert stub.requests == []


def test_key_of_a_callback_without_state() -> None:
    """The server's error is told; else that no login of ours is answered."""
    client, _ = make()
    with pytest.raises(AuthorizationDeniedError):
        client.authorization_key([("error", "access_denied")])
    with pytest.raises(StateMismatchError) as caught:
        client.authorization_key("https://app/cb?code=c")
    assert caught.value.reason == "missing_state"


def from_metadata(*replies: Reply, **members: object) -> tuple[OAuth2Client, StubTransport]:
    """A client that knows just where its server's metadata lies."""
    found: dict[str, Reply | Sequence[Reply]]
    found = {f"GET {METADATA_URL}": answered({**METADATA, **members}), TOKEN_POST: replies}
    stub = StubTransport(found)
    return OAuth2Client("id", "secret", server_metadata_url=METADATA_URL, transport=stub), stub


def test_endpoints_come_from_metadata_asked_once() -> None:
    """At first need, and before any login has begun in this process (RFC 8414)."""
    client, stub = from_metadata(issued(), issued())
    assert stub.requests == []
    assert client.start_authorization().url.startswith(f"{AUTHORIZE}?")
    client.fetch_access_token()
    client.fetch_access_token()
    assert [one.method for one in stub.requests] == ["GET", "POST", "POST"]
    assert client.load_server_metadata() == METADATA


def test_issuer_is_compared_also_before_metadata_was_asked() -> None:
    """A mix-up is noticed by whatever process gets the callback (RFC 9207 2.4)."""
    callback = [("code", "c"), ("state", "s"), ("iss", "https://evil.example")]
    client, stub = from_metadata(issued())
    with pytest.raises(StateMismatchError) as caught:
        client.finish_authorization(callback, PendingAuthorization("s"))
    assert caught.value.reason == "other_issuer"
    assert [one.method for one in stub.requests] == ["GET"]
    client.finish_authorization([*callback[:2], ("iss", AS)], PendingAuthorization("s"))


def test_metadata_given_beforehand_wins() -> None:
    """Nobody is asked for what is known."""
    stub = StubTransport({TOKEN_POST: issued()})
    client = OAuth2Client(
        "id",
        metadata={"issuer": AS, "token_endpoint": TOKEN_URL},
        server_metadata_url=METADATA_URL,
        transport=stub,
    )
    client.fetch_access_token()
    with pytest.raises(ConfigurationError, match="token_endpoint"):
        OAuth2Client("id", metadata={"token_endpoint": "/token"})


@pytest.mark.parametrize("reply", [Response(404), Response(200, content=b"<html>"), OSError("cut")])
def test_metadata_that_cannot_be_had_can_be_asked_for_again(reply: Reply) -> None:
    """The login fails with our error, and the next one tries again."""
    stub = StubTransport({f"GET {METADATA_URL}": [reply, answered(METADATA)]})
    client = OAuth2Client("id", server_metadata_url=METADATA_URL, transport=stub)
    with pytest.raises(OAuthError):
        client.start_authorization()
    assert client.start_authorization().url.startswith(AUTHORIZE)


def test_missing_endpoint_is_named() -> None:
    """By the keyword; no config key is named that nobody reads."""
    with pytest.raises(ConfigurationError, match="give authorize_url=") as caught:
        OAuth2Client("id").start_authorization()
    assert "OAUTH2" not in str(caught.value)
    client, _ = from_metadata(issuer=AS, revocation_endpoint=None)
    with pytest.raises(ConfigurationError, match=r"give url=, or metadata=.*revocation_endpoint"):
        client.revoke_token("t")


def test_revocation_and_introspection() -> None:
    """Each with its own endpoint and client authentication (RFC 7009 2.1, RFC 7662 2.1)."""
    stub = StubTransport(lambda _: answered({"active": True}))
    client = OAuth2Client(
        "id",
        "secret",
        metadata={"revocation_endpoint": f"{AS}/r", "introspection_endpoint": f"{AS}/i"},
        revocation_endpoint_auth_method="client_secret_post",
        introspection_endpoint_auth_method="none",
        transport=stub,
    )
    token = client.check_token({"access_token": "a", "refresh_token": "r"})
    credentials = {"client_id": "id", "client_secret": "secret"}
    _refresh, _access = {"token_type_hint": "refresh_token"}, {"token_type_hint": "access_token"}
    client.revoke_token(token)
    assert form(stub.requests[-1]) == {
        "token": "r",
        "token_type_hint": "refresh_token",
        **credentials,
    }
    client.revoke_token(token, token_type_hint="access_token")
    assert form(stub.requests[-1]) == {
        "token": "a",
        "token_type_hint": "access_token",
        **credentials,
    }
    client.revoke_token({"access_token": "a"})
    assert form(stub.requests[-1])["token_type_hint"] == "access_token"
    client.revoke_token("text", url=f"{AS}/other")
    assert form(stub.requests[-1]) == {"token": "text", **credentials}
    assert stub.requests[-1].url == f"{AS}/other"
    assert client.introspect_token(token) == {"active": True}
    assert form(stub.requests[-1]) == {
        "token": "a",
        "token_type_hint": "access_token",
        "client_id": "id",
    }
    client.introspect_token(token, token_type_hint="refresh_token")
    assert form(stub.requests[-1])["token"] == "r"
    client.introspect_token("text")
    assert "token_type_hint" not in form(stub.requests[-1])


@pytest.mark.parametrize("token", ["", {}, None, 5, {"oauth_token": "t"}])
def test_what_is_no_token_is_neither_revoked_nor_looked_up(token: object) -> None:
    """Nothing is sent."""
    stub = StubTransport({})
    client = OAuth2Client("id", transport=stub)
    for call in (client.revoke_token, client.introspect_token):
        with pytest.raises(OAuthError):
            call(token, url=AS)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] wrong on purpose
    assert stub.requests == []


def test_hint_must_fit_the_token() -> None:
    """Revoking the access token instead would leave the refresh token alive."""
    client = OAuth2Client("id", transport=StubTransport({}))
    with pytest.raises(OAuthError, match="no refresh_token"):
        client.revoke_token({"access_token": "a"}, token_type_hint="refresh_token", url=AS)


def test_refused_revocation_hides_token_and_secret() -> None:
    """A server may quote both."""
    members = {"error": "x", "error_description": "t0ken-hush s3cret-hush"}
    stub = StubTransport(lambda _: answered(members, 400))
    client = OAuth2Client("id", "s3cret-hush", transport=stub)
    for call in (client.revoke_token, client.introspect_token):
        with pytest.raises(TokenEndpointError) as caught:
            call("t0ken-hush", url=AS)
        assert "hush" not in str(caught.value)
