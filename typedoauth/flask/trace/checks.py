"""Which checks a login has to pass, and which of them a given one passed.

The protocol rooms check, and say with an error where they stop. What came before that was
passed: the list here is in the order in which they check.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from typedoauth.errors import (
    AuthorizationResponseError,
    CallbackError,
    CredentialRequestError,
    IdTokenError,
    InvalidSignatureError,
    MalformedResponseError,
    MissingCodeError,
    MissingRequestTokenError,
    MissingVerifierError,
    StateMismatchError,
    StoreError,
    TokenEndpointError,
)
from typedoauth.flask.trace.labels import LABEL
from typedoauth.flask.trace.showing import ENCRYPTED
from typedoauth.flask.trace.steps import Check, Outcome, Step, values_of

__all__ = ["callback_checks", "token_checks"]

_NAMED: Final = "The callback says which login it answers"
_OURS: Final = "This browser began that login, and has not finished it"
_ISSUER: Final = "The callback comes from the right provider (iss)"
_NO_ERROR: Final = "The provider reports no error"
_CODE: Final = "There is something to trade for a token"
_ACCEPTED: Final = "The provider accepts the trade"
_USABLE: Final = "The answer holds a usable token"
_CAME: Final = "An ID Token came with it"
_SIGNED: Final = "The provider has signed the ID Token (signature)"
_READABLE: Final = "It is one, and can be read"
_OPTIONS: Final = "Its other claims are as the application asks"
_CLAIMS: Final = {
    "iss": "It is of the right provider (iss)",
    "aud": "It is for this client (aud)",
    "azp": "It was issued to this client (azp)",
    "exp": "It is neither too old nor from the future (exp, iat, nbf)",
    "sub": "It names a user (sub)",
    "nonce": "It answers this login (nonce)",
    "at_hash": "It belongs to the access token (at_hash)",
    "c_hash": "It belongs to the code (c_hash)",
    "auth_time": "The user signed in lately enough (auth_time)",
    "acr": "The user signed in as was asked (acr)",
}
_SAME: Final = {"iat": "exp", "nbf": "exp", "tid": "iss"}
_NAMELESS: Final = ("missing_state",)
_OF_ISSUER: Final = ("other_issuer", "missing_issuer")


def callback_checks(steps: Sequence[Step], error: BaseException | None) -> list[Check]:
    """The checks of what came back with the browser.

    Args:
        steps: The login's messages.
        error: What stopped it, or ``None``.

    Returns:
        Each check, with what came of it.
    """
    callback = values_of(steps, "callback")
    stopped = _stops_callback(steps, error)
    oauth1 = bool(callback.keys() & {"oauth_token", "denied", "oauth_verifier"})
    names = [_NAMED, _OURS, *([] if oauth1 else [_ISSUER]), _NO_ERROR, _CODE]
    details = {
        _NAMED: _shown(callback, "oauth_token", "denied") if oauth1 else _shown(callback, "state"),
        _ISSUER: _shown(callback, "iss"),
        _NO_ERROR: _shown(callback, "error", "oauth_problem", "denied"),
        _CODE: _shown(callback, "oauth_verifier" if oauth1 else "code"),
    }
    optional = {} if "iss" in callback else {_ISSUER: "the callback names none"}
    if isinstance(error, AuthorizationResponseError) and not _has_state(callback):
        optional[_NAMED] = optional[_OURS] = "the provider reports an error, and no login"
    return _outcomes(names, stopped, details, optional)


def token_checks(
    steps: Sequence[Step], error: BaseException | None, *, openid: bool
) -> list[Check]:
    """The checks of what came back from the provider itself.

    Args:
        steps: The login's messages.
        error: What stopped it, or ``None``.
        openid: Whether the login asked for an ID Token.

    Returns:
        Each check, with what came of it.
    """
    sent = values_of(steps, "authorization_request")
    asked = values_of(steps, "token_request")
    answer = values_of(steps, "token_response")
    names = [_ACCEPTED, _USABLE]
    refusal = _shown(answer, "error", "oauth_problem")
    details = {_ACCEPTED: refusal or _pkce(sent, asked), _USABLE: _shown(answer, "access_token")}
    optional: dict[str, str] = {}
    if openid:
        names += [_CAME, _SIGNED, _READABLE, *_CLAIMS.values(), _OPTIONS]
        details[_CAME] = _shown(answer, "id_token")
        details[_SIGNED] = _shown(answer, "id_token.alg", "id_token.kid")
        for claim, name in _CLAIMS.items():
            details[name] = _shown(answer, f"id_token.{claim}")
        details[_CLAIMS["nonce"]] = _compared(sent.get("nonce"), answer.get("id_token.nonce"))
        for claim in ("azp", "at_hash", "c_hash"):
            if f"id_token.{claim}" not in answer:
                optional[_CLAIMS[claim]] = "the ID Token has none"
        for claim, parameter in (("auth_time", "max_age"), ("acr", "acr_values")):
            if parameter not in sent:
                optional[_CLAIMS[claim]] = f"the login asked for no {parameter}"
    return _outcomes(names, _stops_token(steps, answer, error), details, optional)


def _stops_callback(
    steps: Sequence[Step], error: BaseException | None
) -> tuple[str, Outcome] | None:
    if error is None or values_of(steps, "token_request"):
        return None
    if isinstance(error, StateMismatchError):
        if error.reason in _NAMELESS:
            return _NAMED, "failed"
        return _ISSUER if error.reason in _OF_ISSUER else _OURS, "failed"
    if isinstance(error, AuthorizationResponseError):
        return _NO_ERROR, "failed"
    if isinstance(error, MissingCodeError | MissingVerifierError):
        return _CODE, "failed"
    if isinstance(error, StoreError | MissingRequestTokenError):
        return _OURS, "failed"
    if _last(steps) != "callback":
        return _ISSUER, "not reached"  # the provider was asked about itself, in vain
    return _NAMED, "failed" if isinstance(error, CallbackError) else "not reached"


def _stops_token(
    steps: Sequence[Step], answer: Mapping[str, str], error: BaseException | None
) -> tuple[str, Outcome] | None:
    if error is None:
        return None
    if isinstance(error, IdTokenError):
        return _stops_id_token(answer, error), "failed"
    if isinstance(error, TokenEndpointError | CredentialRequestError):
        return _ACCEPTED, "failed"
    if not any(step.name == "token_response" and not step.failed for step in steps):
        return _ACCEPTED, "not reached"
    if isinstance(error, MalformedResponseError) and _last(steps) == "token_response":
        return _USABLE, "failed"
    return _SIGNED, "not reached"  # what it is checked with could not be had


def _stops_id_token(answer: Mapping[str, str], error: IdTokenError) -> str:
    if "id_token" not in answer:
        return _CAME
    encrypted = answer["id_token"].endswith(ENCRYPTED)
    if isinstance(error, InvalidSignatureError) or (error.claim is None and encrypted):
        return _SIGNED
    if error.claim in (None, "events"):
        return _READABLE
    return _CLAIMS.get(_SAME.get(error.claim, error.claim), _OPTIONS)


def _outcomes(
    names: Sequence[str],
    stopped: tuple[str, Outcome] | None,
    details: Mapping[str, str],
    optional: Mapping[str, str],
) -> list[Check]:
    checks: list[Check] = []
    reached = True
    for name in names:
        if stopped is not None and name == stopped[0]:
            outcome, detail, reached = stopped[1], details.get(name, ""), False
        elif not reached:
            outcome, detail = "not reached", ""
        elif name in optional:
            outcome, detail = "nothing to compare", optional[name]
        else:
            outcome, detail = "passed", details.get(name, "")
        checks.append(Check(name, outcome, detail if outcome != "not reached" else ""))
    return checks


def _pkce(sent: Mapping[str, str], asked: Mapping[str, str]) -> str:
    challenge, verifier = sent.get("code_challenge"), asked.get("code_verifier")
    if challenge is None or verifier is None:
        return ""
    fits = asked.get("code_verifier, its challenge") == challenge
    return f"{verifier} {'belongs' if fits else 'does NOT belong'} to {challenge} (PKCE)"


def _compared(sent: str | None, found: str | None) -> str:
    if sent is None:
        return f"the ID Token says {found or 'nothing'}"
    if found == sent:
        return f"{sent} in the login and in the ID Token"
    return f"the login sent {sent}, the ID Token says {found or 'nothing'}"


def _shown(values: Mapping[str, str], *names: str) -> str:
    shown = ((name.removeprefix("id_token."), values[name]) for name in names if name in values)
    # A label says by itself what it is.
    return ", ".join(
        value if LABEL.fullmatch(value) else f"{name} {value}" for name, value in shown
    )


def _has_state(callback: Mapping[str, str]) -> bool:
    return bool(callback.keys() & {"state", "oauth_token", "denied"})


def _last(steps: Sequence[Step]) -> str:
    return steps[-1].name if steps else ""
