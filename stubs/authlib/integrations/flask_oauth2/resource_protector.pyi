from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from authlib import oauth2
from flask import Response

_P = ParamSpec("_P")
_R = TypeVar("_R")

class ResourceProtector(oauth2.ResourceProtector):
    def __call__(
        self, scopes: str | list[str] | None = None, optional: bool = False, **kwargs: Any
    ) -> Callable[[Callable[_P, _R]], Callable[_P, _R | Response]]: ...

current_token: Any
