from collections.abc import Callable, Sequence

from .grants import AuthorizationCodeGrant, BaseGrant
from .token_endpoint import TokenEndpoint

class AuthorizationServer:
    def __init__(self, scopes_supported: Sequence[str] | None = None) -> None: ...
    def register_grant(
        self,
        grant_cls: type[BaseGrant],
        extensions: Sequence[Callable[[AuthorizationCodeGrant], None]] | None = None,
    ) -> None: ...
    def register_endpoint(self, endpoint: type[TokenEndpoint] | TokenEndpoint) -> None: ...
    def get_consent_grant(
        self, request: None = None, end_user: object = None
    ) -> AuthorizationCodeGrant: ...
