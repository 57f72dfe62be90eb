"""What an application that migrates has already."""

from __future__ import annotations

from flask import Flask

from typedoauth import AnyToken, OAuth2Token

app = Flask(__name__)
app.secret_key = "of the example"
profiles: list[dict[str, str]] = []


def fetch_token(name: str) -> AnyToken | None:
    """There is none."""
    return None


def update_token(name: str, token: OAuth2Token) -> None:
    """Keep a token."""


def save_profile(profile: dict[str, str]) -> None:
    """Keep a profile."""
    profiles.append(profile)
