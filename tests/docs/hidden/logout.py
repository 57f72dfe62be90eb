"""An application, and the sessions that it knows of: their owners by ``sid``."""

from __future__ import annotations

from flask import Flask

from typedoauth.flask import OAuth

app = Flask(__name__)
app.secret_key = "of the example"
oauth = OAuth(app)
sessions: dict[str, str] = {}
