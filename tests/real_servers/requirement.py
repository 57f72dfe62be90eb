"""The one rule for services that a machine may lack."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def lacking(service: str, remedy: str) -> NoReturn:
    """Skip the test, saying what to do; fail it where ``CI`` is set, as nothing may lack there.

    Args:
        service: What is missing.
        remedy: What to install or to start.
    """
    message = f"{service} is missing: {remedy}"
    if os.environ.get("CI", "").lower() not in {"", "0", "false"}:
        pytest.fail(message, pytrace=False)
    pytest.skip(message)
