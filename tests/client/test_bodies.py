"""Bodies of API calls, and what cannot be sent at all."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.client.world import api_client, fine, sent
from typedoauth import ConfigurationError
from typedoauth.client import CallOptions
from typedoauth.client.options import Data, Files

BODIES: list[tuple[CallOptions, bytes | None, str | None]] = [
    ({}, None, None),
    ({"data": "text ü"}, "text ü".encode(), None),
    ({"data": b"\xff\x00"}, b"\xff\x00", None),
    ({"data": io.BytesIO(b"file")}, b"file", None),
    ({"data": io.StringIO("fil\xe9")}, "fil\xe9".encode(), None),
    ({"data": {"a": "b c", "d": ["1", 2], "e": None}}, b"a=b+c&d=1&d=2", "form"),
    ({"data": [("a", "1"), ("a", "ü")]}, b"a=1&a=%C3%BC", "form"),
    ({"data": {}}, b"", "form"),
    ({"json": {"a": [1, None, "ü"]}}, b'{"a": [1, null, "\\u00fc"]}', "json"),
    ({"json": []}, b"[]", "json"),
    ({"json": 0}, b"0", "json"),
    ({"json": None}, None, None),
    ({"json": False}, b"false", "json"),
]


@pytest.mark.parametrize(("options", "body", "kind"), BODIES)
def test_body_kinds(options: CallOptions, body: bytes | None, kind: str | None) -> None:
    """Text and bytes as they are, parameters as a form, JSON as JSON."""
    request = sent(**options)
    types = {"form": "application/x-www-form-urlencoded", "json": "application/json", None: None}
    assert request.body == body
    assert request.headers.get("content-type") == types[kind]


def test_content_type_of_the_callers_own_wins() -> None:
    """Also for what has a type of its own."""
    request = sent(json={}, headers={"content-type": "application/vnd.api+json"})
    assert request.headers.get_all("Content-Type") == ["application/vnd.api+json"]


def multipart(files: Files, data: Data | None = None) -> str:
    """A multipart body, its boundary written as B."""
    request = sent(files=files, data=data)
    kind, _, boundary = request.headers["Content-Type"].partition("; boundary=")
    assert kind == "multipart/form-data"
    return (request.body or b"").decode("latin-1").replace(boundary, "B").replace("\r\n", "\n")


def test_files_are_sent_as_multipart(tmp_path: Path) -> None:
    """Fields first; a file has its name, not the path it lies at (RFC 7578 4.2)."""
    path = tmp_path / "secret-folder" / "a.txt"
    path.parent.mkdir()
    path.write_bytes(b"content")
    with path.open("rb") as file:
        body = multipart({"f": file, "g": ("b.csv", "1,2", "text/csv")}, {"a": ["1", "2"]})
    assert "secret-folder" not in body
    assert body == (
        '--B\nContent-Disposition: form-data; name="a"\n\n1\n'
        '--B\nContent-Disposition: form-data; name="a"\n\n2\n'
        '--B\nContent-Disposition: form-data; name="f"; filename="a.txt"\n'
        "Content-Type: text/plain\n\ncontent\n"
        '--B\nContent-Disposition: form-data; name="g"; filename="b.csv"\n'
        "Content-Type: text/csv\n\n1,2\n--B--\n"
    )


@pytest.mark.parametrize("name", ['a"; x="b', "a\r\nX: y", "a\nb"])
def test_file_name_cannot_break_out(name: str) -> None:
    """Quotes and line breaks are written as the HTML standard says (RFC 7578 5.1)."""
    body = multipart([("f", (name, b"x"))])
    assert body.count("\n") == 6
    assert body.count('"') == 4


BAD: list[dict[str, object]] = [
    {"json": {}, "data": "x"},
    {"json": {}, "files": {"a": b"x"}},
    {"json": float("nan")},
    {"json": object()},
    {"json": {1, 2}},
    {"data": 5},
    {"data": object()},
    {"data": ["ab"]},
    {"data": {"a": b"\xff"}},
    {"data": "\ud800"},
    {"data": (one for one in "ab")},
    {"files": {"a": b"x"}, "data": "text"},
    {"files": {"a": 5}},
    {"files": {"a": ("name",)}},
    {"files": {"a": ("name", b"x", "text/plain\r\nX: y")}},
    {"files": {"a": ("name", b"x", "text/plain", {})}},
    {"files": {"a": ("name", 5)}},
    {"files": {"a": (5, b"x")}},
    {"params": 5},
    {"params": ["ab"]},
    {"params": {"a": "\ud800"}},
    {"headers": "X: y"},
    {"headers": [("X", "y")]},
    {"headers": {"X": "a\r\nY: b"}},
    {"headers": {"X\r\nY": "a"}},
    {"headers": {"X": 5}},
    {"cookies": "a=b"},
    {"cookies": {"a": "b; c=d"}},
    {"cookies": {"a; b": "c"}},
    {"cookies": {"a=b": "c"}},
    {"cookies": {"a": "b\r\nX: y"}},
    {"cookies": {"a": "ü"}},
    {"cookies": {"": "b"}},
    {"timeout": 0},
    {"timeout": "5"},
    {"timeout": (1, 2, 3)},
    {"timeout": float("nan")},
    {"verify": 5},
    {"cert": ("a", "b", "c")},
    {"cert": 5},
    {"proxies": "http://proxy.example"},
    {"proxies": {"https": 5}},
]


@pytest.mark.parametrize("options", BAD)
def test_option_that_cannot_be_sent_is_refused(options: Mapping[str, object]) -> None:
    """The caller is told, and nothing goes out; a value cannot break out of its place."""
    client, stub = api_client(fine)
    with pytest.raises(ConfigurationError):
        client.post("me", **options)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] wrong on purpose
    assert stub.requests == []
