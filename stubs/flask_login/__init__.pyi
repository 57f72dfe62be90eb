from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask

_ViewT = TypeVar("_ViewT", bound=Callable[..., Any])
_LoaderT = TypeVar("_LoaderT", bound=Callable[[str], Any])

class UserMixin:
    @property
    def is_active(self) -> bool: ...
    @property
    def is_authenticated(self) -> bool: ...
    @property
    def is_anonymous(self) -> bool: ...
    def get_id(self) -> str: ...

class LoginManager:
    login_view: str | None
    def __init__(self, app: Flask | None = None, add_context_processor: bool = True) -> None: ...
    def user_loader(self, callback: _LoaderT) -> _LoaderT: ...

current_user: Any  # a proxy of whatever the loader gives

def login_required(func: _ViewT) -> _ViewT: ...
def login_user(
    user: UserMixin,
    remember: bool = False,
    duration: Any = None,
    force: bool = False,
    fresh: bool = True,
) -> bool: ...
def logout_user() -> bool: ...
