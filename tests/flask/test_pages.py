"""The pages: who may see and do what, and what stands in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.flask.portal import make_portal
from typedoauth import errors
from typedoauth.errors import ConfigurationError, LoginRequiredError, OAuthError, TransportError
from typedoauth.flask import OAuth, create_account_pages, error_page
from typedoauth.flask.pages.error_words import WORDS, words_for
from typedoauth.providers import GitHub, GitLab
from typedoauth.stores import MemoryTokenStore
from typedoauth.testing import LocalProvider
from typedoauth.tokens import TokenKey, is_oauth2_token


@pytest.fixture
def provider() -> Iterator[LocalProvider]:
    """A provider in the place of all services, where Ada signs in."""
    provider = LocalProvider()
    provider.login_as("ada", name="Ada Lovelace", email="ada@example.com")
    provider.add_resource("https://api.github.com/user", {"id": 7, "name": "Ada Lovelace"})
    provider.add_resource("https://api.github.com/user/emails", [])
    provider.add_resource(
        "https://api.twitter.com/1.1/account/verify_credentials.json", {"id_str": "9"}
    )
    yield provider
    provider.close()


@pytest.fixture
def store() -> MemoryTokenStore:
    """Where the application keeps tokens."""
    return MemoryTokenStore()


@pytest.fixture
def portal(provider: LocalProvider, store: MemoryTokenStore) -> Flask:
    """The application."""
    app = make_portal(token_store=store)
    provider.stand_in(app)
    return app


@pytest.fixture
def browser(portal: Flask) -> FlaskClient:
    """Somebody's browser."""
    return portal.test_client()


def log_in(browser: FlaskClient, name: str) -> str:
    """Log in with a service, and return the page that follows."""
    page = browser.get(f"/login/{name}", follow_redirects=True)
    assert page.status_code == 200, page.text
    return page.text


def fields(page: str, button: str) -> dict[str, str]:
    """The fields of the form that has a button."""
    form = next(one for one in re.findall(r"<form.*?</form>", page, re.S) if button in one)
    found = re.findall(r'<input type="hidden" name="(.*?)" value="(.*?)">', form)
    return {name: unescape(value) for name, value in found}


def test_ways_to_sign_in_are_links(browser: FlaskClient) -> None:
    """One for each service, by its title, which remember where to return to."""
    page = browser.get("/account/sign-in?next=/notes").text
    assert [one in page for one in ("Continue with GitHub", "Continue with Google")] == [True, True]
    assert 'href="/login/github?next=/notes"' in page
    assert "<script" not in page


def test_return_address_of_another_site_is_dropped(browser: FlaskClient) -> None:
    """The page hands on no open redirect."""
    assert "evil" not in browser.get("/account/sign-in?next=//evil.example").text


def test_strangers_are_asked_to_sign_in(browser: FlaskClient) -> None:
    """And come back to the page."""
    answer = browser.get("/account/")
    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        "/account/sign-in?next=/account/",
    )


def test_linked_accounts_are_listed(browser: FlaskClient, store: MemoryTokenStore) -> None:
    """With what was granted and for how long; no token stands in the page."""
    page = log_in(browser, "github")
    page = log_in(browser, "google")
    assert page.index("<h3>GitHub") < page.index("<h3>Google")
    assert "read:user, user:email" in page
    assert "openid, email, profile" in page
    assert "is renewed by itself" in page
    token = store.get(TokenKey("github", "github:7"))
    assert token is not None
    assert is_oauth2_token(token)
    assert token["access_token"] not in page


def test_account_is_unlinked_and_revoked(browser: FlaskClient, provider: LocalProvider) -> None:
    """The provider has a way to revoke, which its metadata tells."""
    page = log_in(browser, "google")
    done = browser.post("/account/unlink", data=fields(page, "Unlink Google"))
    assert done.status_code == 200
    assert "Google is unlinked, and this site" in done.text
    assert "No account is linked yet" in done.text
    assert provider.counts["revocation"] == 1


def test_account_of_a_service_without_revocation_is_forgotten(browser: FlaskClient) -> None:
    """The page says what is left to do."""
    page = log_in(browser, "twitter")
    done = browser.post("/account/unlink", data=fields(page, "Unlink"))
    assert done.status_code == 200
    assert "itself was not told" in done.text
    assert "No account is linked yet" in done.text


def test_account_stays_when_the_service_is_down(
    browser: FlaskClient, provider: LocalProvider
) -> None:
    """It can be forgotten here alone, by a second button."""
    page = log_in(browser, "google")
    with provider.faults("answer_500_twice"):
        kept = browser.post("/account/unlink", data=fields(page, "Unlink Google"))
    assert kept.status_code == 502
    assert "could not be told" in kept.text
    with provider.faults("answer_500_twice"):
        done = browser.post("/account/unlink", data=fields(kept.text, "Unlink here only"))
    assert "itself was not told" in done.text
    assert "No account is linked yet" in done.text


def test_unlinking_twice_is_no_error(browser: FlaskClient) -> None:
    """The second time there is nothing to say."""
    form = fields(log_in(browser, "google"), "Unlink Google")
    browser.post("/account/unlink", data=form)
    again = browser.post("/account/unlink", data=form)
    assert again.status_code == 200
    assert 'role="status"' not in again.text


@pytest.mark.parametrize("form_token", ["", "made up", "ümläut"])
def test_form_of_another_site_is_refused(browser: FlaskClient, form_token: str) -> None:
    """It cannot know what the session holds."""
    form = fields(log_in(browser, "google"), "Unlink Google")
    assert (
        browser.post("/account/unlink", data=form | {"form_token": form_token}).status_code == 400
    )
    assert "<h3>Google" in browser.get("/account/").text


def test_nobody_unlinks_for_another(portal: Flask) -> None:
    """Whose account it is stands in no form."""
    ada, eve = portal.test_client(), portal.test_client()
    form = fields(log_in(ada, "google"), "Unlink Google")
    eve.get("/account/")
    with eve.session_transaction() as session:
        session["user"] = "eve"
    mine = fields(eve.get("/account/").text + log_in(eve, "github"), "Unlink GitHub")
    eve.post("/account/unlink", data=form | {"form_token": mine["form_token"], "owner": "ada"})
    assert "<h3>Google" in ada.get("/account/").text


def test_unlinking_needs_somebody(browser: FlaskClient) -> None:
    """Whose session has ended is asked to sign in."""
    form = fields(log_in(browser, "google"), "Unlink Google")
    with browser.session_transaction() as session:
        del session["user"]
    answer = browser.post("/account/unlink", data=form)
    assert answer.status_code == 303
    assert browser.get("/account/unlink").headers["Location"] == "/account/"


def test_pages_are_not_kept_and_not_framed(browser: FlaskClient) -> None:
    """A page of somebody's accounts is nobody else's."""
    log_in(browser, "google")
    for path in ("/account/", "/account/sign-in", "/auth/google"):
        headers = browser.get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Content-Security-Policy"] == "frame-ancestors 'none'"


def test_failed_login_has_a_page(browser: FlaskClient, provider: LocalProvider) -> None:
    """It says what happened, what to do, and what to tell whoever helps."""
    with provider.faults("deny"):
        page = browser.get("/login/github", follow_redirects=True)
    assert page.status_code == 403
    assert "You, or GitHub, said no." in page.text
    assert 'href="/login/github"' in page.text
    assert "<code>access_denied</code>" in page.text


ERRORS = [kind for name in errors.__all__ if issubclass(kind := getattr(errors, name), OAuthError)]


@pytest.mark.parametrize("kind", ERRORS)
def test_every_error_has_a_page(portal: Flask, kind: type[OAuthError]) -> None:
    """In plain words, with a status, and without what the error says to developers."""
    error = kind(description="of developers")
    with portal.test_request_context():
        page = error_page(error)
    words = words_for(error)
    assert page.status_code == words.status >= 400
    text = page.get_data(as_text=True)
    assert "{service}" not in text
    assert "of developers" not in text
    assert kind.code in text


def test_words_are_of_the_class_or_its_base() -> None:
    """A class of the application's own is told as what it derives from."""

    class Mine(TransportError):
        pass

    assert words_for(Mine("it rains")) is WORDS[TransportError]


@pytest.mark.parametrize(
    "error",
    [
        errors.TokenEndpointError("server_error", status=503),
        errors.CredentialRequestError("server_error", status=500),
        errors.HTTPStatusError("it answered 502", status=502),
    ],
)
def test_service_that_is_down_has_not_refused(portal: Flask, error: OAuthError) -> None:
    """Its status tells."""
    with portal.test_request_context():
        page = error_page(error).get_data(as_text=True)
    assert "has a problem of its own" in page


def test_developers_see_what_the_error_says(portal: Flask) -> None:
    """In debug mode."""
    portal.debug = True
    with portal.test_request_context():
        page = error_page(TransportError("the <cable> is cut")).get_data(as_text=True)
    assert "the &lt;cable&gt; is cut" in page


def test_template_is_overridden_block_by_block(tmp_path: Path, provider: LocalProvider) -> None:
    """The application's template has the same name, and extends the library's."""
    (tmp_path / "typedoauth").mkdir()
    (tmp_path / "typedoauth" / "sign_in.html").write_text(
        '{% extends "typedoauth/default/sign_in.html" %}{% block intro %}<h1>Hi!</h1>{% endblock %}'
    )
    (tmp_path / "typedoauth" / "layout.html").write_text(
        "<body><nav>Portal</nav>{% block content %}{% endblock %}</body>"
    )
    app = make_portal(str(tmp_path))
    provider.stand_in(app)
    page = app.test_client().get("/account/sign-in").text
    assert page.startswith("<body><nav>Portal</nav>")
    assert "<h1>Hi!</h1>" in page
    assert "Continue with GitHub" in page


def test_accounts_are_data_as_well() -> None:
    """For pages and APIs of the application's own."""
    app = Flask("app")
    oauth = OAuth(app, token_store=MemoryTokenStore())
    github = oauth.register_provider(GitHub, client_id="client", client_secret="secret")
    github.save_token(
        {"access_token": "a", "scope": "user,repo", "expires_at": 1_000_000_000}, owner="ada"
    )
    (account,) = oauth.linked_accounts("ada")
    assert (account.title, account.scopes) == ("GitHub", ("user", "repo"))
    assert account.expires_at is not None
    assert account.expires_at.isoformat() == "2001-09-09T01:46:40+00:00"
    assert (account.expired, account.renewable) == (True, False)
    assert oauth.linked_accounts("eve") == []
    done = oauth.unlink("github", owner="ada")
    assert done is not None
    assert done.outcome == "deleted"
    assert oauth.linked_accounts("ada") == []
    assert oauth.unlink("github", owner="ada") is None


@pytest.mark.parametrize(
    ("seconds", "shown"), [(10**15, "31 December 9999"), (-(10**15), "1 January 1970")]
)
def test_times_beyond_the_calendar_are_shown(
    browser: FlaskClient, store: MemoryTokenStore, seconds: int, shown: str
) -> None:
    """A service that names one keeps nobody from unlinking it."""
    log_in(browser, "github")
    store.set(
        TokenKey(client="github", owner="github:7"), {"access_token": "a", "expires_at": seconds}
    )
    page = browser.get("/account/")
    assert page.status_code == 200
    assert shown in page.text


@pytest.mark.parametrize("offered", [[], [GitLab], GitLab(), "github", [GitHub, None]])
def test_what_is_no_list_of_services_is_refused(offered: object) -> None:
    """Where the pages are made, and not when somebody opens one."""
    made: Any = create_account_pages  # any: what a checker refuses
    with pytest.raises(ConfigurationError, match="takes a list of the services"):
        made(offered, OAuth())


def test_service_that_is_gone_keeps_its_name() -> None:
    """What is linked can still be seen and forgotten."""
    app = Flask("app")
    store = MemoryTokenStore()
    old = OAuth(app, token_store=store)
    old.register("old", access_token_url="https://as.example/token", client_id="c")
    old.create_client("old")
    old.register_provider(GitHub, client_id="c").save_token({"access_token": "a"}, owner="ada")
    app = Flask("app")
    oauth = OAuth(app, token_store=store)
    assert [one.title for one in oauth.linked_accounts("ada")] == ["github"]
    done = oauth.unlink("github", owner="ada")
    assert done is not None
    assert done.outcome == "deleted"


def test_it_has_to_be_clear_whose_accounts_are_meant() -> None:
    """And where they are."""
    app = Flask("app")
    with pytest.raises(ConfigurationError, match="whose accounts"):
        OAuth(app, token_store=MemoryTokenStore()).linked_accounts()
    with pytest.raises(LoginRequiredError):
        OAuth(Flask("b"), token_store=MemoryTokenStore(), owner=lambda: None).linked_accounts()
    with pytest.raises(ConfigurationError, match="keeps no tokens"):
        OAuth(Flask("c")).linked_accounts("ada")
    with pytest.raises(ConfigurationError, match="services that are offered"):
        create_account_pages([], OAuth())
