"""What the provider can be made to do wrong, one rule at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

from typedoauth.errors import ConfigurationError
from typedoauth.testing.faults import (
    authorization,
    discovery,
    id_token,
    jwk_set,
    logout,
    oauth1,
    signing,
    token_endpoint,
    userinfo,
)
from typedoauth.testing.faults.everyday import EVERYDAY, EverydayFault
from typedoauth.testing.faults.kinds import Fault

__all__ = ["EVERYDAY", "EverydayFault", "FAULTS", "Fault", "select"]

FAULTS: Final[Mapping[str, Fault]] = MappingProxyType(
    {
        fault.name: fault
        for table in (
            discovery.FAULTS,
            authorization.FAULTS,
            token_endpoint.FAULTS,
            id_token.FAULTS,
            signing.FAULTS,
            jwk_set.FAULTS,
            userinfo.FAULTS,
            logout.FAULTS,
            oauth1.FAULTS,
        )
        for fault in table
    }
)
"""Every broken rule by name, for :meth:`LocalProvider.faults`."""


def select(names: Iterable[str]) -> dict[str, Fault]:
    """Look faults up, and those that an everyday fault consists of.

    Args:
        names: Their names.

    Returns:
        The faults by family.

    Raises:
        ConfigurationError: There is no such fault, or two are of one family.
    """
    chosen: dict[str, Fault] = {}
    for name in names:
        fault = EVERYDAY.get(name) or FAULTS.get(name)
        if fault is None:
            close = ", or ".join(get_close_matches(name, [*EVERYDAY, *FAULTS]))
            known = f"{', '.join(EVERYDAY)}, and FAULTS lists the others"
            hint = f"did you mean {close}?" if close else f"there are {known}"
            raise ConfigurationError(f"there is no fault {name!r}; {hint}")
        parts = fault.parts if isinstance(fault, EverydayFault) else ()
        for one in (fault, *(FAULTS[part] for part in parts)):
            if chosen.setdefault(one.family, one) is not one:
                raise ConfigurationError(f"{name!r} is the second fault of {one.family!r}")
    return chosen
