"""The options of one client: endpoints, scope, and protections that were given up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, cast
from urllib.parse import urlsplit

from typedoauth.client import OAuth1Client, OAuth2Client
from typedoauth.flask.doctor.findings import Finding, problem
from typedoauth.flask.state import Resolved

__all__ = ["check_options", "scopes"]

_GIVEN_UP: Final = {
    "accept_missing_iss": "protection against mix-up",
    "accept_missing_nonce": "protection against replayed ID Tokens",
    "accept_other_acr": "certainty of how the user signed in",
}


def scopes(client: OAuth2Client) -> list[str]:
    """The scope of a client, taken apart.

    Args:
        client: The client.

    Returns:
        Its values.
    """
    return (client.scope or "").replace(",", " ").split()


def check_options(resolved: Resolved) -> Iterator[Finding]:
    """Look at the options of a client.

    Args:
        resolved: The client.

    Yields:
        What is wrong.
    """
    client, kwargs = resolved.client, _own_options(resolved)
    if kwargs.get("verify") is False:
        yield problem(
            "tls_unverified",
            "client_kwargs has verify=False: anybody between you and the provider can take the "
            "client's secret and every token",
            "leave verify out, or give it the path of the right CA bundle",
        )
    if kwargs.get("allow_insecure_transport"):
        yield problem(
            "http_allowed",
            "client_kwargs has allow_insecure_transport=True: tokens may travel by http",
            "leave it out; http to this machine itself needs no option",
        )
    base = client.api_base_url
    if (
        base is not None
        and urlsplit(base).path.rstrip("/")
        and not urlsplit(base).path.endswith("/")
    ):
        yield problem(
            "api_base_url_slash",
            f"api_base_url does not end with a slash: relative URLs lose its last part, "
            f"{urlsplit(base).path.rpartition('/')[2]}",
            "put a slash at the end of api_base_url",
        )
    if isinstance(client, OAuth1Client):
        yield from _oauth1(client, kwargs)
    else:
        yield from _oauth2(client, resolved, kwargs)


def _own_options(resolved: Resolved) -> Mapping[str, object]:
    """``client_kwargs``, without what is declared of the service: that is as it has to be."""
    provider = resolved.registration.provider
    given = resolved.client_kwargs
    declared = None if provider is None else provider.settings().get("client_kwargs")
    if not isinstance(declared, Mapping):
        return given
    known = cast("Mapping[str, object]", declared)  # compared only
    return {name: given[name] for name in given if known.get(name) != given[name]}


def _oauth1(client: OAuth1Client, kwargs: Mapping[str, object]) -> Iterator[Finding]:
    for name in ("access_token_url", "authorize_url"):
        if getattr(client, name) is None:
            yield _missing(name)
    if str(kwargs.get("signature_method")).upper() == "PLAINTEXT":
        yield problem(
            "plaintext_signature",
            "signature_method is PLAINTEXT, which sends the secrets themselves",
            'leave it out if the provider knows HMAC-SHA1 or, better, "HMAC-SHA256"',
        )
    if kwargs.get("require_callback_confirmed") is False:
        yield problem(
            "protection_given_up",
            "client_kwargs has require_callback_confirmed=False: the fixation of sessions that "
            "OAuth 1.0a put an end to is possible again",
            "leave it out if the provider speaks OAuth 1.0a",
        )


def _oauth2(
    client: OAuth2Client, resolved: Resolved, kwargs: Mapping[str, object]
) -> Iterator[Finding]:
    settings = resolved.settings
    logs_in = client.grant_type == "authorization_code"
    if client.server_metadata_url is None:
        known = {
            "access_token_url": client.access_token_url or settings.get("token_endpoint"),
            "authorize_url": client.authorize_url or settings.get("authorization_endpoint"),
        }
        for name in [one for one, url in known.items() if not url]:
            if logs_in or name == "access_token_url":
                yield _missing(name)
    if not logs_in:
        return
    if "none" in (kwargs.get("code_challenge_method"), settings.get("code_challenge_method")):
        yield problem(
            "pkce_off",
            "code_challenge_method is none: a code that somebody took can be used",
            "leave it out, unless the provider fails with PKCE",
        )
    given_up = [name for name in _GIVEN_UP if kwargs.get(name)]
    if given_up:
        yield problem(
            "protection_given_up",
            f"client_kwargs has {' and '.join(f'{one}=True' for one in given_up)}, which gives up "
            f"the {' and the '.join(_GIVEN_UP[one] for one in given_up)}",
            "leave it out if the provider works without",
        )
    yield from _scope(client, settings, resolved.client_kwargs)


def _scope(
    client: OAuth2Client, settings: Mapping[str, object], kwargs: Mapping[str, object]
) -> Iterator[Finding]:
    scope = client.scope or ""
    if "," in scope and " " not in scope and kwargs.get("scope_separator", " ") == " ":
        yield problem(
            "scope_commas",
            "the scope has commas and no spaces: to most providers that is one long value",
            "put spaces between the values; if this provider wants commas, give a list and "
            'scope_separator=","',
        )
    openid = "openid" in scopes(client)
    discovers = "/.well-known/openid-configuration" in (client.server_metadata_url or "")
    if discovers and not openid:
        yield problem(
            "openid_scope_missing",
            "server_metadata_url is that of an OpenID Provider and the scope has no openid: no "
            "ID Token comes, and the login does not say who the user is",
            'put openid into client_kwargs={"scope": …}',
        )
    keys = settings.get("jwks") or settings.get("jwks_uri") or _shares_secret(kwargs)
    if openid and client.server_metadata_url is None and not (settings.get("issuer") and keys):
        yield problem(
            "openid_unverifiable",
            "the scope has openid, and the ID Token that it brings cannot be verified: issuer "
            "or keys are not known",
            "give server_metadata_url=, or issuer= and jwks_uri=, or take openid out",
        )


def _shares_secret(kwargs: Mapping[str, object]) -> bool:
    return str(kwargs.get("id_token_signed_response_alg", "")).startswith("HS")


def _missing(name: str) -> Finding:
    return problem(
        "endpoint_missing",
        f"there is no {name}, and no server_metadata_url that could tell it",
        f"give {name}= as the provider's documentation has it",
    )
