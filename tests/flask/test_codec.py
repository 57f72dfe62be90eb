"""A login comes back from its JSON as it went in, for whoever has the key."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from typedoauth.credentials import PendingAuthorization, TemporaryCredentials
from typedoauth.errors import StoreError
from typedoauth.flask.codec import PendingCodec

TEXT = st.text(max_size=50)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
DATA = st.dictionaries(TEXT, JSON, max_size=3)
OF_OAUTH2 = st.builds(
    PendingAuthorization,
    state=TEXT,
    redirect_uri=st.none() | TEXT,
    code_verifier=st.none() | TEXT,
    nonce=st.none() | TEXT,
    max_age=st.none() | st.integers(min_value=0),
    acr_values=st.lists(TEXT, max_size=3).map(tuple),
    data=DATA,
)


def _of_oauth1(token: str, secret: str, data: dict[str, object]) -> PendingAuthorization:
    temporary = TemporaryCredentials(token, secret)
    return PendingAuthorization(token, temporary_credentials=temporary, data=data)


OF_OAUTH1 = st.builds(_of_oauth1, TEXT, TEXT, DATA)
KEYS = st.none() | st.text(min_size=1, max_size=20) | st.binary(min_size=1, max_size=20)


@given(key=KEYS, name=TEXT, login=OF_OAUTH2 | OF_OAUTH1)
def test_login_survives_its_json(
    key: str | bytes | None, name: str, login: PendingAuthorization
) -> None:
    """With a key and without, through a store or session that keeps text."""
    codec = PendingCodec(key)
    kept = json.loads(json.dumps(codec.encode(name, login)))
    assert codec.decode(name, login.state, kept) == login


@given(key=st.text(min_size=1, max_size=9), name=TEXT, state=TEXT)
def test_made_secrets_take_no_place(key: str, name: str, state: str) -> None:
    """What can be derived again is not kept, not even encrypted."""
    codec = PendingCodec(key)
    login = PendingAuthorization(
        state,
        code_verifier=codec.make_secret("code_verifier", name, state),
        nonce=codec.make_secret("nonce", name, state),
    )
    kept = codec.encode(name, login)
    assert set(kept) == {"f", "k"}
    assert len(json.dumps(kept)) < 30
    assert PendingCodec("other", [key]).decode(name, state, dict(kept)) == login


@given(name=TEXT, login=OF_OAUTH2 | OF_OAUTH1)
def test_another_key_opens_nothing(name: str, login: PendingAuthorization) -> None:
    """Neither what is encrypted nor what is derived."""
    kept = PendingCodec("one").encode(name, login)
    for codec in (PendingCodec("two"), PendingCodec(None), PendingCodec("two", ["three"])):
        try:
            found = codec.decode(name, login.state, dict(kept))
        except StoreError:
            continue
        assert "s" not in kept
        assert (found.code_verifier, found.nonce) == (None, None)
        assert found.temporary_credentials is None


def test_what_nobody_wrote_is_not_asked_of_the_id_token() -> None:
    """A session holds whatever its keeper made of it; what is left is of the right types."""
    found = PendingCodec("k").decode("name", "state", {"m": "60", "a": ["a", 5, None]})
    assert (found.max_age, found.acr_values) == (None, ("a",))
    assert PendingCodec("k").decode("name", "state", {"a": "a b"}).acr_values == ()


def test_state_without_a_key_has_no_mark() -> None:
    """A server-side session without SECRET_KEY can tell no origin."""
    assert PendingCodec(None).origin_mark("state", "https://a.example") == ""
    assert len(PendingCodec("k").origin_mark("state", "https://a.example")) == 4
