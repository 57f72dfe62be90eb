"""An application, and a browser that approves of everything."""

from __future__ import annotations

import requests
from flask import Flask

from typedoauth import OAuth2Token
from typedoauth.flask import OAuth

app = Flask(__name__)
app.secret_key = "of the example"
oauth = OAuth(app)
remembered: list[OAuth2Token] = []


def remember(token: OAuth2Token) -> None:
    """Keep a token."""
    remembered.append(token)


def open_a_browser_and_wait(url: str) -> str:
    """Approve on the page, and tell where it leads."""
    form = {"user": "ada", "decision": "approve"}
    return requests.post(url, form, allow_redirects=False, timeout=10).headers["Location"]
