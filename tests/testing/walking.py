"""A walk past every endpoint of the provider, in which nothing is left to chance."""

from __future__ import annotations

import base64
import hashlib
import itertools
from collections.abc import Callable, Mapping

import pytest
from requests_oauthlib import OAuth1
from werkzeug.test import Client, TestResponse

from tests.testing.acting import (
    CALLBACK,
    SECRET,
    VERIFIER,
    SteppingClock,
    authorization_request,
    bearer,
    code,
    login,
    query_of,
    send,
    sign,
    token,
)
from typedoauth.testing import LocalProvider

AFTER = "http://127.0.0.1:1/bye"
WISHES = {"scope": "openid profile email", "nonce": "n", "acr_values": "1"}
APPROVAL = {"user": "ada", "decision": "approve"}
NOW = 1_800_000_000


class Entropy:
    """Takes the place of chance: the same start gives the same secrets."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._start = 0
        self._numbers = itertools.count()
        for name in ("token_urlsafe", "token_hex"):
            monkeypatch.setattr(f"secrets.{name}", self._secret)

    def start(self, number: int) -> None:
        """Begin anew."""
        self._start, self._numbers = number, itertools.count()

    def _secret(self, size: int) -> str:
        seed = f"{self._start} {next(self._numbers)}".encode()
        digest = hashlib.sha256(seed).digest()[:size]
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def shown(answer: TestResponse) -> str:
    """All that a client sees of an answer."""
    return f"{answer.status}\n{answer.headers}\n{answer.get_data().decode('latin-1')}"


class Walk:
    """Everything that the endpoints need, prepared while nothing is broken.

    Args:
        entropy: What the provider takes for chance.
        signed_userinfo: Whether UserInfo is signed.
    """

    def __init__(self, entropy: Entropy, *, signed_userinfo: bool = False) -> None:
        self._entropy = entropy
        entropy.start(0)
        clock = SteppingClock()
        clock.now = float(NOW)
        self.provider = LocalProvider(clock=clock)
        self.provider.add_user("ada", name="Ada", email="ada@example.com")
        self.provider.add_client(
            "client",
            SECRET,
            redirect_uris=[CALLBACK],
            post_logout_redirect_uris=[AFTER],
            backchannel_logout_uri="http://127.0.0.1:1/backchannel",
            userinfo_signed_response_alg="RS256" if signed_userinfo else None,
        )
        self.provider.add_client("elliptic", SECRET, id_token_signed_response_alg="ES256")
        self.http = Client(self.provider)
        self.http.get("/oauth2/jwks")  # makes the keys
        self._tokens = login(self.http, **WISHES)
        self._hint = login(Client(self.provider), **WISHES)["id_token"]
        self._code = code(self.http, **WISHES)
        self._waiting = self._temporary("1")
        self._approved = self._temporary("2")
        self._verifier = query_of(self._approve(self._approved).headers["Location"])

    def _temporary(self, nonce: str) -> dict[str, str]:
        return query_of(f"?{self._initiate(nonce).text}")

    def _initiate(self, nonce: str) -> TestResponse:
        auth = OAuth1("client", SECRET, callback_uri=CALLBACK, timestamp=str(NOW), nonce=nonce)
        return send(self.http, sign("POST", "/oauth1/initiate", auth))

    def _approve(self, temporary: Mapping[str, str]) -> TestResponse:
        query = {"oauth_token": temporary["oauth_token"]}
        return self.http.post("/oauth1/authorize", query_string=query, data=APPROVAL)

    def _trade(self) -> TestResponse:
        auth = OAuth1(
            "client",
            SECRET,
            self._approved["oauth_token"],
            self._approved["oauth_token_secret"],
            verifier=self._verifier["oauth_verifier"],
            timestamp=str(NOW),
            nonce="3",
        )
        return send(self.http, sign("POST", "/oauth1/token", auth))

    def authorization(self, **changes: str) -> TestResponse:
        """The answer to an approved authorization request."""
        request = authorization_request(**WISHES, **changes)
        return self.http.post("/oauth2/authorize", query_string=request, data=APPROVAL)

    def token(self) -> TestResponse:
        """The answer to the code that was prepared."""
        return token(
            self.http,
            grant_type="authorization_code",
            code=self._code,
            redirect_uri=CALLBACK,
            code_verifier=VERIFIER,
        )

    def userinfo(self) -> TestResponse:
        """The answer of the UserInfo endpoint."""
        return self.http.get("/oauth2/userinfo", headers=bearer(self._tokens["access_token"]))

    def _logout(self) -> TestResponse:
        request = {"id_token_hint": self._hint, "post_logout_redirect_uri": AFTER, "state": "s"}
        return self.http.get("/oauth2/logout", query_string=request)

    def all(self) -> dict[str, str]:
        """Ask every endpoint once, and tell what it answers, by place."""
        answers: dict[str, Callable[[], TestResponse]] = {
            "discovery": lambda: self.http.get("/.well-known/openid-configuration"),
            "jwks": lambda: self.http.get("/oauth2/jwks"),
            "authorization": self.authorization,
            "token": self.token,
            "userinfo": self.userinfo,
            "logout": self._logout,
            "oauth1_temporary": lambda: self._initiate("4"),
            "oauth1_callback": lambda: self._approve(self._waiting),
            "oauth1_token": self._trade,
            "api": lambda: self.http.get("/api/echo", headers=bearer(self._tokens["access_token"])),
        }
        told: dict[str, str] = {}
        for number, (place, answer) in enumerate(answers.items(), 1):
            self._entropy.start(number)
            told[place] = shown(answer())
        self._entropy.start(len(answers) + 1)
        return {**told, "logout_token": str(self.provider.logout_tokens("ada"))}
