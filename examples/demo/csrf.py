"""Every form carries a value that only this browser's session knows."""

from __future__ import annotations

import hmac
import secrets

from flask import Flask, abort, request, session
from markupsafe import Markup


def protect(app: Flask) -> None:
    """Refuse POSTs without the value; ``csrf()`` puts it into a form."""

    @app.before_request
    def check() -> None:
        if request.method == "POST":
            expected: str = session.get("csrf", "")
            sent = request.form.get("csrf", "")
            if not expected or not hmac.compare_digest(expected.encode(), sent.encode()):
                abort(400, "This form is not from this site, or too old. Go back and try again.")

    @app.context_processor
    def helpers() -> dict[str, object]:
        return {"csrf": hidden_field}


def hidden_field() -> Markup:
    """The field for this browser's forms; the value is made when it is first needed."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(16)
    return Markup('<input type="hidden" name="csrf" value="{}">').format(session["csrf"])
