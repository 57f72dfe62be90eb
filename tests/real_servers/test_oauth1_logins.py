"""Whole logins at Authlib's OAuth 1.0 provider, through the documented API (RFC 5849)."""

from __future__ import annotations

import pytest

from tests.real_servers.browser import Browser
from tests.real_servers.clients import HMAC, PLAINTEXT, RSA, OAuth1Registration
from tests.real_servers.login_app import LoginApp
from tests.real_servers.servers import OAuth1Server
from typedoauth.client import OAuth1Options
from typedoauth.errors import (
    AuthorizationDeniedError,
    CredentialRequestError,
    StateMismatchError,
)
from typedoauth.tokens import OAuth1Token

_METHODS = [(HMAC, "HMAC-SHA1"), (RSA, "RSA-SHA1"), (PLAINTEXT, "PLAINTEXT")]


def _options(server: OAuth1Server, method: str, placement: str = "HEADER") -> OAuth1Options:
    options: OAuth1Options = {"signature_method": method, "signature_type": placement}
    if method == "RSA-SHA1":
        options["rsa_key"] = server.rsa_key
    return options


@pytest.mark.parametrize("placement", ["HEADER", "QUERY", "BODY"])
@pytest.mark.parametrize(("client", "method"), _METHODS)
def test_login_with_each_signature_and_placement(
    authlib_oauth1: OAuth1Server, client: OAuth1Registration, method: str, placement: str
) -> None:
    """Each method (3.4) and placement (3.5) carries a login from its start to an API call."""
    site = LoginApp(verb="POST" if placement == "BODY" else "GET")  # a GET has no body to sign
    site.register_oauth1(authlib_oauth1, client, _options(authlib_oauth1, method, placement))
    assert set(site.log_in()) >= {"oauth_token", "oauth_token_secret"}


@pytest.fixture(scope="module")
def token(authlib_oauth1: OAuth1Server) -> OAuth1Token:
    """Token credentials of a login with HMAC-SHA1."""
    site = LoginApp()
    site.register_oauth1(authlib_oauth1, HMAC, _options(authlib_oauth1, "HMAC-SHA1"))
    found = site.log_in()
    return {
        "oauth_token": found["oauth_token"],
        "oauth_token_secret": found["oauth_token_secret"],
    }


@pytest.mark.parametrize("placement", ["HEADER", "QUERY", "BODY"])
@pytest.mark.parametrize("verb", ["POST", "PUT"])
def test_signed_form_arrives_as_it_was_given(
    authlib_oauth1: OAuth1Server, token: OAuth1Token, verb: str, placement: str
) -> None:
    """The server reads a signed form as it was (3.4.1.3.1), the signature in its place (3.5)."""
    site = LoginApp()
    options = _options(authlib_oauth1, "HMAC-SHA1", placement)
    remote = site.register_oauth1(authlib_oauth1, HMAC, options)
    form = {"status": "a b+c~d&é=%41/ü", "empty": ""}
    with site.app.app_context():
        answer = remote.request(verb, "echo", token=token, data=form)
    assert answer.status_code == 200, answer.text
    sent, query = dict(answer.json()["form"]), dict(answer.json()["query"])
    assert {name: sent.get(name) for name in form} == form
    signed = ("oauth_signature" in sent, "oauth_signature" in query)
    assert signed == (placement == "BODY", placement == "QUERY")


def test_query_is_signed_and_arrives(authlib_oauth1: OAuth1Server, token: OAuth1Token) -> None:
    """Parameters on the URL and in ``params``, doubled ones too, are signed (3.4.1.3.1)."""
    site = LoginApp()
    remote = site.register_oauth1(authlib_oauth1, HMAC, _options(authlib_oauth1, "HMAC-SHA1"))
    with site.app.app_context():
        params = [("b", "2 +&"), ("b", "1"), ("c", "")]
        answer = remote.get("echo?a=x%20y", token=token, params=params)
    assert answer.status_code == 200, answer.text
    assert answer.json()["query"] == [["a", "x y"], ["b", "2 +&"], ["b", "1"], ["c", ""]]


@pytest.mark.parametrize("placement", ["HEADER", "QUERY"])
def test_body_that_is_no_form_arrives_untouched(
    authlib_oauth1: OAuth1Server, token: OAuth1Token, placement: str
) -> None:
    """JSON is not signed and not changed (3.4.1.3.1)."""
    site = LoginApp()
    options = _options(authlib_oauth1, "HMAC-SHA1", placement)
    remote = site.register_oauth1(authlib_oauth1, HMAC, options)
    with site.app.app_context():
        answer = remote.post("echo", token=token, json={"a": "é&b=c"})
    assert answer.status_code == 200, answer.text
    assert (answer.json()["form"], answer.json()["content_type"]) == ([], "application/json")


def test_files_arrive(authlib_oauth1: OAuth1Server, token: OAuth1Token) -> None:
    """A multipart body is not signed; Authlib agrees as long as it holds files only."""
    site = LoginApp()
    remote = site.register_oauth1(authlib_oauth1, HMAC, _options(authlib_oauth1, "HMAC-SHA1"))
    with site.app.app_context():
        answer = remote.post("echo", token=token, files={"photo": ("a.txt", b"content")})
    assert answer.status_code == 200, answer.text
    assert answer.json()["files"] == {"photo": "content"}


@pytest.mark.parametrize(("client", "method"), [_METHODS[0], _METHODS[2]])
def test_wrong_client_secret_is_an_error_of_its_kind(
    authlib_oauth1: OAuth1Server, client: OAuth1Registration, method: str
) -> None:
    """The server's refusal comes out as ``CredentialRequestError``, with its status (2.1)."""
    site = LoginApp()
    impostor = OAuth1Registration(client.client_id, "guessed")
    site.register_oauth1(authlib_oauth1, impostor, _options(authlib_oauth1, method))
    with site.app.test_client() as http, pytest.raises(CredentialRequestError) as caught:
        http.get("/login")
    assert caught.value.status == 401
    assert "guessed" not in str(caught.value)


def test_refusal_of_the_person_is_an_error_of_its_own(authlib_oauth1: OAuth1Server) -> None:
    """Authlib answers ``error=access_denied`` and no token; no credentials are asked for."""
    site = LoginApp()
    site.register_oauth1(authlib_oauth1, HMAC, _options(authlib_oauth1, "HMAC-SHA1"))
    with site.app.test_client() as http:
        arrival = site.begin(http, Browser(decision="deny"))
        with pytest.raises(AuthorizationDeniedError):
            arrival.open_in(http)


def test_callback_works_once(authlib_oauth1: OAuth1Server) -> None:
    """Opening the callback again reaches no server."""
    site = LoginApp()
    site.register_oauth1(authlib_oauth1, HMAC, _options(authlib_oauth1, "HMAC-SHA1"))
    with site.app.test_client() as http:
        arrival = site.begin(http)
        assert arrival.open_in(http).status_code == 200
        before = len(authlib_oauth1.process.requests())
        with pytest.raises(StateMismatchError):
            arrival.open_in(http)
    assert len(authlib_oauth1.process.requests()) == before


def test_callback_of_another_browser_is_refused(authlib_oauth1: OAuth1Server) -> None:
    """A login that one browser began does not end in another (4.4)."""
    site = LoginApp()
    site.register_oauth1(authlib_oauth1, HMAC, _options(authlib_oauth1, "HMAC-SHA1"))
    with site.app.test_client() as http:
        arrival = site.begin(http)
    with site.app.test_client() as victim, pytest.raises(StateMismatchError):
        arrival.open_in(victim)
