"""A pending authorization as JSON whose secrets nobody but this application can read."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Final, cast

from typedoauth.credentials import PendingAuthorization, TemporaryCredentials
from typedoauth.errors import ConfigurationError, StoreError
from typedoauth.flask.sealing import Sealer
from typedoauth.flask.session import Details

__all__ = ["PendingCodec"]

_MADE: Final = (("v", "code_verifier"), ("n", "nonce"))


class PendingCodec:
    """Turns a login into JSON and back.

    Values that it made itself are derived again rather than kept; others are
    encrypted. Without a key, as with a server-side session, they stay as they are.

    Args:
        secret_key: The application's ``SECRET_KEY``, or ``None``.
        fallbacks: Earlier ones, which open what they closed.
    """

    __slots__ = ("_fallbacks", "_sealer")

    def __init__(
        self, secret_key: str | bytes | None, fallbacks: Sequence[str | bytes] = ()
    ) -> None:
        self._sealer: Sealer | None = Sealer(secret_key) if secret_key else None
        self._fallbacks: Sequence[str | bytes] = fallbacks

    def origin_mark(self, state: str, origin: str) -> str:
        """Four characters that tie a state to an origin; none without a key.

        Args:
            state: The random part of a state.
            origin: Scheme and host.

        Returns:
            The mark.
        """
        return "" if self._sealer is None else self._sealer.derive("origin", state, origin)[:4]

    def make_secret(self, purpose: str, name: str, state: str) -> str:
        """Make a code verifier or nonce that need not be kept where there is a key.

        Args:
            purpose: ``code_verifier`` or ``nonce``.
            name: The client's name.
            state: The state of the login.

        Returns:
            A text of 43 characters.
        """
        if self._sealer is None:
            return secrets.token_urlsafe(32)
        return self._sealer.derive(purpose, name, state)

    def encode(self, name: str, pending: PendingAuthorization) -> Details:
        """Write down *pending*.

        Args:
            name: The client's name.
            pending: The login.

        Returns:
            JSON.

        Raises:
            ConfigurationError: The caller's data is no JSON.
        """
        details: Details = {}
        secret: dict[str, str] = {}
        derived = ""
        values = (pending.code_verifier, pending.nonce)
        for (letter, purpose), value in zip(_MADE, values, strict=True):
            if value is None:
                continue
            if self._sealer and value == self._sealer.derive(purpose, name, pending.state):
                derived += letter
            else:
                secret[letter] = value
        if pending.temporary_credentials is not None:
            secret["t"] = pending.temporary_credentials.oauth_token_secret
        elif pending.redirect_uri is not None:
            details["r"] = pending.redirect_uri
        if derived:
            details["f"] = derived
        if secret and self._sealer is not None:
            details["s"] = self._sealer.seal(secret, name, pending.state)
        elif secret:
            details["s"] = secret
        if self._sealer is not None and (secret or derived):
            details["k"] = self._sealer.key_id
        if pending.max_age is not None:
            details["m"] = pending.max_age
        if pending.acr_values:
            details["a"] = list(pending.acr_values)
        if pending.data:
            details["d"] = _plain(pending.data)
        return details

    def decode(self, name: str, state: str, details: Details) -> PendingAuthorization:
        """Read what :meth:`encode` wrote.

        Args:
            name: The client's name.
            state: The state of the login.
            details: What was written.

        Returns:
            The login.

        Raises:
            StoreError: It cannot be opened.
        """
        secret: dict[str, object] = {}
        sealed, derived = details.get("s"), details.get("f")
        if isinstance(sealed, dict):
            secret.update(cast("dict[str, object]", sealed))  # JSON: its keys are texts
        if isinstance(sealed, str):
            secret.update(self._sealer_of(details).unseal(sealed, name, state))
        if isinstance(derived, str):
            sealer = self._sealer_of(details)
            secret.update(
                (letter, sealer.derive(purpose, name, state))
                for letter, purpose in _MADE
                if letter in derived
            )
        data, max_age, values = details.get("d"), details.get("m"), details.get("a")
        acr_values = cast("list[object]", values) if isinstance(values, list) else []  # JSON
        token_secret = _text(secret.get("t"))
        return PendingAuthorization(
            state=state,
            redirect_uri=_text(details.get("r")),
            code_verifier=_text(secret.get("v")),
            nonce=_text(secret.get("n")),
            max_age=max_age if isinstance(max_age, int) else None,
            acr_values=tuple(one for one in acr_values if isinstance(one, str)),
            temporary_credentials=(
                None if token_secret is None else TemporaryCredentials(state, token_secret)
            ),
            data=cast("dict[str, object]", data) if isinstance(data, dict) else {},  # JSON
        )

    def _sealer_of(self, details: Details) -> Sealer:
        """The sealer with the key that these details were made with."""
        key_id = details.get("k")
        sealers = [self._sealer] if self._sealer is not None else []
        for sealer in (*sealers, *map(Sealer, self._fallbacks)):
            if sealer.key_id == key_id:
                return sealer
        raise StoreError("SECRET_KEY has changed since this login was begun; log in again")


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _plain(data: Mapping[str, object]) -> dict[str, object]:
    """The caller's data as it comes back: JSON."""
    try:
        text = json.dumps(dict(data), allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        # No cause: it may quote the data.
        raise ConfigurationError(
            "data= of a login is a dict of JSON values: texts, numbers, booleans, lists, dicts"
        ) from None
    return cast("dict[str, object]", json.loads(text))  # it was a dict
