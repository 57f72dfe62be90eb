"""Answers that are posted across sites, and come without a cookie of ``SameSite=Lax``."""

from __future__ import annotations

import hashlib
from base64 import b64encode

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue
from werkzeug.test import TestResponse

from tests.flask.caches import AtomicMemory
from tests.flask.openid import CALLBACK, OpenIDSite, Page, post
from tests.flask.site import Site, cookie_of, session_of
from typedoauth.errors import (
    AuthorizationDeniedError,
    CallbackError,
    DuplicateParameterError,
    OAuthError,
    StateMismatchError,
)
from typedoauth.flask.resubmission import MARK, resubmission


@pytest.fixture
def site() -> OpenIDSite:
    """With the client ``op``, which keeps open logins in the session."""
    return OpenIDSite()


@pytest.fixture
def browser(site: OpenIDSite) -> FlaskClient:
    """Somebody's browser."""
    return site.app.test_client()


def across(site: Site, fields: list[tuple[str, str]]) -> TestResponse:
    """Post from another site: the browser keeps its cookie to itself."""
    return post(site.app.test_client(), fields)


def page_of(answer: TestResponse) -> Page:
    """The page that posts the answer again."""
    assert (answer.status_code, answer.content_type) == (200, "text/html; charset=utf-8")
    page = Page(answer.text)
    assert page.fields[-1] == (MARK, "1")
    return page


def test_posted_answer_without_cookie_logs_in_all_the_same(
    site: OpenIDSite, browser: FlaskClient
) -> None:
    """By a page of the application's own origin, which the browser sends the cookie from."""
    fields = site.posted(browser)
    page = page_of(across(site, fields))
    assert page.fields == [*fields, (MARK, "1")]
    answer = post(browser, page.fields)
    assert answer.status_code == 200, answer.text
    assert answer.get_json()["token"]["userinfo"]["sub"] == "ada"


@pytest.mark.parametrize("cache", [None, AtomicMemory()], ids=["session", "cache"])
def test_first_post_takes_nothing(cache: AtomicMemory | None) -> None:
    """No code is traded, nobody is asked, and the login stays open: anybody can post so."""
    site = OpenIDSite(cache)
    browser = site.app.test_client()
    fields = site.posted(browser)
    before, asked = session_of(site.app, browser), len(site.transport.requests)
    for _ in range(3):
        answer = across(site, fields)
        assert "Set-Cookie" not in answer.headers
    assert (session_of(site.app, browser), len(site.transport.requests)) == (before, asked)
    assert post(browser, fields).status_code == 200


def test_posted_answer_with_cookie_needs_no_page(site: OpenIDSite, browser: FlaskClient) -> None:
    """An application with ``SESSION_COOKIE_SAMESITE="None"`` is served at once."""
    answer = post(browser, site.posted(browser))
    assert "token" in answer.get_json()


def test_second_post_without_cookie_is_refused(site: OpenIDSite, browser: FlaskClient) -> None:
    """There is no third; cookies are blocked, or it is somebody else's browser."""
    fields = page_of(across(site, site.posted(browser))).fields
    assert across(site, fields).status_code == 400
    error = site.errors[-1]
    assert isinstance(error, StateMismatchError)
    assert error.reason == "no_session_cookie"
    assert post(browser, fields).status_code == 200


def test_foreign_browser_is_refused(site: OpenIDSite, browser: FlaskClient) -> None:
    """The page does not take the place of the binding (RFC 6749 10.12)."""
    victim = site.app.test_client()
    site.begin(victim, "op")
    fields = page_of(across(site, site.posted(browser))).fields
    assert post(victim, fields).status_code == 400
    error = site.errors[-1]
    assert isinstance(error, StateMismatchError)
    assert error.reason == "other_logins"


def test_mark_does_not_stand_for_a_cookie(site: OpenIDSite) -> None:
    """Nor does a mark in the query make a post the second one."""
    assert across(site, [(MARK, "1"), ("state", "s"), ("code", "c")]).status_code == 400
    answer = post(site.app.test_client(), [("state", "s")], f"{CALLBACK}?{MARK}=1")
    assert page_of(answer).fields == [("state", "s"), (MARK, "1")]


def test_get_without_cookie_is_no_post(site: OpenIDSite, browser: FlaskClient) -> None:
    """A redirect is of the same site for a cookie with Lax: it should have been there."""
    callback = site.callback(browser)
    error = site.refused(site.app.test_client(), callback)
    assert isinstance(error, StateMismatchError)
    assert error.reason == "no_session_cookie"


def test_two_tabs_are_two_logins(site: OpenIDSite, browser: FlaskClient) -> None:
    """Each page posts the answer of its own tab."""
    first, second = site.posted(browser), site.posted(browser)
    for fields in (second, first):
        assert post(browser, page_of(across(site, fields)).fields).status_code == 200


def test_posted_refusal_is_told(site: OpenIDSite, browser: FlaskClient) -> None:
    """With the reason, from the second post on."""
    page = page_of(across(site, site.posted(browser, "deny")))
    assert dict(page.fields)["error"] == "access_denied"
    assert post(browser, page.fields).status_code == 400
    assert isinstance(site.errors[-1], AuthorizationDeniedError)


def test_parameter_that_came_twice_is_not_made_one(site: OpenIDSite, browser: FlaskClient) -> None:
    """The page keeps every pair, so that the second post is refused as the first would be."""
    fields = [*site.posted(browser), ("code", "another")]
    page = page_of(across(site, fields))
    assert sorted(page.fields) == sorted([*fields, (MARK, "1")])
    assert post(browser, page.fields).status_code == 400
    assert isinstance(site.errors[-1], DuplicateParameterError)


HOSTILE = [
    ('"><script>alert(1)</script>', "x"),
    ("value", '"><script>alert(1)</script>'),
    ("state", "' onfocus='alert(1)"),
    ("</form><form action=https://evil.example>", "</form></script>"),
    ("entities", "&quot;&#34;&lt;&amp;"),
    ("{fields}{0}", "{script}{__class__} %s %(x)s"),
    ("name", "\u202e\u2028é😀"),
    ("submit", "clobbered"),
    ("", ""),
]


def test_page_escapes_whatever_was_posted(site: OpenIDSite) -> None:
    """Names and values come out as they went in, and as nothing else."""
    page = page_of(across(site, HOSTILE))
    assert page.fields == [*HOSTILE, (MARK, "1")]
    plain = page_of(across(site, []))
    assert [one for one in page.tags if one != "input"] == [
        one for one in plain.tags if one != "input"
    ]
    assert plain.tags.count("script") == plain.tags.count("form") == 1


def test_page_runs_its_own_script_and_no_other(site: OpenIDSite) -> None:
    """Its hash is in the policy, which allows nothing else; nothing is kept or sniffed."""
    answer = across(site, HOSTILE)
    (script,) = page_of(answer).scripts
    digest = b64encode(hashlib.sha256(script.encode()).digest()).decode()
    style = answer.text.partition("<style>")[2].partition("</style>")[0]
    styled = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert answer.headers["Content-Security-Policy"] == (
        "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
        f"script-src 'sha256-{digest}'; style-src 'sha256-{styled}'"
    )
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_field_called_submit_does_not_hide_the_function(site: OpenIDSite) -> None:
    """``form.submit`` is such a field then, which cannot be called."""
    (script,) = page_of(across(site, [("submit", "Continue")])).scripts
    assert script == "HTMLFormElement.prototype.submit.call(document.forms[0])"


def test_page_works_without_a_script(site: OpenIDSite) -> None:
    """It has a button; the form goes where the post came to, query and all."""
    text = across(site, [("state", "s")]).text
    assert '<form method="post">' in text
    assert "<button>Continue</button>" in text
    assert "action" not in text


def test_page_is_bounded() -> None:
    """It is no mirror for megabytes."""
    assert resubmission([("a", "x" * 65_535)]).status_code == 200
    with pytest.raises(CallbackError, match="more than any provider sends"):
        resubmission([("a", "x" * 65_536)])
    with pytest.raises(CallbackError):
        resubmission([("x" * 20, "")] * 3277)


def test_too_large_post_is_refused(site: OpenIDSite) -> None:
    """As an error of the tree."""
    assert across(site, [("a", "x" * 70_000)]).status_code == 400
    assert type(site.errors[-1]) is CallbackError


@pytest.mark.parametrize("handled", [OAuthError, Exception])
def test_handlers_of_the_application_let_the_page_through(handled: type[Exception]) -> None:
    """``errorhandler(OAuthError)`` and even ``errorhandler(Exception)`` see no error."""
    site = OpenIDSite()
    seen: list[Exception] = []

    def refuse(error: Exception) -> ResponseReturnValue:
        seen.append(error)
        return "refused", 500

    site.app.register_error_handler(handled, refuse)
    page_of(across(site, [("state", "s"), ("code", "c")]))
    assert seen == []


def test_page_is_given_to_a_view_that_handles_errors_itself(site: OpenIDSite) -> None:
    """``except OAuthError`` around the call catches refusals, and no page."""

    def view() -> ResponseReturnValue:
        try:
            return dict(site.op.authorize_access_token())
        except OAuthError as error:
            return Response(str(error), 401)

    site.app.add_url_rule("/own", view_func=view, methods=["POST"])
    page_of(post(site.app.test_client(), [("state", "s")], "http://localhost/own"))
    answer = post(site.app.test_client(), [("state", "s"), (MARK, "1")], "http://localhost/own")
    assert answer.status_code == 401


def test_oauth1_answers_are_posted_again_as_well() -> None:
    """Whatever a service posts; the protocol makes no difference to a cookie."""
    site = Site()
    browser = site.app.test_client()
    callback = site.decide(site.begin(browser, "one"))
    stranger = site.app.test_client()
    fields = page_of(site.arrive(stranger, callback, post=True)).fields
    answer = post(browser, fields, "http://localhost/authorize/one")
    assert answer.status_code == 200, answer.text


def test_other_name_of_the_cookie_is_known() -> None:
    """``SESSION_COOKIE_NAME`` decides what counts as the session's cookie."""
    app = Flask("renamed")
    app.config.from_mapping(SECRET_KEY="k", SESSION_COOKIE_NAME="mine")
    site = Site(app=app)
    browser = app.test_client()
    callback = site.decide(site.begin(browser, "two"))
    browser.set_cookie("session", "another")
    assert cookie_of(browser) == "another"
    assert site.arrive(browser, callback, post=True).status_code == 200
    browser.delete_cookie("mine")
    page_of(site.arrive(browser, callback, post=True))
