"""What an application asks of the claims of one login, beyond the specifications."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, cast

from typing_extensions import TypedDict

from typedoauth._names import nearest
from typedoauth.errors import ConfigurationError, IdTokenError

__all__ = ["ClaimOptions", "check_claim_options"]


class ClaimOptions(TypedDict, total=False):
    """What one claim has to be; nothing here takes a check of the specifications away.

    ``essential`` means that it has to be there and not be empty. With ``value`` or
    ``values`` it has to be there, and to equal one of them; of a claim that is a list,
    one member has to.
    """

    essential: bool
    value: object
    values: Sequence[object]


_KNOWN: Final = frozenset(ClaimOptions.__annotations__)
_WHAT: Final = "the ID Token"


def check_claim_options(
    claims: Mapping[str, object], options: Mapping[str, ClaimOptions] | None
) -> None:
    """Refuse claims that are not as the application asks.

    Args:
        claims: The validated claims.
        options: What to ask, by the name of the claim.

    Raises:
        ConfigurationError: An option does not exist, or is of a wrong type.
        IdTokenError: A claim is missing, or none of the accepted values.
    """
    for name, option in _checked(options).items():
        narrowed = "value" in option or "values" in option
        accepted = [*option.get("values", ()), *([option["value"]] if "value" in option else [])]
        found = claims.get(name)
        if found in (None, "", []):
            if narrowed or option.get("essential"):
                raise IdTokenError(
                    f"{_WHAT} has no {name}, which claims_options ask for", claim=name
                )
            continue
        listed = cast("list[object]", found) if isinstance(found, list) else [found]  # any list
        if narrowed and not any(one in accepted for one in listed):
            raise IdTokenError(
                f"{_WHAT}: {name} is none of the values that claims_options accept", claim=name
            )


def _checked(options: object) -> Mapping[str, ClaimOptions]:
    """The options, whatever their annotation says."""
    if options is None:
        return {}
    if not isinstance(options, Mapping):
        raise ConfigurationError("claims_options is a dict of dicts, by the names of claims")
    for name, option in cast("Mapping[object, object]", options).items():  # each is looked at
        if not isinstance(option, Mapping):
            raise ConfigurationError(
                f"claims_options of {name!r} is a dict, such as {{'essential': True}}"
            )
        members = cast("Mapping[object, object]", option)  # likewise
        for unknown in members.keys() - _KNOWN:
            raise ConfigurationError(
                f"claims_options of {name!r} have no option {unknown!r}; "
                f"{nearest(str(unknown), _KNOWN)}"
            )
        if not isinstance(members.get("values", ()), list | tuple | set | frozenset):
            raise ConfigurationError(f"claims_options of {name!r}: values is a list")
    return cast("Mapping[str, ClaimOptions]", options)  # looked at just now
