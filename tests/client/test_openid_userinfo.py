"""What the UserInfo endpoint says about the user (OpenID Connect Core 5.3)."""

from __future__ import annotations

from functools import partial

import pytest

from tests.client.openid import (
    DISCOVERY,
    JWKS,
    NOW,
    OP,
    TOKEN_ENDPOINT,
    USERINFO,
    Provider,
    json_answer,
    jwt_answer,
    saved,
)
from tests.oidc.minting import b64, mint, rsa_key
from typedoauth import OAuth2Token, Response
from typedoauth.errors import (
    ConfigurationError,
    HTTPStatusError,
    IdTokenError,
    InvalidSignatureError,
    MalformedResponseError,
    MissingTokenError,
    TokenExpiredError,
    UnknownKeyError,
)

AT = saved()
OF_ADA = saved(userinfo={"sub": "ada"})
SIGNED = {"userinfo_signed_response_alg": "RS256"}


def test_userinfo_is_asked_with_the_token() -> None:
    """By GET, with the header (Core 5.3.1); its claims are brought into their types."""
    provider = Provider()
    provider.userinfo.update(email_verified="true", birthdate=5)
    claims = provider.client().userinfo(OF_ADA)
    assert claims == {"sub": "ada", "email": "ada@op.example", "email_verified": True}
    request = provider.stub.requests[-1]
    assert (request.method, request.url) == ("GET", USERINFO)
    assert request.headers["Authorization"] == "Bearer at"
    assert request.headers["Accept"] == "application/json"


NO_SUBJECT = [f"a.{b64(text)}.c" for text in (b"{}", b"[]", b"", b'{"sub": 5}')]
UNREADABLE = ["", "a.b", "a.b.c", "a.b.c.d.e", *NO_SUBJECT]


@pytest.mark.parametrize(
    ("token", "sub", "fine"),
    [
        (OF_ADA, None, True),
        (saved(userinfo={"sub": "eve"}), None, False),
        (saved(id_token=mint({"sub": "ada"})), None, True),
        (saved(id_token=mint({"sub": "eve"})), None, False),
        (saved(id_token=mint({"sub": "eve"}), userinfo={"sub": "ada"}), None, True),
        (saved(id_token=mint({"sub": "ada"}), userinfo={"sub": "eve"}), None, False),
        (saved(id_token=mint({"sub": "eve"}), userinfo=None), None, False),
        (saved(userinfo={"sub": 5}), None, True),
        (saved(id_token=mint({"sub": "eve"}), userinfo={"sub": 5}), None, False),
        (saved(id_token=mint({"sub": "eve"}), userinfo={"sub": ""}), None, False),
        (AT, "ada", True),
        (AT, "eve", False),
        (OF_ADA, "eve", False),
        (saved(userinfo={"sub": "eve"}), "ada", True),
        (AT, None, True),
        *((saved(id_token=text), None, True) for text in UNREADABLE),
    ],
)
def test_answer_has_to_be_about_the_same_user(
    token: OAuth2Token, sub: str | None, fine: bool
) -> None:
    """As the login's claims say, else its ID Token, unless the call says (Core 5.3.2)."""
    client = Provider().client()
    if fine:
        assert client.userinfo(token, sub=sub)["sub"] == "ada"
        return
    with pytest.raises(IdTokenError, match="about another End-User") as caught:
        client.userinfo(token, sub=sub)
    assert caught.value.claim == "sub"


@pytest.mark.parametrize("answer", [{"email": "a@b"}, {"sub": ""}, {"sub": 5}, {"sub": "x" * 256}])
def test_answer_names_its_user(answer: dict[str, object]) -> None:
    """Also where there is nobody to compare with."""
    provider = Provider()
    provider.userinfo = answer
    with pytest.raises(IdTokenError) as caught:
        provider.client().userinfo(AT)
    assert caught.value.claim == "sub"


def test_unknown_endpoint_is_told() -> None:
    """The provider need not have one."""
    provider = Provider()
    del provider.metadata["userinfo_endpoint"]
    with pytest.raises(ConfigurationError, match="has no userinfo_endpoint"):
        provider.client().userinfo(AT)


@pytest.mark.parametrize("status", [401, 403, 404, 500, 201, 204])
def test_refusal_is_told_by_its_status(status: int) -> None:
    """With the address, and nothing of the answer."""
    provider = Provider()
    provider.replies[USERINFO] = json_answer({"sub": "ada", "error": "hush"}, status)
    with pytest.raises(HTTPStatusError, match=f"{USERINFO} answered status {status}") as caught:
        provider.client().userinfo(AT)
    assert caught.value.status == status
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_not_followed(status: int) -> None:
    """The token does not go anywhere else."""
    provider = Provider()
    provider.replies[USERINFO] = Response(status, {"Location": "https://evil.example/"})
    with pytest.raises(HTTPStatusError) as caught:
        provider.client().userinfo(AT)
    assert caught.value.status == status
    assert provider.asked() == [DISCOVERY, USERINFO]


@pytest.mark.parametrize("content", [b"", b"[]", b"<html>", b'{"sub": "ada", "sub": "eve"}'])
def test_answer_that_is_no_object_is_refused(content: bytes) -> None:
    """Or that says one thing twice."""
    provider = Provider()
    provider.replies[USERINFO] = Response(200, {"Content-Type": "application/json"}, content)
    with pytest.raises(MalformedResponseError):
        provider.client().userinfo(AT)


def test_without_a_token_nobody_is_asked() -> None:
    """The client may have one of its own, or a function that gives one."""
    provider = Provider()
    with pytest.raises(MissingTokenError, match="'op' has no token to ask with; give token="):
        provider.client(name="op").userinfo()
    assert provider.asked() == []
    assert provider.client(token=AT).userinfo()["sub"] == "ada"
    assert provider.client(fetch_token=lambda: AT).userinfo()["sub"] == "ada"


def test_expired_token_is_renewed_first() -> None:
    """As for any call; the subject is that of the login all the same."""
    provider = Provider()
    updated: list[OAuth2Token] = []
    client = provider.client(update_token=updated.append)
    provider.answer["access_token"] = "new"
    past = int(NOW) - 1
    client.userinfo(saved(userinfo={"sub": "ada"}, expires_at=past, refresh_token="r1"))
    assert provider.stub.requests[-1].headers["Authorization"] == "Bearer new"
    assert provider.asked() == [DISCOVERY, JWKS, TOKEN_ENDPOINT, USERINFO]
    assert [one["access_token"] for one in updated] == ["new"]
    with pytest.raises(TokenExpiredError):
        client.userinfo(saved(expires_at=past))


@pytest.mark.parametrize("placement", ["header", "query"])
def test_token_goes_where_the_client_puts_it(placement: str) -> None:
    """As with any call."""
    provider = Provider()
    provider.client(token_placement=placement).userinfo(AT)
    request = provider.stub.requests[-1]
    assert ("access_token=at" in request.url) is (placement == "query")
    assert ("Authorization" in request.headers) is (placement != "query")


def test_token_in_the_body_is_posted() -> None:
    """UserInfo may be asked for either way (Core 5.3.1)."""
    provider = Provider()
    provider.replies[f"POST {USERINFO}"] = json_answer({"sub": "ada"})
    provider.client(token_placement="body").userinfo(AT)
    request = provider.stub.requests[-1]
    assert (request.method, request.body) == ("POST", b"access_token=at")


def _signed(**changes: object) -> str:
    return mint({"iss": OP, "aud": "client", "sub": "ada", "email": "a@b", **changes})


def test_signed_answer_is_verified() -> None:
    """Where it is registered so (Core 5.3.2)."""
    provider = Provider()
    provider.replies[USERINFO] = jwt_answer(f"\n{_signed()}\n")
    assert provider.client(**SIGNED).userinfo(OF_ADA).get("email") == "a@b"
    assert provider.stub.requests[-2].headers["Accept"] == "application/jwt"
    assert provider.asked() == [DISCOVERY, USERINFO, JWKS]


@pytest.mark.parametrize(
    ("token", "kind", "claim"),
    [
        (_signed(sub="eve"), IdTokenError, "sub"),
        (_signed(iss="https://evil.example"), IdTokenError, "iss"),
        (_signed(aud="other"), IdTokenError, "aud"),
        (_signed(exp=NOW - 120), IdTokenError, "exp"),
        (mint({"sub": "ada"}, key=rsa_key(number=1)), InvalidSignatureError, None),
        (mint({"sub": "ada"}, "HS256"), InvalidSignatureError, None),
        (mint({"sub": "ada"}, header={"kid": "x"}), UnknownKeyError, None),
        ("\udcff", InvalidSignatureError, None),
    ],
)
def test_wrong_signed_answer_is_refused(
    token: str, kind: type[IdTokenError], claim: str | None
) -> None:
    """As an ID Token is."""
    provider = Provider()
    answer = token.encode("utf-8", "surrogateescape")
    provider.replies[USERINFO] = Response(200, {"Content-Type": "application/jwt"}, answer)
    with pytest.raises(IdTokenError) as caught:
        provider.client(**SIGNED).userinfo(OF_ADA)
    assert (type(caught.value), caught.value.claim) == (kind, claim)


def test_answer_by_a_new_key_has_the_keys_fetched_again() -> None:
    """Rotation is survived here, too."""
    provider = Provider()
    client = provider.client(**SIGNED)
    client.fetch_jwk_set()
    provider.keys = [{**provider.keys[0], "kid": "new"}]
    claims = {"iss": OP, "aud": "client", "sub": "ada"}
    provider.replies[USERINFO] = jwt_answer(mint(claims, header={"kid": "new"}))
    assert client.userinfo(AT)["sub"] == "ada"
    assert provider.asked().count(JWKS) == 2


def test_answer_by_the_client_secret_is_verified_with_it() -> None:
    """Where HS256 is registered; the ID Token's algorithm is another matter."""
    provider = Provider()
    claims = {"iss": OP, "aud": "client", "sub": "ada"}
    provider.replies[USERINFO] = jwt_answer(mint(claims, "HS256"))
    client = provider.client(userinfo_signed_response_alg="HS256")
    assert client.userinfo(AT)["sub"] == "ada"
    assert provider.asked() == [DISCOVERY, USERINFO]
    provider.sign = partial(mint, algorithm="RS256")
    assert provider.log_in(client)


@pytest.mark.parametrize("options", [SIGNED, {"userinfo_encrypted_response_alg": "A128KW"}])
def test_plain_answer_is_refused_where_a_protected_one_is_registered(
    options: dict[str, str],
) -> None:
    """Nobody on the way can take the signature off."""
    provider = Provider()
    with pytest.raises(IdTokenError, match="is not signed or encrypted, and userinfo_signed"):
        provider.client(**options).userinfo(OF_ADA)


def test_signed_answer_needs_to_be_registered() -> None:
    """It cannot be verified without knowing how."""
    provider = Provider()
    provider.replies[USERINFO] = jwt_answer(_signed())
    with pytest.raises(IdTokenError, match="which needs userinfo_signed_response_alg"):
        provider.client().userinfo(OF_ADA)
