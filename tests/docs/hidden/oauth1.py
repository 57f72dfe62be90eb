"""An application, a key, and a user who types the verifier in."""

from __future__ import annotations

import re

import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from flask import Flask

from typedoauth.flask import OAuth

app = Flask(__name__)
app.secret_key = "of the example"
oauth = OAuth(app)
remembered: list[tuple[str, str]] = []
pem = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
    Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
)


def remember(oauth_token: str, oauth_token_secret: str) -> None:
    """Keep a token."""
    remembered.append((oauth_token, oauth_token_secret))


def ask_the_user_to_open(url: str) -> str:
    """Approve on the page, and read the verifier off it."""
    answer = requests.post(url, data={"user": "ada", "decision": "approve"}, timeout=10)
    found = re.search(r'<code class="code">([^<]+)</code>', answer.text)
    assert found, answer.text
    return found[1]
