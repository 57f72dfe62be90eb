"""What an application has besides: config, and functions that keep users."""

from __future__ import annotations

import tempfile
from pathlib import Path

config = Path(tempfile.mkdtemp()) / "config.py"
config.write_text('SECRET_KEY = "k"\nGITHUB_CLIENT_ID = "c"\nGITHUB_CLIENT_SECRET = "s"\n')
saved: list[object] = []
user_page = "the page of the user"
some_error = PermissionError("no login")


def save_token(name: str, token: object) -> None:
    """Keep a token."""
    saved.append((name, token))


def save_user(user_info: object) -> None:
    """Keep a user."""
    saved.append(user_info)
