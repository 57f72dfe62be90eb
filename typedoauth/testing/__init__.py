"""For people who test their own login: a provider that checks what it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typedoauth._lazy import exports

if TYPE_CHECKING:
    from typedoauth.testing.addresses import Resource
    from typedoauth.testing.clock import FrozenClock
    from typedoauth.testing.faults import EVERYDAY, FAULTS, EverydayFault, Fault
    from typedoauth.testing.provider import LocalProvider
    from typedoauth.testing.records import Lifetimes, RegisteredClient, User
    from typedoauth.testing.registered import Registered
    from typedoauth.testing.server import serve
    from typedoauth.testing.standing_in import StandIn

__all__ = [
    "EVERYDAY",
    "EverydayFault",
    "FAULTS",
    "Fault",
    "FrozenClock",
    "Lifetimes",
    "LocalProvider",
    "Registered",
    "RegisteredClient",
    "Resource",
    "StandIn",
    "User",
    "serve",
]

if not TYPE_CHECKING:
    # Hidden from checkers; pytest imports the plugin, and so this, in every run.
    __getattr__, __dir__ = exports(
        __name__,
        {
            "typedoauth.testing.addresses": "Resource",
            "typedoauth.testing.clock": "FrozenClock",
            "typedoauth.testing.faults": "EVERYDAY FAULTS EverydayFault Fault",
            "typedoauth.testing.provider": "LocalProvider",
            "typedoauth.testing.records": "Lifetimes RegisteredClient User",
            "typedoauth.testing.registered": "Registered",
            "typedoauth.testing.server": "serve",
            "typedoauth.testing.standing_in": "StandIn",
        },
    )
