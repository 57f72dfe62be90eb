"""Encryption at rest: what opens, what does not, and that nothing is ever destroyed."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.stores.backends import FULL, RAW, Backend, FullStore, backend
from tests.stores.contract import rising
from tests.stores.tokens import KEY, NEW, OLD, sealing, token
from typedoauth.errors import ConfigurationError, KeyRotationError, StoreError
from typedoauth.protocols import Sealing
from typedoauth.stores import AESGCMSealing, MemoryTokenStore, SQLTokenStore
from typedoauth.tokens import TokenKey

SECRET = "gho_16C7e42F292c6912E7"
_MANAGED = tuple(kind for kind in RAW if kind in FULL and "text" not in kind)
# Other ways to the same rows.
_DIRECT = tuple(kind for kind in RAW if kind not in {"mysql", "redis text", "mariadb engine"})


@pytest.fixture(scope="module", params=_DIRECT)
def shared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Backend]:
    """Each backend that can be written to behind the store's back."""
    with backend(request.param, tmp_path_factory.mktemp("sealed")) as made:
        yield made


@pytest.fixture
def place(shared: Backend) -> Backend:
    """The same, empty."""
    shared.empty()
    return shared


@pytest.fixture(scope="module", params=_MANAGED)
def shared_managed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Backend]:
    """Each whose keys can be rotated."""
    with backend(request.param, tmp_path_factory.mktemp("rotated")) as made:
        yield made


@pytest.fixture
def managed(shared_managed: Backend) -> Backend:
    """The same, empty."""
    shared_managed.empty()
    return shared_managed


def full(place: Backend, sealing: Sealing | None) -> FullStore:
    """A store on it, which can be managed."""
    return cast("FullStore", place.open(sealing))  # those of `managed` are


def test_nothing_is_kept_in_the_clear(place: Backend) -> None:
    """Neither the token nor its members."""
    place.open(sealing()).set(KEY, token(SECRET, refresh_token="r"))
    kept = place.read(KEY)
    assert kept.startswith(b"\x012026.")
    assert SECRET.encode() not in kept
    assert b"access_token" not in kept


def test_without_a_sealing_it_is_json(place: Backend) -> None:
    """Which other programs may read."""
    place.open().set(KEY, token(SECRET))
    assert place.read(KEY) == b'{"access_token":"%s","token_type":"bearer"}' % SECRET.encode()


def test_what_is_not_encrypted_is_not_read(place: Backend) -> None:
    """Whoever can write to the database cannot put a token of their own there."""
    place.open().set(KEY, token("planted"))
    with pytest.raises(StoreError, match=r"not encrypted.*accept_unsealed=True") as caught:
        place.open(sealing()).get(KEY)
    assert "planted" not in str(caught.value)
    assert place.open().get(KEY) == token("planted"), "nothing was changed"


def test_what_was_kept_before_there_was_a_sealing_is_read_if_asked(place: Backend) -> None:
    """And encrypted when it is written next."""
    place.open().set(KEY, token("before"))
    store = place.open(sealing(accept_unsealed=True))
    assert store.get(KEY) == token("before")
    store.set(KEY, token("before"))
    assert place.read(KEY).startswith(b"\x01")


@pytest.mark.parametrize(
    "other",
    [
        TokenKey("github", "eve"),
        TokenKey("github", "Ada"),
        TokenKey("gitlab", "ada"),
        TokenKey("github", "ada", "work"),
        TokenKey("github", "ada", None, "acme"),
    ],
)
def test_row_that_is_copied_elsewhere_does_not_open(place: Backend, other: TokenKey) -> None:
    """To another owner, client, account or tenant."""
    store = place.open(sealing())
    store.set(KEY, token(SECRET))
    store.set(other, token("own"))
    place.write(other, place.read(KEY))
    with pytest.raises(StoreError, match="copied from another owner") as caught:
        store.get(other)
    assert caught.value.__cause__ is None
    assert store.get(KEY) == token(SECRET)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ([("2026", b"x" * 32)], "another key of that id"),
        ([("2027", b"0" * 32)], "encrypted with the key '2026', and the sealing has 2027"),
        (None, "given no sealing="),
    ],
)
def test_wrong_key_is_an_error_that_destroys_nothing(
    place: Backend, keys: list[tuple[str, bytes]] | None, said: str
) -> None:
    """With the right one again, it opens."""
    place.open(sealing()).set(KEY, token(SECRET))
    kept = place.read(KEY)
    with pytest.raises(StoreError, match=said) as caught:
        place.open(None if keys is None else sealing(*keys)).get(KEY)
    assert SECRET not in str(caught.value)
    assert place.read(KEY) == kept
    assert place.open(sealing()).get(KEY) == token(SECRET)


def _damaged(kept: bytes) -> Iterator[bytes]:
    for at in (0, 2, 5, 6, 12, 30, len(kept) - 8, len(kept) - 5):
        yield kept[:at] + (b"A" if kept[at : at + 1] != b"A" else b"B") + kept[at + 1 :]
    yield kept[:-4]
    yield kept[:20]
    yield kept[:6]
    yield kept[:1]
    yield kept[:6] + b"!" * 40
    yield kept + b"AAAA"
    yield b"\x012026.\xc3\xa9"


def test_what_was_changed_does_not_open(place: Backend) -> None:
    """Wherever it was changed."""
    store = place.open(sealing())
    store.set(KEY, token(SECRET))
    kept = place.read(KEY)
    for damaged in _damaged(kept):
        place.write(KEY, damaged)
        with pytest.raises(StoreError) as caught:
            store.get(KEY)
        assert SECRET not in str(caught.value)
    place.write(KEY, kept)
    assert store.get(KEY) == token(SECRET)


@pytest.mark.parametrize("content", [b"[1]", b"x", b'{"a":1,"a":2}', b"\xff", b"null", b"{"])
def test_what_is_no_token_is_an_error(place: Backend, content: bytes) -> None:
    """Something else wrote it; it is not quoted."""
    store = place.open()
    store.set(KEY, token())
    place.write(KEY, content)
    with pytest.raises(StoreError, match="something else wrote it"):
        store.get(KEY)


def test_rotation_seals_everything_with_the_first_key(managed: Backend) -> None:
    """What was open, too; then the old key can go."""
    owners = [f"user {n}" for n in range(8)]
    for at, owner in enumerate(owners):
        full(managed, sealing(OLD) if at % 2 else None).set(TokenKey("a", owner), token(owner))
    both = full(managed, sealing(NEW, OLD, accept_unsealed=True))
    versions = [both.load(TokenKey("a", owner)) for owner in owners]
    assert rising(both.reseal())[-1] == (8, 8)
    assert list(both.reseal()) == []
    for owner, before in zip(owners, versions, strict=True):
        key = TokenKey("a", owner)
        assert managed.read(key).startswith(b"\x012027.")
        assert full(managed, sealing(NEW)).load(key) == before


def test_rotation_makes_nothing_trusted_that_was_not(managed: Backend) -> None:
    """What is not encrypted stays so, and is counted."""
    full(managed, None).set(KEY, token("planted"))
    with pytest.raises(KeyRotationError, match="is not encrypted") as caught:
        list(full(managed, sealing(NEW, OLD)).reseal())
    assert caught.value.failed == 1
    assert full(managed, None).get(KEY) == token("planted")


def test_rotation_disturbs_no_renewal(managed: Backend) -> None:
    """A lease stays, and what was read before can be replaced after."""
    store = full(managed, sealing(OLD))
    store.set(KEY, token("old"))
    stored = store.load(KEY)
    assert stored is not None
    assert store.acquire(KEY, "one", 60)
    assert list(full(managed, sealing(NEW, OLD)).reseal()) == [(1, 1)]
    assert not store.acquire(KEY, "two", 60)
    assert full(managed, sealing(NEW, OLD)).replace(KEY, token("new"), stored.version)


class _Interrupted:
    """A sealing during whose work somebody else does something."""

    def __init__(self, sealing: Sealing, act: Callable[[], object]) -> None:
        self._sealing = sealing
        self._act = act

    def seal(self, content: bytes, context: bytes, /) -> bytes:
        return self._sealing.seal(content, context)

    def open(self, sealed: bytes, context: bytes, /) -> bytes:
        self._act()
        return self._sealing.open(sealed, context)

    def is_current(self, sealed: bytes, /) -> bool:
        return self._sealing.is_current(sealed)


@pytest.mark.parametrize("act", ["set", "replace", "delete"])
def test_rotation_gives_way_to_who_writes(managed: Backend, act: str) -> None:
    """Between its reading a token and its writing it."""
    full(managed, sealing(OLD)).set(KEY, token("old"))
    other = full(managed, sealing(NEW, OLD))
    stored = other.load(KEY)
    assert stored is not None
    read = stored.version
    acts: dict[str, Callable[[], object]] = {
        "set": lambda: other.set(KEY, token("of a new login")),
        "replace": lambda: other.replace(KEY, token("renewed"), read),
        "delete": lambda: other.delete(KEY),
    }
    list(full(managed, _Interrupted(sealing(NEW, OLD), acts[act])).reseal())
    expected = {"set": token("of a new login"), "replace": token("renewed"), "delete": None}
    assert other.get(KEY) == expected[act]


def test_rotation_that_is_broken_off_goes_on(managed: Backend) -> None:
    """Meanwhile, all open; then it does the rest alone."""
    keys = [TokenKey("a", f"user {n}") for n in range(230)]
    old = full(managed, sealing(OLD))
    for key in keys:
        old.set(key, token(key.owner))
    both = full(managed, sealing(NEW, OLD))
    next(both.reseal())
    assert [both.get(key) for key in keys] == [token(key.owner) for key in keys]
    rest = sum(not managed.read(key).startswith(b"\x012027.") for key in keys)
    assert [done for done, _ in both.reseal()][-1:] == ([rest] if rest else [])
    new = full(managed, sealing(NEW))
    assert [new.get(key) for key in keys] == [token(key.owner) for key in keys]


def test_rotation_leaves_what_it_cannot_open(managed: Backend) -> None:
    """It does all others, says so in the end, and is run again with the lost key."""
    full(managed, sealing(("lost", b"l" * 32))).set(KEY, token("of the lost key"))
    others = [TokenKey("a", f"{n}") for n in range(3)]
    for key in others:
        full(managed, sealing(OLD)).set(key, token(key.owner))
    kept = managed.read(KEY)
    both = full(managed, sealing(NEW, OLD))
    with pytest.raises(StoreError, match="1 token could not be opened and stayed"):
        list(both.reseal())
    assert managed.read(KEY) == kept
    new = full(managed, sealing(NEW))
    assert [new.get(key) for key in others] == [token(key.owner) for key in others]
    assert list(full(managed, sealing(NEW, ("lost", b"l" * 32))).reseal()) == [(1, 1)]
    assert both.get(KEY) == token("of the lost key")


def test_rotation_without_a_sealing_is_refused(managed: Backend) -> None:
    """Nothing is decrypted by an argument that was forgotten."""
    full(managed, sealing()).set(KEY, token())
    kept = managed.read(KEY)
    with pytest.raises(StoreError, match="could not be opened"):
        list(full(managed, None).reseal())
    assert managed.read(KEY) == kept


class _Reversing:
    """A sealing of somebody's own, which names no key."""

    def __init__(self, mark: bytes) -> None:
        self._mark = mark

    def seal(self, content: bytes, context: bytes, /) -> bytes:
        return self._mark + content[::-1]

    def open(self, sealed: bytes, context: bytes, /) -> bytes:
        return sealed[2:][::-1]

    def is_current(self, sealed: bytes, /) -> bool:
        return sealed.startswith(self._mark)


def test_sealing_of_ones_own_is_rotated_too(managed: Backend) -> None:
    """It need not name its key as ours does."""
    first, second = _Reversing(b"a:"), _Reversing(b"b:")
    keys = [TokenKey("a", f"{n}") for n in range(3)]
    for key in keys:
        full(managed, first).set(key, token(key.owner))
    full(managed, second).set(KEY, token("already"))
    list(full(managed, second).reseal())
    assert all(managed.read(key).startswith(b"\x01b:") for key in (*keys, KEY))
    assert [full(managed, second).get(key) for key in keys] == [token(key.owner) for key in keys]


@given(
    content=st.binary(max_size=2000),
    context=st.binary(max_size=200),
    key_id=st.from_regex(r"[A-Za-z0-9._-]{1,32}", fullmatch=True),
    key=st.sampled_from([16, 24, 32]).flatmap(lambda size: st.binary(min_size=size, max_size=size)),
)
def test_what_is_sealed_is_opened(content: bytes, context: bytes, key_id: str, key: bytes) -> None:
    """Any content, by any key, whatever characters its id has."""
    made = AESGCMSealing([(key_id, key)])
    sealed = made.seal(content, context)
    assert made.open(sealed, context) == content
    assert made.is_current(sealed)
    assert sealed != made.seal(content, context)
    assert sealed.isascii()


@given(content=st.binary(max_size=50), at=st.integers(min_value=0), bit=st.integers(0, 7))
def test_any_bit_that_changes_is_noticed(content: bytes, at: int, bit: int) -> None:
    """Of the key's id, the nonce, the content and the tag; base64 has bits that say nothing."""
    made = sealing(OLD, NEW)
    sealed = bytearray(made.seal(content, b"context"))
    sealed[at % len(sealed)] ^= 1 << bit
    try:
        opened = made.open(bytes(sealed), b"context")
    except StoreError:
        return
    assert opened == content


def test_key_may_be_base64() -> None:
    """Of either alphabet, as configuration files have it."""
    raw = bytes(range(200, 232))
    texts = (
        base64.b64encode(raw),
        base64.urlsafe_b64encode(raw),
        base64.b64encode(raw).strip(b"="),
    )
    for text in texts:
        sealed = AESGCMSealing({"k": text.decode()}).seal(b"x", b"")
        assert AESGCMSealing({"k": raw}).open(sealed, b"") == b"x"


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({}, "needs a key"),
        ({"k": b"short"}, "this one has 5"),
        ({"k": "x" * 21}, "this one has"),
        ({"k": "\u00e9" * 22}, "this one has 0"),
        ({"": b"0" * 32}, "the id of a key"),
        ({"a b": b"0" * 32}, "the id of a key"),
        ([("k", b"0" * 32), ("k", b"1" * 32)], "the same id"),
    ],
)
def test_key_that_is_none_is_refused(
    keys: dict[str, bytes | str] | list[tuple[str, bytes | str]], said: str
) -> None:
    """When the store is set up, and without quoting it."""
    with pytest.raises(ConfigurationError, match=said) as caught:
        AESGCMSealing(keys)
    assert "short" not in str(caught.value)


@pytest.mark.parametrize("keys", ["secret" * 4, b"secret" * 4, 5, None, ["secret"], [("secret",)]])
def test_keys_without_ids_are_refused(
    keys: Any,  # any: a program without types
) -> None:
    """Also without quoting them: what was given is likely to be the key."""
    with pytest.raises(ConfigurationError, match="have ids") as caught:
        AESGCMSealing(keys)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("sealing", ["key", b"key", {"2027": b"key"}, AESGCMSealing])
def test_what_cannot_seal_is_refused(
    sealing: Any,  # any: a program without types
) -> None:
    """When the store is made, not at the first login."""
    with pytest.raises(ConfigurationError, match=r"sealing: an AESGCMSealing .* not \w+: "):
        MemoryTokenStore(sealing=sealing)
    with pytest.raises(ConfigurationError, match="sealing: an AESGCMSealing"):
        SQLTokenStore("sqlite://", sealing=sealing)


def test_repr_shows_no_key() -> None:
    """Only the ids."""
    assert repr(sealing(OLD, NEW)) == "<AESGCMSealing 2026, 2027>"
