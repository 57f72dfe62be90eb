from typing import Any

from requests import Response, Session
from typing_extensions import override

class OAuthError(Exception):
    error: str
    description: str
    uri: str | None
    def __init__(
        self, error: str | None = None, description: str | None = None, uri: str | None = None
    ) -> None: ...

class OAuth1Session(Session):
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
        force_include_body: bool = False,
        **kwargs: Any,
    ) -> None: ...
    def create_authorization_url(
        self, url: str, request_token: str | None = None, **kwargs: Any
    ) -> str: ...
    def fetch_request_token(self, url: str, **kwargs: Any) -> dict[str, str]: ...
    def fetch_access_token(
        self, url: str, verifier: str | None = None, **kwargs: Any
    ) -> dict[str, str]: ...
    def parse_authorization_response(self, url: str) -> dict[str, str]: ...

class OAuth2Session(Session):
    token: Any
    revocation_endpoint_auth_method: str
    def __init__(
        self,
        client_id: str | None = None,
        client_secret: str | None = None,
        token_endpoint_auth_method: str | None = None,
        revocation_endpoint_auth_method: str | None = None,
        scope: str | None = None,
        state: str | None = None,
        redirect_uri: str | None = None,
        token: dict[str, Any] | None = None,
        token_placement: str = ...,
        update_token: Any = None,
        leeway: int = 60,
        default_timeout: float | None = None,
        **kwargs: Any,
    ) -> None: ...
    # Authlib narrows what requests takes: its own two keywords come third and fourth.
    @override
    def request(  # type: ignore[override]
        self,
        method: str,
        url: str,
        withhold_token: bool = False,
        auth: Any = None,
        **kwargs: Any,
    ) -> Response: ...
    def create_authorization_url(
        self,
        url: str,
        state: str | None = None,
        code_verifier: str | None = None,
        **kwargs: Any,
    ) -> tuple[str, str]: ...
    def fetch_token(
        self,
        url: str | None = None,
        body: str = "",
        method: str = "POST",
        headers: dict[str, str] | None = None,
        auth: Any = None,
        grant_type: str | None = None,
        state: str | None = None,
        **kwargs: Any,
    ) -> dict[str, Any]: ...
    def refresh_token(
        self,
        url: str | None = None,
        refresh_token: str | None = None,
        body: str = "",
        auth: Any = None,
        headers: dict[str, str] | None = None,
        **kwargs: Any,
    ) -> dict[str, Any]: ...
    def revoke_token(
        self,
        url: str,
        token: str | None = None,
        token_type_hint: str | None = None,
        body: str | None = None,
        auth: Any = None,
        headers: dict[str, str] | None = None,
        **kwargs: Any,
    ) -> Response: ...
    def introspect_token(
        self,
        url: str,
        token: str | None = None,
        token_type_hint: str | None = None,
        body: str | None = None,
        auth: Any = None,
        headers: dict[str, str] | None = None,
        **kwargs: Any,
    ) -> Response: ...
