"""typedoauth: a strictly typed, layered OAuth 1.0a and OAuth 2.0 client."""

from __future__ import annotations

from typing import Final

__version__: Final = "0.1.0"
