"""Two services and a registry, for the samples of right and wrong programs."""

from __future__ import annotations

from typing import Final

from flask import Flask

from typedoauth import OAuth1Token, OAuth2Token, Request, Response
from typedoauth.flask import OAuth, OAuth1App, OAuth2App
from typedoauth.transports import StubTransport

BASE: Final = "https://api.example/"
REQUEST: Final = "https://as.example/request"
TOKEN: Final = "https://as.example/token"
AUTHORIZE: Final = "https://as.example/authorize"

OAUTH1_TOKEN: Final[OAuth1Token] = {"oauth_token": "t1", "oauth_token_secret": "s1"}
OAUTH2_TOKEN: Final[OAuth2Token] = {"access_token": "t2", "token_type": "Bearer"}


class Services(OAuth):
    """A registry that knows the kinds of its services."""

    twitter: OAuth1App
    github: OAuth2App


def answer(request: Request) -> Response:
    """Answer every token request with a token, and every other with a document."""
    if request.url.startswith(TOKEN):
        return Response(200, content=b'{"access_token": "t3", "expires_in": 60}')
    if request.url.startswith(REQUEST):
        pairs = b"oauth_token=r1&oauth_token_secret=rs1&oauth_callback_confirmed=true"
        return Response(200, content=pairs)
    return Response(200, content=b'{"login": "ada"}', url=request.url)


def new_app() -> Flask:
    """A Flask application with sessions."""
    app = Flask("typing")
    app.secret_key = "a key of the tests"
    return app


def new_services(app: Flask) -> Services:
    """Both services, registered for *app*, answered by :func:`answer`."""
    services = Services(app, transport=StubTransport(answer))
    services.register(
        "twitter",
        client_id="c",
        client_secret="s",
        request_token_url=REQUEST,
        access_token_url="https://as.example/access",
        authorize_url=AUTHORIZE,
        api_base_url=BASE,
    )
    services.register(
        "github",
        client_id="c",
        client_secret="s",
        access_token_url=TOKEN,
        authorize_url=AUTHORIZE,
        api_base_url=BASE,
    )
    return services
