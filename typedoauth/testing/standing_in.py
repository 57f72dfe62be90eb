"""The provider in the place of the services that a Flask application is registered with."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from typing_extensions import override

from typedoauth.errors import ConfigurationError
from typedoauth.testing.visits import Detour

if TYPE_CHECKING:
    from flask import Flask

    from typedoauth.testing.provider import LocalProvider

__all__ = ["StandIn"]


class StandIn:
    """The time for which the provider stands in for an application's services.

    It has begun already. It ends with its block, with :meth:`close`, or with the
    provider's own.

    Args:
        provider: The provider.
        app: The application.

    Raises:
        ConfigurationError: No registry serves it, or a client lacks a setting.
    """

    def __init__(self, provider: LocalProvider, app: Flask) -> None:
        # Only who tests a Flask application needs these.
        from typedoauth.flask import registries
        from typedoauth.transports import WSGITransport

        self._provider: LocalProvider = provider
        found = registries(app)
        if not found:
            raise ConfigurationError(
                f"no registry serves the application {app.name!r}; call oauth.init_app(app) first"
            )
        with ExitStack() as stack:
            for oauth in found:
                for name in oauth:
                    provider.add_registered(oauth.create_client(name))
                stack.enter_context(
                    oauth.override(transport=WSGITransport(provider), clock=provider.clock)
                )
            detour = Detour(app.wsgi_app, provider)
            setattr(app, "wsgi_app", detour)  # noqa: B010  to a checker it is a method
            stack.callback(_take_away, app, detour)
            self._stack: ExitStack = stack.pop_all()

    @override
    def __repr__(self) -> str:
        return "<StandIn>"

    def __enter__(self) -> LocalProvider:
        """Return the provider."""
        return self._provider

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Leave the application as it was."""
        self._stack.close()


def _take_away(app: Flask, detour: Detour) -> None:
    if app.wsgi_app == detour:
        setattr(app, "wsgi_app", detour.app)  # noqa: B010  likewise
    detour.end()
