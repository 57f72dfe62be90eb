"""Signals that applications may connect to."""

from __future__ import annotations

from typing import Final

from blinker import NamedSignal, Namespace

__all__ = ["token_update"]

_signals: Final = Namespace()

token_update: NamedSignal = _signals.signal("token_update")
"""Sent after a token has been renewed and handed to ``update_token``.

The sender is the Flask application; the keywords are ``name`` (of the client),
``token`` (the new one), ``refresh_token`` and ``access_token`` (of the old one).
"""
