"""What the options of a client may be at run time, whatever their annotations say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeVar, cast

from typedoauth.client.options import ConnectionOptions, check_option_names
from typedoauth.errors import ConfigurationError

__all__ = ["given_options"]

OptionsT = TypeVar("OptionsT", bound=ConnectionOptions)


def _text(value: object) -> bool:
    return isinstance(value, str)


def _field(value: object) -> bool:
    return isinstance(value, str) and value.isprintable()


def _separator(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _flag(value: object) -> bool:
    return isinstance(value, bool)


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _seconds(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def _texts(value: object) -> bool:
    if not isinstance(value, list | tuple | set | frozenset):
        return False
    return all(isinstance(one, str) for one in cast("Iterable[object]", value))  # any members


def _scope(value: object) -> bool:
    return isinstance(value, str) or (not isinstance(value, set | frozenset) and _texts(value))


_KINDS: Final[Mapping[Callable[[object], bool], tuple[str, tuple[str, ...]]]] = {
    _text: (
        "a text",
        (
            "client_assertion_audience",
            "id_token_encrypted_response_alg",
            "id_token_encrypted_response_enc",
            "id_token_signed_response_alg",
            "login_hint",
            "private_key_id",
            "prompt",
            "realm",
            "response_mode",
            "token_endpoint_auth_signing_alg",
            "userinfo_encrypted_response_alg",
            "userinfo_encrypted_response_enc",
            "userinfo_signed_response_alg",
        ),
    ),
    _field: ("a text of one line", ("user_agent",)),
    _separator: ("a text, such as a comma", ("scope_separator",)),
    _flag: (
        "True or False",
        (
            "accept_missing_iss",
            "accept_missing_nonce",
            "accept_other_acr",
            "allow_insecure_transport",
            "force_include_body",
            "include_body_hash",
            "public_addresses_only",
            "require_callback_confirmed",
            "trust_env",
        ),
    ),
    _whole: ("a whole number, 0 or more", ("max_redirects", "max_response_bytes")),
    _seconds: ("a number of seconds, 0 or more", ("clock_skew", "leeway")),
    _texts: ("a list of texts", ("trusted_audiences", "trusted_origins")),
    _scope: ("a text or a list of texts", ("scope",)),
}
_CHECKS: Final[Mapping[str, tuple[Callable[[object], bool], str]]] = {
    name: (check, shown) for check, (shown, names) in _KINDS.items() for name in names
}


def given_options(
    options: OptionsT,
    valid: Iterable[str],
    what: str,
    function: Callable[..., object] | None = None,
) -> OptionsT:
    """Check the options of a client: their names and their types.

    Options that name one of several things are checked where they are used.

    Args:
        options: The options.
        valid: The names that exist.
        what: Whose options they are, for the message.
        function: What takes them: its own parameters may have been meant.

    Returns:
        Those that are not ``None``.

    Raises:
        UnknownOptionError: One does not exist; the message names the nearest.
        ConfigurationError: One is of another type than it is to have.
    """
    check_option_names(options, valid, what, function)
    kept = {name: value for name, value in options.items() if value is not None}
    for name in _CHECKS.keys() & kept.keys():
        check, shown = _CHECKS[name]
        if not check(kept[name]):
            kind = type(kept[name]).__name__
            raise ConfigurationError(f"{what}: {name} is to be {shown}; this is of type {kind}")
    return cast("OptionsT", kept)  # what is left of the same TypedDict
