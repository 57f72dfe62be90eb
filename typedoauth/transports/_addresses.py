"""Where a guarded connection may lead: public addresses, and the ports that are allowed."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

from typedoauth.errors import TransportError
from typedoauth.messages import ConnectionSettings

_HTTPS_ONLY: Final = (443,)

# A list of our own: what Python's is_global says changes from one patch release to the next.
_NOT_PUBLIC: Final = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",  # private
            "100.64.0.0/10",  # shared by the customers of a carrier
            "127.0.0.0/8",  # loopback
            "168.63.129.16/32",  # what a virtual machine's host answers on Azure
            "169.254.0.0/16",  # link-local, and what a virtual machine's host answers elsewhere
            "172.16.0.0/12",  # private
            "192.0.0.0/24",  # IETF protocol assignments
            "192.0.2.0/24",  # documentation
            "192.88.99.0/24",  # relays of 6to4
            "192.168.0.0/16",  # private
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, and broadcast
        ),
    )
)
# Outside of it are loopback, link-local, site-local, unique local and multicast
# addresses, and those that stand for an IPv4 address.
_GLOBAL_UNICAST: Final = IPv6Network("2000::/3")
_NOT_PUBLIC_6: Final = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # IETF protocol assignments: Teredo, benchmarks, ORCHID
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4
            "3fff::/20",  # documentation
        ),
    )
)
# What a network without IPv4 makes of a server that has nothing else (RFC 6052 2.1).
_NAT64: Final = IPv6Network("64:ff9b::/96")


def check_port(host: str, port: int, settings: ConnectionSettings) -> None:
    """Refuse a port that *settings* do not allow.

    Raises:
        TransportError: They do not.
    """
    allowed = settings.allowed_ports
    if allowed is None and settings.public_addresses_only:
        allowed = _HTTPS_ONLY
    if allowed is not None and port not in allowed:
        raise TransportError(
            f"{host}: port {port} is not among allowed_ports ({', '.join(map(str, allowed))})"
        )


def check_public(host: str, addresses: Iterable[str]) -> None:
    """Refuse a host that has an address on a private network, whatever its others are.

    Raises:
        TransportError: It has; the message does not say which.
    """
    if not all(map(_is_public, addresses)):
        raise TransportError(
            f"{host}: leads to an address that is not public, and public_addresses_only is set"
        )


def _is_public(text: str) -> bool:
    """Whether an address is globally reachable (RFC 6890, RFC 8190, and IANA's registries)."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        if address not in _NAT64:
            return address in _GLOBAL_UNICAST and not any(address in one for one in _NOT_PUBLIC_6)
        address = IPv4Address(int(address) & 0xFFFFFFFF)
    return not any(address in one for one in _NOT_PUBLIC)
