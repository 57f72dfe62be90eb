"""Where a client knows its OpenID Provider from: the provider's metadata, or its own settings."""

from __future__ import annotations

import pytest

from tests.client.openid import (
    AUTHORIZE,
    DISCOVERY,
    HOUR,
    JWKS,
    OP,
    TOKEN_ENDPOINT,
    USERINFO,
    Provider,
    claims_of,
)
from tests.oidc.minting import public_jwk, rsa_key
from typedoauth import Response
from typedoauth.errors import (
    ConfigurationError,
    IdTokenError,
    InsecureTransportError,
    MalformedResponseError,
    OAuthError,
    StateMismatchError,
    TransportTimeoutError,
)

TEMPLATE = f"{OP}/{{tenantid}}/v2.0"
TENANT = f"{OP}/t1/v2.0"
KEY_SET = {"keys": [public_jwk(rsa_key(), kid="k")]}


def test_metadata_and_keys_are_asked_at_first_use_and_kept_for_an_hour() -> None:
    """Nothing is asked when the client is made (Discovery 4, Core 10.1.1)."""
    provider = Provider()
    client = provider.client()
    assert provider.asked() == []
    provider.log_in(client)
    assert provider.asked() == [DISCOVERY, TOKEN_ENDPOINT, JWKS]
    provider.clock.now += HOUR - 1
    provider.log_in(client)
    assert provider.asked() == [TOKEN_ENDPOINT]
    provider.clock.now += 1
    provider.log_in(client)
    assert provider.asked() == [DISCOVERY, TOKEN_ENDPOINT, JWKS]


@pytest.mark.parametrize(
    ("reply", "kind", "says"),
    [
        (TransportTimeoutError("no answer"), TransportTimeoutError, "no answer"),
        (Response(503), MalformedResponseError, "answered status 503, not 200; try again later"),
        (Response(404), MalformedResponseError, "not 200; check server_metadata_url"),
        (Response(200, content=b"<html>"), MalformedResponseError, "server metadata"),
    ],
    ids=["timeout", "503", "404", "html"],
)
def test_provider_that_is_down_is_asked_again_at_the_next_login(
    reply: Response | Exception, kind: type[OAuthError], says: str
) -> None:
    """What failed is told, and not kept."""
    provider = Provider()
    client = provider.client()
    provider.replies[DISCOVERY] = reply
    with pytest.raises(kind, match=says):
        client.start_authorization()
    del provider.replies[DISCOVERY]
    assert provider.log_in(client)


def test_keywords_take_the_place_of_discovery() -> None:
    """Issuer, endpoints and keys as registered; no document is asked for."""
    provider = Provider()
    client = provider.client(
        server_metadata_url=None,
        authorize_url=AUTHORIZE,
        access_token_url=TOKEN_ENDPOINT,
        metadata={"issuer": OP, "jwks_uri": JWKS, "userinfo_endpoint": USERINFO},
    )
    token = provider.log_in(client)
    client.userinfo(token)
    assert provider.asked() == [TOKEN_ENDPOINT, JWKS, USERINFO]
    assert client.load_server_metadata().get("issuer") == OP


def test_keyword_wins_over_the_document() -> None:
    """It is the application's own word."""
    provider = Provider(userinfo_endpoint=f"{OP}/other")
    client = provider.client(metadata={"userinfo_endpoint": USERINFO})
    found = client.load_server_metadata()
    assert (found.get("userinfo_endpoint"), found.get("issuer")) == (USERINFO, OP)


def test_endpoint_that_is_registered_needs_no_document() -> None:
    """A call goes on while the provider's metadata is out of reach."""
    provider = Provider()
    provider.replies[DISCOVERY] = Response(503)
    client = provider.client(metadata={"userinfo_endpoint": USERINFO})
    assert client.userinfo({"access_token": "at"})["sub"] == "ada"
    assert provider.asked() == [USERINFO]


@pytest.mark.parametrize(
    ("registered", "found", "fine"),
    [
        (OP, OP, True),
        (OP, f"{OP}/", False),
        (None, f"{OP}/", True),
        (f"{OP}/", OP, False),
        ("https://other.example", OP, False),
        (None, "https://other.example", False),
        (OP, None, False),
    ],
)
def test_issuer_of_the_document_has_to_be_the_registered_one(
    registered: str | None, found: str | None, fine: bool
) -> None:
    """Letter by letter; the one that the address is made of without (Discovery 4.3)."""
    provider = Provider(issuer=found)
    client = provider.client(metadata={"issuer": registered} if registered else None)
    if fine:
        assert client.load_server_metadata().get("issuer") == found
        return
    with pytest.raises(MalformedResponseError, match="issuer"):
        client.load_server_metadata()


@pytest.mark.parametrize(
    ("metadata", "kind"),
    [
        ({"issuer": 1}, ConfigurationError),
        ({"id_token_signing_alg_values_supported": "RS256"}, ConfigurationError),
        ({"claims_parameter_supported": "yes"}, ConfigurationError),
        ({"jwks_uri": "/jwks"}, ConfigurationError),
        ({"jwks_uri": "http://op.example/jwks"}, InsecureTransportError),
    ],
)
def test_wrong_metadata_of_ones_own_is_refused_at_once(
    metadata: dict[str, object], kind: type[OAuthError]
) -> None:
    """When the client is made; it is no server's fault."""
    with pytest.raises(OAuthError) as caught:
        Provider().configured(metadata=metadata)
    assert type(caught.value) is kind


def test_template_stands_for_the_tenant_of_the_token() -> None:
    """Microsoft's issuer for several tenants, where it is registered as issuer=."""
    provider = Provider(issuer=TEMPLATE)
    client = provider.client(metadata={"issuer": TEMPLATE})
    provider.claims = {"iss": TENANT, "tid": "t1"}
    assert claims_of(provider.log_in(client, {"iss": TENANT}))["iss"] == TENANT


@pytest.mark.parametrize(
    ("claims", "iss", "kind"),
    [
        ({"iss": TENANT}, TENANT, IdTokenError),
        ({"iss": TENANT, "tid": "t2"}, TENANT, IdTokenError),
        ({"iss": TENANT, "tid": "t1/../t2"}, TENANT, IdTokenError),
        ({"iss": f"{OP}/t2/v2.0", "tid": "t2"}, TENANT, IdTokenError),
        ({"iss": TENANT, "tid": "t1"}, TEMPLATE, StateMismatchError),
        ({"iss": TENANT, "tid": "t1"}, f"{OP}/t1/x/v2.0", StateMismatchError),
        ({"iss": TENANT, "tid": "t1"}, f"{OP}//v2.0", StateMismatchError),
        ({"iss": TENANT, "tid": "t1"}, f"{TENANT}/more", StateMismatchError),
    ],
)
def test_tenants_of_token_and_callback_are_compared(
    claims: dict[str, object], iss: str, kind: type[OAuthError]
) -> None:
    """The issuer is made of ``tid``, and has to be that of the callback (RFC 9207 2.4)."""
    provider = Provider(issuer=TEMPLATE)
    provider.claims = claims
    with pytest.raises(kind):
        provider.log_in(provider.client(metadata={"issuer": TEMPLATE}), {"iss": iss})


def test_template_that_nobody_registered_is_no_template() -> None:
    """A document cannot have every tenant trusted."""
    provider = Provider(issuer=TEMPLATE)
    provider.claims = {"iss": TENANT, "tid": "t1"}
    with pytest.raises(MalformedResponseError, match="expected is"):
        provider.log_in(provider.client())


@pytest.mark.parametrize(
    ("settings", "fine"),
    [
        ({}, False),
        ({"metadata": {"issuer": OP}}, False),
        ({"metadata": {"jwks_uri": JWKS}}, False),
        ({"jwks": KEY_SET}, False),
        ({"id_token_signed_response_alg": "HS256"}, False),
        ({"id_token_signed_response_alg": "RS256", "metadata": {"issuer": OP}}, False),
        ({"metadata": {"issuer": OP, "jwks_uri": JWKS}}, True),
        ({"metadata": {"issuer": OP}, "jwks": KEY_SET}, True),
        ({"metadata": {"issuer": OP}, "id_token_signed_response_alg": "HS256"}, True),
        ({"server_metadata_url": DISCOVERY}, True),
        ({"scope": "email"}, True),
    ],
)
def test_openid_needs_keys_and_an_issuer_from_the_start(
    settings: dict[str, object], fine: bool
) -> None:
    """Otherwise the user would sign in for nothing: refused before the redirect."""
    given = {"server_metadata_url": None, "authorize_url": AUTHORIZE, **settings}
    client = Provider().client(**given)
    if fine:
        assert client.start_authorization().url
        return
    with pytest.raises(ConfigurationError, match="give server_metadata_url=, or issuer="):
        client.start_authorization()


def test_own_nonce_expects_an_id_token_whatever_the_scope() -> None:
    """And needs what verifies it."""
    client = Provider().client(server_metadata_url=None, authorize_url=AUTHORIZE, scope="email")
    with pytest.raises(ConfigurationError, match="cannot verify the ID Token"):
        client.start_authorization(nonce="n")


@pytest.mark.parametrize("missing", ["jwks_uri", "issuer"])
def test_what_the_settings_leave_out_is_named(missing: str) -> None:
    """A token from elsewhere cannot be verified without issuer and keys."""
    provider = Provider()
    del provider.metadata[missing]
    client = provider.configured()
    with pytest.raises(ConfigurationError, match=missing):
        client.parse_id_token({"access_token": "at", "id_token": provider.id_token()}, None)


def test_endpoint_that_the_document_leaves_out_is_named() -> None:
    """With the keyword that gives it, after the server was asked."""
    provider = Provider()
    del provider.metadata["userinfo_endpoint"], provider.metadata["authorization_endpoint"]
    client = provider.client(name="op")
    with pytest.raises(ConfigurationError, match=r"'op' has no userinfo_endpoint; give metadata="):
        client.userinfo({"access_token": "at"})
    with pytest.raises(ConfigurationError, match="has no authorize_url; give authorize_url="):
        client.start_authorization()


def test_endpoint_that_was_left_out_is_looked_for_again() -> None:
    """A document that was wrong for a moment does not break logins for an hour."""
    provider = Provider()
    endpoint = provider.metadata.pop("authorization_endpoint")
    client = provider.client()
    for _ in range(2):
        with pytest.raises(ConfigurationError, match="has no authorize_url"):
            client.start_authorization()
    assert provider.asked() == [DISCOVERY, DISCOVERY]
    provider.metadata["authorization_endpoint"] = endpoint
    provider.clock.now += 10
    assert client.start_authorization().url


def test_algorithms_that_are_of_no_use_are_looked_for_again() -> None:
    """For the same reason."""
    provider = Provider()
    provider.metadata["id_token_signing_alg_values_supported"] = ["none"]
    client = provider.client()
    with pytest.raises(ConfigurationError, match="no signature algorithm"):
        provider.log_in(client)
    provider.metadata["id_token_signing_alg_values_supported"] = ["RS256"]
    provider.clock.now += 10
    assert provider.log_in(client)


def test_keys_of_ones_own_are_usable() -> None:
    """Or every login would fail, once its code is spent."""
    for keys in ([], [{"kty": "oct", "k": "AAAA"}]):
        with pytest.raises(ConfigurationError, match="jwks= has no usable key"):
            Provider().configured(jwks={"keys": keys})
