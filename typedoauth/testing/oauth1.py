"""The OAuth 1.0a provider: temporary credentials, authorization, token credentials."""

from __future__ import annotations

import hmac
from typing import Final
from urllib.parse import urlencode

from werkzeug.wrappers import Request, Response

from typedoauth.testing import pages
from typedoauth.testing.records import TemporaryCredential, TokenCredential
from typedoauth.testing.signed_requests import authenticate, problem, read
from typedoauth.testing.state import State, new_secret
from typedoauth.testing.web import Route, no_store, redirect_back

__all__ = ["ROUTES", "authorize", "issue_temporary_credentials", "issue_token_credentials"]


def _credentials(parameters: dict[str, str]) -> Response:
    text = urlencode(parameters)
    return no_store(Response(text, mimetype="application/x-www-form-urlencoded"))


def issue_temporary_credentials(state: State, request: Request) -> Response:
    """Answer a temporary credential request (RFC 5849 2.1).

    Args:
        state: The provider's memory.
        request: The client's signed request.

    Returns:
        Temporary credentials, or the refusal.
    """
    signed = read(request)
    client = state.client(signed.protocol["oauth_consumer_key"])
    client = authenticate(state, signed, client, "")
    if "oauth_token" in signed.protocol:
        problem("parameter_rejected", "there is no oauth_token in this step", 400)
    callback = signed.protocol.get("oauth_callback")
    if not callback:
        problem("parameter_absent", "oauth_callback is missing; it is a URI, or 'oob'", 400)
    if callback != "oob" and not client.returns_to(callback, client.redirect_uris):
        problem("parameter_rejected", "this callback is not registered for the client", 400)
    token, secret = new_secret(), state.noted("a temporary credential's secret", new_secret())
    expires_at = state.clock() + state.lifetimes.temporary_credentials
    state.temporary_credentials[token] = TemporaryCredential(
        client.client_id, secret, callback, expires_at
    )
    state.counts["temporary_credentials"] += 1
    return _credentials(
        {"oauth_token": token, "oauth_token_secret": secret, "oauth_callback_confirmed": "true"}
    )


def authorize(state: State, request: Request) -> Response:
    """Let a person approve or deny temporary credentials (RFC 5849 2.2).

    Args:
        state: The provider's memory.
        request: The user agent's GET, or the form that the page posts.

    Returns:
        The page; a redirection to the callback; or, out of band, the verifier.
    """
    token = request.args.get("oauth_token", "")
    temporary = state.temporary_credentials.get(token)
    if temporary is None or temporary.verifier or temporary.expires_at <= state.clock():
        return pages.error(
            "This sign-in cannot go on",
            "Its temporary credentials are unknown, expired or already used. Start again.",
        )
    client = state.clients[temporary.client_id]
    decision = pages.decision(state, request)
    if decision is None and request.method != "POST":
        return pages.consent(client, state.users.values(), (), "OAuth 1.0a")
    if decision is None:
        return pages.error("Nothing was decided", "Choose a user, then approve or deny.")
    if not decision.approved:
        del state.temporary_credentials[token]
        state.counts["denied"] += 1
        if temporary.callback == "oob":
            return pages.error("Access denied", f"{client.name} got no access.", status=200)
        return redirect_back(temporary.callback, [("denied", token)])
    temporary.user_id = decision.user.user_id
    temporary.verifier = state.noted("a verifier", new_secret())
    if temporary.callback == "oob":
        return pages.verifier(client, temporary.verifier)
    told = [("oauth_token", token), ("oauth_verifier", temporary.verifier)]
    return redirect_back(temporary.callback, state.redirected("oauth1", told))


def issue_token_credentials(state: State, request: Request) -> Response:
    """Answer a token request (RFC 5849 2.3).

    Args:
        state: The provider's memory.
        request: The client's signed request.

    Returns:
        Token credentials, or the refusal. Temporary credentials are used up by
        a request that is genuine, also where its verifier is wrong.
    """
    signed = read(request)
    client_id = signed.protocol["oauth_consumer_key"]
    token = signed.protocol.get("oauth_token", "")
    temporary = state.temporary_credentials.get(token)
    if temporary is None or temporary.client_id != client_id:
        problem("token_rejected", "these temporary credentials are unknown or already used")
    authenticate(state, signed, state.clients.get(client_id), temporary.secret)
    if temporary.expires_at <= state.clock():
        problem("token_expired", "these temporary credentials have expired")
    if temporary.user_id is None or temporary.verifier is None:
        problem("permission_unknown", "nobody has authorized these temporary credentials yet")
    verifier = signed.protocol.get("oauth_verifier")
    if not verifier:
        problem("parameter_absent", "oauth_verifier is missing", 400)
    del state.temporary_credentials[token]
    if not hmac.compare_digest(verifier.encode(), temporary.verifier.encode()):
        problem("verifier_invalid", "this is not the verifier that the redirect carried")
    access, secret = new_secret(), state.noted("a token secret", new_secret())
    state.token_credentials[access] = TokenCredential(client_id, secret, temporary.user_id)
    state.counts["token_credentials"] += 1
    return _credentials({"oauth_token": access, "oauth_token_secret": secret})


ROUTES: Final[tuple[Route, ...]] = (
    ("/oauth1/initiate", ("GET", "POST"), issue_temporary_credentials),
    ("/oauth1/authorize", ("GET", "POST"), authorize),
    ("/oauth1/token", ("GET", "POST"), issue_token_credentials),
)
"""Paths, methods and views."""
