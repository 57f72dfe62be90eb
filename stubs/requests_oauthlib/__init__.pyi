from typing import Any

from requests import PreparedRequest, Response, Session
from requests.auth import AuthBase
from typing_extensions import override

class OAuth1(AuthBase):
    def __init__(
        self,
        client_key: str,
        client_secret: str | None = None,
        resource_owner_key: str | None = None,
        resource_owner_secret: str | None = None,
        callback_uri: str | None = None,
        signature_method: str = "HMAC-SHA1",
        signature_type: str = "AUTH_HEADER",
        rsa_key: str | None = None,
        verifier: str | None = None,
        decoding: str = "utf-8",
        client_class: Any = None,
        force_include_body: bool = False,
        **kwargs: Any,
    ) -> None: ...
    @override
    def __call__(self, r: PreparedRequest) -> PreparedRequest: ...

class OAuth1Session(Session):
    def __init__(
        self,
        client_key: str,
        client_secret: str | None = None,
        resource_owner_key: str | None = None,
        resource_owner_secret: str | None = None,
        callback_uri: str | None = None,
        signature_method: str = "HMAC-SHA1",
        signature_type: str = "AUTH_HEADER",
        rsa_key: str | None = None,
        verifier: str | None = None,
        client_class: Any = None,
        force_include_body: bool = False,
        **kwargs: Any,
    ) -> None: ...
    def authorization_url(
        self, url: str, request_token: str | None = None, **kwargs: Any
    ) -> str: ...
    def fetch_request_token(
        self, url: str, realm: Any = None, **request_kwargs: Any
    ) -> dict[str, str]: ...
    def fetch_access_token(
        self, url: str, verifier: str | None = None, **request_kwargs: Any
    ) -> dict[str, str]: ...
    def parse_authorization_response(self, url: str) -> dict[str, str]: ...

class OAuth2Session(Session):
    def __init__(
        self,
        client_id: str | None = None,
        client: Any = None,
        auto_refresh_url: str | None = None,
        auto_refresh_kwargs: dict[str, Any] | None = None,
        scope: Any = None,
        redirect_uri: str | None = None,
        token: dict[str, Any] | None = None,
        state: Any = None,
        token_updater: Any = None,
        pkce: str | None = None,
        **kwargs: Any,
    ) -> None: ...
    def authorization_url(
        self, url: str, state: str | None = None, **kwargs: Any
    ) -> tuple[str, str]: ...
    def fetch_token(
        self,
        token_url: str,
        code: str | None = None,
        authorization_response: str | None = None,
        body: str = "",
        auth: Any = None,
        username: str | None = None,
        password: str | None = None,
        method: str = "POST",
        force_querystring: bool = False,
        timeout: Any = None,
        headers: Any = None,
        verify: bool | str | None = None,
        proxies: dict[str, str] | None = None,
        include_client_id: bool | None = None,
        client_secret: str | None = None,
        cert: Any = None,
        **kwargs: Any,
    ) -> dict[str, Any]: ...
    # What requests takes, and its own three keywords in between.
    @override
    def request(  # type: ignore[override]
        self,
        method: str,
        url: str,
        data: Any = None,
        headers: Any = None,
        withhold_token: bool = False,
        client_id: str | None = None,
        client_secret: str | None = None,
        files: Any = None,
        **kwargs: Any,
    ) -> Response: ...
