"""What is wrong with a login at its callback, and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from typedoauth.errors import (
    AuthorizationDeniedError,
    AuthorizationResponseError,
    MissingCodeError,
    MissingVerifierError,
    StateMismatchError,
)
from typedoauth.flask.trace.situation import Situation
from typedoauth.flask.trace.steps import Diagnosis

__all__ = ["denied", "duplicate", "mismatch", "missing_code", "refused"]


def denied(error: AuthorizationDeniedError, situation: Situation) -> Diagnosis:
    """What to say when the user said no."""
    return Diagnosis(
        "The person, or the provider for them, said no. Nothing is broken.",
        (
            "Catch AuthorizationDeniedError and show a page that offers to try again.",
            *situation.words(error),
        ),
    )


_RESPONSE_ERRORS: Final = {
    "invalid_scope": "The provider knows no scope like the one that was asked for.",
    "unauthorized_client": "The provider does not let this client log users in this way.",
    "unsupported_response_type": "The provider does not let this client log in by code.",
    "invalid_request": "The provider found something wrong with what it was asked.",
    "server_error": "The provider failed.",
    "temporarily_unavailable": "The provider is overloaded, or being maintained.",
    "login_required": "Nobody is signed in at the provider, and prompt=none forbade it to ask.",
    "consent_required": "The user has not agreed yet, and prompt=none forbade to ask.",
    "interaction_required": "The provider has to ask the user, and prompt=none forbade it.",
}


def refused(error: AuthorizationResponseError, situation: Situation) -> Diagnosis:
    """What to say when the callback carries an error."""
    known = _RESPONSE_ERRORS.get(error.error)
    mend = [*situation.words(error)]
    if error.error == "invalid_scope":
        mend.append(f"Asked for was: {situation.sent.get('scope', '(no scope)')}. Correct scope.")
    elif error.error in ("unauthorized_client", "unsupported_response_type"):
        mend.append("At the provider, allow this client the authorization code flow.")
    elif error.error in ("server_error", "temporarily_unavailable"):
        mend.append("Try again later; look at the provider's status page.")
    elif error.error.endswith("_required"):
        mend.append("Log in again without prompt=none.")
    if known is None:
        mend.append("The provider's documentation may say what it means by that.")
    wrong = known or f"The provider refused the login: {situation.hide(error.error)}."
    return Diagnosis(wrong, tuple(mend))


_MISMATCHES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "missing_state": (
        "The callback names no login: it carries no state (OAuth 1.0: no oauth_token).",
        (
            "If the address was opened by hand, open the page of the application that begins "
            "the login.",
            "A provider that drops it does not follow RFC 6749; nothing can be done here.",
        ),
    ),
    "expired": (
        "The login was begun more than an hour ago.",
        ("Log in again.",),
    ),
    "already_used": (
        "This callback was answered before: a callback works once.",
        (
            "If the page was reloaded, nothing is broken: let the view that finishes the login "
            "redirect to another page, so that a reload does not repeat it.",
        ),
    ),
    "no_secret_key": (
        "The application has no SECRET_KEY here, so it can read no session.",
        ("Set SECRET_KEY, the same in every process.",),
    ),
    "lost_by_cache": (
        "The browser knows of the login, and the cache has lost it.",
        (
            "With several processes, use a cache that they share, such as Redis: a SimpleCache "
            "is in one process alone.",
            "A development server that reloads empties a cache that is in its memory.",
        ),
    ),
    "other_logins": (
        "The browser's session knows nothing of this login.",
        (
            "It was begun in another browser or profile, or by somebody else.",
            "If SECRET_KEY is made anew at each start, or differs between processes, no session "
            "survives: set it to one fixed value.",
            "Another application on the same host name overwrites the cookie if it has the same "
            "name, whatever its port: set SESSION_COOKIE_NAME.",
        ),
    ),
    "other_issuer": (
        "The callback says that it comes from another provider than the one that was asked.",
        (
            "Look at the issuer of the client's settings, and at iss in the callback.",
            "If you did not expect this, somebody may be mixing up two providers on purpose: "
            "the login was refused for that.",
        ),
    ),
    "missing_issuer": (
        "The callback does not say which provider it comes from, and this provider says that "
        "it always does (RFC 9207).",
        ('If it is known not to, set client_kwargs={"accept_missing_iss": True}.',),
    ),
}


def mismatch(error: StateMismatchError, situation: Situation) -> Diagnosis:
    """What to say when a callback belongs to no login of the browser."""
    if error.reason == "no_session_cookie":
        return _no_cookie(situation)
    if error.reason == "other_host":
        begun, came = situation.begun_at, situation.came_to
        return Diagnosis(
            f"The login began at {begun} and came back to {came}: to a browser these are two "
            "sites, and it sends the cookie of one of them only.",
            (
                f"Open the application at {came}, where the redirect URI leads to.",
                f"Or register a redirect URI at {begun} with the provider, and use that.",
                "Behind a proxy, tell Flask its real address with werkzeug's ProxyFix.",
            ),
        )
    wrong, mend = _MISMATCHES.get(error.reason, (situation.said(error), ()))
    return Diagnosis(wrong, mend)


def _no_cookie(situation: Situation) -> Diagnosis:
    begun, came = situation.begun_at, situation.came_to
    mend: list[str] = []
    if begun and came and begun != came:
        mend.append(
            f"It began at {begun} and came back to {came}. Use one of the two throughout: open "
            f"the application at {came}."
        )
    if situation.secure and came.startswith("http://"):
        mend.append(
            f"SESSION_COOKIE_SECURE is on, and {came} is http: a browser does not send the "
            "cookie there. Use https, or turn it off while developing."
        )
    if (situation.samesite or "").lower() == "strict":
        mend.append(
            'SESSION_COOKIE_SAMESITE is "Strict": a browser that comes from another site, as '
            'the provider\'s is, does not send the cookie. Set it to "Lax".'
        )
    mend.append(
        "If the login was begun in another browser, profile or private window, finish it there."
    )
    mend.append("If the browser blocks cookies, allow them for this site.")
    return Diagnosis(
        "The browser that came back brought no session cookie, so there is no telling whose "
        "login it answers.",
        tuple(mend),
    )


def missing_code(error: MissingCodeError | MissingVerifierError) -> Diagnosis:
    """What to say when the callback brings nothing to trade."""
    missing = "code" if isinstance(error, MissingCodeError) else "oauth_verifier"
    return Diagnosis(
        f"The callback carries no {missing}, and no error either.",
        ("Something between provider and application may drop parts of the address: a proxy, "
         "or a redirect from http to https.",),
    )  # fmt: skip


def duplicate() -> Diagnosis:
    """What to say when a parameter came twice."""
    return Diagnosis(
        "The callback carries a parameter twice, so there is no telling which one is meant.",
        ("Begin the login again; if it stays so, something on the way adds it.",),
    )
