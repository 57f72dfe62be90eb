from collections.abc import Callable

from cachelib import BaseCache

from .authorization_server import AuthorizationServer

def register_temporary_credential_hooks(
    authorization_server: AuthorizationServer,
    cache: BaseCache,
    key_prefix: str = "temporary_credential:",
) -> None: ...
def create_exists_nonce_func(
    cache: BaseCache, key_prefix: str = "nonce:", expires: int = 86400
) -> Callable[[str, str | None, str, str | None], bool]: ...
def register_nonce_hooks(
    authorization_server: AuthorizationServer,
    cache: BaseCache,
    key_prefix: str = "nonce:",
    expires: int = 86400,
) -> None: ...
