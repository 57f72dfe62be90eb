"""What does not come from this library, in the session and in the cache."""

from __future__ import annotations

import pytest
from cachelib import SimpleCache
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.flask.caches import Forgetful
from tests.flask.site import Site, query_of
from typedoauth.protocols import Cache

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=8,
)
DETAILS = st.dictionaries(st.sampled_from("rfsdkevnt"), JSON, max_size=6)
ENTRY = st.tuples(
    st.just("state") | JSON, st.just("two") | JSON, st.just(2**40) | JSON, DETAILS | JSON
)
GARBAGE = JSON | st.fixed_dictionaries(
    {}, optional={"p": st.lists(ENTRY.map(list), max_size=3) | JSON, "u": JSON, "b": JSON}
)


@pytest.mark.parametrize("backend", [None, SimpleCache()])
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(garbage=GARBAGE)
def test_garbage_in_the_session_is_an_error_of_ours(backend: Cache | None, garbage: object) -> None:
    """A session of another version, or another library's, never breaks a view."""
    site = _GARBAGE_SITES[backend is None]
    browser = site.app.test_client()
    with browser.session_transaction() as session:
        session["_typedoauth"] = garbage
    answer = site.arrive(browser, "http://localhost/authorize/two?state=state&code=c")
    assert answer.status_code == 400
    site.log_in(browser, "two")


_GARBAGE_SITES = {True: Site(), False: Site(SimpleCache())}


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "[" * 100_000, "\x00", '{"s":1,"f":2}'])
def test_garbage_in_the_cache_is_an_error_of_ours(text: str) -> None:
    """What somebody else put there is not taken for a login."""
    cache = Forgetful()
    site = Site(cache)
    browser = site.app.test_client()
    state = query_of(site.begin(browser, "two"))["state"]
    for key in cache.kept:
        cache.kept[key] = text
    error = site.refused(browser, f"http://localhost/authorize/two?state={state}&code=c")
    assert error.code in {"store_error", "mismatching_state", "invalid_grant"}
