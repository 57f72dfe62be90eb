"""What is wrong with a login between application and provider, and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from typedoauth.errors import (
    CredentialRequestError,
    MalformedResponseError,
    ResponseTooLargeError,
    TokenEndpointError,
    TransportError,
)
from typedoauth.flask.trace.situation import Situation
from typedoauth.flask.trace.steps import Diagnosis

__all__ = ["credentials", "malformed", "token_endpoint", "transport"]


def transport(error: TransportError, situation: Situation) -> Diagnosis:
    """What to say when no answer came."""
    host = _host(situation) or "the provider"
    if isinstance(error, ResponseTooLargeError):
        return Diagnosis(
            f"The answer of {host} is too long to be what was asked for: "
            f"{situation.sentence(error)}",
            _not_the_endpoint(situation),
        )
    return Diagnosis(
        f"The application got no answer from {host}: {situation.sentence(error)}",
        (
            f"Nothing is wrong with the browser: it is {host} that this machine cannot reach.",
            f"Is it running? Is the address right? It is {_address(situation) or 'not known'}.",
            "Try the address from this machine: a name that cannot be resolved, a proxy or a "
            "firewall shows there, too. Settings for a proxy, or a certificate authority of your "
            "own, are on the page Configuration.",
        ),
    )


def token_endpoint(error: TokenEndpointError, situation: Situation) -> Diagnosis:
    """What to say when the token endpoint refuses."""
    advise = _TOKEN_ERRORS.get(error.error)
    if advise is not None:
        return advise(error, situation)
    if error.status == 401:
        return _bad_client(error, situation)
    return _by_status(error.status, situation) or Diagnosis(
        f"The provider refused to give a token: {situation.hide(error.error)}.",
        (
            *situation.words(error),
            "The provider's documentation may say what it means by that.",
        ),
    )


def _by_status(status: int | None, situation: Situation) -> Diagnosis | None:
    """What a status says by itself."""
    if status is None or not (300 <= status < 400 or status in (404, 405, 429) or status >= 500):
        return None
    if status == 429 or status >= 500:
        return Diagnosis(
            f"The provider failed, or has too much to do: it answered {status}.",
            ("Try again later; look at the provider's status page.",),
        )
    return Diagnosis(
        f"There is no endpoint at that address: it answered {status}.",
        _not_the_endpoint(situation),
    )


def _not_the_endpoint(situation: Situation) -> tuple[str, ...]:
    """What to do about an address that is that of something else."""
    names = [step.name for step in situation.steps if step.name in _SETTINGS]
    setting = situation.setting(_SETTINGS[names[-1]] if names else "access_token_url")
    return (
        f"Correct {setting}; the provider's documentation names the address. Asked was "
        f"{_address(situation) or 'none'}.",
        "An address that a browser shows a page for is not the right one.",
    )


def _bad_client(error: TokenEndpointError, situation: Situation) -> Diagnosis:
    asked = situation.asked
    how = "in the Authorization header" if "Authorization" in asked else "in the form"
    mend = [
        f"Copy the secret from the provider once more into {situation.setting('client_secret')}. "
        f"What was sent is {asked.get('client_secret', 'no client_secret at all')}.",
        f"Does it belong to the client_id that was sent, {asked.get('client_id', 'none')}? Test "
        "and production have their own.",
        f"It was sent {how}; a provider that wants it elsewhere needs client_kwargs="
        f'{{"token_endpoint_auth_method": "{_other_method(asked)}"}}.',
    ]
    if "white space" in asked.get("client_secret", ""):
        mend.insert(0, "The secret has white space at an end: a line break from a file, perhaps.")
    return Diagnosis(
        "The provider does not believe that this is the client it knows: client_secret or "
        "client_id is wrong.",
        (*mend, *situation.words(error)),
    )


def _other_method(asked: Mapping[str, str]) -> str:
    return "client_secret_post" if "Authorization" in asked else "client_secret_basic"


def _bad_grant(error: TokenEndpointError, situation: Situation) -> Diagnosis:
    before, now = situation.sent.get("redirect_uri"), situation.asked.get("redirect_uri")
    if before is not None and before != now:
        return Diagnosis(
            f"The login was sent away with redirect_uri {before}, and the code was traded with "
            f"{now or 'none'}. They have to be the same, letter by letter.",
            (
                "Leave redirect_uri out of authorize_access_token and of access_token_params: "
                "the one that the login began with is sent by itself.",
                *situation.words(error),
            ),
        )
    challenge = situation.asked.get("code_verifier, its challenge")
    if "code_challenge" in situation.sent and situation.sent["code_challenge"] != challenge:
        return Diagnosis(
            "The code_verifier that was sent does not belong to the code_challenge that the "
            "login began with (PKCE).",
            ("Leave code_verifier out of authorize_access_token and of access_token_params.",
             *situation.words(error)),
        )  # fmt: skip
    return Diagnosis(
        "The provider does not accept the code. A code works once, for a minute or so, and "
        "for the client and the redirect URI that it was made for.",
        (
            "Log in again. If that works, the code was used or too old: the callback was "
            "reloaded, or it waited in a debugger.",
            f"If it does not: is {situation.redirect_uri} registered at the provider, letter by "
            "letter?",
            *situation.words(error),
        ),
    )


def _bad_request(error: TokenEndpointError, situation: Situation) -> Diagnosis:
    return Diagnosis(
        "The provider found something wrong with the token request.",
        (
            *situation.words(error),
            "Compare the request in the steps with the provider's documentation.",
            "A provider that does not know PKCE may stumble over code_verifier: "
            'client_kwargs={"code_challenge_method": "none"}.',
        ),
    )


def _bad_kind(error: TokenEndpointError, situation: Situation) -> Diagnosis:
    return Diagnosis(
        "The provider does not let this client trade a code for a token.",
        (
            "At the provider, allow this client the authorization code flow.",
            *situation.words(error),
        ),
    )


_TOKEN_ERRORS: Final = {
    "invalid_client": _bad_client,
    "incorrect_client_credentials": _bad_client,
    "invalid_grant": _bad_grant,
    "bad_verification_code": _bad_grant,
    "redirect_uri_mismatch": _bad_grant,
    "invalid_request": _bad_request,
    "unauthorized_client": _bad_kind,
    "unsupported_grant_type": _bad_kind,
}

_COPY_AGAIN: Final = (
    "Copy {} and client_id from the provider once more: a wrong secret makes a wrong signature."
)
_PROBLEMS: Final = {
    "timestamp_refused": ("The clocks differ too much: set this machine's clock.",),
    "consumer_key_unknown": ("The provider does not know the client_id: copy it once more.",),
    "consumer_key_rejected": ("The provider refuses the client_id: look at its page about it.",),
    "signature_invalid": (
        "Copy client_secret and client_id from the provider once more: a wrong secret makes a "
        "wrong signature.",
        "Behind a proxy that changes addresses, the provider may see another one than was signed.",
    ),
    "signature_method_rejected": (
        'Choose one that it takes: client_kwargs={"signature_method": …}.',
    ),
    "token_rejected": ("The temporary credentials are used or of another client: log in again.",),
    "token_expired": ("The temporary credentials are too old: log in again.",),
    "parameter_absent": ("A parameter is missing; the provider's documentation names it.",),
}
_SETTINGS: Final = {
    "metadata_request": "server_metadata_url",
    "keys_request": "jwks_uri",
    "temporary_request": "request_token_url",
    "token_request": "access_token_url",
}


def credentials(error: CredentialRequestError, situation: Situation) -> Diagnosis:
    """What to say when an OAuth 1.0 request is refused."""
    by_status = _by_status(error.status, situation)
    if by_status is not None:
        return by_status
    wrong = f"The provider refused the signed request, with status {error.status}."
    problem = _PROBLEMS.get(error.error)
    if problem is not None:
        return Diagnosis(f"{wrong} It says why: {error.error}.", problem)
    return Diagnosis(
        wrong,
        (
            _COPY_AGAIN.format(situation.setting("client_secret")),
            "The callback address may have to be registered at the provider, letter by letter.",
            "This machine's clock may be wrong: requests carry the time.",
        ),
    )


def malformed(error: MalformedResponseError, situation: Situation) -> Diagnosis:
    """What to say when an answer cannot be understood."""
    answers = [step for step in situation.steps if step.name.endswith("_response")]
    status = answers[-1].message.partition(" ")[0] if answers else ""
    return _by_status(int(status) if status.isdigit() else None, situation) or Diagnosis(
        "The provider answered with something that is not what was asked for: "
        f"{situation.sentence(error)}",
        (
            *_not_the_endpoint(situation),
            "What a provider does differently, a compliance hook may mend.",
        ),
    )


def _address(situation: Situation) -> str:
    """What was asked last."""
    requests = [step for step in situation.steps if step.target == "provider" and step.seen]
    return requests[-1].message.partition(" ")[2] if requests else ""


def _host(situation: Situation) -> str:
    return urlsplit(_address(situation)).netloc
