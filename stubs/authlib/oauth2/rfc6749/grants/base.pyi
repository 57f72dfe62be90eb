from authlib.oauth2.rfc6749.authorization_server import AuthorizationServer
from authlib.oauth2.rfc6749.requests import OAuth2Request

class BaseGrant:
    TOKEN_ENDPOINT_AUTH_METHODS: list[str]
    request: OAuth2Request
    def __init__(self, request: OAuth2Request, server: AuthorizationServer) -> None: ...
