"""The fault table: what must come of each fault, in the order of ``FAULTS``."""

from __future__ import annotations

from typing import Final

from tests.faults.cases import Case, NetworkCase
from tests.faults.table import (
    authorization,
    discovery,
    id_token,
    jwk_set,
    logout,
    network,
    oauth1,
    token,
    userinfo,
)

CASES: Final[tuple[Case, ...]] = (
    *discovery.ROWS,
    *authorization.ROWS,
    *token.ROWS,
    *id_token.ROWS,
    *jwk_set.ROWS,
    *userinfo.ROWS,
    *logout.ROWS,
    *oauth1.ROWS,
)

NETWORK: Final[tuple[NetworkCase, ...]] = network.ROWS
