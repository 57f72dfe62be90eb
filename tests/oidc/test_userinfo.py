"""The UserInfo response (Core 5.3)."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from tests.oidc.minting import mint, public_jwk, rsa_key
from typedoauth.errors import (
    HTTPStatusError,
    IdTokenError,
    InvalidSignatureError,
    MalformedResponseError,
    UnknownKeyError,
)
from typedoauth.messages import Response
from typedoauth.oidc import (
    TrustedIssuer,
    UserInfo,
    read_jwk_set,
    read_userinfo,
    userinfo_content,
    verify_userinfo,
)

NOW = 1_800_000_000
TRUST = TrustedIssuer("https://op.example", "client", leeway=10)
KEYS = read_jwk_set({"keys": [public_jwk(rsa_key(), kid="k")]})
CLAIMS = {"sub": "248289761001", "name": "Jane Doe", "email_verified": "false"}
SIGNED: dict[str, object] = {**CLAIMS, "iss": "https://op.example", "aud": "client"}


def answer(content: bytes | str, kind: str = "application/json", status: int = 200) -> Response:
    """What an endpoint sends."""
    content = content.encode() if isinstance(content, str) else content
    return Response(status, {"Content-Type": kind}, content, url="https://op.example/me?x=1")


def plain(content: bytes, sub: str | None = CLAIMS["sub"]) -> UserInfo:
    """Read an unsigned answer."""
    return read_userinfo(userinfo_content(answer(content)), sub=sub)


def signed(token: str, kind: str = "application/jwt") -> UserInfo:
    """Read a signed answer."""
    jwt = userinfo_content(answer(token, kind), protected=True).decode()
    return verify_userinfo(jwt, KEYS, TRUST, now=NOW, sub=CLAIMS["sub"])


def test_userinfo_typed_claims_come_out() -> None:
    """Claims, in their types."""
    claims = plain(json.dumps(CLAIMS).encode())
    assert (claims["sub"], claims.get("email_verified")) == (CLAIMS["sub"], False)


def test_userinfo_without_id_token_not_compared() -> None:
    """With nothing to compare with, ``sub`` has to be there all the same (5.3.2)."""
    assert plain(b'{"sub":"x"}', None)["sub"] == "x"
    with pytest.raises(IdTokenError) as caught:
        plain(b'{"name":"x"}', None)
    assert caught.value.claim == "sub"


@pytest.mark.parametrize("sub", ["other", "", None, 248289761001, ["248289761001"], "x" * 256])
def test_userinfo_of_somebody_else_refused(sub: object) -> None:
    """The ``sub`` of the ID Token, exactly (5.3.2)."""
    with pytest.raises(IdTokenError) as caught:
        plain(json.dumps({**CLAIMS, "sub": sub}).encode())
    assert caught.value.claim == "sub"


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"[]", b"null", b"sub=x", b'{"sub":"a","sub":"b"}', b"\xff{}"]
)
def test_userinfo_not_json_refused(content: bytes) -> None:
    """Strict JSON, one object."""
    with pytest.raises(MalformedResponseError):
        plain(content)


@pytest.mark.parametrize("status", [201, 204, 302, 400, 401, 403, 500])
def test_userinfo_other_status_refused(status: int) -> None:
    """Only 200 is an answer (5.3.2, 5.3.3); the URL's query stays out of the message."""
    with pytest.raises(HTTPStatusError) as caught:
        userinfo_content(answer(json.dumps(CLAIMS), status=status))
    assert caught.value.status == status
    assert "x=1" not in str(caught.value)


def test_userinfo_signed_accepted() -> None:
    """A signed one, with white space around it as some servers send."""
    assert signed(mint(SIGNED) + "\n", "application/jwt; charset=utf-8").get("name") == "Jane Doe"


@pytest.mark.parametrize(
    ("changes", "claim"),
    [
        ({"iss": "https://evil.example"}, "iss"),
        ({"iss": None}, "iss"),
        ({"aud": "other"}, "aud"),
        ({"aud": None}, "aud"),
        ({"sub": "other"}, "sub"),
        ({"exp": NOW - 10}, "exp"),
        ({"exp": "soon"}, "exp"),
    ],
)
def test_userinfo_signed_wrong_claim_refused(changes: Mapping[str, object], claim: str) -> None:
    """From the issuer, for this client, about the same person, not expired (5.3.2, 5.3.4)."""
    with pytest.raises(IdTokenError) as caught:
        signed(mint({**SIGNED, **changes}))
    assert caught.value.claim == claim


@pytest.mark.parametrize(
    ("token", "error"),
    [
        (mint(SIGNED, "RS512"), InvalidSignatureError),
        (mint(SIGNED, key=rsa_key(number=1)), InvalidSignatureError),
        (mint(SIGNED, header={"kid": "new"}), UnknownKeyError),
        (mint(SIGNED, header={"alg": "none"}), InvalidSignatureError),
        (json.dumps(CLAIMS), InvalidSignatureError),
    ],
)
def test_userinfo_signed_wrong_signature_refused(token: str, error: type[IdTokenError]) -> None:
    """Signed as it is registered, or refused."""
    with pytest.raises(error) as caught:
        signed(token)
    assert type(caught.value) is error


def test_userinfo_unsigned_where_signed_is_registered_refused() -> None:
    """Nobody takes the signature off on the way."""
    with pytest.raises(IdTokenError, match="is not signed"):
        signed(json.dumps(CLAIMS), "application/json")


def test_userinfo_signed_where_none_is_registered_refused() -> None:
    """A signature that nobody could verify is not passed over."""
    with pytest.raises(IdTokenError, match="userinfo_signed_response_alg"):
        userinfo_content(answer(mint(SIGNED), "application/jwt"))
