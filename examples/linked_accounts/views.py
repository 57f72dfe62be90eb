"""The pages: sign in, link, look, unlink, leave."""

from __future__ import annotations

from flask import Flask, abort, flash, redirect, render_template, url_for
from flask_login import current_user, login_required, login_user, logout_user
from werkzeug import Response
from werkzeug.exceptions import HTTPException

from examples.linked_accounts.models import Account, User, db
from examples.linked_accounts.registry import Registry
from typedoauth import LoginRequiredError, OAuthError, StoreError
from typedoauth.flask import OpenIDApp
from typedoauth.protocols import ManagedTokenStore


def add_views(app: Flask, oauth: Registry, tokens: ManagedTokenStore) -> None:
    """Add every view and error page to *app*."""
    service: OpenIDApp = oauth.service

    @app.get("/")
    def home() -> str:
        if not current_user.is_authenticated:
            return render_template("welcome.html")
        user = _me()
        kept = {told.key.account: told for told in tokens.summaries(owner=user.get_id())}
        return render_template("accounts.html", user=user, kept=kept)

    @app.post("/login")
    def login() -> Response:
        """Sign in, or link one more account: the callback knows who is there."""
        return service.authorize_redirect(url_for("callback", _external=True), prompt="login")

    @app.get("/callback")
    def callback() -> Response:
        token = service.authorize_access_token()
        claims = token["userinfo"]  # verified
        account = db.session.get(Account, claims["sub"])
        if account is None:
            account = Account(sub=claims["sub"], name=claims.get("name", claims["sub"]))
            user = _me() if current_user.is_authenticated else User(name=account.name)
            user.accounts.append(account)
            db.session.add(user)
            db.session.commit()
        elif current_user.is_authenticated and account.user_id != _me().id:
            abort(409, "Somebody else here has linked that account. They have to unlink it first.")
        service.save_token(token, owner=account.user_id, account=account.sub)
        login_user(db.session.get_one(User, account.user_id))
        return redirect(url_for("home"))

    @app.get("/accounts/<sub>")
    @login_required
    def profile(sub: str) -> str:
        account = _mine(sub)
        answer = service.get("me", token=service.stored_token(account=sub))
        answer.raise_for_status()
        return render_template("profile.html", account=account, profile=answer.json())

    @app.post("/accounts/<sub>/unlink")
    @login_required
    def unlink(sub: str) -> Response:
        account = _mine(sub)
        if len(_me().accounts) == 1:
            abort(409, "This is the account that you sign in with. Link another one first.")
        end_at_the_service(sub)
        service.delete_token(account=sub)
        db.session.delete(account)
        db.session.commit()
        flash(f"{account.name} is no longer linked.")
        return redirect(url_for("home"))

    @app.post("/leave")
    @login_required
    def leave() -> Response:
        user = _me()
        for account in user.accounts:
            end_at_the_service(account.sub)
        oauth.delete_owner(user.id)
        logout_user()
        db.session.delete(user)
        db.session.commit()
        flash("Your account here and all that we kept are gone.")
        return redirect(url_for("home"))

    @app.post("/logout")
    def logout() -> Response:
        logout_user()
        return redirect(url_for("home"))

    def end_at_the_service(sub: str) -> None:
        """Revoke what there is; a token that cannot be renewed has ended already."""
        try:
            token = service.stored_token(account=sub)
        except LoginRequiredError:
            return
        if token is not None:
            refresh_token = token.get("refresh_token")
            service.revoke_token(refresh_token or token["access_token"])

    @app.errorhandler(OAuthError)
    def failed(error: OAuthError) -> tuple[str, int]:
        status, title, words = 502, "The service did not answer as it should", "Try again later."
        if isinstance(error, LoginRequiredError):
            status, title, words = 401, "Please sign in again", "The service asks for it."
        elif isinstance(error, StoreError):
            status, title, words = 503, "Not just now", "We cannot reach our database. Try again."
        elif error.error == "access_denied":
            status, title, words = 403, "You said no", "Nothing was linked."
        return render_template("error.html", title=title, words=words), status

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> tuple[str, int]:
        page = render_template("error.html", title=error.name, words=error.description)
        return page, error.code or 500


def _me() -> User:
    user = current_user._get_current_object()
    assert isinstance(user, User)
    return user


def _mine(sub: str) -> Account:
    account = db.session.get(Account, sub)
    if account is None or account.user_id != _me().id:
        abort(404)
    return account
