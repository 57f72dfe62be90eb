"""What a person who wanted to sign in is told of each error, and with which status."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from typedoauth import errors
from typedoauth.errors import OAuthError

__all__ = ["WORDS", "Words", "words_for"]


@dataclass(frozen=True, slots=True)
class Words:
    """What a person is told.

    Attributes:
        status: The status of the page.
        title: What happened, with ``{service}`` for the service's title.
        advice: What to do.
        again: Whether it may help to try again.
    """

    status: int
    title: str
    advice: str
    again: bool = True


_AGAIN: Final = "Please try again."
_LATER: Final = "Please try again in a few minutes. If it goes on, tell whoever runs this site."
_TELL: Final = "This is a fault of this site. Please tell whoever runs it."
_THEIRS: Final = (
    "It may be a passing fault: please try again later. If it goes on, tell whoever runs this site."
)
_UNTRUSTED: Final = (
    "To be safe, you were not signed in. Please try again; if it goes on, tell whoever runs this "
    "site."
)
_BEGIN: Final = (
    "A sign-in has to end in the browser where it began, and within a few minutes. Please begin "
    "again, and allow cookies for this site."
)
_INCOMPLETE: Final = (
    "The address that {service} sent you back with is incomplete. Please begin again from this "
    "site, and not from a bookmark or an old tab."
)

WORDS: Final[dict[type[OAuthError], Words]] = {
    OAuthError: Words(500, "Signing in did not work", _LATER),
    errors.ConfigurationError: Words(500, "This site is not set up correctly", _TELL, again=False),
    errors.UnknownClientError: Words(
        404, "There is no such service here", "Please choose another way to sign in.", again=False
    ),
    errors.UntrustedOriginError: Words(
        500, "This site was about to call the wrong address", _TELL, again=False
    ),
    errors.TransportError: Words(502, "{service} cannot be reached", _LATER),
    errors.TransportTimeoutError: Words(504, "{service} did not answer in time", _LATER),
    errors.ResponseTooLargeError: Words(502, "{service} answered with far too much", _THEIRS),
    errors.TooManyRedirectsError: Words(502, "{service} keeps sending this site around", _THEIRS),
    errors.AuthorizationResponseError: Words(502, "{service} did not sign you in", _THEIRS),
    errors.AuthorizationDeniedError: Words(
        403,
        "You were not signed in",
        "You, or {service}, said no. Nothing was changed. If that was a mistake, try again.",
    ),
    errors.CallbackError: Words(400, "This sign-in cannot be finished", _INCOMPLETE),
    errors.StateMismatchError: Words(400, "This sign-in is not from this browser", _BEGIN),
    errors.DuplicateParameterError: Words(400, "This sign-in cannot be finished", _INCOMPLETE),
    errors.MissingCodeError: Words(400, "This sign-in cannot be finished", _INCOMPLETE),
    errors.MissingVerifierError: Words(400, "This sign-in cannot be finished", _INCOMPLETE),
    errors.MissingRequestTokenError: Words(400, "This sign-in has ended already", _BEGIN),
    errors.TokenEndpointError: Words(502, "{service} refused this site", _THEIRS),
    errors.InvalidGrantError: Words(
        401,
        "This sign-in is no longer valid",
        "It took too long, or it was used already. Please sign in again.",
    ),
    errors.CredentialRequestError: Words(502, "{service} refused this site", _THEIRS),
    errors.MalformedResponseError: Words(
        502, "{service} gave an answer that makes no sense", _THEIRS
    ),
    errors.UnsupportedTokenTypeError: Words(
        502, "{service} gave an answer that this site does not understand", _THEIRS
    ),
    errors.IdTokenError: Words(502, "What {service} said of you cannot be trusted", _UNTRUSTED),
    errors.InvalidSignatureError: Words(
        502, "What {service} said of you is not signed as it should be", _UNTRUSTED
    ),
    errors.UnknownKeyError: Words(
        502, "What {service} said of you is not signed as it should be", _UNTRUSTED
    ),
    errors.HTTPStatusError: Words(502, "{service} refused to answer", _THEIRS),
    errors.LoginRequiredError: Words(401, "Please sign in again", "Your sign-in has ended."),
    errors.MissingTokenError: Words(
        401, "Please sign in first", "This site has no permission from you at {service} yet."
    ),
    errors.InvalidTokenError: Words(401, "Please sign in again", "Your sign-in has ended."),
    errors.TokenExpiredError: Words(401, "Please sign in again", "Your sign-in has ended."),
    errors.StoreError: Words(503, "This site cannot reach its own memory", _LATER),
}
"""By class; one that is not here is told as the nearest of its bases that is."""

_DOWN: Final = Words(502, "{service} has a problem of its own", _LATER)


def words_for(error: OAuthError) -> Words:
    """Choose the words for an error.

    Args:
        error: The error.

    Returns:
        Those of its class, or of the nearest base that has some; where the service answered
        with a status of 500 or more, that it has a problem.
    """
    refused = (errors.TokenEndpointError, errors.CredentialRequestError, errors.HTTPStatusError)
    if isinstance(error, refused) and error.status is not None and error.status >= 500:
        return _DOWN
    return next(WORDS[kind] for kind in type(error).__mro__ if kind in WORDS)
