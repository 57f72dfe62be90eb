"""OAuth by hand and by other people's libraries, to find out whether the servers are strict."""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import Any
from urllib.parse import parse_qs, quote, quote_plus, urlencode, urlsplit

import requests
from requests_oauthlib import OAuth1

from tests.real_servers.browser import Browser
from tests.real_servers.clients import REDIRECT_URIS, OAuth1Registration, OAuth2Registration
from tests.real_servers.servers import OAuth1Server, OAuth2Server

REDIRECT_URI: str = REDIRECT_URIS[0]
_SECONDS = 20.0


def send(
    method: str,
    url: str,
    *,
    auth: OAuth1 | None = None,
    headers: dict[str, str] | None = None,
    data: dict[str, str] | list[tuple[str, str]] | None = None,
) -> requests.Response:
    """Send a request straight to the server, whatever proxy the environment names."""
    with requests.Session() as session:
        session.trust_env = False
        return session.request(method, url, auth=auth, headers=headers, data=data, timeout=_SECONDS)


def query_of(url: str) -> dict[str, str]:
    """The parameters of a URL, each name once."""
    return form_of(urlsplit(url).query)


def form_of(text: str) -> dict[str, str]:
    """The parameters of a form, each name once."""
    return {name: value for name, (value,) in parse_qs(text, strict_parsing=True).items()}


class OAuth1Dance:
    """A client of the OAuth 1.0 server, signing with oauthlib.

    Args:
        server: The server.
        client: Who it is.
        options: Keywords of ``OAuth1``, over those that the client calls for.
    """

    def __init__(self, server: OAuth1Server, client: OAuth1Registration, **options: str) -> None:
        self.server: OAuth1Server = server
        self.client: OAuth1Registration = client
        self.options: dict[str, str] = options

    def auth(self, token: str = "", secret: str = "", **changes: str) -> OAuth1:
        """Signs requests, with the token given."""
        options: dict[str, Any] = {  # OAuth1 takes keywords of several types
            "client_secret": self.client.client_secret or "",
            "resource_owner_key": token,
            "resource_owner_secret": secret,
            **self.options,
            **changes,
        }
        if options.get("signature_method") == "RSA-SHA1":
            options.setdefault("rsa_key", self.server.rsa_key)
        return OAuth1(self.client.client_id, **options)

    def temporary(self, **changes: str) -> requests.Response:
        """Ask for temporary credentials."""
        auth = self.auth(callback_uri=REDIRECT_URI, **changes)
        return send("POST", self.server.request_token_url, auth=auth)

    def authorized(self) -> dict[str, str]:
        """Temporary credentials that Ada approved, with their verifier."""
        answer = self.temporary()
        assert answer.status_code == 200, answer.text
        credentials = form_of(answer.text)
        page = f"{self.server.authorize_url}?oauth_token={credentials['oauth_token']}"
        return credentials | query_of(Browser().authorize(page, REDIRECT_URI).url)

    def trade(self, credentials: dict[str, str], **changes: str) -> requests.Response:
        """Trade temporary credentials for token credentials."""
        auth = self.auth(
            credentials["oauth_token"],
            credentials["oauth_token_secret"],
            **{"verifier": credentials["oauth_verifier"], **changes},
        )
        return send("POST", self.server.access_token_url, auth=auth)

    def token(self) -> dict[str, str]:
        """Token credentials of a whole login."""
        answer = self.trade(self.authorized())
        assert answer.status_code == 200, answer.text
        return form_of(answer.text)

    def call(self, token: dict[str, str], **changes: str) -> requests.Response:
        """Ask the API who is logged in."""
        auth = self.auth(token["oauth_token"], token["oauth_token_secret"], **changes)
        return send("GET", f"{self.server.api_base_url}me", auth=auth)


def basic(client: OAuth2Registration, *, encoding: str = "form") -> dict[str, str]:
    """An HTTP Basic header, its halves encoded as a ``form``, by ``percent`` or ``raw``."""
    halves = (client.client_id, client.client_secret or "")
    if encoding != "raw":
        write = quote_plus if encoding == "form" else quote
        halves = (write(halves[0], safe=""), write(halves[1], safe=""))
    value = base64.b64encode(":".join(halves).encode()).decode()
    return {"Authorization": f"Basic {value}"}


class OAuth2Dance:
    """A client of an OAuth 2.0 server, speaking plain HTTP.

    Args:
        server: The server.
        client: Who it is; it authenticates in the way it registered.
    """

    def __init__(self, server: OAuth2Server, client: OAuth2Registration) -> None:
        self.server: OAuth2Server = server
        self.client: OAuth2Registration = client
        self.verifier: str = secrets.token_urlsafe(48)
        digest = hashlib.sha256(self.verifier.encode()).digest()
        self.challenge: str = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def page(self, **changes: str | None) -> str:
        """The authorization URL; ``None`` takes a parameter away."""
        parameters: dict[str, str | None] = {
            "response_type": "code",
            "client_id": self.client.client_id,
            "redirect_uri": REDIRECT_URI,
            "scope": "profile",
            "state": "st&te",
            "code_challenge": self.challenge,
            "code_challenge_method": "S256",
            **changes,
        }
        given = {name: value for name, value in parameters.items() if value is not None}
        return f"{self.server.authorize_url}?{urlencode(given)}"

    def answer(self, **changes: str | None) -> dict[str, str]:
        """What the browser brings back from an authorization that Ada approved."""
        return query_of(Browser().authorize(self.page(**changes), REDIRECT_URI).url)

    def post(
        self, url: str, form: dict[str, str], headers: dict[str, str] | None = None
    ) -> requests.Response:
        """Post a form with the client's authentication, or with *headers* in its place."""
        data = dict(form)
        if headers is None and self.client.authentication == "client_secret_basic":
            headers = basic(self.client)
        elif headers is None:
            data = {"client_id": self.client.client_id, **data}
            if self.client.client_secret is not None:
                data = {"client_secret": self.client.client_secret, **data}
        return send("POST", url, headers=headers, data=data)

    def trade(self, code: str, changes: dict[str, str] | None = None) -> requests.Response:
        """Trade an authorization code; *changes* are other parameters than the right ones."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": REDIRECT_URI,
            "code_verifier": self.verifier,
        }
        return self.post(self.server.access_token_url, form | (changes or {}))

    def token(self) -> dict[str, str]:
        """The token of a whole login."""
        answer = self.trade(self.answer()["code"])
        assert answer.status_code == 200, answer.text
        token: dict[str, str] = answer.json()
        return token

    def refresh(self, refresh_token: str) -> requests.Response:
        """Use a refresh token."""
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return self.post(self.server.access_token_url, form)

    def call(self, access_token: str) -> requests.Response:
        """Ask the API who is logged in."""
        headers = {"Authorization": f"Bearer {access_token}"}
        return send("GET", f"{self.server.api_base_url}me", headers=headers)
