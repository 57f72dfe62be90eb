"""Each quirk by itself."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from typedoauth import ClientCredentials, OAuth2Client, OAuth2Token
from typedoauth.client import ComplianceFix
from typedoauth.errors import ConfigurationError, HTTPStatusError, TransportError
from typedoauth.providers import quirks
from typedoauth.transports import Headers, Request, Response, StubTransport

TOKEN: OAuth2Token = {"access_token": "a-token", "token_type": "Bearer"}
API = "https://api.example/"
TOKEN_URL = "https://api.example/token"


def called(fix: ComplianceFix) -> Request:
    """An API call of a client with a quirk."""
    stub = StubTransport(lambda _: Response(200, content=b"{}"))
    client = OAuth2Client(
        "c", "s", access_token_url=TOKEN_URL, api_base_url=API, compliance_fix=fix, transport=stub
    )
    client.get("me?a=b", token=TOKEN)
    return stub.requests[0]


def fetched(fix: ComplianceFix, answer: object) -> OAuth2Token:
    """The token that a client with a quirk makes of an answer."""
    content = json.dumps(answer).encode()
    stub = StubTransport(lambda _: Response(200, content=content))
    client = OAuth2Client("c", "s", access_token_url=TOKEN_URL, compliance_fix=fix, transport=stub)
    return client.fetch_access_token(code="code", code_verifier="v" * 43)


def test_client_id_goes_into_a_header() -> None:
    """Of every call."""
    assert called(quirks.client_id_header("Client-Id")).headers["Client-Id"] == "c"


def test_header_goes_with_every_call() -> None:
    """Under its own name."""
    assert called(quirks.header_of_calls(X_API_Key="k")).headers["X-API-Key"] == "k"


def test_query_goes_with_every_call() -> None:
    """Behind what the call says."""
    assert called(quirks.query_of_calls(v="5", key="k")).url == f"{API}me?a=b&v=5&key=k"


def test_token_goes_into_a_header_of_its_own() -> None:
    """And is not sent as Bearer, too."""
    request = called(quirks.token_in_header("X-Token"))
    assert request.headers["X-Token"] == "a-token"
    assert "authorization" not in request.headers


def test_token_goes_into_the_query_under_another_name() -> None:
    """And is not sent as Bearer, too."""
    request = called(quirks.token_in_query("oauth_token"))
    assert request.url == f"{API}me?a=b&oauth_token=a-token"
    assert "authorization" not in request.headers


def test_several_quirks_work_in_order() -> None:
    """One after the other."""
    both = quirks.every(quirks.token_in_query("t"), quirks.query_of_calls(v="1"))
    assert called(both).url == f"{API}me?a=b&t=a-token&v=1"


def test_client_id_goes_into_the_login_under_another_name() -> None:
    """Beside its own."""
    client = OAuth2Client(
        "c",
        authorize_url="https://as.example/login",
        authorize_params={"a": "b"},
        compliance_fix=quirks.client_id_parameter("appid"),
    )
    url = client.start_authorization().url
    assert "client_id=c" in url
    assert "appid=c" in url
    assert "a=b" in url


def test_credentials_have_other_names() -> None:
    """In the body; without a secret there is nothing to send."""
    method = quirks.NamedCredentials("appid", "secret")
    request = Request("POST", TOKEN_URL, Headers(), b"code=x")
    sent = method.authenticate(request, ClientCredentials("c", "s"))
    assert sent.body == b"code=x&appid=c&secret=s"
    with pytest.raises(ConfigurationError, match="client_secret"):
        method.authenticate(request, ClientCredentials("c"))


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"status": 0, "body": {"access_token": "a"}}, "a"),
        ({"access_token": "b"}, "b"),
        ({"body": "text", "access_token": "c"}, "c"),
    ],
)
def test_token_is_unwrapped(answer: object, expected: str) -> None:
    """Where it is wrapped; otherwise it stays."""
    assert fetched(quirks.unwrapped_token("body"), answer)["access_token"] == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [({"expires": 60}, 60), ({"expires": 1, "expires_in": 60}, 60), ({}, None)],
)
def test_expiry_is_renamed(answer: Mapping[str, object], expected: int | None) -> None:
    """Unless the right name is there."""
    token = fetched(quirks.expires_renamed(), {"access_token": "a", **answer})
    assert token.get("expires_in") == expected


def test_quirk_of_an_answer_holds_for_a_refresh() -> None:
    """It comes from the same endpoint."""
    stub = StubTransport(lambda _: Response(200, content=b'{"body": {"access_token": "new"}}'))
    client = OAuth2Client(
        "c",
        "s",
        access_token_url=TOKEN_URL,
        compliance_fix=quirks.unwrapped_token("body"),
        transport=stub,
    )
    assert client.refresh_token({**TOKEN, "refresh_token": "r"})["access_token"] == "new"


ADDRESSES: list[tuple[object, tuple[str, bool] | None]] = [
    ([{"email": "a@x", "primary": True, "verified": True}], ("a@x", True)),
    ([{"email": "a@x", "primary": True, "verified": False}], ("a@x", False)),
    (
        [{"email": "b@x", "verified": True}, {"email": "a@x", "primary": True, "verified": True}],
        ("a@x", True),
    ),
    (
        [{"email": "b@x", "verified": True}, {"email": "a@x", "primary": True}],
        ("a@x", False),
    ),
    ([{"email": "b@x", "primary": False, "verified": True}], ("b@x", True)),
    ([{"email": "b@x", "primary": False, "verified": False}], None),
    ([{"email": None, "primary": True}], None),
    ([{"primary": True}, "text", None], None),
    ([], None),
    ({"message": "no list"}, None),
    (None, None),
]


@pytest.mark.parametrize(("answer", "expected"), ADDRESSES)
def test_email_is_that_of_the_list(answer: object, expected: tuple[str, bool] | None) -> None:
    """The primary one, or a verified one; none is made up, and none called verified that is not."""
    step = quirks.email_of_list("emails")
    profile = step(lambda _: answer, {"id": 1}, TOKEN)
    found = (profile.get("email"), profile.get("email_verified"))
    assert found == (expected or (None, None))


def test_list_of_addresses_may_be_refused() -> None:
    """As without the scope for it: the profile stays as it is."""

    def refuse(url: str) -> object:
        raise HTTPStatusError(None, f"{url} answered 403", status=403)

    profile: dict[str, object] = {"id": 1, "email": "public@x"}
    assert quirks.email_of_list("emails")(refuse, profile, TOKEN) == profile


def test_service_that_does_not_answer_is_no_refusal() -> None:
    """Then nothing is known."""

    def fail(url: str) -> object:
        raise TransportError(f"{url} did not answer")

    with pytest.raises(TransportError):
        quirks.email_of_list("emails")(fail, {}, TOKEN)


def test_email_comes_with_the_token() -> None:
    """If it does."""
    token: OAuth2Token = {"access_token": "a", "email": "a@x"}  # type: ignore[typeddict-unknown-key]  # pyright: ignore[reportAssignmentType] as services send it
    assert quirks.email_of_token(lambda _: None, {"id": 1}, token) == {"id": 1, "email": "a@x"}
    assert quirks.email_of_token(lambda _: None, {"id": 1}, TOKEN) == {"id": 1}


def test_every_quirk_is_used() -> None:
    """A quirk that no service has would be nobody's."""
    from pathlib import Path

    folder = Path(quirks.__file__).parent
    texts = [
        path.read_text("utf-8") for path in folder.glob("*.py") if path.stem not in ("quirks",)
    ]
    unused = [name for name in quirks.__all__ if not any(name in text for text in texts)]
    assert unused == []
