from typing import Any

from authlib.oauth2.rfc6749.models import ClientMixin, TokenMixin
from authlib.oauth2.rfc6749.requests import OAuth2Request
from authlib.oauth2.rfc6749.token_endpoint import TokenEndpoint

class IntrospectionEndpoint(TokenEndpoint):
    def query_token(self, token_string: str, token_type_hint: str | None) -> TokenMixin | None: ...
    def check_permission(
        self, token: TokenMixin, client: ClientMixin, request: OAuth2Request
    ) -> bool: ...
    def introspect_token(self, token: TokenMixin) -> dict[str, Any]: ...
