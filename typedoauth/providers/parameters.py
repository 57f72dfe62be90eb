"""Hosts, tenants and names that an application gives: no more than they are to be."""

from __future__ import annotations

import re
from typing import Final

from typedoauth.errors import ConfigurationError

__all__ = ["host_name", "label", "one_name"]

_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*(?::[0-9]{{1,5}})?")
_NAME: Final = re.compile(r"[A-Za-z0-9._~-]+")


def host_name(host: object, what: str) -> str:
    """Check a host.

    Args:
        host: The host, with a port where it is not 443.
        what: What it is, for the message.

    Returns:
        The host in small letters.

    Raises:
        ConfigurationError: It is a URL, or no host.
    """
    if not isinstance(host, str) or not _HOST.fullmatch(host):
        raise ConfigurationError(
            f"{what} is a host, such as 'id.example.com', without https:// and path"
        )
    return host.lower()


def label(name: object, what: str) -> str:
    """Check one part of a host name, such as a tenant.

    Args:
        name: The part.
        what: What it is, for the message.

    Returns:
        It, in small letters.

    Raises:
        ConfigurationError: It holds a dot, a slash, or what no host name may.
    """
    if not isinstance(name, str) or not re.fullmatch(_LABEL, name):
        raise ConfigurationError(f"{what} is letters, digits and hyphens, without dots")
    return name.lower()


def one_name(name: object, what: str) -> str:
    """Check one part of a path.

    Args:
        name: The part.
        what: What it is, for the message.

    Returns:
        It.

    Raises:
        ConfigurationError: It holds a slash, or what would have to be encoded.
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name) or set(name) == {"."}:
        raise ConfigurationError(f"{what} is letters, digits, '-', '_', '.' and '~'")
    return name
