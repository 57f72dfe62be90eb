"""How far apart two clocks may be."""

from __future__ import annotations

from typing import Final

__all__ = ["DEFAULT_LEEWAY"]

DEFAULT_LEEWAY: Final = 120.0
"""Seconds."""
