"""``flask typedoauth providers``: the services that are ready to use."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final, cast

import click

from typedoauth import providers as ready
from typedoauth.errors import ConfigurationError
from typedoauth.flask.cli.commands import Commands, json_option
from typedoauth.flask.cli.output import printable, say_json
from typedoauth.providers.declarations import (
    OAuth1Provider,
    OAuth2Provider,
    OpenIDProvider,
    Provider,
)
from typedoauth.providers.descriptions import quirks, scope
from typedoauth.providers.services import SERVICES

__all__ = ["providers"]

_WIDTHS: Final = (15, 16, 15)
_KINDS: Final = {one.__name__: one.kind for one in (OAuth1Provider, OAuth2Provider, OpenIDProvider)}
_ADDRESSES: Final = (
    *("server_metadata_url", "request_token_url", "authorize_url", "access_token_url"),
    "api_base_url",
)

providers: Final[Commands] = Commands("providers", help="The services that are ready to use.")


@dataclass(frozen=True, slots=True)
class _Service:
    """A service, before its parameters are given.

    Attributes:
        name: What it is imported by.
        kind: Its protocol.
        client: What its client is called, unless another name is given.
        parameters: What it has to be given, and what it may be, which ends with ``=``.
    """

    name: str
    kind: str
    client: str
    parameters: tuple[str, ...] = ()

    @classmethod
    def of(cls, name: str) -> _Service:
        declared: object = getattr(ready, name)
        if isinstance(declared, Provider):
            return cls(name, declared.kind, declared.name)
        signature = inspect.signature(_function(declared))
        found = dict(signature.parameters)
        client: object = found.pop("name").default
        needed = inspect.Parameter.empty
        return cls(
            name,
            _KINDS[str(signature.return_annotation)],
            str(client),
            tuple(one.name if one.default is needed else f"{one.name}=" for one in found.values()),
        )

    @property
    def needed(self) -> list[str]:
        """What it has to be given."""
        return [one for one in self.parameters if not one.endswith("=")]

    def declaration(self, given: Mapping[str, str]) -> Provider | None:
        """Its declaration; ``None`` where something that it needs is not given."""
        declared: object = getattr(ready, self.name)
        unknown = given.keys() - {one.removesuffix("=") for one in self.parameters}
        if unknown:
            known = ", ".join(one.removesuffix("=") for one in self.parameters) or "none"
            raise click.UsageError(
                f"{self.name} has no parameter {', '.join(sorted(unknown))}; it has {known}"
            )
        if isinstance(declared, Provider):
            return declared
        if set(self.needed) - given.keys():
            return None
        try:
            return cast("Provider", _function(declared)(**given))  # it makes nothing else
        except ConfigurationError as error:
            if not given:
                return None  # it takes one of several
            raise click.UsageError(error.description) from error

    @property
    def members(self) -> dict[str, object]:
        """What can be told of it, for JSON."""
        return {
            "name": self.name,
            "kind": self.kind,
            "client": self.client,
            "parameters": [one.removesuffix("=") for one in self.parameters],
            "needed": self.needed,
        }


@providers.command("list", with_appcontext=False)
@json_option
def list_providers(as_json: bool) -> None:
    """List the services: how each is imported, its protocol, its client, its parameters."""
    if not as_json:
        _say_row(("NAME", "KIND", "CLIENT", "PARAMETERS"))
    for service in map(_Service.of, SERVICES):
        if as_json:
            say_json(service.members)
        else:
            parameters = " ".join(service.parameters) or "-"
            _say_row((service.name, service.kind, service.client, parameters))


@providers.command("describe", with_appcontext=False)
@click.argument("name")
@click.option(
    "--parameter",
    "-p",
    "given",
    multiple=True,
    metavar="PARAMETER=VALUE",
    help="Such as host=git.example.com; may be given repeatedly.",
)
@json_option
def describe(name: str, given: tuple[str, ...], as_json: bool) -> None:
    """Tell what is declared of the service NAME.

    Its addresses are told where all that it needs is given.
    """
    service = _find(name)
    members = service.members | _declared(service.declaration(_parameters(given)))
    if as_json:
        say_json(members)
        return
    parameters = ", ".join(service.parameters)
    call = f"{service.name}({', '.join(f'{one}=…' for one in service.needed)})"
    prefix = service.client.upper()
    members |= {
        "parameters": parameters,
        "register": f"oauth.register_provider({call if service.needed else service.name})",
        "config": f"{prefix}_CLIENT_ID, {prefix}_CLIENT_SECRET",
    }
    del members["needed"]
    for member, value in members.items():
        for text in _texts(value):
            click.echo(f"{member.replace('_', ' '):20}{printable(text)}")


def _find(name: str) -> _Service:
    services = {one.name: one for one in map(_Service.of, SERVICES)}
    for service in services.values():
        if name.lower() in (service.name.lower(), service.client):
            return service
    close = get_close_matches(name, services, n=1, cutoff=0.5)
    hint = f"did you mean {close[0]}?" if close else "providers list has them all"
    raise click.UsageError(f"there is no service {name!r}; {hint}")


def _parameters(given: Sequence[str]) -> dict[str, str]:
    pairs = [one.partition("=") for one in given]
    if not all(equals for _, equals, _ in pairs):
        raise click.UsageError("--parameter is PARAMETER=VALUE, such as host=git.example.com")
    return {name: value for name, _, value in pairs}


def _declared(provider: Provider | None) -> dict[str, object]:
    settings = {} if provider is None else provider.settings()
    return {
        "title": None if provider is None else provider.title,
        **{name: settings.get(name) for name in _ADDRESSES},
        "scope": None if provider is None else scope(provider) or None,
        "quirks": [] if provider is None else [*quirks(provider)],
        "unconfirmed": [] if provider is None else [*provider.unconfirmed],
    }


def _texts(value: object) -> list[str]:
    if isinstance(value, list):
        return [str(one) for one in cast("list[object]", value)]  # texts
    return [] if value in (None, "") else [str(value)]


def _say_row(cells: Sequence[str]) -> None:
    *padded, last = cells
    row = [f"{cell:{width}}" for cell, width in zip(padded, _WIDTHS, strict=True)]
    click.echo("  ".join([*row, last]))


def _function(declared: object) -> Callable[..., object]:
    assert callable(declared)  # a declaration, or what makes one
    return declared
