"""Pages: sign in, account, profile, notes, sign out."""

from __future__ import annotations

from flask import Flask, abort, flash, redirect, render_template, request, session, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from examples.demo.registry import SERVICES, Registry
from examples.demo.tokens import TokenTable
from typedoauth.flask import OAuthError

_WORDS = {
    "access_denied": ("You said no", "Nothing was shared. You can sign in whenever you like."),
    "missing_token": ("Sign in first", "This page calls the API, which needs a token."),
    "mismatching_state": ("This sign-in did not start here", "Please start it again."),
}


def add_views(app: Flask, oauth: Registry, tokens: TokenTable) -> None:
    """Add every view and error page to *app*."""

    @app.get("/")
    def home() -> str:
        user = session.get("user")
        if user is None:
            return render_template("welcome.html", services=SERVICES)
        states = {name: tokens.state(user["id"], name) for name in SERVICES}
        return render_template("account.html", user=user, services=SERVICES, states=states)

    @app.post("/login/<name>")
    def login(name: str) -> Response:
        if name not in oauth:
            abort(404)
        redirect_uri = url_for("authorize", name=name, _external=True)
        return oauth.create_client(name).authorize_redirect(redirect_uri)

    @app.get("/authorize/<name>")
    def authorize(name: str) -> Response:
        if name not in oauth:
            abort(404)
        if name == "local3":
            return signed_in_with_openid()
        client = oauth.create_client(name)
        token = client.authorize_access_token()
        answer = client.get("me")
        answer.raise_for_status()
        profile: dict[str, str] = answer.json()
        tokens.save(profile["sub"], name, token)
        session["user"] = {"id": profile["sub"], "name": profile["name"]}
        return redirect(url_for("home"))

    def signed_in_with_openid() -> Response:
        token = oauth.local3.authorize_access_token()
        claims = token["userinfo"]  # verified: there is no need to ask the API
        tokens.save(claims["sub"], "local3", token)
        session["user"] = {"id": claims["sub"], "name": claims.get("name", claims["sub"])}
        session["id_token"] = token.get("id_token")
        return redirect(url_for("home"))

    @app.get("/profile/<name>")
    def profile(name: str) -> str:
        if name not in oauth:
            abort(404)
        answer = oauth.create_client(name).get("me")
        answer.raise_for_status()
        return render_template("profile.html", service=SERVICES[name], profile=answer.json())

    @app.route("/notes/<name>", methods=["GET", "POST"])
    def notes(name: str) -> str | Response:
        if name not in oauth:
            abort(404)
        client = oauth.create_client(name)
        if request.method == "POST":
            client.post("notes", data={"text": request.form["text"]}).raise_for_status()
            return redirect(url_for("notes", name=name))
        answer = client.get("notes")
        answer.raise_for_status()
        kept: list[str] = answer.json()["notes"]
        return render_template("notes.html", service=SERVICES[name], name=name, notes=kept)

    @app.post("/expire/local2")
    def expire() -> Response:
        if user := session.get("user"):
            tokens.expire(user["id"], "local2")
            flash("The access token has expired. The next call of the API will renew it.")
        return redirect(url_for("home"))

    @app.post("/logout")
    def logout() -> Response:
        if user := session.get("user"):
            tokens.forget(user["id"])
        id_token = session.get("id_token")
        session.clear()
        if id_token:
            back = url_for("signed_out", _external=True)
            return oauth.local3.logout_redirect(back, id_token)
        flash("You are signed out.")
        return redirect(url_for("home"))

    @app.get("/signed-out")
    def signed_out() -> Response:
        oauth.local3.validate_logout_response()
        flash("You are signed out, here and at the provider.")
        return redirect(url_for("home"))

    @app.errorhandler(OAuthError)
    def refused(error: OAuthError) -> tuple[str, int]:
        title, text = _WORDS.get(error.error, ("That did not work", "Please try again."))
        return render_template("error.html", title=title, text=text, details=str(error)), 400

    @app.errorhandler(HTTPException)
    def failed(error: HTTPException) -> tuple[str, int]:
        page = render_template("error.html", title=error.name, text=error.description)
        return page, error.code or 500
