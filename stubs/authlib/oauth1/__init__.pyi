from collections.abc import Mapping
from typing import Any

class OAuth1Request:
    method: str
    uri: str
    def __init__(
        self,
        method: str,
        uri: str,
        body: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None: ...
    @property
    def client_id(self) -> str | None: ...
    @property
    def token(self) -> str | None: ...

class ClientMixin:
    def get_default_redirect_uri(self) -> str | None: ...
    def get_client_secret(self) -> str | None: ...
    def get_rsa_public_key(self) -> str | bytes | None: ...

class TokenCredentialMixin:
    def get_oauth_token(self) -> str: ...
    def get_oauth_token_secret(self) -> str: ...

class TemporaryCredentialMixin(TokenCredentialMixin):
    def get_client_id(self) -> str: ...
    def get_redirect_uri(self) -> str | None: ...
    def check_verifier(self, verifier: str) -> bool: ...

class TemporaryCredential(dict[str, Any], TemporaryCredentialMixin):
    def get_user_id(self) -> str | None: ...

class ClientAuth:
    def __init__(
        self,
        client_id: str,
        client_secret: str | None = None,
        token: str | None = None,
        token_secret: str | None = None,
        redirect_uri: str | None = None,
        rsa_key: str | None = None,
        verifier: str | None = None,
        signature_method: str = "HMAC-SHA1",
        signature_type: str = "HEADER",
        realm: str | None = None,
        force_include_body: bool = False,
    ) -> None: ...
    def sign(
        self, method: str, uri: str, headers: dict[str, str], body: bytes
    ) -> tuple[str, dict[str, str], bytes]: ...
