"""API calls and their answers."""

from __future__ import annotations

import io
from typing import Any, assert_type

import pytest

from tests.typing.services import BASE, OAUTH2_TOKEN, TOKEN, answer, new_app, new_services
from typedoauth import (
    Headers,
    OAuth2Client,
    OAuthError,
    Response,
    TokenEndpointError,
    UnknownClientError,
)
from typedoauth.client import CallOptions
from typedoauth.client.options import Files
from typedoauth.flask import OAuth, OAuth2App, RemoteApp
from typedoauth.messages import Timeout
from typedoauth.transports import StubTransport


def github() -> OAuth2App:
    """A service that answers every call."""
    return new_services(new_app()).github


def test_response_has_the_names_of_requests() -> None:
    """With their types; ``json()`` is the one ``Any``."""
    response = github().get("user", token=OAUTH2_TOKEN)
    assert_type(response, Response)
    assert_type(response.json(), Any)
    assert_type(response.status_code, int)
    assert_type(response.ok, bool)
    assert_type(response.headers, Headers)
    assert_type(response.content, bytes)
    assert_type(response.text, str)
    assert_type(response.cookies, dict[str, str])
    assert_type(response.retry_after, float | None)
    assert_type(list(response.iter_content(3)), list[bytes])
    response.raise_for_status()
    login: str = response.json()["login"]
    assert login == "ada"


def test_calls_take_the_keywords_of_requests() -> None:
    """Parameters, bodies, headers, files and time limits as people write them."""
    flask = new_app()
    app = new_services(flask).github
    with flask.app_context():
        app.token = OAUTH2_TOKEN
        assert app.get("user", params={"page": 1, "all": True, "q": ["a", "b"], "n": None}).ok
        assert app.get("user", params=[("a", "1"), ("a", 2)], timeout=3).ok
        assert app.get("user", params="a=1", timeout=(1, 2.5)).ok
        assert app.post("user", data={"a": "1"}, headers={"X-A": "1"}, cookies={"c": "1"}).ok
        assert app.put("user", data=b"raw", timeout=Timeout(1, 2, 3)).ok
        assert app.patch("user", json={"a": [1, None, {"b": 2.5}]}, allow_redirects=False).ok
        files: Files = {"f": io.BytesIO(b"x"), "g": ("g.txt", "x", "text/plain")}
        assert app.post("user", files=files).ok
        assert app.delete("user", verify="/ca.pem", cert=("/c.pem", "/k.pem"), proxies={}).ok
        assert app.head("user").ok
        assert app.options("user").ok
        with app.request("GET", "user", stream=True, withhold_token=True) as response:
            assert b"".join(response) == b'{"login": "ada"}'


def test_call_options_may_be_kept_in_a_typed_dict() -> None:
    """What many calls have in common."""
    common: CallOptions = {"headers": {"Accept": "application/json"}, "timeout": 3}
    assert github().get("user", token=OAUTH2_TOKEN, **common).ok


def test_parameters_from_variables_check() -> None:
    """A ``dict[str, str]`` is as good as a literal."""
    names: dict[str, str] = {"a": "1"}
    pages: dict[str, int | None] = {"page": 1}
    assert github().get("user", token=OAUTH2_TOKEN, params=names).ok
    assert github().post("user", token=OAUTH2_TOKEN, data=pages).ok


def test_login_view_of_any_service_checks() -> None:
    """The documented view over ``create_client``, whatever the service speaks."""
    flask = new_app()
    oauth: OAuth = new_services(flask)

    def login(name: str) -> str:
        client = oauth.create_client(name)
        assert_type(client, RemoteApp)
        return client.authorize_redirect("https://app.example/back", ui_locales="en").location

    with flask.test_request_context():
        assert login("github").startswith("https://as.example/authorize?")
        assert login("twitter").endswith("?oauth_token=r1&ui_locales=en")


def test_login_in_two_steps_checks() -> None:
    """What ``create_authorization_url`` gives, ``save_authorize_data`` takes."""
    flask = new_app()
    app = new_services(flask).github
    with flask.test_request_context():
        begun = app.create_authorization_url("https://app.example/back", data={"next": "/"})
        app.save_authorize_data(**begun)
        assert_type(begun["state"], str)
        assert begun.get("data") == {"next": "/"}


def test_errors_tell_what_and_where() -> None:
    """One class to catch, with the server's words and a stable code."""
    refusing = StubTransport({TOKEN: Response(400, content=b'{"error": "invalid_scope"}')})
    client = OAuth2Client("c", access_token_url=TOKEN, transport=refusing)
    with pytest.raises(OAuthError) as caught:
        client.fetch_access_token(scope=["a", "b"])
    error = caught.value
    assert_type(error.error, str)
    assert_type(error.description, str)
    assert_type(error.uri, str | None)
    assert_type(error.code, str)
    assert isinstance(error, TokenEndpointError)
    assert_type(error.status, int | None)
    assert (error.error, error.status) == ("invalid_scope", 400)


def test_unknown_client_is_a_key_error() -> None:
    """Code that caught ``KeyError`` goes on working."""
    with pytest.raises(KeyError) as caught:
        OAuth().create_client("githib")
    assert isinstance(caught.value, UnknownClientError)


def test_client_without_flask_is_used_alike() -> None:
    """A script has the same calls, with a token of its own."""
    client = OAuth2Client(
        "c", api_base_url=BASE, token=OAUTH2_TOKEN, transport=StubTransport(answer)
    )
    assert_type(client.get("user").json(), Any)
    client.headers["Accept"] = "application/json"
    assert client.get("user").json() == {"login": "ada"}
