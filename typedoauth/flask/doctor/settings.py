"""The settings of one client: what was registered, and what config says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, cast

from typedoauth.errors import ConfigurationError, MissingExtraError
from typedoauth.flask.doctor.findings import Finding, problem
from typedoauth.flask.settings import Registration

__all__ = ["check_credentials", "check_registration", "refused"]

_PLACEHOLDER: Final = re.compile(
    r"your[-_ ]|^<.*>$|^\{.*\}$|x{4,}|^\.{3}|…|change[-_ ]?me|^todo|replace[-_ ]?(me|with)|"
    r"placeholder",
    re.IGNORECASE,
)
_WHAT: Final = ("client_id", "client_secret")


def check_registration(
    registration: Registration, config: Mapping[str, object]
) -> Iterator[Finding]:
    """Look at how keywords and config go together.

    Args:
        registration: What was registered.
        config: ``app.config``.

    Yields:
        What is wrong.
    """
    for key, meant in registration.misspellings(config):
        yield problem(
            "config_key_misspelt",
            f"app.config has {key}, which nobody reads",
            f"did you mean {meant}?",
        )
    for key, keyword in registration.ignored(config):
        yield problem(
            "config_ignored",
            f"app.config has {key}, and register({registration.name!r}) was given {keyword}= with "
            "another value, which wins",
            f"take {keyword}= out of register, or say overwrite=True",
        )


def check_credentials(
    name: str,
    settings: Mapping[str, object],
    environ: Mapping[str, str],
    *,
    oauth1: bool,
) -> Iterator[Finding]:
    """Look at the client identifier and the secret.

    Args:
        name: The client's name.
        settings: Keywords and config, merged.
        environ: The environment; it may have what config should.
        oauth1: Which protocol it is.

    Yields:
        What is wrong; never the secret.
    """
    prefix = name.upper().replace("-", "_")
    for what in _WHAT:
        value = settings.get(what)
        if isinstance(value, str) and value:
            yield from _value_problems(what, value)
    if not settings.get("client_id"):
        yield problem(
            "client_id_missing",
            f"client {name!r} has no client_id",
            f"register it, or set {prefix}_CLIENT_ID{_in_environment(environ, prefix, 'ID')}",
        )
    if settings.get("client_secret") is None and not _signs_with_a_key(settings):
        remedy = f"set {prefix}_CLIENT_SECRET{_in_environment(environ, prefix, 'SECRET')}"
        if oauth1:
            yield problem(
                "client_secret_missing",
                f"client {name!r} has no client_secret to sign its requests with",
                remedy,
            )
        elif not _declared_public(settings):
            yield problem(
                "client_public",
                f"client {name!r} has no client_secret: it is a public client, which anybody "
                "can pose as",
                f"if the provider gave you one, {remedy}; if not, say "
                'client_kwargs={"token_endpoint_auth_method": "none"}',
            )


def refused(error: ConfigurationError) -> Finding:
    """Tell of settings that no client can be made of.

    Args:
        error: Why.

    Returns:
        The finding.
    """
    if isinstance(error, MissingExtraError):
        return problem("extra_missing", error.description, "install the extra that is named")
    return problem("settings_refused", error.description, "correct the setting that is named")


def _value_problems(what: str, value: str) -> Iterator[Finding]:
    if value != value.strip() or (value[0] == value[-1] and value[0] in "'\"" and len(value) > 1):
        yield problem(
            "credentials_unclean",
            f"{what} begins or ends with a space, a line break or a quotation mark",
            "take it away; a file is read with .strip(), and some .env readers keep quotes",
        )
    elif _PLACEHOLDER.search(value):
        yield problem(
            "credentials_placeholder",
            f"{what} looks like the placeholder of an example",
            f"put in the {what} that the provider gave you",
        )


def _in_environment(environ: Mapping[str, str], prefix: str, what: str) -> str:
    key = f"{prefix}_CLIENT_{what}"
    if key not in environ:
        return " in app.config"
    return (
        f" in app.config: the environment has it, and config does not; say "
        f'app.config["{key}"] = os.environ["{key}"]'
    )


def _kwargs(settings: Mapping[str, object]) -> Mapping[str, object]:
    given = settings.get("client_kwargs")
    return cast("Mapping[str, object]", given) if isinstance(given, Mapping) else {}  # only read


def _signs_with_a_key(settings: Mapping[str, object]) -> bool:
    kwargs = _kwargs(settings)
    method = kwargs.get("signature_method", "")
    return (
        kwargs.get("private_key") is not None
        or kwargs.get("rsa_key") is not None
        or not isinstance(method, str)
        or method.upper().startswith("RSA")
    )


def _declared_public(settings: Mapping[str, object]) -> bool:
    return bool(
        _kwargs(settings).get("token_endpoint_auth_method") == "none"
        or settings.get("client_auth_methods")
    )
