"""One application, and a browser that uses it."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.flask.site import Site


@pytest.fixture
def site() -> Site:
    """An application that keeps open logins in the session."""
    return Site()


@pytest.fixture
def browser(site: Site) -> FlaskClient:
    """Somebody's browser."""
    return site.app.test_client()
