"""What an error means, and how to mend it, for somebody who has not read the specifications."""

from __future__ import annotations

from typedoauth import errors
from typedoauth.flask.trace import callback_advice, id_token_advice, provider_advice
from typedoauth.flask.trace.situation import Situation
from typedoauth.flask.trace.steps import Diagnosis

__all__ = ["diagnosis", "not_back"]


def diagnosis(error: BaseException, situation: Situation) -> Diagnosis:
    """Say what is wrong, and what to do.

    Args:
        error: What stopped the login.
        situation: What else is known.

    Returns:
        Both, in plain words; they quote the error and nothing else of it.
    """
    match error:
        case errors.AuthorizationDeniedError():
            return callback_advice.denied(error, situation)
        case errors.AuthorizationResponseError():
            return callback_advice.refused(error, situation)
        case errors.StateMismatchError():
            return callback_advice.mismatch(error, situation)
        case errors.MissingCodeError() | errors.MissingVerifierError():
            return callback_advice.missing_code(error)
        case errors.DuplicateParameterError():
            return callback_advice.duplicate()
        case errors.TransportError():
            return provider_advice.transport(error, situation)
        case errors.TokenEndpointError():
            return provider_advice.token_endpoint(error, situation)
        case errors.CredentialRequestError():
            return provider_advice.credentials(error, situation)
        case errors.MalformedResponseError():
            return provider_advice.malformed(error, situation)
        case errors.InvalidSignatureError():
            return id_token_advice.signature(error, situation)
        case errors.IdTokenError():
            return id_token_advice.id_token(error, situation)
        case errors.ConfigurationError():
            return Diagnosis(
                f"The application's own settings are not right: {situation.sentence(error)}",
                ("Settings are on the page Configuration of the documentation.",),
            )
        case errors.StoreError():
            return Diagnosis(
                f"What the login is remembered in failed: {situation.sentence(error)}",
                ("Is the cache or database there, and does it keep what it is given?",),
            )
        case errors.OAuthError():
            return Diagnosis(situation.said(error) or error.error)
        case _:
            return Diagnosis(
                f"A function of the application raised {type(error).__name__}.",
                ("Its traceback is where the application logs errors.",),
            )


def not_back(situation: Situation) -> Diagnosis:
    """What to say of a login whose browser has not come back.

    Args:
        situation: What is known.

    Returns:
        What may be wrong.
    """
    sent = situation.sent
    return Diagnosis(
        "The browser was sent to the provider and is not back yet.",
        (
            "If somebody is still signing in there, wait.",
            "If the provider shows an error page, read it: the mistake is in what was sent to "
            "it, which stands in the steps.",
            f"The most common one: {situation.redirect_uri} is not registered at the provider, "
            "letter by letter, with the same scheme, host, port and path.",
            f"The next one: the client_id that was sent, {sent.get('client_id', 'none')}, is not "
            "the one that the provider gave you.",
        ),
    )
