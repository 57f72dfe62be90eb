"""Authlib's OAuth 1.0 provider is strict, and accepts what is right (RFC 5849)."""

from __future__ import annotations

import time

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.real_servers.browser import Browser, RefusedError
from tests.real_servers.clients import HMAC, PLAINTEXT, RSA, OAuth1Registration
from tests.real_servers.foreign import REDIRECT_URI, OAuth1Dance, form_of, query_of, send
from tests.real_servers.servers import OAuth1Server


@pytest.mark.parametrize("placement", ["AUTH_HEADER", "QUERY", "BODY"])
@pytest.mark.parametrize(
    ("client", "method"), [(HMAC, "HMAC-SHA1"), (RSA, "RSA-SHA1"), (PLAINTEXT, "PLAINTEXT")]
)
def test_whole_dance_signed_by_oauthlib_reaches_the_api(
    authlib_oauth1: OAuth1Server, client: OAuth1Registration, method: str, placement: str
) -> None:
    """Each signature method is accepted (3.4.2-3.4.4) in each placement (3.5)."""
    dance = OAuth1Dance(authlib_oauth1, client, signature_method=method, signature_type=placement)
    api_placement = "QUERY" if placement == "BODY" else placement  # a GET has no body
    answer = dance.call(dance.token(), signature_type=api_placement)
    assert (answer.status_code, answer.json()["sub"]) == (200, "ada")


@pytest.mark.parametrize(
    ("client", "method", "changes"),
    [
        (HMAC, "HMAC-SHA1", {"client_secret": "another"}),
        (PLAINTEXT, "PLAINTEXT", {"client_secret": "another"}),
        (HMAC, "HMAC-SHA1", {"timestamp": str(int(time.time()) - 3600)}),
        (HMAC, "HMAC-SHA256", {}),
        (OAuth1Registration("nobody", "secret"), "HMAC-SHA1", {}),
    ],
    ids=["hmac secret", "plaintext secret", "old timestamp", "unknown method", "unknown client"],
)
def test_temporary_credentials_wrongly_asked_for_are_refused(
    authlib_oauth1: OAuth1Server,
    client: OAuth1Registration,
    method: str,
    changes: dict[str, str],
) -> None:
    """A request for temporary credentials is checked (3.2)."""
    answer = OAuth1Dance(authlib_oauth1, client, signature_method=method).temporary(**changes)
    assert answer.status_code in {400, 401}
    assert "oauth_token=" not in answer.text


def test_signature_of_another_rsa_key_is_refused(authlib_oauth1: OAuth1Server) -> None:
    """RSA-SHA1 is checked against the registered key (3.4.3)."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    dance = OAuth1Dance(authlib_oauth1, RSA, signature_method="RSA-SHA1", rsa_key=pem)
    assert dance.temporary().status_code == 401


def test_nonce_used_twice_is_refused(authlib_oauth1: OAuth1Server) -> None:
    """The same nonce at the same time is a replay (3.3)."""
    dance = OAuth1Dance(authlib_oauth1, HMAC)
    once = {"nonce": "only-once", "timestamp": str(int(time.time()))}
    answers = [dance.temporary(**once) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 401]


@pytest.mark.parametrize("changes", [{"verifier": "guessed"}, {"resource_owner_secret": "guessed"}])
def test_trade_with_a_guess_is_refused(
    authlib_oauth1: OAuth1Server, changes: dict[str, str]
) -> None:
    """Verifier and temporary secret are both needed (2.3)."""
    dance = OAuth1Dance(authlib_oauth1, HMAC)
    assert dance.trade(dance.authorized(), **changes).status_code in {400, 401}


def test_temporary_credentials_of_another_client_are_refused(
    authlib_oauth1: OAuth1Server,
) -> None:
    """Temporary credentials are good for the client that got them (3.2)."""
    credentials = OAuth1Dance(authlib_oauth1, HMAC).authorized()
    thief = OAuth1Dance(authlib_oauth1, PLAINTEXT, signature_method="PLAINTEXT")
    assert thief.trade(credentials).status_code == 401


def test_temporary_credentials_work_once(authlib_oauth1: OAuth1Server) -> None:
    """Temporary credentials are void once traded (2.3)."""
    dance = OAuth1Dance(authlib_oauth1, HMAC)
    credentials = dance.authorized()
    answers = [dance.trade(credentials) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 401]


@pytest.mark.parametrize("changes", [{"client_secret": "x"}, {"resource_owner_secret": "x"}])
def test_api_call_with_a_wrong_signature_is_refused(
    authlib_oauth1: OAuth1Server, changes: dict[str, str]
) -> None:
    """The API checks signatures, too (3.2)."""
    dance = OAuth1Dance(authlib_oauth1, HMAC)
    assert dance.call(dance.token(), **changes).status_code == 401


def test_refusal_of_the_person_comes_back_as_an_error(authlib_oauth1: OAuth1Server) -> None:
    """Authlib tells the application with ``error=access_denied``, and without the token."""
    credentials = form_of(OAuth1Dance(authlib_oauth1, HMAC).temporary().text)
    page = f"{authlib_oauth1.authorize_url}?oauth_token={credentials['oauth_token']}"
    answer = query_of(Browser(decision="deny").authorize(page, REDIRECT_URI).url)
    assert (answer["error"], "oauth_token" in answer) == ("access_denied", False)


def test_page_of_unknown_credentials_is_an_error_page(authlib_oauth1: OAuth1Server) -> None:
    """The browser is sent nowhere with credentials that nobody issued (2.2)."""
    with pytest.raises(RefusedError, match="401"):
        Browser().authorize(f"{authlib_oauth1.authorize_url}?oauth_token=unknown", REDIRECT_URI)


@pytest.mark.parametrize(
    ("query", "form", "status"),
    [
        ("", [("a", "1"), ("b", "2")], 200),
        ("", [("a", "1"), ("a", "2")], 401),
        ("?a=%C3%A9", [], 500),
    ],
    ids=["plain", "doubled field", "accent in the query"],
)
def test_what_the_server_cannot_read(
    authlib_oauth1: OAuth1Server, query: str, form: list[tuple[str, str]], status: int
) -> None:
    """Right signatures that Authlib fails on: logins here keep clear of these."""
    dance = OAuth1Dance(authlib_oauth1, HMAC)
    token = dance.token()
    auth = dance.auth(token["oauth_token"], token["oauth_token_secret"])
    url = f"{authlib_oauth1.api_base_url}echo{query}"
    assert send("POST", url, auth=auth, data=form).status_code == status
