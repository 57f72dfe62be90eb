"""A folder for the cache."""

from __future__ import annotations

from tempfile import mkdtemp

cache_folder = mkdtemp(prefix="typedoauth-docs-")
