from flask import Flask

class FlaskOAuth2App:
    name: str

class OAuth:
    def __init__(
        self,
        app: Flask | None = ...,
        cache: object = ...,
        fetch_token: object = ...,
        update_token: object = ...,
    ) -> None: ...
    def create_client(self, name: str) -> FlaskOAuth2App | None: ...
    def register(self, name: str, overwrite: bool = ..., **kwargs: str) -> FlaskOAuth2App: ...
    def __getattr__(self, key: str) -> FlaskOAuth2App: ...
