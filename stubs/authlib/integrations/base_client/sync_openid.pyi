from collections.abc import Mapping
from typing import Any

class OpenIDMixin:
    def parse_id_token(
        self,
        token: Mapping[str, object],
        nonce: str,
        claims_options: Mapping[str, Any] | None = None,
        claims_cls: type[Any] | None = None,
        leeway: float = 120,
    ) -> dict[str, object]: ...
