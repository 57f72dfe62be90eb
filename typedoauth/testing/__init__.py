"""For people who test their own login: a provider that checks what it is sent."""

from __future__ import annotations

from typedoauth.testing.faults import FAULTS, Fault
from typedoauth.testing.provider import LocalProvider
from typedoauth.testing.records import Lifetimes, RegisteredClient, User
from typedoauth.testing.server import serve

__all__ = ["FAULTS", "Fault", "Lifetimes", "LocalProvider", "RegisteredClient", "User", "serve"]
