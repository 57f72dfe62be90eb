"""What is wrong with an ID Token, and how to mend it."""

from __future__ import annotations

import re
from typing import Final

from typedoauth.errors import IdTokenError, InvalidSignatureError, UnknownKeyError
from typedoauth.flask.trace.situation import Situation
from typedoauth.flask.trace.steps import Diagnosis

__all__ = ["id_token", "signature"]

_SHARED: Final = re.compile("HS(256|384|512)")


def id_token(error: IdTokenError, situation: Situation) -> Diagnosis:
    """What to say when an ID Token is missing, or one of its claims is wrong."""
    if "id_token" not in situation.answer and situation.asked:
        return Diagnosis(
            "The provider gave a token and no ID Token with it.",
            (
                f"Asked for was the scope {situation.sent.get('scope', '(none)')!r}; it has to "
                "hold openid, and the provider has to allow it to this client.",
                "A provider that is not of OpenID Connect has none: take openid out.",
            ),
        )
    advise = _CLAIMS.get(error.claim or "")
    if advise is not None:
        return advise(error, situation)
    return Diagnosis(
        f"The ID Token is refused: {situation.sentence(error)}",
        (
            *([f"The claim that is wrong is {error.claim}."] if error.claim else []),
            "What it holds is the provider's business: tell who runs it, unless claims_options "
            "of the application asked for too much.",
        ),
    )


def _nonce(_error: IdTokenError, situation: Situation) -> Diagnosis:
    sent = situation.sent.get("nonce", "none that is known here")
    found = situation.answer.get("id_token.nonce")
    if found is None:
        return Diagnosis(
            f"The ID Token has no nonce, and the login sent {sent}.",
            (
                "A provider of OpenID Connect has to give it back; is this one, and is this its "
                "current version?",
                'If it is known to drop it, set client_kwargs={"accept_missing_nonce": True}; '
                "what that gives up is on the page Security.",
            ),
        )
    return Diagnosis(
        f"The ID Token answers another login: this one sent {sent}, and the ID Token says {found}.",
        (
            "Log in again. If that works, an answer was mixed up: nothing is to be mended here.",
            "If it never works, the provider, or a proxy before it, keeps answers and gives out "
            "old ones: nothing of its token endpoint may be cached.",
            "If you did not expect this, somebody may be replaying a stolen ID Token: the login "
            "was refused for that.",
        ),
    )


def _wrong_issuer(error: IdTokenError, situation: Situation) -> Diagnosis:
    return Diagnosis(
        f"The ID Token is of another provider: {situation.sentence(error)}",
        (
            "The issuer that is expected comes from the provider's metadata, or from issuer=. "
            "It has to be the same, letter by letter, also a slash at its end.",
            f"The ID Token says {situation.answer.get('id_token.iss', 'nothing')}.",
        ),
    )


def _wrong_audience(error: IdTokenError, situation: Situation) -> Diagnosis:
    claim = f"id_token.{error.claim}"
    return Diagnosis(
        f"The ID Token was made for somebody else: {situation.sentence(error)}",
        (
            f"Its {error.claim} is {situation.answer.get(claim) or 'missing'}; this client is "
            f"{situation.sent.get('client_id', 'another')}.",
            f"Is {situation.setting('client_id')} the one that the provider gave you?",
        ),
    )


def _wrong_time(error: IdTokenError, situation: Situation) -> Diagnosis:
    return Diagnosis(
        f"By this machine's clock, the ID Token is not valid now: {situation.sentence(error)}",
        (
            "Set this machine's clock; let it be kept right (NTP).",
            'If it is the provider\'s that is wrong, client_kwargs={"clock_skew": seconds} '
            "allows for more.",
        ),
    )


def _wrong_hash(error: IdTokenError, situation: Situation) -> Diagnosis:
    return Diagnosis(
        f"The ID Token does not belong to what came with it: {situation.sentence(error)}",
        ("Two answers of the provider were mixed up. Nothing that it answers may be cached.",),
    )


def signature(error: InvalidSignatureError, situation: Situation) -> Diagnosis:
    """What to say when nobody who is trusted has signed the ID Token."""
    alg = situation.answer.get("id_token.alg", "")
    mend: list[str] = []
    if isinstance(error, UnknownKeyError):
        mend.append(
            f"It says that its key is {situation.answer.get('id_token.kid', '(not named)')}; those "
            "that the provider publishes are in the last step. If it changed its keys a moment "
            "ago, try again in a minute."
        )
    elif _SHARED.fullmatch(alg):
        mend.append(
            f"It is signed by {alg}, with the client_secret. If the provider does that on purpose, "
            f'say so: client_kwargs={{"id_token_signed_response_alg": "{alg}"}}.'
        )
    mend.append(
        "If none of this fits, the ID Token was forged, or damaged on its way: it was refused "
        "for that."
    )
    return Diagnosis(
        f"The ID Token is not signed as it has to be: {situation.sentence(error)}", tuple(mend)
    )


_CLAIMS: Final = {
    "nonce": _nonce,
    "iss": _wrong_issuer,
    "aud": _wrong_audience,
    "azp": _wrong_audience,
    "exp": _wrong_time,
    "iat": _wrong_time,
    "nbf": _wrong_time,
    "at_hash": _wrong_hash,
    "c_hash": _wrong_hash,
}
