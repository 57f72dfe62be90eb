from authlib.oauth2.rfc6749.models import TokenMixin
from authlib.oauth2.rfc6749.requests import OAuth2Request
from authlib.oauth2.rfc6749.token_endpoint import TokenEndpoint

class RevocationEndpoint(TokenEndpoint):
    def query_token(self, token_string: str, token_type_hint: str | None) -> TokenMixin | None: ...
    def revoke_token(self, token: TokenMixin, request: OAuth2Request) -> object: ...
