"""What the provider can be made to do wrong, one rule at a time."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

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
from typedoauth.testing.faults.kinds import Fault

__all__ = ["FAULTS", "Fault"]

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
"""Every fault by name, for :meth:`LocalProvider.faults`."""
