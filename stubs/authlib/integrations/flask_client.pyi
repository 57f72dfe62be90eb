from typing import Any

from flask import Flask
from werkzeug.wrappers import Response

class FlaskOAuth2App:
    name: str
    client_cls: Any
    def authorize_redirect(self, redirect_uri: str | None = None, **kwargs: Any) -> Response: ...
    def authorize_access_token(self, **kwargs: Any) -> dict[str, Any]: ...

class OAuth:
    def __init__(
        self,
        app: Flask | None = ...,
        cache: object = ...,
        fetch_token: object = ...,
        update_token: object = ...,
    ) -> None: ...
    def create_client(self, name: str) -> FlaskOAuth2App | None: ...
    def register(self, name: str, overwrite: bool = ..., **kwargs: Any) -> FlaskOAuth2App: ...
    def __getattr__(self, key: str) -> FlaskOAuth2App: ...
