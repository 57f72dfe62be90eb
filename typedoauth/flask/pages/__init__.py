"""Pages that every application with logins has: signing in, linked accounts, errors."""

from __future__ import annotations

__all__: list[str] = []
