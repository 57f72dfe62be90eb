"""An application with pages for signing in, linked accounts and errors."""

from __future__ import annotations

from typing import Final

from flask import Flask, redirect, session, url_for
from flask.typing import ResponseReturnValue

from typedoauth import AnyToken, OAuthError, UserInfo
from typedoauth.flask import (
    OAuth,
    RemoteApp,
    create_account_pages,
    create_flask_blueprint,
    error_page,
    return_to,
)
from typedoauth.providers import GitHub, Google, Twitter
from typedoauth.stores import MemoryTokenStore

SERVICES: Final = [GitHub, Google, Twitter]


def handle_authorize(
    remote: RemoteApp, token: AnyToken | None, user_info: UserInfo | None
) -> ResponseReturnValue:
    """Sign in, or link to who is signed in."""
    assert user_info is not None
    session.setdefault("user", f"{remote.name}:{user_info['sub']}")
    remote.save_token(token)
    return redirect(return_to(remote, url_for("accounts.accounts")))


def handle_error(remote: RemoteApp, error: OAuthError) -> ResponseReturnValue:
    """Show the page."""
    return error_page(error, remote, again=url_for("login.login", name=remote.name))


def make_portal(
    template_folder: str = "templates", token_store: MemoryTokenStore | None = None
) -> Flask:
    """Make the application; its clients are known by config alone."""
    app = Flask("portal", template_folder=template_folder)
    app.secret_key = "of the portal"
    for service in SERVICES:
        app.config[f"{service.name.upper()}_CLIENT_ID"] = "client"
        app.config[f"{service.name.upper()}_CLIENT_SECRET"] = "secret"
    store = MemoryTokenStore() if token_store is None else token_store
    oauth = OAuth(app, token_store=store, owner=lambda: session.get("user"))
    login = create_flask_blueprint(SERVICES, oauth, handle_authorize, handle_error=handle_error)
    app.register_blueprint(login)
    app.register_blueprint(create_account_pages(SERVICES, oauth), url_prefix="/account")
    return app
