"""Authorization server metadata (RFC 8414)."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oauth1.driving import answer
from typedoauth.errors import (
    ConfigurationError,
    InsecureTransportError,
    MalformedResponseError,
    OAuthError,
)
from typedoauth.oauth2 import ServerMetadata, fetch_server_metadata
from typedoauth.oauth2.metadata import read_server_metadata

AS = "https://as.example"
URL = f"{AS}/.well-known/oauth-authorization-server"
GOOD = {"issuer": AS, "token_endpoint": f"{AS}/token"}
DOCUMENT: dict[str, object] = {
    "issuer": "https://op.example",
    "authorization_endpoint": "https://op.example/authorize",
    "token_endpoint": "https://op.example/token",
    "jwks_uri": "https://op.example/jwks",
    "userinfo_endpoint": "https://op.example/me",
    "response_types_supported": ["code"],
    "subject_types_supported": ["public"],
    "id_token_signing_alg_values_supported": ["RS256", "none"],
    "authorization_response_iss_parameter_supported": True,
}
FLAGS = [name for name, kind in ServerMetadata.__annotations__.items() if "bool" in str(kind)]
LISTS = [name for name, kind in ServerMetadata.__annotations__.items() if "list" in str(kind)]


def fetched(
    content: bytes | Mapping[str, object],
    url: str = URL,
    status: int = 200,
    *,
    allow_http: bool = False,
) -> ServerMetadata:
    """What comes of a document at *url*."""
    flow = fetch_server_metadata(url, allow_http=allow_http)
    request = next(flow)
    assert (request.method, request.url) == ("GET", url)
    written = content if isinstance(content, bytes) else json.dumps(content).encode()
    return answer(flow, written, status)


def test_known_members_are_taken_and_others_left() -> None:
    """No member of a document becomes a setting that it has not here (RFC 8414 2)."""
    document = {**GOOD, "jwks_uri": f"{AS}/keys", "code_challenge_method": "none", "x": [1]}
    assert fetched(document) == {**GOOD, "jwks_uri": f"{AS}/keys"}
    assert fetched({**GOOD, "jwks_uri": None}) == GOOD


@pytest.mark.parametrize(
    ("url", "issuer"),
    [
        (f"{AS}/.well-known/openid-configuration", AS),
        (f"{AS}/.well-known/openid-configuration", f"{AS}/"),
        (f"{AS}/tenant/.well-known/openid-configuration", f"{AS}/tenant"),
        (f"{AS}/.well-known/oauth-authorization-server/tenant", f"{AS}/tenant"),
        (f"{AS}/.well-known/oauth-authorization-server?v=2", AS),
    ],
)
def test_issuer_belongs_to_the_address(url: str, issuer: str) -> None:
    """The address is made of the issuer (RFC 8414 3, OpenID Connect Discovery 4)."""
    assert fetched({"issuer": issuer}, url) == {"issuer": issuer}


def test_issuer_of_an_address_that_tells_none_has_to_be_registered() -> None:
    """Else a tenant could have its document speak for anybody."""
    document = {"issuer": "https://accounts.google.com"}
    with pytest.raises(MalformedResponseError, match="does not say whose"):
        fetched(document, f"{AS}/metadata.json")
    flow = fetch_server_metadata(f"{AS}/metadata.json", issuer="https://accounts.google.com")
    next(flow)
    assert answer(flow, json.dumps(document).encode(), 200) == document


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:2375/v1", "http://localhost/x"])
def test_server_elsewhere_does_not_lead_to_this_machine(endpoint: str) -> None:
    """Whose services have no TLS, and no idea of who is asking."""
    with pytest.raises(InsecureTransportError):
        fetched({**GOOD, "token_endpoint": endpoint})
    local = "http://127.0.0.1:9000"
    document = {"issuer": local, "token_endpoint": f"{local}/token"}
    assert fetched(document, f"{local}/.well-known/openid-configuration") == document


BAD: list[tuple[str, bytes | Mapping[str, object], int, type[OAuthError]]] = [
    ("nothing", b"", 200, MalformedResponseError),
    ("HTML", b"<!doctype html>", 200, MalformedResponseError),
    ("a form", b"issuer=https://as.example", 200, MalformedResponseError),
    ("not UTF-8", b"\xff", 200, MalformedResponseError),
    ("a list", b"[]", 200, MalformedResponseError),
    ("too deep", b'{"a":' * 100_000, 200, MalformedResponseError),
    (
        "issuer twice",
        b'{"issuer": "https://as.example", "issuer": "x"}',
        200,
        MalformedResponseError,
    ),
    ("no issuer", {"token_endpoint": f"{AS}/token"}, 200, MalformedResponseError),
    ("another issuer", {"issuer": "https://evil.example"}, 200, MalformedResponseError),
    ("issuer null", {"issuer": None}, 200, MalformedResponseError),
    ("issuer a list", {"issuer": [AS]}, 200, MalformedResponseError),
    ("endpoint a number", {**GOOD, "token_endpoint": 5}, 200, MalformedResponseError),
    ("endpoint relative", {**GOOD, "token_endpoint": "/token"}, 200, MalformedResponseError),
    ("endpoint empty", {**GOOD, "token_endpoint": ""}, 200, MalformedResponseError),
    ("endpoint broken", {**GOOD, "token_endpoint": "https://["}, 200, MalformedResponseError),
    ("endpoint script", {**GOOD, "token_endpoint": "javascript:1"}, 200, MalformedResponseError),
    ("endpoint http", {**GOOD, "token_endpoint": "http://a.example/"}, 200, InsecureTransportError),
    ("status 404", b"", 404, MalformedResponseError),
    ("status 302", GOOD, 302, MalformedResponseError),
    ("status 500", GOOD, 500, MalformedResponseError),
]


@pytest.mark.parametrize(("what", "content", "status", "kind"), BAD, ids=[one[0] for one in BAD])
def test_bad_metadata_is_refused(
    what: str, content: bytes | Mapping[str, object], status: int, kind: type[OAuthError]
) -> None:
    """What a broken or hostile server may say of itself (RFC 8414 3.2, 3.3, 6)."""
    with pytest.raises(OAuthError) as caught:
        fetched(content, status=status)
    assert type(caught.value) is kind


@pytest.mark.parametrize(("status", "advice"), [(404, "server_metadata_url"), (503, "later")])
def test_unavailable_metadata_says_what_to_do(status: int, advice: str) -> None:
    """The address is wrong, or the server is down; the status is told (RFC 8414 3.2)."""
    with pytest.raises(MalformedResponseError, match=rf"status {status}, not 200; .*{advice}"):
        fetched(b"", status=status)


def test_http_can_be_allowed_by_name() -> None:
    """For a server that is not on loopback, and has no TLS."""
    document = {**GOOD, "token_endpoint": "http://as.example/token"}
    assert fetched(document, allow_http=True) == document


def test_metadata_given_by_the_application_is_its_own_mistake() -> None:
    """There the caller is to blame, and not a server."""
    with pytest.raises(ConfigurationError, match="token_endpoint"):
        read_server_metadata({"token_endpoint": "/token"})


@given(st.binary() | st.dictionaries(st.sampled_from([*GOOD, "jwks_uri"]), st.text() | st.none()))
def test_any_metadata_is_read_or_refused(content: bytes | dict[str, str | None]) -> None:
    """Nothing but OAuthError comes of garbage."""
    with contextlib.suppress(OAuthError):
        assert set(fetched(content)) <= set(ServerMetadata.__annotations__)


def test_metadata_known_members_taken() -> None:
    """What the type names comes through."""
    assert read_server_metadata(DOCUMENT) == DOCUMENT


@pytest.mark.parametrize(
    "name",
    ["code_challenge_method", "proxies", "verify", "client_kwargs", "leeway", "client_secret"],
)
def test_metadata_unknown_member_left_out(name: str) -> None:
    """No member of a document becomes a setting."""
    assert name not in read_server_metadata({**DOCUMENT, name: "x"})


@pytest.mark.parametrize("name", FLAGS)
@pytest.mark.parametrize("value", ["true", 1, [], {}])
def test_metadata_flag_of_another_type_refused(name: str, value: object) -> None:
    """``"false"`` is not false."""
    with pytest.raises(MalformedResponseError, match=name):
        read_server_metadata({**DOCUMENT, name: value})


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("value", ["RS256", ["RS256", 1], {"RS256": 1}, [None], True])
def test_metadata_list_of_another_type_refused(name: str, value: object) -> None:
    """A text is no list: ``in`` would find parts of it."""
    with pytest.raises(MalformedResponseError, match=name):
        read_server_metadata({**DOCUMENT, name: value})


@pytest.mark.parametrize("name", [*FLAGS, *LISTS])
def test_metadata_null_counts_as_absent(name: str) -> None:
    """Some providers write null for what they lack."""
    assert name not in read_server_metadata({**DOCUMENT, name: None})


@pytest.mark.parametrize("name", FLAGS)
def test_metadata_flag_kept(name: str) -> None:
    """Both values of a flag come through."""
    assert dict(read_server_metadata({name: False})) == {name: False}


@pytest.mark.parametrize("name", LISTS)
def test_metadata_list_kept(name: str) -> None:
    """Lists come through, empty ones too."""
    assert dict(read_server_metadata({name: []})) == {name: []}


def test_metadata_http_endpoint_refused() -> None:
    """The rules of the OAuth 2.0 members stay (Discovery 3)."""
    document = {**DOCUMENT, "jwks_uri": "http://op.example/jwks"}
    with pytest.raises(InsecureTransportError):
        read_server_metadata(document)
    assert read_server_metadata(document, allow_http=True).get("jwks_uri")


def test_address_of_the_issuer_is_no_address_of_metadata() -> None:
    """The commonest slip is told with what is missing."""
    with pytest.raises(MalformedResponseError, match="well-known/openid-configuration"):
        fetched(b"<!doctype html>", AS)


def test_issuer_that_differs_by_a_slash_is_told_as_such() -> None:
    """Nobody sees it otherwise."""
    flow = fetch_server_metadata(URL, issuer=f"{AS}/")
    next(flow)
    with pytest.raises(MalformedResponseError, match="only the slash at the end differs"):
        answer(flow, json.dumps(GOOD).encode(), 200)
