"""How Sphinx builds the pages: ``sphinx-build -W docs build/docs``."""

from __future__ import annotations

from importlib.metadata import version as installed

project = "typedoauth"
author = "typedoauth contributors"
copyright = "2026, typedoauth contributors"
version = release = installed("typedoauth")

extensions = ["myst_parser"]
html_theme = "furo"
html_title = f"typedoauth {version}"
myst_heading_anchors = 3
