"""The two ends of a login: the redirect to the service and the callback from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Required, TypeAlias

from flask import Flask, abort, has_request_context, request, session
from flask.sessions import SessionMixin
from typing_extensions import TypedDict

from typedoauth import oidc
from typedoauth._urls import query_pairs, split
from typedoauth.client import OAuth1Client
from typedoauth.client.parameters import checked_max_age, checked_texts
from typedoauth.credentials import PendingAuthorization, TemporaryCredentials
from typedoauth.errors import (
    CallbackError,
    ConfigurationError,
    ContextError,
    MissingRequestTokenError,
)
from typedoauth.flask import telling
from typedoauth.flask.context import keep_data, keep_token
from typedoauth.flask.pending import PendingAuthorizations
from typedoauth.flask.resubmission import MARK, resubmission
from typedoauth.flask.state import Resolved
from typedoauth.tokens import AnyToken, OAuth1Token, check_oauth1_token

__all__ = [
    "AuthorizationData",
    "AuthorizationRequest",
    "answered",
    "begin",
    "begin_and_save",
    "callback_parameters",
    "finish",
    "save",
    "written",
]


class _Remembered(TypedDict, total=False):
    """What a login remembers, whichever way it is begun."""

    code_verifier: str | None
    nonce: str | None
    max_age: int | None
    acr_values: Sequence[str]
    request_token: OAuth1Token | None
    data: Mapping[str, object]


class AuthorizationRequest(_Remembered, total=False):
    """What ``create_authorization_url`` gives.

    ``url`` is where to send the browser, ``state`` what identifies the login;
    ``request_token`` is the temporary credentials of OAuth 1.0. ``data`` is the
    caller's own.
    """

    url: Required[str]
    state: Required[str]


class AuthorizationData(_Remembered, total=False):
    """What ``save_authorize_data`` takes: the same, and ``redirect_uri``.

    Where ``redirect_uri`` is left out, it is the one in ``url``.
    """

    url: str
    state: str
    redirect_uri: str | None


@dataclass(frozen=True, slots=True)
class RequestBrowser:
    """The browser whose request Flask handles now.

    Attributes:
        session: Its session.
        origin: Scheme and host that the request was made to.
        sent_session: Whether the request brought a session cookie.
    """

    session: SessionMixin
    origin: str
    sent_session: bool

    @classmethod
    def current(cls, app: Flask) -> RequestBrowser:
        """Look at the current request.

        Args:
            app: The application.

        Returns:
            The browser.

        Raises:
            ContextError: There is no request.
        """
        if not has_request_context():
            raise ContextError(
                "a login begins and ends in a view: there is no request, so there is no browser "
                "to bind it to; call this from a view, which a test reaches with "
                "app.test_client()"
            )
        name = app.session_interface.get_cookie_name(app)
        # The proxy stands for the session wherever one is asked for.
        return cls(session, f"{request.scheme}://{request.host}", name in request.cookies)


def begin(
    resolved: Resolved,
    redirect_uri: str | None,
    parameters: dict[str, Any],  # any: the client's signature checks them
) -> PendingAuthorization:
    """Begin a login.

    Args:
        resolved: The client.
        redirect_uri: The redirection URI.
        parameters: Keywords of the client's ``start_authorization``; ``None`` is left out.

    Returns:
        Where to send the browser, and what to remember.

    Raises:
        ConfigurationError: A setting or parameter is wrong.
        OAuthError: The service refused, or did not answer.
    """
    bound = _bound(resolved) if has_request_context() else None
    return _begun(resolved, bound, redirect_uri, parameters)


def save(resolved: Resolved, login: PendingAuthorization) -> None:
    """Remember a login until its callback, bound to this browser.

    Raises:
        ContextError: There is no request.
        ConfigurationError: There is no session to bind it to, or it is too large.
        StoreError: It could not be kept.
    """
    pending, browser = _bound(resolved)
    pending.check(browser)
    _saved(resolved, (pending, browser), login)


def begin_and_save(
    resolved: Resolved,
    redirect_uri: str | None,
    parameters: dict[str, Any],  # any: as above
) -> PendingAuthorization:
    """Begin a login, and remember it until its callback.

    Args:
        resolved: The client.
        redirect_uri: The redirection URI.
        parameters: As :func:`begin` takes them.

    Returns:
        Where to send the browser.

    Raises:
        ContextError: There is no request.
        ConfigurationError: A setting or parameter is wrong, or there is no session to
            bind the login to: nothing has begun then.
        StoreError: It could not be kept.
        OAuthError: The service refused, or did not answer.
    """
    bound = pending, browser = _bound(resolved)
    pending.check(browser)
    login = _begun(resolved, bound, redirect_uri, parameters)
    _saved(resolved, bound, login)
    return login


_Bound: TypeAlias = tuple[PendingAuthorizations, RequestBrowser]
"""Where open logins are kept, and the browser that they are bound to."""


def _bound(resolved: Resolved) -> _Bound:
    return resolved.state.pending(), RequestBrowser.current(resolved.state.app)


def _begun(
    resolved: Resolved,
    bound: _Bound | None,
    redirect_uri: str | None,
    parameters: dict[str, Any],  # any: as above
) -> PendingAuthorization:
    login = _started(resolved, bound, redirect_uri, parameters)
    if resolved.state.trace is not None:
        resolved.state.trace.sent_away(login)
    return login


def _started(
    resolved: Resolved,
    bound: _Bound | None,
    redirect_uri: str | None,
    parameters: dict[str, Any],  # any: as above
) -> PendingAuthorization:
    client = resolved.client
    parameters = {name: value for name, value in parameters.items() if value is not None}
    if isinstance(client, OAuth1Client):
        for name in ("state", "nonce", "code_verifier"):
            if name in parameters:
                raise ConfigurationError(
                    f"client {client.name!r} is of OAuth 1.0, which knows no {name}; leave it out"
                )
        return client.start_authorization(redirect_uri, **parameters)
    if "state" not in parameters and bound is not None:
        pending, browser = bound
        state = pending.new_state(browser)

        def make_secret(purpose: str) -> str:
            return pending.make_secret(purpose, client.name, state)

        parameters.update(state=state, make_secret=make_secret)
    return client.start_authorization(redirect_uri, **parameters)


def _saved(resolved: Resolved, bound: _Bound, login: PendingAuthorization) -> None:
    pending, browser = bound
    functions = resolved.temporary_functions
    if functions is not None and login.temporary_credentials is not None:
        functions[0](_as_token(login.temporary_credentials))
        login = replace(login, temporary_credentials=None)
    pending.put(browser, resolved.client.name, login)
    telling.begun(resolved, login)


def callback_parameters() -> list[tuple[str, str]]:
    """Every parameter of the request, in order.

    Raises:
        CallbackError: They are no text.
    """
    with suppress(UnicodeError):
        callback = list(request.args.items(multi=True))
        if request.method == "POST":
            callback.extend(request.form.items(multi=True))
        return callback
    raise CallbackError("the callback's query is no text in UTF-8; log in again")


def finish(
    resolved: Resolved,
    claims_options: Mapping[str, oidc.ClaimOptions] | None,
    leeway: float | None,
    parameters: Mapping[str, object],
    *,
    openid: bool = False,
) -> AnyToken:
    """Answer a callback: find the login that it belongs to, and trade what it brings.

    Where the browser has to post it again (see :mod:`~typedoauth.flask.resubmission`),
    Werkzeug's exception that holds the page is raised.

    Args:
        resolved: The client.
        claims_options: What the claims of the ID Token have to be.
        leeway: By how many seconds the provider's clock may differ.
        parameters: Further parameters of the token request.
        openid: Whether the login has to have asked for an ID Token.

    Returns:
        The token.

    Raises:
        ContextError: There is no request.
        ConfigurationError: It did not ask for one.
        OAuthError: The callback is refused, or the service refuses.
    """
    client = resolved.client
    pending, browser = _bound(resolved)
    callback = callback_parameters()
    if request.method == "POST" and not browser.sent_session and MARK not in request.form:
        abort(resubmission(list(request.form.items(multi=True))))
    state = client.authorization_key(callback)
    login = pending.take(browser, client.name, state)
    keep_data(resolved.key, login.data)
    if openid and login.nonce is None:
        raise ConfigurationError(
            f"client {client.name!r} is an OpenIDApp, and its login did not ask for openid; "
            'put it into client_kwargs={"scope": …}'
        )
    functions = resolved.temporary_functions
    if functions is not None:
        temporary = _fetched(functions[1](), state)
        login = replace(login, temporary_credentials=temporary)
    token = client.finish_authorization(
        callback, login, claims_options=claims_options, leeway=leeway, **parameters
    )
    keep_token(resolved.key, token)
    telling.succeeded(resolved, login, token)
    return token


def written(login: PendingAuthorization) -> AuthorizationRequest:
    """What ``create_authorization_url`` answers for *login*."""
    result: AuthorizationRequest = {
        "url": login.url,
        "state": login.state,
    }
    if login.data:
        result["data"] = login.data
    if login.code_verifier is not None:
        result["code_verifier"] = login.code_verifier
    if login.nonce is not None:
        result["nonce"] = login.nonce
    if login.max_age is not None:
        result["max_age"] = login.max_age
    if login.acr_values:
        result["acr_values"] = login.acr_values
    if login.temporary_credentials is not None:
        result["request_token"] = _as_token(login.temporary_credentials)
    return result


def answered(given: AuthorizationData) -> PendingAuthorization:
    """The login that ``save_authorize_data`` is to remember.

    Raises:
        ConfigurationError: There is no ``state``, or a value has a wrong type.
        InvalidTokenError: ``request_token`` holds no temporary credentials.
    """
    state, temporary = given.get("state"), given.get("request_token")
    if not state:
        raise ConfigurationError(
            "save_authorize_data needs state=, as create_authorization_url gave it"
        )
    redirect_uri = given.get("redirect_uri")
    if redirect_uri is None:
        redirect_uri = dict(query_pairs(split(given.get("url", "")).query)).get("redirect_uri")
    return PendingAuthorization(
        state=state,
        redirect_uri=redirect_uri,
        code_verifier=given.get("code_verifier"),
        nonce=given.get("nonce"),
        max_age=checked_max_age(given.get("max_age")),
        acr_values=checked_texts(given.get("acr_values"), "acr_values"),
        temporary_credentials=None if temporary is None else _temporary(temporary),
        data=given.get("data", {}),
    )


def _as_token(temporary: TemporaryCredentials) -> OAuth1Token:
    return {
        "oauth_token": temporary.oauth_token,
        "oauth_token_secret": temporary.oauth_token_secret,
    }


def _temporary(token: object) -> TemporaryCredentials:
    checked = check_oauth1_token(token)
    return TemporaryCredentials(checked["oauth_token"], checked["oauth_token_secret"])


def _fetched(found: object, state: str) -> TemporaryCredentials:
    if found is None:
        raise MissingRequestTokenError(
            "fetch_request_token gave None: the temporary credentials are gone; log in again"
        )
    temporary = _temporary(found)
    if temporary.oauth_token != state:
        raise MissingRequestTokenError(
            "fetch_request_token gave the temporary credentials of another login; log in again"
        )
    return temporary
