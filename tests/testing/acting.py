"""What the tests do by hand: a clock, a person at the page, requests and their signatures."""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Mapping
from urllib.parse import parse_qs, quote_plus, urlsplit

import requests
from requests_oauthlib import OAuth1
from werkzeug.test import Client, TestResponse

CALLBACK = "http://127.0.0.1:1/callback"
SECRET = "s3cret %&+ü"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


class SteppingClock:
    """Stands still until it is moved; ``pause`` makes reading it take that many seconds."""

    def __init__(self) -> None:
        self.now: float = float(int(time.time()))
        self.pause: float = 0

    def __call__(self) -> float:
        if self.pause:
            time.sleep(self.pause)
        return self.now


def query_of(location: str) -> dict[str, str]:
    """The query of a URL, each name once."""
    return {name: value for name, (value,) in parse_qs(urlsplit(location).query).items()}


def decide(page: str, user: str = "ada", decision: str = "approve") -> str:
    """Open an authorization page over HTTP, post its form, and tell where it leads."""
    assert requests.get(page, timeout=10).status_code == 200
    form = {"user": user, "decision": decision}
    answer = requests.post(page, data=form, allow_redirects=False, timeout=10)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def authorization_request(**changes: str | None) -> dict[str, str]:
    """A good authorization request of ``client``, with changes; ``None`` takes one away."""
    parameters: dict[str, str | None] = {
        "response_type": "code",
        "client_id": "client",
        "redirect_uri": CALLBACK,
        "scope": "profile email",
        "state": "st=a&te",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **changes,
    }
    return {name: value for name, value in parameters.items() if value is not None}


def code(http: Client, **changes: str | None) -> str:
    """An authorization code that Ada approved."""
    answer = http.post(
        "/oauth2/authorize",
        query_string=authorization_request(**changes),
        data={"user": "ada", "decision": "approve"},
    )
    assert answer.status_code == 303, answer.text
    return query_of(answer.headers["Location"])["code"]


def basic(client_id: str = "client", secret: str = SECRET) -> dict[str, str]:
    """The header of ``client_secret_basic`` (RFC 6749 2.3.1)."""
    text = f"{quote_plus(client_id)}:{quote_plus(secret)}"
    return {"Authorization": "Basic " + base64.b64encode(text.encode()).decode()}


def token(
    http: Client, headers: Mapping[str, str] | None = None, /, **form: str | None
) -> TestResponse:
    """Send a token request as ``client``."""
    data = {name: value for name, value in form.items() if value is not None}
    return http.post(
        "/oauth2/token", data=data, headers=dict(basic() if headers is None else headers)
    )


def login(http: Client, *, secret: str = SECRET, **changes: str | None) -> dict[str, str]:
    """Tokens of a whole login by ``client``."""
    answer = token(
        http,
        basic(secret=secret),
        grant_type="authorization_code",
        code=code(http, **changes),
        redirect_uri=CALLBACK,
        code_verifier=VERIFIER,
    )
    assert answer.status_code == 200, answer.text
    document: dict[str, str] = answer.get_json()
    return document


def bearer(access_token: str) -> dict[str, str]:
    """The header of an API call (RFC 6750 2.1)."""
    return {"Authorization": f"Bearer {access_token}"}


def sign(
    method: str, path: str, auth: OAuth1, *, data: bytes | None = None, content_type: str = ""
) -> requests.PreparedRequest:
    """Have oauthlib sign a request to ``http://localhost``."""
    headers = {"Content-Type": content_type} if content_type else {}
    unsigned = requests.Request(
        method, f"http://localhost{path}", headers=headers, data=data, auth=auth
    )
    return unsigned.prepare()


def headers_of(prepared: requests.PreparedRequest) -> list[tuple[str, str]]:
    """The header fields of a prepared request, whose types do not tell that some are bytes."""
    fields: list[tuple[str, str | bytes]] = list(prepared.headers.items())
    return [
        (name, value.decode() if isinstance(value, bytes) else value)
        for name, value in fields
        if name.lower() != "content-length"
    ]


def send(http: Client, prepared: requests.PreparedRequest) -> TestResponse:
    """Hand a prepared request to the provider in process."""
    parts = urlsplit(prepared.url or "")
    return http.open(
        f"{parts.path}?{parts.query}",
        method=prepared.method,
        headers=headers_of(prepared),
        data=prepared.body,
    )


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a verifier (RFC 7636 4.2)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
