"""OpenID Provider metadata as a closed type (Discovery 3, Core 3.1.3.7 rules 7 and 8)."""

from __future__ import annotations

import pytest

from typedoauth.errors import ConfigurationError, InsecureTransportError, MalformedResponseError
from typedoauth.oidc import ProviderMetadata, read_provider_metadata, signature_algorithms

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
FLAGS = [name for name, kind in ProviderMetadata.__annotations__.items() if "bool" in str(kind)]
LISTS = [name for name, kind in ProviderMetadata.__annotations__.items() if "list" in str(kind)]


def test_metadata_known_members_taken() -> None:
    """What the type names comes through."""
    assert read_provider_metadata(DOCUMENT) == DOCUMENT


@pytest.mark.parametrize(
    "name",
    ["code_challenge_method", "proxies", "verify", "client_kwargs", "leeway", "client_secret"],
)
def test_metadata_unknown_member_left_out(name: str) -> None:
    """No member of a document becomes a setting."""
    assert name not in read_provider_metadata({**DOCUMENT, name: "x"})


@pytest.mark.parametrize("name", FLAGS)
@pytest.mark.parametrize("value", ["true", 1, [], {}])
def test_metadata_flag_of_another_type_refused(name: str, value: object) -> None:
    """``"false"`` is not false."""
    with pytest.raises(MalformedResponseError, match=name):
        read_provider_metadata({**DOCUMENT, name: value})


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("value", ["RS256", ["RS256", 1], {"RS256": 1}, [None], True])
def test_metadata_list_of_another_type_refused(name: str, value: object) -> None:
    """A text is no list: ``in`` would find parts of it."""
    with pytest.raises(MalformedResponseError, match=name):
        read_provider_metadata({**DOCUMENT, name: value})


@pytest.mark.parametrize("name", [*FLAGS, *LISTS])
def test_metadata_null_counts_as_absent(name: str) -> None:
    """Some providers write null for what they lack."""
    assert name not in read_provider_metadata({**DOCUMENT, name: None})


@pytest.mark.parametrize("name", FLAGS)
def test_metadata_flag_kept(name: str) -> None:
    """Both values of a flag come through."""
    assert dict(read_provider_metadata({name: False})) == {name: False}


@pytest.mark.parametrize("name", LISTS)
def test_metadata_list_kept(name: str) -> None:
    """Lists come through, empty ones too."""
    assert dict(read_provider_metadata({name: []})) == {name: []}


def test_metadata_http_endpoint_refused() -> None:
    """The rules of the OAuth 2.0 members stay (Discovery 3)."""
    document = {**DOCUMENT, "jwks_uri": "http://op.example/jwks"}
    with pytest.raises(InsecureTransportError):
        read_provider_metadata(document)
    assert read_provider_metadata(document, allow_http=True).get("jwks_uri")


@pytest.mark.parametrize(
    ("registered", "advertised", "expected"),
    [
        (None, None, {"RS256"}),
        ("ES256", None, {"ES256"}),
        ("HS256", ["RS256"], {"HS256"}),
        (None, ["RS256", "ES256"], {"RS256", "ES256"}),
        (None, ["none", "HS256", "RS256"], {"RS256"}),
        (None, ["RS256", "ES256K", "ML-DSA-44"], {"RS256"}),
        (None, ["Ed25519", "EdDSA"], {"Ed25519", "EdDSA"}),
    ],
)
def test_algorithms_registered_then_advertised(
    registered: str | None, advertised: list[str] | None, expected: set[str]
) -> None:
    """The registered one; else what is advertised, but never a secret or ``none`` unasked."""
    assert signature_algorithms(registered, advertised) == expected


@pytest.mark.parametrize("advertised", [[], ["none"], ["HS256"], ["none", "HS512", "ES256K"]])
def test_algorithms_none_usable_refused(advertised: list[str]) -> None:
    """Nothing safe is advertised: the client has to be told."""
    with pytest.raises(ConfigurationError, match="id_token_signed_response_alg"):
        signature_algorithms(None, advertised)


@pytest.mark.parametrize("registered", ["none", "rs256", "RS1", ""])
def test_algorithms_unknown_registered_refused(registered: str) -> None:
    """A misspelt algorithm, or ``none``, is answered with those there are."""
    with pytest.raises(ConfigurationError, match=r"userinfo_signed_response_alg: .* RS256, RS384"):
        signature_algorithms(registered, option="userinfo_signed_response_alg")
