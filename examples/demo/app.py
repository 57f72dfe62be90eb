"""The application factory."""

from __future__ import annotations

from flask import Flask, Response

from examples.demo import csrf
from examples.demo.registry import make_registry
from examples.demo.tokens import TokenTable
from examples.demo.views import add_views


def create_app(
    *, provider_url: str, database_url: str, secret_key: str, client_secrets: dict[str, str]
) -> Flask:
    """Make the app.

    Args:
        provider_url: Where the provider of both services is.
        database_url: Where to keep tokens, for SQLAlchemy.
        secret_key: Signs the session cookie.
        client_secrets: Client secret by name of the service.
    """
    app = Flask(__name__)
    app.config["SECRET_KEY"] = secret_key
    app.config["SESSION_COOKIE_NAME"] = "demo"
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    for name, secret in client_secrets.items():
        app.config[f"{name.upper()}_CLIENT_ID"] = f"demo-{name}"
        app.config[f"{name.upper()}_CLIENT_SECRET"] = secret
    tokens = TokenTable(database_url)
    oauth = make_registry(provider_url, tokens)
    oauth.init_app(app)
    csrf.protect(app)
    add_views(app, oauth, tokens)

    @app.after_request
    def harden(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = "default-src 'self'; frame-ancestors 'none'"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return app
