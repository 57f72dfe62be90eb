"""What can be wrong with the three legs of OAuth 1.0a (RFC 5849 2)."""

from __future__ import annotations

from typing import Final

from werkzeug.wrappers import Request, Response

from typedoauth.testing.faults.edits import (
    HTML,
    ParameterEdit,
    Row,
    answer_faults,
    body,
    form,
    pair,
    pair_twice,
    redirect,
    status,
    without_pair,
)
from typedoauth.testing.faults.kinds import Fault, RedirectFault

__all__ = ["FAULTS"]


def _problem(request: Request, response: Response) -> Response:
    response.set_data("oauth_problem=timestamp_refused&oauth_problem_advice=%3Cscript%3E")
    return status(401)(request, response)


def _legs(rule: str) -> tuple[Row, ...]:
    return (
        ("token_missing", rule, "no oauth_token", form(without_pair("oauth_token"))),
        ("token_empty", rule, "an empty oauth_token", form(pair("oauth_token", ""))),
        ("token_twice", rule, "oauth_token twice", form(pair_twice("oauth_token"))),
        ("secret_missing", rule, "no secret", form(without_pair("oauth_token_secret"))),
        ("secret_empty", rule, "an empty secret", form(pair("oauth_token_secret", ""))),
        ("secret_twice", rule, "the secret twice", form(pair_twice("oauth_token_secret"))),
        ("unknown_parameter", rule, "a parameter to be ignored", form(pair("user_id", "1"))),
        ("status_401", "RFC 5849 3.2", "a problem, with status 401", _problem),
        ("status_401_with_token", rule, "credentials, with status 401", status(401)),
        ("status_500", "RFC 9110 15.6.1", "credentials, with status 500", status(500)),
        ("redirect_302", "RFC 5849 2", "redirects to another host", redirect(302)),
        ("redirect_307", "RFC 5849 2", "redirects the request to another host", redirect(307)),
        ("html", rule, "a page for people", body(HTML, "text/html")),
        ("json", rule, "JSON in place of a form", body('{"oauth_token": "x"}', "application/json")),
        ("empty", rule, "an empty body", body("")),
        ("not_utf_8", rule, "a form that is not UTF-8", body(b"oauth_token=%FF\xff&x")),
        ("huge", rule, "a form of 10 MB", body("oauth_token=" + "x" * 10_000_000)),
    )


_CONFIRMED: Final = "oauth_callback_confirmed"
_TEMPORARY: Final[tuple[Row, ...]] = (
    (
        "callback_confirmed_missing",
        "RFC 5849 2.1",
        "no confirmation",
        form(without_pair(_CONFIRMED)),
    ),
    ("callback_confirmed_false", "RFC 5849 2.1", "not confirmed", form(pair(_CONFIRMED, "false"))),
)

_CALLBACK: Final[tuple[tuple[str, str, ParameterEdit], ...]] = (
    ("token_other", "another oauth_token", pair("oauth_token", "another")),
    ("token_missing", "no oauth_token", without_pair("oauth_token")),
    ("token_twice", "oauth_token twice", pair_twice("oauth_token")),
    ("verifier_missing", "no verifier", without_pair("oauth_verifier")),
    ("verifier_empty", "an empty verifier", pair("oauth_verifier", "")),
    ("verifier_twice", "the verifier twice", pair_twice("oauth_verifier")),
    ("verifier_other", "another verifier", pair("oauth_verifier", "another")),
    ("denied", "the user said no", lambda found: [("denied", dict(found)["oauth_token"])]),
    (
        "problem",
        "a problem that is markup",
        lambda _: [("oauth_problem", "<script>alert(1)</script>")],
    ),
)


def _named(leg: str, rows: tuple[Row, ...]) -> list[Row]:
    return [(f"{leg}_{name}", rule, what, change) for name, rule, what, change in rows]


FAULTS: Final[tuple[Fault, ...]] = (
    *answer_faults(
        "oauth1",
        ("/oauth1/initiate",),
        _named("temporary", (*_TEMPORARY, *_legs("RFC 5849 2.1"))),
    ),
    *(
        RedirectFault(f"oauth1_callback_{name}", "oauth1", "RFC 5849 2.2", what, change)
        for name, what, change in _CALLBACK
    ),
    *answer_faults("oauth1", ("/oauth1/token",), _named("token", _legs("RFC 5849 2.3"))),
)
"""The faults of OAuth 1.0a."""
