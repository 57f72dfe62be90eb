from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from authlib.oauth1 import ClientMixin, TokenCredentialMixin
from flask import Flask, Response

_P = ParamSpec("_P")
_R = TypeVar("_R")

class ResourceProtector:
    def __init__(
        self,
        app: Flask | None = None,
        query_client: Callable[[str], ClientMixin | None] | None = None,
        query_token: Callable[[str, str], TokenCredentialMixin | None] | None = None,
        exists_nonce: Callable[[str, str | None, str, str | None], bool] | None = None,
    ) -> None: ...
    def __call__(
        self, scope: None = None
    ) -> Callable[[Callable[_P, _R]], Callable[_P, _R | Response]]: ...

current_credential: Any
