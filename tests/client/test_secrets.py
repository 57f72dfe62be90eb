"""No secret in a log line, a repr, an exception, or what hangs on one."""

from __future__ import annotations

import logging
import pickle
from collections.abc import Iterator
from urllib.parse import unquote_plus

import pytest

from tests.client.world import API, AS, TOKEN_URL, SteppingClock, answered, issued
from typedoauth import OAuth1Client, OAuth2Client, OAuthError, Request, Response
from typedoauth._urls import query_pairs
from typedoauth.transports import StubTransport


def told(error: BaseException | None) -> Iterator[str]:
    """Everything that an exception shows: its causes, contexts and attributes as well."""
    while error is not None:
        yield f"{error!s} {error!r} {vars(error)!r} {error.args!r}"
        error = error.__cause__ or error.__context__


def whole_life(client: OAuth2Client, clock: SteppingClock) -> None:
    """Log in, call, refresh, call, look up, revoke."""
    pending = client.start_authorization("https://app/cb", data={"next": "hush-data"})
    callback = f"https://app/cb?code=hush-code&state={pending.state}"
    token = client.finish_authorization(callback, pending)
    client.get("me?x=hush-query", token=token, headers={"X-Key": "hush-key"})
    clock.now += 3600
    client.post("me", token=token, data={"a": "hush-body"})
    client.introspect_token(token)
    client.revoke_token(token)


@pytest.mark.parametrize("placement", ["header", "query"])
def test_whole_life_of_a_token_logs_no_secret(
    placement: str, caplog: pytest.LogCaptureFixture
) -> None:
    """At DEBUG there is something to read, and nothing worth stealing."""
    number = iter(range(100))

    def reply(request: Request) -> Response:
        if request.url == TOKEN_URL:
            return issued(f"hush-access{next(number)}", expires_in=60, refresh_token="hush-refresh")
        return answered({"active": True})

    clock = SteppingClock()
    stub = StubTransport(reply)
    client = OAuth2Client(
        "id",
        "hush-secret",
        access_token_url=TOKEN_URL,
        authorize_url=f"{AS}/authorize",
        api_base_url=API,
        metadata={"revocation_endpoint": f"{AS}/r", "introspection_endpoint": f"{AS}/i"},
        token_placement=placement,  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] from the table
        clock=clock,
        transport=stub,
    )
    with caplog.at_level(logging.DEBUG):
        whole_life(client, clock)
    text = caplog.text + repr(caplog.records) + repr(stub) + repr(stub.requests) + repr(client)
    assert "token refreshed" in caplog.text
    assert "hush" not in text
    assert len(stub.requests) == 6


HOSTILE = [
    Response(200, {"Content-Type": "application/json"}, b'{"access_token": "hush-access", '),
    Response(200, {"Content-Type": "application/json"}, b'{"access_token": "hush-access\xff"}'),
    Response(200, content=b"<html>hush-code hush-access"),
    answered({"access_token": "hush-access\n"}),
    answered({"access_token": "hush-access", "expires_in": "hush-secret"}),
    answered({"access_token": "hush-access", "token_type": None}),
    answered({"access_token": "hush-access"}, 500),
    answered(["hush-access"]),
]


@pytest.mark.parametrize("reply", HOSTILE)
def test_no_error_shows_a_secret(reply: Response) -> None:
    """Whatever the server answers, wherever one looks at the exception."""
    client = OAuth2Client(
        "id",
        "hush-secret",
        access_token_url=TOKEN_URL,
        token_endpoint_auth_method="client_secret_post",
        metadata={"introspection_endpoint": f"{AS}/i"},
        transport=StubTransport(lambda _: reply),
    )
    token = client.check_token({"access_token": "hush-access", "refresh_token": "hush-refresh"})
    for call in (
        lambda: client.fetch_access_token(code="hush-code", scope="hush-access"),
        lambda: client.refresh_token(token),
        lambda: client.introspect_token(token),
    ):
        with pytest.raises(OAuthError) as caught:
            call()
        assert "hush" not in "".join(told(caught.value))
        assert b"hush-secret" not in pickle.dumps(caught.value)


def echo(request: Request) -> Response:
    """Refuse, quoting all that was sent: as it came, and decoded."""
    values = [value for _, value in query_pairs((request.body or b"").decode())]
    basic = request.headers.get("authorization", "")
    said = [(request.body or b"").decode(), *values, basic, unquote_plus(basic)]
    return answered({"error": " ".join(said), "error_description": " ".join(said)}, 400)


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_echoed_request_is_hidden(method: str) -> None:
    """Servers quote what they cannot accept, in whatever spelling."""
    client = OAuth2Client(
        "id",
        "hush secret",
        access_token_url=TOKEN_URL,
        token_endpoint_auth_method=method,
        metadata={"introspection_endpoint": f"{AS}/i", "revocation_endpoint": f"{AS}/r"},
        transport=StubTransport(echo),
    )
    token = client.check_token({"access_token": "hush/a", "refresh_token": "hush r"})
    for call in (
        lambda: client.fetch_access_token("https://app/cb", code="hush c", code_verifier="hush+v"),
        lambda: client.fetch_access_token(username="ada", password="hush"),
        lambda: client.refresh_token(token),
        lambda: client.introspect_token(token),
        lambda: client.revoke_token(token),
    ):
        with pytest.raises(OAuthError, match="hidden") as caught:
            call()
        assert "hush" not in "".join(told(caught.value))
        assert "aWQ6" not in "".join(told(caught.value))


def test_oauth1_logs_and_errors_show_no_secret(caplog: pytest.LogCaptureFixture) -> None:
    """Temporary credentials, verifier, token and client secret."""
    replies = {
        f"{AS}/request": Response(
            200,
            content=b"oauth_token=hush-temp&oauth_token_secret=hush-ts&oauth_callback_confirmed=true",
        ),
        f"{AS}/access": Response(401, content=b"hush-ver hush-temp oauth_problem=hush-ts"),
    }
    client = OAuth1Client(
        "id",
        "hush-secret",
        request_token_url=f"{AS}/request",
        access_token_url=f"{AS}/access",
        authorize_url=f"{AS}/authorize",
        signature_type="QUERY",
        signature_method="PLAINTEXT",
        transport=StubTransport(replies),
    )
    callback = [("oauth_token", "hush-temp"), ("oauth_verifier", "hush-ver")]
    with caplog.at_level(logging.DEBUG):
        pending = client.start_authorization()
        with pytest.raises(OAuthError) as caught:
            client.finish_authorization(callback, pending)
    assert "hush" not in "".join(told(caught.value))
    assert "hush" not in caplog.text + repr(client)
    assert "hush-ts" not in repr(pending)
