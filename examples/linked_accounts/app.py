"""The application factory."""

from __future__ import annotations

from flask import Flask, Response
from flask_login import LoginManager

from examples.demo import csrf
from examples.linked_accounts.models import Base, User, db
from examples.linked_accounts.registry import make_registry
from examples.linked_accounts.views import add_views
from typedoauth.stores import AESGCMSealing, SQLTokenStore


def create_app(
    *, provider_url: str, database_url: str, secret_key: str, client_secret: str, token_key: str
) -> Flask:
    """Make the app.

    Args:
        provider_url: Where the service is.
        database_url: Where users and their tokens are kept.
        secret_key: Signs the session cookie.
        client_secret: The app's secret at the service.
        token_key: Encrypts tokens: the base64 of 32 bytes.
    """
    app = Flask(__name__, static_folder="../demo/static")
    app.config["SECRET_KEY"] = secret_key
    app.config["SESSION_COOKIE_NAME"] = "linked_accounts"
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    app.config["SQLALCHEMY_DATABASE_URI"] = database_url
    app.config["SERVICE_CLIENT_ID"] = "linked-accounts"
    app.config["SERVICE_CLIENT_SECRET"] = client_secret
    db.init_app(app)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        tokens = SQLTokenStore(db.engine, sealing=AESGCMSealing({"1": token_key}))

    logins = LoginManager(app)

    @logins.user_loader
    def load(user_id: str) -> User | None:
        return db.session.get(User, int(user_id))

    oauth = make_registry(provider_url)
    oauth.init_app(app, token_store=tokens)
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
