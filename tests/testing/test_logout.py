"""Logout at the provider: RP-initiated, back-channel, front-channel."""

from __future__ import annotations

import base64
import json

import jwt
import pytest
from werkzeug.test import Client

from tests.testing.acting import CALLBACK, SECRET, authorization_request, login, query_of
from tests.testing.test_openid_connect import claims_of
from typedoauth.testing import LocalProvider

_AFTER = "http://127.0.0.1:1/bye"
_BACK = "http://127.0.0.1:1/backchannel"
_FRONT = "http://127.0.0.1:1/frontchannel?a=1"


@pytest.fixture(autouse=True)
def client(provider: LocalProvider) -> None:
    """The client, with everything that logout knows but frames."""
    provider.add_client(
        "client",
        SECRET,
        redirect_uris=[CALLBACK],
        post_logout_redirect_uris=[_AFTER, f"{_AFTER}?a=1"],
        backchannel_logout_uri=_BACK,
    )


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_logout_leads_back(provider: LocalProvider, http: Client, method: str) -> None:
    """With a hint nobody is asked; state comes back (RP-Initiated Logout 2, 3)."""
    tokens = login(http, scope="openid")
    request = {
        "id_token_hint": tokens["id_token"],
        "post_logout_redirect_uri": f"{_AFTER}?a=1",
        "state": "s&t",
    }
    if method == "GET":
        answer = http.get("/oauth2/logout", query_string=request)
    else:
        answer = http.post("/oauth2/logout", data=request)
    assert answer.headers["Location"].startswith(f"{_AFTER}?a=1&")
    assert query_of(answer.headers["Location"])["state"] == "s&t"
    assert provider.counts["logout"] == 1


def test_ended_session_signs_nobody_in(http: Client) -> None:
    """After logout ``prompt=none`` needs a login."""
    tokens = login(http, scope="openid")
    silent = authorization_request(scope="openid", prompt="none")
    assert "code" in query_of(
        http.get("/oauth2/authorize", query_string=silent).headers["Location"]
    )
    http.get("/oauth2/logout", query_string={"id_token_hint": tokens["id_token"]})
    answer = http.get("/oauth2/authorize", query_string=silent)
    assert query_of(answer.headers["Location"])["error"] == "login_required"


def test_user_is_asked_where_no_hint_came(provider: LocalProvider, http: Client) -> None:
    """Any site can lead there, so the user decides (RP-Initiated Logout 2)."""
    login(http, scope="openid")
    request = {"client_id": "client", "post_logout_redirect_uri": _AFTER, "state": "s"}
    page = http.get("/oauth2/logout", query_string=request)
    assert (page.status_code, provider.counts["logout"]) == (200, 0)
    assert "Ada Lovelace" in page.text
    answer = http.post("/oauth2/logout", data={**request, "decision": "sign_out"})
    assert answer.headers["Location"] == f"{_AFTER}?state=s"
    assert provider.counts["logout"] == 1


def test_logout_without_a_way_back_ends_on_a_page(http: Client) -> None:
    """There may be nowhere to go."""
    answer = http.get("/oauth2/logout")
    assert (answer.status_code, "signed out" in answer.text) == (200, True)


@pytest.mark.parametrize(
    "changes",
    [
        {"post_logout_redirect_uri": f"{_AFTER}/"},
        {"post_logout_redirect_uri": "https://attacker.example"},
        {"id_token_hint": None},
        {"client_id": "other"},
        {"client_id": "nobody"},
        {"id_token_hint": "a.b.c"},
        {"id_token_hint": "tampered"},
    ],
)
def test_untrusted_logout_is_not_redirected(
    provider: LocalProvider, http: Client, changes: dict[str, str | None]
) -> None:
    """What is not registered or not ours ends on a page (RP-Initiated Logout 2, 4)."""
    tokens = login(http, scope="openid")
    hint = tokens["id_token"]
    changes = {n: v if v != "tampered" else f"{hint[:-8]}AAAAAAAA" for n, v in changes.items()}
    request = {"id_token_hint": hint, "post_logout_redirect_uri": _AFTER, **changes}
    given = {name: value for name, value in request.items() if value is not None}
    answer = http.get("/oauth2/logout", query_string=given)
    assert (answer.status_code, "Location" in answer.headers) == (400, False)
    assert provider.counts["logout"] == 0


def test_unknown_client_ends_nothing(provider: LocalProvider, http: Client) -> None:
    """Not even by the page that asks."""
    login(http, scope="openid")
    answer = http.post("/oauth2/logout", data={"client_id": "nobody", "decision": "sign_out"})
    assert (answer.status_code, provider.counts["logout"]) == (400, 0)


def test_doubled_parameter_is_refused(http: Client) -> None:
    """With two of them nobody knows which is meant (RFC 6749 3.1)."""
    answer = http.get("/oauth2/logout", query_string={"state": ["a", "b"]})
    assert answer.status_code == 400


def test_hint_ends_its_own_session(provider: LocalProvider, http: Client) -> None:
    """In whatever browser, once, and no other one."""
    hint = login(http, scope="openid")["id_token"]
    elsewhere = Client(provider)
    login(elsewhere, scope="openid")
    for _ in range(2):
        elsewhere.get("/oauth2/logout", query_string={"id_token_hint": hint})
    assert provider.counts["logout"] == 1
    silent = authorization_request(scope="openid", prompt="none")
    for browser, name in ((http, "error"), (elsewhere, "code")):
        answer = browser.get("/oauth2/authorize", query_string=silent)
        assert name in query_of(answer.headers["Location"])


def test_hint_of_another_client_is_refused(http: Client) -> None:
    """The client named is the one that the ID Token is for (RP-Initiated Logout 2)."""
    hint = login(http, scope="openid")["id_token"]
    request = {"id_token_hint": hint, "client_id": "other"}
    assert http.get("/oauth2/logout", query_string=request).status_code == 400


@pytest.mark.parametrize("audience", [None, "nobody", ["client"], 1])
def test_hint_for_nobody_is_refused(http: Client, audience: object) -> None:
    """What names no client is none of its ID Tokens."""
    claims = base64.urlsafe_b64encode(json.dumps({"aud": audience}).encode()).rstrip(b"=")
    hint = f"e30.{claims.decode()}.AA"
    assert http.get("/oauth2/logout", query_string={"id_token_hint": hint}).status_code == 400


def test_hint_is_signed_as_registered(provider: LocalProvider, http: Client) -> None:
    """Another algorithm of the provider's own is not the client's."""
    hint = login(http, scope="openid")["id_token"]
    provider.add_client("client", SECRET, id_token_signed_response_alg="PS256")
    assert http.get("/oauth2/logout", query_string={"id_token_hint": hint}).status_code == 400


def test_hint_can_be_signed_with_the_secret(provider: LocalProvider, http: Client) -> None:
    """The hint of a client of HS256 is known again; another secret's is not."""
    long = "a secret that is long enough for HS256"
    provider.add_client(
        "client",
        long,
        redirect_uris=[CALLBACK],
        post_logout_redirect_uris=[_AFTER],
        id_token_signed_response_alg="HS256",
    )
    hint = login(http, scope="openid", secret=long)["id_token"]
    forged = jwt.encode({"aud": "client", "sub": "ada"}, f"not {long}", "HS256")
    for text, status in ((hint, 303), (forged, 400)):
        request = {"id_token_hint": text, "post_logout_redirect_uri": _AFTER}
        assert http.get("/oauth2/logout", query_string=request).status_code == status


@pytest.mark.parametrize("kid", ["unknown", 1, ["unknown"]])
def test_hint_needs_a_key_of_the_provider(http: Client, kid: object) -> None:
    """What names no key of that algorithm is none of its ID Tokens."""
    text = login(http, scope="openid")["id_token"]
    header = base64.urlsafe_b64encode(json.dumps({"alg": "RS256", "kid": kid}).encode())
    forged = f"{header.rstrip(b'=').decode()}.{text.partition('.')[2]}"
    assert http.get("/oauth2/logout", query_string={"id_token_hint": forged}).status_code == 400


def test_hint_is_good_after_a_rotation(provider: LocalProvider, http: Client) -> None:
    """An old ID Token says who it was all the same (RP-Initiated Logout 2)."""
    tokens = login(http, scope="openid")
    provider.rotate_keys()
    request = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": _AFTER}
    assert http.get("/oauth2/logout", query_string=request).status_code == 303


def test_logout_token_says_whose_session_ended(provider: LocalProvider, http: Client) -> None:
    """It is signed like ID Tokens, and is none (Back-Channel Logout 2.4)."""
    tokens = login(http, scope="openid")
    session = claims_of(http, tokens["id_token"])["sid"]
    ((uri, text),) = provider.logout_tokens("ada")
    claims = claims_of(http, text)
    assert uri == _BACK
    assert (claims["sub"], claims["sid"]) == ("ada", session)
    assert claims["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}}
    assert claims["jti"]
    assert "nonce" not in claims
    assert provider.logout_tokens("ada") == []
    assert provider.counts["logout_tokens"] == 1


def test_only_clients_that_registered_for_it_get_logout_tokens(
    provider: LocalProvider, http: Client
) -> None:
    """One session, two clients, one ``backchannel_logout_uri``."""
    login(http, scope="openid")
    request = authorization_request(client_id="other", scope="openid")
    http.post(
        "/oauth2/authorize", query_string=request, data={"user": "ada", "decision": "approve"}
    )
    assert [uri for uri, _ in provider.logout_tokens("ada")] == [_BACK]


def test_logout_tokens_are_for_one_user(provider: LocalProvider, http: Client) -> None:
    """Others stay signed in."""
    login(http, scope="openid")
    assert provider.logout_tokens("grace") == []
    assert len(provider.logout_tokens("ada")) == 1


def test_logout_elsewhere_leaves_logout_tokens(provider: LocalProvider, http: Client) -> None:
    """A session that RP-initiated logout ended is told of, too."""
    tokens = login(http, scope="openid")
    http.get("/oauth2/logout", query_string={"id_token_hint": tokens["id_token"]})
    assert len(provider.logout_tokens("ada")) == 1


def test_front_channel_is_told_by_frames(provider: LocalProvider, http: Client) -> None:
    """The page opens a frame with ``iss`` and ``sid``, then leads on (Front-Channel Logout 2)."""
    provider.add_client(
        "client",
        SECRET,
        redirect_uris=[CALLBACK],
        post_logout_redirect_uris=[_AFTER],
        frontchannel_logout_uri=_FRONT,
    )
    tokens = login(http, scope="openid")
    session = claims_of(http, tokens["id_token"])["sid"]
    request = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": _AFTER}
    page = http.get("/oauth2/logout", query_string=request)
    frame = f"{_FRONT}&amp;iss=http%3A%2F%2Flocalhost&amp;sid={session}"
    assert f'<iframe src="{frame}"' in page.text
    assert f'href="{_AFTER}"' in page.text
    assert "frame-src http://127.0.0.1:1" in page.headers["Content-Security-Policy"]
