"""The two views of a login, for one declared service or for several."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias, TypeVar, overload

from flask import Blueprint, abort, request, url_for
from flask.typing import ResponseReturnValue

from typedoauth.claims import UserInfo
from typedoauth.errors import ConfigurationError, OAuthError
from typedoauth.flask.oauth_apps import OAuth1App, OAuth2App, OpenIDApp
from typedoauth.flask.provided import app_class_of_provider
from typedoauth.flask.registry import OAuth
from typedoauth.flask.remote_app import RemoteApp
from typedoauth.flask.returning import own_path
from typedoauth.providers.declarations import (
    OAuth1Provider,
    OAuth2Provider,
    OpenIDProvider,
    Provider,
)
from typedoauth.tokens import AnyToken, OAuth1Token, OAuth2Token, OpenIDToken

__all__ = ["HandleAuthorize", "HandleError", "create_flask_blueprint"]

logger: Final = logging.getLogger("typedoauth.flask")

_AppT = TypeVar("_AppT")
_TokenT = TypeVar("_TokenT")

HandleAuthorize: TypeAlias = Callable[[_AppT, _TokenT | None, UserInfo | None], ResponseReturnValue]
"""Gets the remote app, the token and the user's claims; and ``None`` twice after a failure."""
HandleError: TypeAlias = Callable[[_AppT, OAuthError], ResponseReturnValue]
"""Gets the remote app, and why there was no login."""

Backend: TypeAlias = Provider | RemoteApp
"""A declaration, or a client that was registered with one."""


@overload
def create_flask_blueprint(
    backends: OAuth1Provider | OAuth1App | Sequence[OAuth1Provider | OAuth1App],
    oauth: OAuth,
    handle_authorize: HandleAuthorize[OAuth1App, OAuth1Token],
    *,
    handle_error: HandleError[OAuth1App] | None = ...,
    name: str | None = ...,
) -> Blueprint: ...
@overload
def create_flask_blueprint(
    backends: OpenIDProvider | OpenIDApp | Sequence[OpenIDProvider | OpenIDApp],
    oauth: OAuth,
    handle_authorize: HandleAuthorize[OpenIDApp, OpenIDToken],
    *,
    handle_error: HandleError[OpenIDApp] | None = ...,
    name: str | None = ...,
) -> Blueprint: ...
@overload
def create_flask_blueprint(
    backends: OAuth2Provider
    | OpenIDProvider
    | OAuth2App
    | Sequence[OAuth2Provider | OpenIDProvider | OAuth2App],
    oauth: OAuth,
    handle_authorize: HandleAuthorize[OAuth2App, OAuth2Token],
    *,
    handle_error: HandleError[OAuth2App] | None = ...,
    name: str | None = ...,
) -> Blueprint: ...
@overload
def create_flask_blueprint(
    backends: Backend | Sequence[Backend],
    oauth: OAuth,
    handle_authorize: HandleAuthorize[RemoteApp, AnyToken],
    *,
    handle_error: HandleError[RemoteApp] | None = ...,
    name: str | None = ...,
) -> Blueprint: ...


def create_flask_blueprint(
    backends: Backend | Sequence[Backend],
    oauth: OAuth,
    handle_authorize: Callable[..., ResponseReturnValue],
    *,
    handle_error: Callable[..., ResponseReturnValue] | None = None,
    name: str | None = None,
) -> Blueprint:
    """Make the views that begin and end a login.

    One service has ``/login`` and ``/auth``, several have ``/login/<name>`` and
    ``/auth/<name>``; ``auth`` is the redirection URI to register at the service. All
    take GET and POST. What ``?next=`` of the first says is there in the second:
    :func:`~typedoauth.flask.return_to`.

    Args:
        backends: A declared service, or a list of them. One that *oauth* has no client
            for is registered, with what config says.
        oauth: The registry.
        handle_authorize: Ends a login: called with the remote app, the token and the
            user's standard claims. When there is none it is called with ``None`` in the
            place of these two, while the :class:`OAuthError` is being handled.
        handle_error: Called instead in that case, with the remote app and the error.
        name: What the blueprint is called, for ``url_for``; ``login_<name>``, or
            ``login`` for several.

    Returns:
        The blueprint, for ``app.register_blueprint``.

    Raises:
        ConfigurationError: There is no backend, two have one name, a client of that name
            is of another service, or a client cannot be registered so.
    """
    several = not isinstance(backends, Provider | RemoteApp)
    listed: list[object] = [*backends] if isinstance(backends, Sequence) else [backends]
    names = _registered(listed, oauth)
    blueprint = Blueprint(name or ("login" if several else f"login_{names[0]}"), __name__)

    def remote_of(given: str | None) -> OAuth1App | OAuth2App:
        if given is not None and given not in names:
            abort(404)
        found: object = oauth.create_client(given or names[0])
        if not isinstance(found, OAuth1App | OAuth2App):
            raise ConfigurationError(
                f"client {given or names[0]!r} is of no known protocol; use register_provider"
            )
        return found

    def failed(remote: OAuth1App | OAuth2App, error: OAuthError) -> ResponseReturnValue:
        logger.info("%s: no login: %s", remote.name, type(error).__name__)
        if handle_error is not None:
            return handle_error(remote, error)
        return handle_authorize(remote, None, None)

    def login(name: str | None = None) -> ResponseReturnValue:
        remote = remote_of(name)
        target = own_path(request.values.get("next"))
        try:
            return remote.authorize_redirect(
                url_for(".auth", _external=True, **({} if name is None else {"name": name})),
                data=None if target is None else {"next": target},
            )
        except ConfigurationError:
            raise  # it is the application's to mend, and no failed login
        except OAuthError as error:
            return failed(remote, error)

    def auth(name: str | None = None) -> ResponseReturnValue:
        remote = remote_of(name)
        try:
            token, claims = _finish(remote)
        except ConfigurationError:
            raise
        except OAuthError as error:
            return failed(remote, error)
        return handle_authorize(remote, token, claims)

    path = "/<name>" if several else ""
    methods: Mapping[str, Any] = {"methods": ["GET", "POST"]}  # any: keywords of Flask
    blueprint.add_url_rule(f"/login{path}", "login", login, **methods)
    blueprint.add_url_rule(f"/auth{path}", "auth", auth, **methods)
    return blueprint


def _finish(remote: OAuth1App | OAuth2App) -> tuple[AnyToken, UserInfo]:
    if isinstance(remote, OAuth1App):
        token = remote.authorize_access_token()
        return token, remote.userinfo(token)
    token2 = remote.authorize_access_token()
    return token2, remote.userinfo(token2)


def _registered(backends: Sequence[object], oauth: OAuth) -> list[str]:
    names: list[str] = []
    for one in backends:
        if not isinstance(one, RemoteApp):
            app_class_of_provider(one)
        if isinstance(one, Provider):
            _register(one, oauth)
        if isinstance(one, Provider | RemoteApp):
            names.append(one.name)
    if not names or len(set(names)) < len(names):
        raise ConfigurationError(
            "create_flask_blueprint takes a service, or a list of services of different names"
        )
    return names


def _register(provider: Provider, oauth: OAuth) -> None:
    """Register a service; one of another site by its name would log users in as others."""
    if provider.name not in oauth:
        oauth.register_provider(provider)
        return
    found = oauth.provider_of(provider.name)
    if found is not None and not provider.is_same_service(found):
        raise ConfigurationError(
            f"client {provider.name!r} is registered already, as a service at other addresses; "
            "give one of the two another name= with register_provider, and put what that answers "
            "into the list"
        )
