"""What becomes of a login's claims when its token is refreshed (OpenID Connect Core 12.2)."""

from __future__ import annotations

import pytest

from tests.client.openid import (
    DISCOVERY,
    HOUR,
    JWKS,
    OP,
    TOKEN_ENDPOINT,
    Provider,
    claims_of,
    saved,
)
from tests.oidc.minting import public_jwk, rsa_key
from typedoauth import OAuth2Client, OAuth2Token, Response
from typedoauth.errors import IdTokenError, InvalidSignatureError, MalformedResponseError


def logged_in(provider: Provider, client: OAuth2Client, **claims: object) -> OAuth2Token:
    """A token with a refresh token; what was asked so far is forgotten."""
    provider.answer["refresh_token"] = "r1"
    provider.claims = claims
    token = provider.log_in(client)
    provider.asked()
    provider.answer = {"access_token": "new", "token_type": "Bearer"}
    return token


def test_refresh_without_id_token_keeps_the_claims() -> None:
    """And the ID Token that they are of, which logout needs."""
    provider = Provider()
    client = provider.client()
    token = logged_in(provider, client, email="ada@op.example")
    new = client.refresh_token(token)
    assert new["access_token"] == "new"
    assert new.get("id_token") == token.get("id_token")
    assert claims_of(new) == claims_of(token)


def test_new_claims_of_the_user_take_the_place_of_the_old_ones() -> None:
    """One of then beside one of now may say what the provider never said."""
    provider = Provider()
    client = provider.client()
    token = logged_in(provider, client, email="old@op.example", email_verified=True, acr="silver")
    provider.answer["id_token"] = provider.id_token(email="new@op.example", iat=provider.clock.now)
    new = client.refresh_token(token)
    assert new.get("id_token") == provider.answer["id_token"]
    claims = claims_of(new)
    assert (claims["email"], claims["acr"]) == ("new@op.example", "silver")
    assert "email_verified" not in claims


def test_claims_of_the_user_stay_where_there_are_no_new_ones() -> None:
    """An ID Token of a refresh need not say more than whose it is (Core 12.2)."""
    provider = Provider()
    client = provider.client()
    token = logged_in(provider, client, name="Ada")
    provider.answer["id_token"] = provider.id_token(iat=provider.clock.now)
    assert claims_of(client.refresh_token(token))["name"] == "Ada"


@pytest.mark.parametrize("kept", ["all", "id_token", "userinfo"])
@pytest.mark.parametrize(
    ("changes", "claim"),
    [
        ({"sub": "admin"}, "sub"),
        ({"iss": "https://evil.example"}, "iss"),
        ({"aud": "other"}, "aud"),
        ({"exp": 0}, "exp"),
        ({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, "at_hash"),
    ],
)
def test_wrong_id_token_of_a_refresh_is_refused(
    kept: str, changes: dict[str, object], claim: str
) -> None:
    """Whichever of ID Token and claims the application kept."""
    provider = Provider()
    updated: list[OAuth2Token] = []
    client = provider.client(update_token=updated.append)
    token = logged_in(provider, client)
    left_out = {"id_token": "userinfo", "userinfo": "id_token"}.get(kept)
    token = saved(**{name: value for name, value in token.items() if name != left_out})
    provider.answer["id_token"] = provider.id_token(**changes)
    with pytest.raises(IdTokenError) as caught:
        client.refresh_token(token)
    assert (caught.value.claim, updated) == (claim, [])


def test_nonce_of_a_refresh_is_that_of_the_login_or_none() -> None:
    """It should not be there at all (Core 12.2)."""
    provider = Provider()
    client = provider.client()
    token = logged_in(provider, client)
    provider.answer["id_token"] = provider.id_token(nonce="another")
    with pytest.raises(IdTokenError) as caught:
        client.refresh_token(token)
    assert caught.value.claim == "nonce"
    provider.answer["id_token"] = provider.id_token(nonce=claims_of(token)["nonce"])
    assert claims_of(client.refresh_token(token))["sub"] == "ada"


def test_issuer_has_to_be_that_of_the_login() -> None:
    """One tenant cannot speak for a user of another."""
    template, first = f"{OP}/{{tenantid}}", f"{OP}/t1"
    provider = Provider(issuer=template)
    client = provider.client(metadata={"issuer": template})
    token = logged_in(provider, client, iss=first, tid="t1")
    provider.answer["id_token"] = provider.id_token(iss=f"{OP}/t2", tid="t2")
    with pytest.raises(IdTokenError, match="of another issuer") as caught:
        client.refresh_token(token)
    assert caught.value.claim == "iss"
    provider.answer["id_token"] = provider.id_token(iss=first, tid="t1")
    assert claims_of(client.refresh_token(token))["iss"] == first


def test_keys_are_there_before_the_refresh_token_is_spent() -> None:
    """Another process has logged the user in; this one asks the provider first."""
    provider = Provider()
    token = logged_in(provider, provider.client())
    provider.client().refresh_token(token)
    assert provider.asked() == [DISCOVERY, JWKS, TOKEN_ENDPOINT]


@pytest.mark.parametrize("lost", [DISCOVERY, JWKS])
def test_refresh_token_is_not_spent_while_the_keys_are_out_of_reach(lost: str) -> None:
    """A rotated refresh token that could not be kept would log the user out."""
    provider = Provider()
    token = logged_in(provider, provider.client())
    client = provider.client(access_token_url=TOKEN_ENDPOINT)
    provider.replies[lost] = Response(503)
    with pytest.raises(MalformedResponseError, match="status 503"):
        client.refresh_token(token)
    assert TOKEN_ENDPOINT not in provider.asked()
    del provider.replies[lost]
    assert client.refresh_token(token)["access_token"] == "new"


KEY_SET = {"keys": [public_jwk(rsa_key(), kid="k")]}


def test_client_that_cannot_verify_refreshes_all_the_same() -> None:
    """A worker that only calls the API needs no issuer; the claims stay as they were."""
    provider = Provider()
    worker = provider.client(server_metadata_url=None, access_token_url=TOKEN_ENDPOINT)
    provider.answer["id_token"] = "unread"
    new = worker.refresh_token(saved(refresh_token="r1", userinfo={"sub": "ada"}))
    assert (claims_of(new), new.get("id_token")) == ({"sub": "ada"}, "unread")
    assert provider.asked() == [TOKEN_ENDPOINT]


@pytest.mark.parametrize("extra", [{}, {"id_token": "a.b.c"}])
def test_token_of_nobody_in_particular_asks_for_no_keys(extra: dict[str, object]) -> None:
    """Whoever did not log in by OpenID Connect has no subject to compare with."""
    provider = Provider()
    client = provider.client(access_token_url=TOKEN_ENDPOINT, scope="email")
    provider.answer["id_token"] = "unread"
    assert client.refresh_token(saved(refresh_token="r1", **extra))["access_token"] == "at"
    assert provider.asked() == [TOKEN_ENDPOINT]


def test_refreshed_id_token_is_verified_where_nothing_of_the_login_was_kept() -> None:
    """The client asks for ``openid``; a forged one must not become the one that is kept."""
    provider = Provider()
    provider.answer["id_token"] = "forged"
    with pytest.raises(InvalidSignatureError):
        provider.client().refresh_token(saved(refresh_token="r1"))
    provider.answer["id_token"] = provider.id_token(iat=provider.clock.now)
    assert claims_of(provider.client().refresh_token(saved(refresh_token="r1")))["sub"] == "ada"


@pytest.mark.parametrize("settings", [{"id_token_signed_response_alg": "HS256"}, {"jwks": KEY_SET}])
def test_no_key_set_is_fetched_where_none_is_needed(settings: dict[str, object]) -> None:
    """The client secret verifies, or the keys that were given; who issues is asked first."""
    provider = Provider()
    token = saved(refresh_token="r1", userinfo={"sub": "ada"})
    provider.client(access_token_url=TOKEN_ENDPOINT, **settings).refresh_token(token)
    assert provider.asked() == [DISCOVERY, TOKEN_ENDPOINT]


def test_claims_without_an_issuer_are_completed() -> None:
    """An application may keep less of the claims than there was."""
    provider = Provider()
    provider.answer["id_token"] = provider.id_token()
    token = saved(refresh_token="r1", userinfo={"sub": "ada", "role": "x"})
    new = provider.client().refresh_token(token)
    assert (claims_of(new)["iss"], claims_of(new)["role"]) == (OP, "x")


def test_expired_keys_serve_while_the_provider_is_down() -> None:
    """Those of an hour ago, for a refresh as for a login."""
    provider = Provider()
    client = provider.client()
    token = logged_in(provider, client)
    provider.clock.now += HOUR
    provider.replies[JWKS] = provider.replies[DISCOVERY] = Response(503)
    provider.answer["id_token"] = provider.id_token()
    assert claims_of(client.refresh_token(token))["sub"] == "ada"
