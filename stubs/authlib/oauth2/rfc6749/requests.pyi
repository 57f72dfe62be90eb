from collections.abc import Mapping
from typing import Any

from .models import ClientMixin

class OAuth2Payload:
    @property
    def data(self) -> Mapping[str, str]: ...
    @property
    def redirect_uri(self) -> str | None: ...
    @property
    def scope(self) -> str | None: ...

class OAuth2Request:
    method: str
    uri: str
    headers: Mapping[str, str]
    payload: OAuth2Payload
    client: ClientMixin
    user: Any
    def __init__(
        self,
        method: str,
        uri: str,
        body: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None: ...
    @property
    def args(self) -> Mapping[str, str]: ...
    @property
    def form(self) -> Mapping[str, str]: ...
    @property
    def scope(self) -> str | None: ...
