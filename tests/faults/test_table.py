"""The fault table is complete, and the page shows it as it is."""

from __future__ import annotations

import re

from tests.docs.pages import is_test, read
from tests.faults.cases import Case, NetworkCase, Place, Way
from tests.faults.network import NetworkFault
from tests.faults.page import PAGE, render
from tests.faults.table import CASES, NETWORK
from typedoauth.errors import OAuthError
from typedoauth.testing import FAULTS


def test_every_fault_has_a_row() -> None:
    """Each fault of the provider is tried on its own, and no row names another."""
    alone = {case.faults[0] for case in CASES if len(case.faults) == 1 and not case.asks}
    named = {name for case in CASES for name in case.faults}
    assert (alone, named) == (set(FAULTS), set(FAULTS))


def test_every_network_fault_is_met_everywhere() -> None:
    """Each of them at each address that a client asks."""
    met = [(case.fault, case.place) for case in NETWORK]
    assert len(met) == len(set(met))
    assert set(met) == {(fault, place) for fault in NetworkFault for place in Place}


def test_no_row_is_there_twice() -> None:
    """Their names tell them apart."""
    names = [str(case) for case in (*CASES, *NETWORK)]
    assert len(names) == len(set(names))
    assert len(names) > 450


def test_rows_say_what_must_come() -> None:
    """An error of the tree; or the reason why it does no harm."""
    rows: list[Case | NetworkCase] = [*CASES, *NETWORK]
    for case in rows:
        if case.error is None:
            assert (bool(case.why), case.detail) == (True, None), str(case)
        else:
            assert issubclass(case.error, OAuthError), str(case)
            assert case.error is not OAuthError, str(case)
        assert not case.why.endswith((".", ",")), str(case)


def test_faults_of_tokens_are_tried_at_refreshes_too() -> None:
    """What can be wrong with a token response can be wrong with each of them."""
    by_way = {
        way: {case.faults for case in CASES if case.way is way and not case.variant} for way in Way
    }
    families = ("token", "id_token")
    at_login = {
        faults
        for faults in by_way[Way.LOGIN]
        if len(faults) == 1 and FAULTS[faults[0]].family in families
    }
    assert by_way[Way.REFRESH] == at_login


def test_page_shows_the_table() -> None:
    """``python -m tests.faults --page`` has nothing to change."""
    assert read(PAGE) == render()


def test_tests_that_the_page_names_are_there() -> None:
    """What no single fault shows has a test somewhere else."""
    named = re.findall(r"`tests/[^`]+`", read(PAGE))
    assert len(named) == 3
    assert all(map(is_test, named))
