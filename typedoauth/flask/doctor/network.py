"""Asking a provider, as its client would, with a bound on the time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Final

from typedoauth._urls import origin, without_query
from typedoauth.client import OAuth1Client, OAuth2Client
from typedoauth.errors import ConfigurationError, OAuthError
from typedoauth.flask.doctor.findings import Finding, fine, problem
from typedoauth.messages import Response

__all__ = ["Network", "cause_of", "check_clock", "check_reachable"]

_TOLERATED: Final = 30.0  # seconds that a Date header may be off by itself


@dataclass(slots=True)
class Network:
    """Asks for one client, and notes what it is told of the time.

    Attributes:
        client: The client, whose proxy and TLS settings apply.
        clock: Our own clock.
        seconds: How long one answer may take.
        skews: By how many seconds the provider's clock was ahead, by host.
        reached: Where an answer came from.
    """

    client: OAuth1Client | OAuth2Client
    clock: Callable[[], float]
    seconds: float
    skews: dict[str, float] = field(default_factory=dict[str, float])
    reached: set[tuple[str, str, int]] = field(default_factory=set[tuple[str, str, int]])

    def ask(self, url: str, method: str = "GET") -> Response:
        """Ask without a token, and follow no redirect.

        Args:
            url: What to ask for.
            method: The HTTP method.

        Returns:
            The answer, whatever its status.

        Raises:
            OAuthError: None came.
        """
        before = self.clock()
        response = self.client.request(
            method,
            url,
            withhold_token=True,
            allow_redirects=False,
            timeout=self.seconds,
            headers={"Accept": "application/json"},
        )
        self.reached.add(origin(url))
        told = _date(response)
        if told is not None:
            # The header has whole seconds, and was written at some time in between.
            middle = (before + self.clock()) / 2
            self.skews[origin(url)[1]] = told + 0.5 - middle
        return response


def check_reachable(network: Network, urls: dict[str, str | None]) -> Iterator[Finding]:
    """See whether somebody answers at each host that was not asked yet.

    Args:
        network: Asks.
        urls: The endpoints, by the names of their settings.

    Yields:
        What is wrong.
    """
    failed: set[tuple[str, str, int]] = set()
    for name, url in urls.items():
        if url is None or origin(url) in network.reached | failed:
            continue
        try:
            network.ask(url, "HEAD")
        except OAuthError as error:
            failed.add(origin(url))
            yield problem(
                "endpoint_unreachable",
                f"nobody answers at the host of {name}, {without_query(url)}: {cause_of(error)}",
                "check the host's name, the network, the proxy settings and the certificates",
            )


def check_clock(network: Network, tolerated: float) -> Iterator[Finding]:
    """Compare the provider's clock with ours.

    Args:
        network: What was asked before.
        tolerated: By how many seconds they may differ.

    Yields:
        What is to be said of it.
    """
    if not network.skews:
        return
    host, skew = max(network.skews.items(), key=lambda one: abs(one[1]))
    seconds = round(abs(skew))
    way = "behind" if skew > 0 else "ahead of"
    if seconds > tolerated + _TOLERATED:
        yield problem(
            "clock_skew",
            f"this machine's clock is {seconds} s {way} that of {host}, and {tolerated:g} s are "
            "let pass: ID Tokens, signatures and expiry are judged by it",
            "set the clock, and keep it with NTP",
        )
    else:
        yield fine("clock", f"this machine's clock and that of {host} agree")


def cause_of(error: OAuthError) -> str:
    """Say why nobody answered, in a few words.

    Args:
        error: What was raised.

    Returns:
        Its description, without the address in front.
    """
    if isinstance(error, ConfigurationError):
        return error.description
    said = error.description
    return said.partition(": ")[2] or said


def _date(response: Response) -> float | None:
    given = response.headers.get("Date")
    if given is None:
        return None
    try:
        return parsedate_to_datetime(given).timestamp()
    except (ValueError, OverflowError):
        return None
