"""The provider's JWK set: can it be had, and does it hold a key for what is signed?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from typedoauth import oidc
from typedoauth._urls import without_query
from typedoauth._words import printable
from typedoauth.errors import MalformedResponseError, OAuthError
from typedoauth.flask.doctor.findings import Finding, fine, problem
from typedoauth.flask.doctor.network import Network, cause_of

__all__ = ["check_jwk_set", "look_up_keys"]

_DEFAULT: Final = ("RS256",)


def look_up_keys(network: Network, url: str) -> tuple[oidc.JWKSet | None, list[Finding]]:
    """Fetch the JWK set, and say what is wrong where it cannot be had.

    Args:
        network: Asks.
        url: Where it lies.

    Returns:
        The set, or ``None`` and what is wrong.
    """
    where = without_query(url)
    try:
        response = network.ask(url)
        if response.status_code != 200:
            return None, [
                problem(
                    "jwks_status",
                    f"the JWK set {where} answered status {response.status_code}, not 200",
                    "check jwks_uri; where there is a server_metadata_url, leave it out",
                )
            ]
        return oidc.parse_jwk_set(response.content), []
    except MalformedResponseError as error:
        return None, [
            problem(
                "jwks_malformed",
                f"{where}: {error.description}",
                "check jwks_uri; where there is a server_metadata_url, leave it out",
            )
        ]
    except OAuthError as error:
        return None, [
            problem(
                "jwks_unreachable",
                f"nobody answers at jwks_uri, {where}: {cause_of(error)}",
                "check the host's name, the network, the proxy settings and the certificates",
            )
        ]


def check_jwk_set(
    keys: oidc.JWKSet, registered: object, offered: Sequence[str] | None
) -> Iterator[Finding]:
    """See whether there is a key for ID Tokens.

    Args:
        keys: The JWK set.
        registered: ``id_token_signed_response_alg``, if it was registered.
        offered: The algorithms that the provider's metadata has.

    Yields:
        What is to be said of it.
    """
    if not keys.keys:
        why = "; ".join(keys.refused[:3]) or "it is empty"
        yield problem(
            "jwks_no_key",
            f"the JWK set has no usable key: {printable(why, longest=300)}",
            "ask the provider; RSA keys have 2048 bits at the least",
        )
        return
    wanted = [registered] if isinstance(registered, str) else list(offered or _DEFAULT)
    wanted = [one for one in wanted if one in oidc.ALGORITHMS and not one.startswith("HS")]
    there = {algorithm for key in keys.keys for algorithm in key.algorithms}
    if not there.intersection(wanted):
        yield problem(
            "jwks_no_algorithm",
            f"no key of the JWK set is for {printable(', '.join(wanted) or 'any known algorithm')}"
            f"; they are for {', '.join(sorted(there))}",
            'say client_kwargs={"id_token_signed_response_alg": …} with the algorithm that the '
            "provider uses for this client",
        )
        return
    names = Counter(key.kid for key in keys.keys)
    if len(keys.keys) > 1 and (names[None] or max(names.values()) > 1):
        yield problem(
            "jwks_kid_ambiguous",
            "several keys of the JWK set have the same kid, or none: a signature that names "
            "none cannot be told from another's",
            "ask the provider to give each key a kid of its own",
        )
        return
    count = len(keys.keys)
    yield fine("jwks", f"the JWK set has {count} usable key{'' if count == 1 else 's'}")
