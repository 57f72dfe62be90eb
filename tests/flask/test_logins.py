"""Whole logins in a Flask application, and what comes of wrong answers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.flask.site import CLIENT_SECRET, PROVIDER, Site, query_of
from typedoauth.errors import (
    AuthorizationDeniedError,
    AuthorizationResponseError,
    CallbackError,
    ConfigurationError,
    ContextError,
    DuplicateParameterError,
    InvalidGrantError,
    MissingCodeError,
    MissingVerifierError,
    OAuthError,
    StateMismatchError,
)
from typedoauth.flask.authorization import AuthorizationData, answered

BOTH = pytest.mark.parametrize("name", ["one", "two"])


@BOTH
def test_login_ends_with_a_token_that_calls_use(
    site: Site, browser: FlaskClient, name: str
) -> None:
    """The documented two views log a user in (RFC 5849 2, RFC 6749 4.1)."""
    shown = site.log_in(browser, name)
    assert shown["profile"] == {"sub": "ada", "name": "Ada"}


@BOTH
def test_callback_by_post_works_as_by_get(site: Site, browser: FlaskClient, name: str) -> None:
    """Servers that post the answer are served (OAuth 2.0 Form Post Response Mode)."""
    callback = site.decide(site.begin(browser, name))
    assert site.arrive(browser, callback, post=True).status_code == 200


def test_redirect_is_not_cached(browser: FlaskClient) -> None:
    """A redirect holds a state, which serves once."""
    answer = browser.get("/login/two")
    assert answer.headers["Cache-Control"] == "no-store"


def test_authorization_request_asks_for_a_code_with_pkce(site: Site, browser: FlaskClient) -> None:
    """What goes to the service (RFC 6749 4.1.1, RFC 7636 4.3)."""
    query = query_of(site.begin(browser, "two"))
    assert len(query.pop("state")) >= 22
    assert len(query.pop("code_challenge")) == 43
    assert query == {
        "response_type": "code",
        "client_id": "client",
        "redirect_uri": "http://localhost/authorize/two",
        "scope": "profile notes",
        "code_challenge_method": "S256",
    }


def test_state_is_not_sent_to_the_token_endpoint(site: Site, browser: FlaskClient) -> None:
    """The token request holds what RFC 6749 4.1.3 and RFC 7636 4.5 name, and no more."""
    site.log_in(browser, "two")
    (form,) = site.transport.forms("/oauth2/token")
    assert set(form) == {"grant_type", "code", "redirect_uri", "code_verifier"}


@BOTH
def test_callers_data_comes_back(site: Site, browser: FlaskClient, name: str) -> None:
    """``data=`` travels with the login and never to the service."""
    data = {"next": "/where?to=go", "n": [1, None, {"é": True}]}
    location = site.begin(browser, name, data=data)
    assert "where" not in location
    shown = site.arrive(browser, site.decide(location)).get_json()
    assert shown["data"] == data


@BOTH
def test_callers_data_is_there_after_a_refusal(site: Site, browser: FlaskClient, name: str) -> None:
    """A page that says what went wrong can lead back to where the user came from."""
    seen: list[object] = []

    @site.app.errorhandler(AuthorizationDeniedError)
    def denied(_: OAuthError) -> tuple[str, int]:
        seen.append(site.oauth.create_client(name).authorization_data)
        return "", 403

    callback = site.decide(site.begin(browser, name, data={"next": "/x"}), "deny")
    assert site.arrive(browser, callback).status_code == 403
    assert seen == [{"next": "/x"}]


def test_data_is_empty_without_a_login(site: Site) -> None:
    """Neither a request without a login nor the lack of a request is an error."""
    assert site.two.authorization_data == {}
    with site.app.test_request_context():
        assert site.two.authorization_data == {}


def test_further_parameters_go_to_the_service(site: Site, browser: FlaskClient) -> None:
    """Any query parameter can be passed; ``None`` is left out."""
    location = site.begin(browser, "two", scope="email", prompt="login", hint=None)
    query = query_of(location)
    assert (query["scope"], query["prompt"]) == ("email", "login")
    assert "hint" not in query


def test_oauth1_parameters_go_to_the_service(site: Site, browser: FlaskClient) -> None:
    """Services of OAuth 1.0 have parameters of their own, one of them called scope."""
    query = query_of(site.begin(browser, "one", force_login="true", scope="read,write"))
    assert (query["force_login"], query["scope"]) == ("true", "read,write")


@pytest.mark.parametrize("parameter", ["state", "nonce", "code_verifier"])
def test_oauth1_refuses_what_it_does_not_know(
    site: Site, browser: FlaskClient, parameter: str
) -> None:
    """A parameter that OAuth 1.0 would lose is refused, and nothing is sent."""
    answer = browser.get(f'/login/one?parameters={{"{parameter}":"x"}}')
    assert answer.status_code == 400
    assert parameter in answer.text
    assert site.transport.requests == []


def test_own_state_nonce_and_verifier_are_used(site: Site, browser: FlaskClient) -> None:
    """Values of the caller's own replace those of the library (migration table 4.2)."""
    verifier = "v" * 43
    location = site.begin(
        browser,
        "two",
        scope="openid profile",
        state="mine",
        nonce="my-nonce",
        code_verifier=verifier,
    )
    query = query_of(location)
    assert (query["state"], query["nonce"]) == ("mine", "my-nonce")
    assert site.arrive(browser, site.decide(location)).status_code == 200
    assert site.transport.forms("/oauth2/token")[0]["code_verifier"] == verifier


@pytest.mark.parametrize("state", ["a", "s" * 44, "s" * 2000, "é ü", "~" + "0" * 32])
def test_own_state_may_be_any_text(site: Site, browser: FlaskClient, state: str) -> None:
    """A long state is kept by its hash, which nobody notices; and it serves again."""
    for _ in range(2):
        site.log_in(browser, "two", state=state)


@BOTH
@pytest.mark.parametrize("post", [False, True])
def test_denial_is_told_and_uses_the_login_up(
    site: Site, browser: FlaskClient, name: str, post: bool
) -> None:
    """``access_denied`` and ``denied`` are errors of their own (RFC 6749 4.1.2.1)."""
    callback = site.decide(site.begin(browser, name), "deny")
    assert isinstance(site.refused(browser, callback, post=post), AuthorizationDeniedError)
    again = site.refused(browser, callback, post=post)
    assert isinstance(again, StateMismatchError)
    assert again.reason == "already_used"


@pytest.mark.parametrize("post", [False, True])
def test_error_of_the_service_is_told(site: Site, browser: FlaskClient, post: bool) -> None:
    """``error``, its description and its page come out (RFC 6749 4.1.2.1)."""
    state = query_of(site.begin(browser, "two"))["state"]
    callback = (
        f"http://localhost/authorize/two?state={state}&error=temporarily_unavailable"
        "&error_description=come+back&error_uri=https://provider.example/why"
    )
    error = site.refused(browser, callback, post=post)
    assert isinstance(error, AuthorizationResponseError)
    assert (error.error, error.description, error.uri) == (
        "temporarily_unavailable",
        "come back",
        "https://provider.example/why",
    )


@pytest.mark.parametrize(
    ("name", "query", "error"),
    [
        ("two", "state={state}", MissingCodeError),
        ("two", "state={state}&code=", MissingCodeError),
        ("two", "state={state}&code=a&code=b", DuplicateParameterError),
        ("two", "state={state}&state={state}&code=a", DuplicateParameterError),
        ("two", "state=&code=a", StateMismatchError),
        ("two", "code=a", StateMismatchError),
        ("two", "", StateMismatchError),
        ("two", "error=x", AuthorizationResponseError),
        ("two", "state={state}%00&code=a", StateMismatchError),
        ("two", "state={state}&code=%ff%fe", InvalidGrantError),
        ("two", "state={state}&code=" + "c" * 5000, InvalidGrantError),
        ("one", "oauth_token={state}", MissingVerifierError),
        ("one", "oauth_token={state}&oauth_verifier=", MissingVerifierError),
        (
            "one",
            "oauth_token={state}&oauth_token={state}&oauth_verifier=v",
            DuplicateParameterError,
        ),
        ("one", "oauth_verifier=v", StateMismatchError),
        ("one", "", StateMismatchError),
        ("one", "oauth_token=other&oauth_verifier=v", StateMismatchError),
        ("one", "oauth_token={state}%00&oauth_verifier=v", StateMismatchError),
    ],
)
def test_wrong_callback_is_refused(
    site: Site, browser: FlaskClient, name: str, query: str, error: type[OAuthError]
) -> None:
    """Each thing that a callback may lack or have too much of has its error (RFC 6749 3.1)."""
    begun = query_of(site.begin(browser, name))
    state = begun.get("state") or begun["oauth_token"]
    callback = f"http://localhost/authorize/{name}?{query.replace('{state}', state)}"
    assert type(site.refused(browser, callback)) is error


def test_parameters_in_both_query_and_form_count_twice(site: Site, browser: FlaskClient) -> None:
    """A posted callback cannot hide a second code in its URL."""
    callback = site.decide(site.begin(browser, "two"))
    answer = browser.post(callback, data=query_of(callback))
    assert answer.status_code == 400
    assert isinstance(site.errors[-1], DuplicateParameterError)


def test_a_query_that_is_no_text_is_refused(site: Site) -> None:
    """A raw byte that is not UTF-8 is an error of ours, and quoted nowhere."""
    environ = {"QUERY_STRING": "state=\xff&code=hush"}
    with (
        site.app.test_request_context("/authorize/two", environ_overrides=environ),
        pytest.raises(CallbackError, match="UTF-8") as caught,
    ):
        site.oauth.create_client("two").authorize_access_token()
    assert caught.value.__context__ is None


def test_body_of_a_get_is_not_read(site: Site, browser: FlaskClient) -> None:
    """Only a POST carries parameters in its body."""
    callback = site.decide(site.begin(browser, "two"))
    answer = browser.get("/authorize/two", data=query_of(callback))
    assert answer.status_code == 400


def test_callback_of_another_client_is_refused(site: Site, browser: FlaskClient) -> None:
    """A state counts for the client that it was made for (RFC 9700 4.4)."""
    state = query_of(site.begin(browser, "two"))["state"]
    site.oauth.register("one", access_token_url=f"{PROVIDER}/oauth2/token", client_id="other")
    error = site.refused(browser, f"http://localhost/authorize/one?state={state}&code=c")
    assert isinstance(error, StateMismatchError)
    assert not site.transport.forms("/oauth2/token")


@BOTH
@pytest.mark.parametrize("again", [False, True])
def test_two_steps_by_hand_are_a_login(
    site: Site, browser: FlaskClient, name: str, again: bool
) -> None:
    """``create_authorization_url`` and ``save_authorize_data`` are the redirect in two steps.

    Existing code says the redirection URI twice.
    """

    @site.app.get("/by-hand")
    def by_hand() -> str:
        client = site.oauth.create_client(name)
        redirect_uri = f"http://localhost/authorize/{name}"
        begun = client.create_authorization_url(redirect_uri, data={"next": "/x"})
        if again:
            client.save_authorize_data(redirect_uri=redirect_uri, **begun)
        else:
            client.save_authorize_data(**begun)
        return begun["url"]

    shown = site.arrive(browser, site.decide(browser.get("/by-hand").text)).get_json()
    assert (shown["profile"]["name"], shown["data"]) == ("Ada", {"next": "/x"})


def test_authorization_url_is_made_without_a_request(site: Site) -> None:
    """A script may begin a login; what to remember is in the answer."""
    begun = site.two.create_authorization_url("http://localhost/authorize/two", scope="openid")
    assert {"url", "state", "code_verifier", "nonce"} == set(begun)


def test_save_without_state_is_refused(site: Site) -> None:
    """What identifies the login has to be there."""
    with site.app.test_request_context(), pytest.raises(ConfigurationError, match="state="):
        site.two.save_authorize_data(redirect_uri="https://a.example")


@pytest.mark.parametrize(
    "wrong", [{"max_age": "an hour"}, {"max_age": -1}, {"acr_values": 5}, {"acr_values": [1]}]
)
def test_save_of_a_wrong_value_is_refused(
    site: Site, wrong: dict[str, Any]
) -> None:  # any: wrong on purpose
    """What the ID Token has to show would be forgotten."""
    with site.app.test_request_context(), pytest.raises(ConfigurationError):
        site.two.save_authorize_data(state="s", **wrong)


def test_save_reads_what_a_form_has_made_of_it(site: Site) -> None:
    """Numbers and lists as texts."""
    form: AuthorizationData = json.loads('{"state": "s", "max_age": "60", "acr_values": "a b"}')
    kept = answered(form)
    assert (kept.max_age, kept.acr_values) == (60, ("a", "b"))


def test_login_outside_of_a_request_is_refused(site: Site) -> None:
    """There is no browser to bind it to, and the error says so."""
    with site.app.app_context():
        for act in (site.two.authorize_redirect, site.two.authorize_access_token):
            with pytest.raises(ContextError, match=r"no request.*call this from a view"):
                act()
    assert site.transport.requests == []


def test_token_request_takes_parameters_of_the_call(site: Site, browser: FlaskClient) -> None:
    """Keywords of ``authorize_access_token`` are sent with the token request."""

    @site.app.get("/authorize-more")
    def more() -> str:
        site.two.authorize_access_token(audience="api", headers={"X-Trace": "1"})
        return "in"

    query = site.decide(site.begin(browser, "two")).partition("?")[2]
    assert browser.get(f"/authorize-more?{query}").text == "in"
    assert site.transport.forms("/oauth2/token")[0]["audience"] == "api"
    assert site.transport.requests[-1].headers["x-trace"] == "1"


def test_server_metadata_fill_in_endpoints(browser: FlaskClient, site: Site) -> None:
    """``server_metadata_url`` is asked at the first need (RFC 8414 3)."""
    two = site.oauth.register(
        "two",
        client_id="client",
        client_secret=CLIENT_SECRET,
        server_metadata_url=f"{PROVIDER}/.well-known/oauth-authorization-server",
        api_base_url=f"{PROVIDER}/api/",
        client_kwargs={"scope": "profile"},
    )
    assert site.transport.requests == []
    site.log_in(browser, "two")
    metadata = two.load_server_metadata()
    assert metadata.get("token_endpoint") == f"{PROVIDER}/oauth2/token"
    asked = [one for one in site.transport.requests if "/.well-known/" in one.url]
    assert len(asked) == 1
