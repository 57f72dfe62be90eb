"""A provider with two users and three clients, in process and over HTTP."""

from __future__ import annotations

from collections.abc import Generator

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from werkzeug.test import Client

from tests.testing.acting import CALLBACK, SteppingClock
from typedoauth.testing import LocalProvider, serve


@pytest.fixture(scope="session")
def rsa_key() -> rsa.RSAPrivateKey:
    """A key of 2048 bits."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="session")
def rsa_private_pem(rsa_key: rsa.RSAPrivateKey) -> str:
    """The key, for the client."""
    return rsa_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.fixture(scope="session")
def rsa_public_pem(rsa_key: rsa.RSAPrivateKey) -> str:
    """Its public half, for the provider."""
    public = rsa_key.public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.fixture
def clock() -> SteppingClock:
    """A clock that starts at the real time and moves when told."""
    return SteppingClock()


@pytest.fixture
def provider(clock: SteppingClock, rsa_public_pem: str) -> LocalProvider:
    """Ada and Grace; a confidential client, a public one, and one for machines only."""
    provider = LocalProvider(clock=clock)
    provider.add_user("ada", name="Ada Lovelace", email="ada@example.com", password="p w&d")
    provider.add_user("grace", name="Grace Hopper")
    provider.add_client(
        "client",
        "s3cret %&+ü",
        name="An <app>",
        redirect_uris=[CALLBACK],
        rsa_public_key=rsa_public_pem,
    )
    provider.add_client("public", redirect_uris=[CALLBACK])
    provider.add_client("other", "other-secret", redirect_uris=[CALLBACK, f"{CALLBACK}/2"])
    return provider


@pytest.fixture
def http(provider: LocalProvider) -> Client:
    """Sends requests to the provider without a network."""
    return Client(provider)


@pytest.fixture
def url(provider: LocalProvider) -> Generator[str]:
    """The provider's base URL, over real HTTP."""
    with serve(provider) as base:
        yield base
