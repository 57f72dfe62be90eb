"""Keys that change while applications run, and applications that authenticate with keys."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from joserfc.jwk import ECKey, OKPKey, RSAKey

from tests.real_servers.openid import jose_header, jwk_set_requests, register_client, rotate_keys
from tests.real_servers.openid_app import OpenIDApp
from tests.real_servers.servers import OAuth2Server
from typedoauth.client import OAuth2Options
from typedoauth.errors import TokenEndpointError
from typedoauth.tokens import OAuth2Token, check_oauth2_token, is_openid_token

_LOGINS = 8


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
def test_login_survives_new_keys(oidc_provider: OAuth2Server, algorithm: str) -> None:
    """The old keys are gone at once; the JWK set is fetched once more (Core 10.1.1)."""
    client = register_client(oidc_provider, id_token_signed_response_alg=algorithm)
    site = OpenIDApp(oidc_provider, client)
    before = jwk_set_requests(oidc_provider)
    old = [site.log_in() for _ in range(2)]
    assert jwk_set_requests(oidc_provider) == before + 1
    rotate_keys(oidc_provider)
    new = [site.log_in() for _ in range(2)]
    assert jwk_set_requests(oidc_provider) == before + 2
    kids = {jose_header(token["id_token"])["kid"] for token in [*old, *new]}
    assert len(kids) == 2


def test_logins_under_way_survive_new_keys(oidc_provider: OAuth2Server) -> None:
    """Many that end at the same moment cause one request between them."""
    site = OpenIDApp(oidc_provider, register_client(oidc_provider))
    site.log_in()
    browsers = [site.app.test_client() for _ in range(_LOGINS)]
    arrivals = [site.begin(http) for http in browsers]
    before = jwk_set_requests(oidc_provider)
    rotate_keys(oidc_provider)

    def end(number: int) -> int:
        return arrivals[number].open_in(browsers[number]).status_code

    with ThreadPoolExecutor(_LOGINS) as threads:
        assert list(threads.map(end, range(_LOGINS))) == [200] * _LOGINS
    assert jwk_set_requests(oidc_provider) == before + 1


def test_refresh_brings_a_new_id_token(oidc_provider: OAuth2Server) -> None:
    """It is verified like the first one, with the keys of today (Core 12.2)."""
    site = OpenIDApp(oidc_provider, register_client(oidc_provider), max_age=600)
    token = check_oauth2_token(site.log_in())
    rotate_keys(oidc_provider)
    before = jwk_set_requests(oidc_provider)
    with site.app.app_context():
        renewed = site.remote.refresh_token(token)
        assert site.remote.userinfo(token=renewed)["sub"] == "ada"
    assert renewed.get("id_token") not in {None, token.get("id_token")}
    assert jwk_set_requests(oidc_provider) == before + 1
    assert is_openid_token(token)
    assert is_openid_token(renewed)
    old, new = token["userinfo"], renewed["userinfo"]
    for name in ("iss", "sub", "aud", "auth_time", "nonce"):
        assert new.get(name) == old.get(name)
    assert new.get("at_hash") != old.get("at_hash")


_KEYS: dict[str, RSAKey | ECKey | OKPKey] = {
    "RSA": RSAKey.generate_key(2048),
    "P-256": ECKey.generate_key("P-256"),
    "P-384": ECKey.generate_key("P-384"),
    "P-521": ECKey.generate_key("P-521"),
    "Ed25519": OKPKey.generate_key("Ed25519"),
}


def _given(key: str, form: str) -> OAuth2Options:
    """A private key in one of the forms that it may be given in."""
    pem = _KEYS[key].as_pem(private=True)
    if form == "PEM":
        return {"private_key": pem}
    if form == "JWK":
        return {"private_key": _KEYS[key].as_dict(private=True)}
    loaded = load_pem_private_key(pem, None)
    assert isinstance(
        loaded, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
    )
    return {"private_key": loaded}


def _public(*keys: str) -> dict[str, object]:
    return {"keys": [dict(_KEYS[key].as_dict(private=False)) for key in keys]}


def _use_every_endpoint(site: OpenIDApp, client_id: str) -> None:
    """Token, introspection, refreshing and revocation: each with an assertion of its own."""
    token: OAuth2Token = check_oauth2_token(site.log_in())
    with site.app.app_context():
        assert site.remote.introspect_token(token).get("client_id") == client_id
        token = site.remote.refresh_token(token)
        assert site.remote.introspect_token(token)["active"] is True
        site.remote.revoke_token(token)
        assert site.remote.introspect_token(token)["active"] is False


@pytest.mark.parametrize("form", ["PEM", "JWK", "object"])
@pytest.mark.parametrize(
    ("algorithm", "key"),
    [
        ("RS256", "RSA"),
        ("RS384", "RSA"),
        ("RS512", "RSA"),
        ("PS256", "RSA"),
        ("PS384", "RSA"),
        ("PS512", "RSA"),
        ("ES256", "P-256"),
        ("ES384", "P-384"),
        ("ES512", "P-521"),
        ("EdDSA", "Ed25519"),
        ("Ed25519", "Ed25519"),
    ],
)
def test_client_authenticates_with_its_private_key(
    oidc_provider: OAuth2Server, algorithm: str, key: str, form: str
) -> None:
    """``private_key_jwt`` at every endpoint (Core 9, RFC 7523 2.2)."""
    client = register_client(
        oidc_provider,
        token_endpoint_auth_method="private_key_jwt",
        token_endpoint_auth_signing_alg=algorithm,
        jwks=_public(key),
    )
    assert client.client_secret is None
    options = _given(key, form)
    options["token_endpoint_auth_signing_alg"] = algorithm
    _use_every_endpoint(OpenIDApp(oidc_provider, client, options), client.client_id)


@pytest.mark.parametrize("key", _KEYS)
def test_private_key_alone_says_how_to_authenticate(oidc_provider: OAuth2Server, key: str) -> None:
    """Neither method nor algorithm has to be named where the key leaves no choice."""
    client = register_client(
        oidc_provider, token_endpoint_auth_method="private_key_jwt", jwks=_public(key)
    )
    OpenIDApp(oidc_provider, client, _given(key, "PEM")).log_in()


@pytest.mark.parametrize("audience", ["", "/token"])
def test_assertion_can_be_for_issuer_or_token_endpoint(
    oidc_provider: OAuth2Server, audience: str
) -> None:
    """``client_assertion_audience`` is for servers that take one of them only."""
    client = register_client(
        oidc_provider, token_endpoint_auth_method="private_key_jwt", jwks=_public("P-256")
    )
    options = _given("P-256", "PEM")
    options["client_assertion_audience"] = f"{oidc_provider.issuer}{audience}"
    _use_every_endpoint(OpenIDApp(oidc_provider, client, options), client.client_id)


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
def test_client_authenticates_with_a_jwt_by_its_secret(
    oidc_provider: OAuth2Server, algorithm: str
) -> None:
    """``client_secret_jwt`` at every endpoint: the secret stays at home (Core 9)."""
    registered: OAuth2Options = {
        "token_endpoint_auth_method": "client_secret_jwt",
        "token_endpoint_auth_signing_alg": algorithm,
    }
    client = register_client(oidc_provider, **registered)
    _use_every_endpoint(OpenIDApp(oidc_provider, client, registered), client.client_id)


@pytest.mark.parametrize("key", ["P-256", "P-384"])
def test_assertion_by_a_key_that_is_not_registered_is_refused(
    oidc_provider: OAuth2Server, key: str
) -> None:
    """The refusal comes out as what it is (RFC 6749 5.2)."""
    client = register_client(
        oidc_provider, token_endpoint_auth_method="private_key_jwt", jwks=_public(key)
    )
    other = ECKey.generate_key(key).as_pem(private=True)
    with pytest.raises(TokenEndpointError) as caught:
        OpenIDApp(oidc_provider, client, {"private_key": other}).log_in()
    assert (caught.value.error, caught.value.status) == ("invalid_client", 401)
