"""What a deployment provides."""

from __future__ import annotations

import secrets

secret_from_the_environment = secrets.token_urlsafe(32)
