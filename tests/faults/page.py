"""The fault table as a page, and its counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from typing import Final

from tests.faults.cases import Case, NetworkCase, Place, Way
from tests.faults.network import NetworkFault
from tests.faults.table import CASES, NETWORK
from typedoauth.testing import FAULTS

PAGE: Final = "docs/faults.md"

_INTRODUCTION: Final = """\
# Fault table

What comes of a provider that breaks a rule, one row a fault. Each row is a test: a user of a
Flask application logs in, renews a token, asks for UserInfo or logs out while the local
provider has that one fault, or while a server has that broken network.

Besides what the row says, each test asserts that

- the error is exactly of that class, is an `OAuthError`, and holds no secret, in its text, its
  causes or a DEBUG log;
- nobody is logged in by a login that was refused, and its callback works no second time;
- the next login at the mended provider works, at once or after the time that the row names;
- nothing is sent to another host, and nothing that the provider says changes how the client
  connects, what it asks for, or that it sends PKCE with S256;
- with a broken network, it ends within its deadline and takes no more memory than a few
  megabytes.

The faults are those of `typedoauth.testing`: `with provider.faults("id_token_nonce_wrong"):`
makes the [local provider](testing.md) have one, for tests of your own. This page is written by
`python -m tests.faults --page`, from the table that the tests read.

What no single fault shows has tests of its own:

- a flood of unknown keys, `tests/security/test_openid_logins.py::test_unknown_kids_cost_one_fetch`;
- a callback in a foreign browser,
  `tests/docs/test_security.py::test_another_browser_uses_nothing_up`;
- a call of another host, `tests/docs/test_security.py::test_a_call_of_another_origin`.
"""

_SECTIONS: Final = {
    "discovery": "Discovery",
    "authorization": "Authorization response",
    "token": "Token endpoint",
    "id_token": "ID Token",
    "keys": "Keys",
    "jwks": "JWK set",
    "userinfo": "UserInfo",
    "logout": "Logout begun here",
    "logout_token": "Logout begun at the provider",
    "oauth1": "OAuth 1.0a",
}
_WAYS: Final = {
    Way.LOGIN: "login",
    Way.FORM_POST: "callback by POST",
    Way.REFRESH: "refresh",
    Way.USERINFO: "UserInfo",
    Way.LOGOUT: "logout",
    Way.BACKCHANNEL: "back-channel logout",
    Way.OAUTH1: "login",
}
_PLACES: Final = {
    Place.DISCOVERY: "discovery",
    Place.JWKS: "JWK set",
    Place.TOKEN: "token endpoint",
    Place.REFRESH: "refresh",
    Place.USERINFO: "UserInfo",
    Place.TEMPORARY: "temporary credentials",
    Place.CREDENTIALS: "token credentials",
    Place.API: "API",
}
_NETWORK: Final = {
    NetworkFault.RESET_MID_BODY: "the connection is reset in the middle of the body",
    NetworkFault.CLOSE_MID_BODY: "the connection ends in the middle of the body",
    NetworkFault.ONE_BYTE_A_SECOND: "one byte comes a second",
    NetworkFault.SILENT: "nothing comes at all",
    NetworkFault.ENDLESS_REDIRECT: "each answer redirects to itself",
    NetworkFault.REDIRECT_TO_OTHER_HOST: "a redirect to another host, by 307",
    NetworkFault.GZIP_BOMB: "256 KiB of gzip that unfold to 256 MiB",
    NetworkFault.HUGE_BODY: "a body of 50 MB",
    NetworkFault.HEADER_FLOOD: "header fields without end",
    NetworkFault.LONG_HEADER_LINE: "a header field of a megabyte",
    NetworkFault.GARBAGE_STATUS_LINE: "no status line",
    NetworkFault.HTTP_0_9: "a body without a head",
    NetworkFault.BROKEN_CHUNK_SIZE: "a chunk whose size is no number",
    NetworkFault.CONTENT_LENGTH_NEGATIVE: "a length below zero",
    NetworkFault.TWO_CONTENT_LENGTHS: "two lengths",
    NetworkFault.TLS_WRONG_CERTIFICATE: "a certificate that nobody trusts",
}

_PEER: Final = """\
## Authlib at the same faults

`python -m tests.faults.peer` has Authlib's Flask client make the logins of the table, those that
set no option of this library. With Authlib 1.9.10 they are 375:

| | typedoauth | Authlib |
|---|---|---|
| to refuse: refused with an `OAuthError` | 320 | 59 |
| to refuse: ended otherwise, mostly with another exception | 0 | 197 |
| to refuse: logged in | 0 | 64 |
| to accept: logged in | 55 | 49 |
| to accept: ended with an exception | 0 | 6 |

Some of the 64 are a matter of strictness, such as a `jku` that is ignored. The rows that say
"Authlib: …" are not; they stand for what was measured when this table was planned, with
Authlib 1.9.9.
"""


def outcome(case: Case | NetworkCase) -> str:
    """What a row says must come, in words."""
    if case.error is None:
        text = f"accepted: {case.why}" if case.why else "accepted"
        if isinstance(case, Case) and case.call is not None:
            text += f"; calls end in `{case.call.__name__}`"
        return text
    text = f"`{case.error.__name__}`"
    if case.detail is not None:
        text += f", `{case.detail}`"
    if case.why:
        text += f": {case.why}"
    if isinstance(case, Case) and case.heals:
        text += f" (for {case.heals} s)"
    return text


def render() -> str:
    """The whole page."""
    by_family = {
        family: list(rows)
        for family, rows in groupby(
            sorted(_named(), key=lambda row: list(_SECTIONS).index(row[0])), lambda row: row[0]
        )
    }
    parts = [_INTRODUCTION, _counts()]
    for family, title in _SECTIONS.items():
        rows = [_line(name, cases) for _, name, cases in by_family[family]]
        head = "| Fault | What is wrong | Rule | What must come |\n|---|---|---|---|"
        parts.append(f"## {title}\n\n<!-- table: {family} -->\n\n{head}\n" + "\n".join(rows) + "\n")
    head = "| Fault | What happens | What must come |\n|---|---|---|"
    lines = [
        f"| `{fault.value}` | {_NETWORK[fault]} | {_everywhere(fault)} |" for fault in NetworkFault
    ]
    parts.append(f"## Network\n\n<!-- table: network -->\n\n{head}\n" + "\n".join(lines) + "\n")
    parts.append(_PEER)
    return "\n".join(parts)


def _named() -> Iterable[tuple[str, str, list[Case]]]:
    for name, fault in FAULTS.items():
        yield fault.family, name, [case for case in CASES if case.faults[0] == name]


def _line(name: str, cases: list[Case]) -> str:
    fault = FAULTS[name]
    told: list[str] = []
    for case in cases:
        said = outcome(case)
        where = _WAYS[case.way]
        beside = [f"`{one}`" for one in case.faults[1:]]
        special = ", ".join([*beside, *([f"`{case.variant}`"] if case.variant else [])])
        if case is cases[0]:
            told.append(said)
        elif special:
            told.append(f"with {special}: {said}")
        elif said != outcome(cases[0]):
            told.append(f"{where}: {said}")
        if case.peer and f"Authlib: {case.peer}" not in told:
            told.append(f"Authlib: {case.peer}")
    cells = (f"`{name}`", fault.description, fault.rule, "<br>".join(told))
    return "| " + " | ".join(one.replace("|", "\\|") for one in cells) + " |"


def _everywhere(fault: NetworkFault) -> str:
    cases = [case for case in NETWORK if case.fault is fault]
    said: dict[str, list[str]] = {}
    for case in sorted(cases, key=lambda case: list(Place).index(case.place)):
        said.setdefault(outcome(case), []).append(_PLACES[case.place])
    if len(said) == 1:
        text = f"{next(iter(said))}, wherever it is"
    else:
        text = "<br>".join(f"{', '.join(places)}: {what}" for what, places in said.items())
    peers = {case.peer for case in cases if case.peer}
    return "<br>".join([text, *(f"Authlib: {peer}" for peer in sorted(peers))])


def summary() -> list[tuple[str, int, int]]:
    """Cases by what is broken: how many have to be refused, and accepted."""
    rows: list[tuple[str, int, int]] = []
    for family, title in _SECTIONS.items():
        cases = [case for case in CASES if FAULTS[case.faults[0]].family == family]
        refused = sum(case.error is not None for case in cases)
        rows.append((title, refused, len(cases) - refused))
    refused = sum(case.error is not None for case in NETWORK)
    rows.append(("Network", refused, len(NETWORK) - refused))
    return rows


def errors() -> list[tuple[str, int]]:
    """How often which error must come, the most frequent first."""
    rows: list[Case | NetworkCase] = [*CASES, *NETWORK]
    counts = Counter("accepted" if row.error is None else row.error.__name__ for row in rows)
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))


def ways() -> list[tuple[str, int]]:
    """How often the application does what."""
    counts = Counter("network" for _ in NETWORK)
    counts.update(case.way.value for case in CASES)
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))


def _counts() -> str:
    rows = summary()
    total = ("All", sum(row[1] for row in rows), sum(row[2] for row in rows))
    lines = [f"| {title} | {no + yes} | {no} | {yes} |" for title, no, yes in (*rows, total)]
    head = "| Broken | Cases | Refused | Accepted |\n|---|---|---|---|"
    named = f"{len(FAULTS)} faults of the provider and {len(NetworkFault)} of the network"
    return f"## Counts\n\n{named}:\n\n{head}\n" + "\n".join(lines) + "\n"
