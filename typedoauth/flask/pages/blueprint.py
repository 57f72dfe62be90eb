"""The pages where a user signs in, and sees and unlinks what is linked."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from typing import Final, NamedTuple, cast

from flask import Blueprint, abort, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from typedoauth.errors import ConfigurationError, LoginRequiredError
from typedoauth.flask.pages.rendering import render_page
from typedoauth.flask.registry import OAuth
from typedoauth.flask.remote_app import RemoteApp
from typedoauth.flask.returning import own_path
from typedoauth.flask.revoking import Revocation
from typedoauth.providers.declarations import Provider

__all__ = ["create_account_pages"]

_CSRF: Final = "_typedoauth_unlink"


class _Service(NamedTuple):
    """A way to sign in, as the templates know it."""

    name: str
    title: str
    url: str


def create_account_pages(
    backends: Sequence[Provider | RemoteApp | str],
    oauth: OAuth,
    *,
    login: str = "login.login",
    name: str = "accounts",
) -> Blueprint:
    """Make the pages ``/sign-in`` and ``/`` (linked accounts) for a blueprint of logins.

    They need no script, and no store but the registry's token store; whose accounts are
    shown is what the registry's ``owner`` tells. Their templates,
    ``typedoauth/sign_in.html`` and ``typedoauth/accounts.html``, may be overridden whole
    or block by block.

    Args:
        backends: The services that are offered: declarations, apps, or names of clients.
        oauth: The registry.
        login: The endpoint that begins a login: it gets ``name`` and ``next``.
        name: What the blueprint is called, for ``url_for``.

    Returns:
        The blueprint, for ``app.register_blueprint``.

    Raises:
        ConfigurationError: No service is offered, or something that is none.
    """
    names = _names(backends)
    blueprint = Blueprint(name, __name__)

    def services(target: str | None) -> list[_Service]:
        return [
            _Service(one, oauth.create_client(one).title, url_for(login, name=one, next=target))
            for one in names
        ]

    def sign_in() -> ResponseReturnValue:
        target = own_path(request.args.get("next"))
        return render_page("sign_in.html", services=services(target))

    def accounts(unlinked: Revocation | None = None, status: int = 200) -> ResponseReturnValue:
        here = url_for(".accounts")
        try:
            linked = oauth.linked_accounts()
        except LoginRequiredError:
            return redirect(url_for(".sign_in", next=here), 303)
        offered = services(here)
        return render_page(
            "accounts.html",
            status=status,
            accounts=linked,
            services=offered,
            unlinked=unlinked,
            title_of={one.name: one.title for one in offered},
            form_token=_form_token(),
            unlink_url=url_for(".unlink"),
        )

    def unlink() -> ResponseReturnValue:
        form = request.form
        if request.method == "GET":
            return redirect(url_for(".accounts"), 303)
        given = form.get("form_token", "").encode()
        if not hmac.compare_digest(given, _form_token().encode()):
            abort(400, "This form is not of your session any more; please go back and reload.")
        try:
            done = oauth.unlink(
                form.get("client", ""),
                account=form.get("account") or None,
                tenant=form.get("tenant") or None,
                force=form.get("force") == "yes",
            )
        except LoginRequiredError:
            return accounts()
        return accounts(done, 502 if done is not None and done.outcome == "kept" else 200)

    blueprint.add_url_rule("/sign-in", "sign_in", sign_in)
    blueprint.add_url_rule("/", "accounts", accounts)
    blueprint.add_url_rule("/unlink", "unlink", unlink, methods=["GET", "POST"])
    return blueprint


def _names(backends: object) -> list[str]:
    listed = cast("list[object]", backends) if isinstance(backends, list | tuple) else []
    names = [one.name if isinstance(one, Provider | RemoteApp) else one for one in listed]
    if not names or not all(isinstance(one, str) for one in names):
        raise ConfigurationError(
            "create_account_pages takes a list of the services that are offered: declarations, "
            "such as GitHub or GitLab(), apps, or names of clients"
        )
    return cast("list[str]", names)  # as was seen above


def _form_token() -> str:
    """What a form has to bring: another site cannot know it."""
    found: object = session.get(_CSRF)
    if not isinstance(found, str):
        found = session[_CSRF] = secrets.token_urlsafe(24)
    return found
