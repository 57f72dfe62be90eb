"""Keys, as the environment has them."""

from __future__ import annotations

from os import environ

environ.setdefault("TOKEN_KEY", "c2V2ZW50ZWVuIGdyZWVuIGJvdHRsZXMgb24gYSB3YWw=")
environ.setdefault("NEW_TOKEN_KEY", "ZWlnaHRlZW4gZ3JlZW4gYm90dGxlcyBvbiBhIHdhbGw=")
