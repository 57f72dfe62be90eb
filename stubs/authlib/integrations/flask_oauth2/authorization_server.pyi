from collections.abc import Callable
from typing import Any

from authlib import oauth2
from authlib.oauth2.rfc6749 import ClientMixin, OAuth2Request
from flask import Flask, Response

class AuthorizationServer(oauth2.AuthorizationServer):
    def __init__(
        self,
        app: Flask | None = None,
        query_client: Callable[[str], ClientMixin | None] | None = None,
        save_token: Callable[[dict[str, Any], OAuth2Request], object] | None = None,
    ) -> None: ...
    def create_oauth2_request(self, request: None) -> OAuth2Request: ...
    def create_authorization_response(
        self, request: None = None, grant_user: object = None, grant: object = None
    ) -> Response: ...
    def create_token_response(self, request: None = None) -> Response: ...
    def create_endpoint_response(self, name: str, request: None = None) -> Response: ...
    def handle_error_response(
        self, request: OAuth2Request, error: oauth2.OAuth2Error
    ) -> Response: ...
