"""The OAuth 1.0 client: three legs and signed calls over a transport (RFC 5849)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal
from urllib.parse import unquote

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from tests.client.world import API, AS, Reply, SteppingClock, query
from typedoauth import (
    AuthorizationDeniedError,
    AuthorizationResponseError,
    CallbackError,
    ConfigurationError,
    CredentialRequestError,
    DuplicateParameterError,
    InvalidTokenError,
    MalformedResponseError,
    MissingRequestTokenError,
    MissingTokenError,
    MissingVerifierError,
    OAuth1Client,
    OAuth1Token,
    OAuthError,
    PendingAuthorization,
    Request,
    Response,
    StateMismatchError,
    TemporaryCredentials,
    TransportError,
)
from typedoauth.client import Callback
from typedoauth.transports import StubTransport

REQUEST_URL, ACCESS_URL, AUTHORIZE_URL = f"{AS}/request", f"{AS}/access", f"{AS}/authorize"
TEMPORARY = b"oauth_token=temp&oauth_token_secret=tsecret&oauth_callback_confirmed=true"
ISSUED = b"oauth_token=final&oauth_token_secret=fsecret&user_id=12"
PENDING = PendingAuthorization(
    "temp", temporary_credentials=TemporaryCredentials("temp", "tsecret")
)


def form_answer(content: bytes, status: int = 200) -> Response:
    """A form."""
    return Response(status, {"Content-Type": "application/x-www-form-urlencoded"}, content)


def make(
    first: Reply | None = None,
    third: Reply | None = None,
    *,
    request_token_params: Mapping[str, object] | None = None,
    access_token_params: Mapping[str, object] | None = None,
    authorize_params: Mapping[str, object] | None = None,
    token: OAuth1Token | None = None,
    **options: object,
) -> tuple[OAuth1Client, StubTransport]:
    """A client whose endpoints answer so, and what it sends over."""
    stub = StubTransport(
        {
            REQUEST_URL: form_answer(TEMPORARY) if first is None else first,
            ACCESS_URL: form_answer(ISSUED) if third is None else third,
            f"{API}me": Response(200),
        }
    )
    client = OAuth1Client(
        "id",
        "secret",
        request_token_url=REQUEST_URL,
        request_token_params=request_token_params,
        access_token_url=ACCESS_URL,
        access_token_params=access_token_params,
        authorize_url=AUTHORIZE_URL,
        authorize_params=authorize_params,
        api_base_url=API,
        token=token,
        clock=SteppingClock(1_234_567.9),
        transport=stub,
        **options,  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] from the tables
    )
    return client, stub


def protocol_parameters(request: Request) -> dict[str, str]:
    """The parameters of the Authorization header, decoded (RFC 5849 3.5.1)."""
    scheme, _, fields = request.headers["Authorization"].partition(" ")
    assert scheme == "OAuth"
    pairs = [field.strip().split("=", 1) for field in fields.split(",")]
    return {name: unquote(value.strip('"')) for name, value in pairs}


def test_whole_login() -> None:
    """Temporary credentials, redirect, verifier, token credentials (RFC 5849 2.1 to 2.3)."""
    client, stub = make()
    pending = client.start_authorization("https://app/cb", data={"next": "/"}, force_login=True)
    assert query(pending.url) == {"oauth_token": "temp", "force_login": "true"}
    assert (pending.state, pending.data) == ("temp", {"next": "/"})
    callback = "https://app/cb?oauth_token=temp&oauth_verifier=ver"
    assert client.authorization_key(callback) == "temp"
    token = client.finish_authorization(callback, pending)
    assert token == {"oauth_token": "final", "oauth_token_secret": "fsecret", "user_id": "12"}
    client.get("me", token=token)
    first, third, call = map(protocol_parameters, stub.requests)
    assert first["oauth_callback"] == "https://app/cb"
    assert (first["oauth_consumer_key"], first["oauth_timestamp"]) == ("id", "1234567")
    assert (third["oauth_token"], third["oauth_verifier"]) == ("temp", "ver")
    assert call["oauth_token"] == "final"
    assert len({one["oauth_nonce"] for one in (first, third, call)}) == 3
    assert {one.method for one in stub.requests[:2]} == {"POST"}


def test_out_of_band() -> None:
    """No redirection URI means ``oob``; the verifier is typed in (RFC 5849 2.1)."""
    client, stub = make()
    pending = client.start_authorization()
    assert protocol_parameters(stub.requests[0])["oauth_callback"] == "oob"
    assert pending.temporary_credentials is not None
    token = client.fetch_access_token(pending.temporary_credentials, verifier="typed")
    assert token["oauth_token"] == "final"
    assert protocol_parameters(stub.requests[1])["oauth_verifier"] == "typed"


def test_parameters_of_both_requests() -> None:
    """``realm``, HTTP keywords, ``data`` and the rest of the form (4.3 of the table)."""
    params = {
        "realm": "photos",
        "params": {"q": "1 2"},
        "data": {"d": "e"},
        "headers": {"X-Own": "y"},
        "timeout": 5,
        "verify": False,
        "x_auth": ["a", "b"],
        "absent": None,
    }
    client, stub = make(request_token_params=params, access_token_params=params)
    client.finish_authorization(
        [("oauth_token", "temp"), ("oauth_verifier", "v")], client.start_authorization()
    )
    for request in stub.requests:
        assert request.url.endswith("?q=1%202")
        assert request.body == b"x_auth=a&x_auth=b&d=e"
        assert request.headers["X-Own"] == "y"
        assert (request.timeout.total, request.connection.verify) == (5, False)
        assert protocol_parameters(request)["realm"] == "photos"


def test_request_by_get() -> None:
    """``method`` is an HTTP keyword; the parameters go into the query."""
    client, stub = make(request_token_params={"method": "get", "scope": "a b", "data": "x=1"})
    client.start_authorization()
    assert stub.requests[0].method == "GET"
    assert stub.requests[0].url == f"{REQUEST_URL}?scope=a%20b&x=1"


@pytest.mark.parametrize(
    "params",
    [
        {"realm": 5},
        {"auth": ("a", "b")},
        {"headers": "X: y"},
        {"data": 5},
        {"cookies": {}},
        {"x": object()},
        {"params": 5},
    ],
)
def test_wrong_parameters_are_refused_at_registration(params: dict[str, object]) -> None:
    """Not at the first login."""
    with pytest.raises(ConfigurationError):
        make(request_token_params=params)
    with pytest.raises(ConfigurationError):
        make(access_token_params=params)


def test_parameters_of_the_redirect() -> None:
    """``authorize_params`` win; what is called like an HTTP keyword is sent; not oauth_token."""
    client, _ = make(authorize_params={"lang": "de", "method": "sms"})
    pending = client.start_authorization(lang="en", extra="1")
    sent = query(pending.url)
    assert sent == {"oauth_token": "temp", "lang": "de", "method": "sms", "extra": "1"}
    with pytest.raises(ConfigurationError, match="oauth_token"):
        make(authorize_params={"oauth_token": "x"})


FIRST_LEG: list[tuple[str, Reply, type[OAuthError]]] = [
    ("HTML", form_answer(b"<!doctype html>"), MalformedResponseError),
    ("empty", form_answer(b""), MalformedResponseError),
    ("not UTF-8", form_answer(TEMPORARY + b"&x=\xff"), MalformedResponseError),
    ("twice", form_answer(TEMPORARY + b"&oauth_token=x"), MalformedResponseError),
    ("unconfirmed", form_answer(TEMPORARY.replace(b"true", b"false")), MalformedResponseError),
    ("no secret", form_answer(b"oauth_token=temp"), MalformedResponseError),
    ("refused", form_answer(b"oauth_problem=nonce_used", 401), CredentialRequestError),
    ("redirect", Response(307, {"Location": "https://evil.example"}), CredentialRequestError),
    ("down", Response(503), CredentialRequestError),
    ("cut", TransportError("cut"), TransportError),
    ("foreign", KeyError("bug"), TransportError),
]


@pytest.mark.parametrize(("what", "reply", "kind"), FIRST_LEG, ids=[one[0] for one in FIRST_LEG])
def test_bad_answer_of_either_request(what: str, reply: Reply, kind: type[OAuthError]) -> None:
    """One request, one error, nothing kept, no redirect followed (RFC 5849 2.1, 2.3)."""
    client, stub = make(reply, reply)
    with pytest.raises(OAuthError) as caught:
        client.start_authorization()
    assert type(caught.value) is kind
    assert len(stub.requests) == 1
    if what != "unconfirmed":
        with pytest.raises(kind):
            client.finish_authorization([("oauth_token", "temp"), ("oauth_verifier", "v")], PENDING)
    assert client.token is None


def test_server_before_revision_a_needs_a_named_option() -> None:
    """Without ``oauth_callback_confirmed`` logins can be stolen (RFC 5849 2.1)."""
    reply = form_answer(b"oauth_token=temp&oauth_token_secret=s")
    client, _ = make(reply, require_callback_confirmed=False)
    assert client.start_authorization().state == "temp"


BAD_CALLBACKS: list[tuple[str, Callback, type[OAuthError]]] = [
    ("nothing", [], StateMismatchError),
    ("denied", [("denied", "temp")], AuthorizationDeniedError),
    ("refused", "?oauth_token=temp&oauth_problem=user_refused", AuthorizationDeniedError),
    ("problem", "?oauth_token=temp&oauth_problem=token_expired", AuthorizationResponseError),
    ("no verifier", [("oauth_token", "temp")], MissingVerifierError),
    ("another token", "?oauth_token=x&oauth_verifier=v", CallbackError),
    ("twice", "?oauth_token=temp&oauth_token=temp&oauth_verifier=v", DuplicateParameterError),
    ("no URL", "https://[", CallbackError),
]


@pytest.mark.parametrize(
    ("what", "callback", "kind"), BAD_CALLBACKS, ids=[one[0] for one in BAD_CALLBACKS]
)
def test_bad_callback_trades_nothing(what: str, callback: Callback, kind: type[OAuthError]) -> None:
    """No token request goes out (RFC 5849 2.2)."""
    client, stub = make()
    with pytest.raises(OAuthError) as caught:
        client.finish_authorization(callback, PENDING)
    assert type(caught.value) is kind
    assert stub.requests == []


def test_key_of_a_callback() -> None:
    """The token's identifier, also of a refusal; without one the refusal itself is told."""
    client, _ = make()
    assert client.authorization_key([("denied", "temp")]) == "temp"
    with pytest.raises(AuthorizationDeniedError):
        client.authorization_key([("oauth_problem", "permission_denied")])
    with pytest.raises(StateMismatchError, match="log in again") as caught:
        client.authorization_key("https://app/cb")
    assert caught.value.reason == "missing_state"


def test_temporary_credentials_that_are_gone() -> None:
    """There is nothing to sign with (RFC 5849 2.3)."""
    client, stub = make()
    with pytest.raises(MissingRequestTokenError):
        client.finish_authorization(
            [("oauth_token", "temp"), ("oauth_verifier", "v")], PendingAuthorization("temp")
        )
    with pytest.raises(MissingRequestTokenError):
        client.fetch_access_token(verifier="v")
    assert stub.requests == []


def test_fetch_access_token_in_its_shapes() -> None:
    """Temporary credentials as a record or a dict; the verifier under either name."""
    client, stub = make()
    as_dict = {"oauth_token": "temp", "oauth_token_secret": "tsecret"}
    client.fetch_access_token(as_dict, oauth_verifier="v", x_own="1")
    assert protocol_parameters(stub.requests[0])["oauth_verifier"] == "v"
    assert stub.requests[0].body == b"x_own=1"
    with pytest.raises(MissingVerifierError):
        client.fetch_access_token(as_dict)
    with pytest.raises(InvalidTokenError):
        client.fetch_access_token({"access_token": "x"}, verifier="v")


def test_missing_settings_are_named() -> None:
    """By the keyword."""
    client = OAuth1Client("id", "secret", name="twitter")
    with pytest.raises(ConfigurationError, match="give authorize_url="):
        client.start_authorization()
    client = OAuth1Client("id", "secret", name="twitter", authorize_url=AUTHORIZE_URL)
    with pytest.raises(ConfigurationError, match="give request_token_url="):
        client.start_authorization()
    with pytest.raises(ConfigurationError, match="give access_token_url="):
        client.fetch_access_token(TemporaryCredentials("t", "s"), verifier="v")


@pytest.mark.parametrize("place", ["HEADER", "header", "QUERY", "BODY"])
def test_signature_types(place: str) -> None:
    """Protocol parameters go where the option says (RFC 5849 3.5)."""
    token: OAuth1Token = {"oauth_token": "final", "oauth_token_secret": "fsecret"}
    client, stub = make(signature_type=place, token=token)
    client.post("me", data={"a": "1"})
    request = stub.requests[0]
    where = {
        "HEADER": request.headers.get("authorization", ""),
        "QUERY": request.url,
        "BODY": (request.body or b"").decode(),
    }
    assert [name for name, text in where.items() if "oauth_signature=" in text] == [place.upper()]


@pytest.mark.parametrize("name", ["HMAC-SHA1", "HMAC-SHA256", "HMAC-SHA512", "PLAINTEXT"])
def test_signature_methods(name: str) -> None:
    """By name (RFC 5849 3.4)."""
    client, stub = make(signature_method=name)
    client.start_authorization()
    assert protocol_parameters(stub.requests[0])["oauth_signature_method"] == name
    assert client.signature_method.name == name


class OwnMethod:
    """A signature method of one's own."""

    name = "OWN"

    def sign(self, base_string: str, client_secret: str, token_secret: str, /) -> str:
        """Sign."""
        return f"{base_string[:4]}{client_secret}"


def test_signature_method_of_ones_own() -> None:
    """Behind the Protocol."""
    client, stub = make(signature_method=OwnMethod())
    client.start_authorization()
    assert protocol_parameters(stub.requests[0])["oauth_signature"] == "POSTsecret"


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    """A key of 1024 bits, as old services have."""
    return rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505  see above


@pytest.mark.parametrize("shape", ["text", "bytes", "object", "encrypted"])
@pytest.mark.parametrize("name", ["RSA-SHA1", "RSA-SHA256", "RSA-SHA512"])
def test_rsa_key_in_each_shape(key: rsa.RSAPrivateKey, shape: str, name: str) -> None:
    """PEM as text or bytes, a key object, with a passphrase or without (RFC 5849 3.4.3)."""
    password = b"pass" if shape == "encrypted" else None
    encryption = BestAvailableEncryption(password) if password else NoEncryption()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
    shapes = {"text": pem.decode(), "object": key}
    client, stub = make(
        signature_method=name, rsa_key=shapes.get(shape, pem), rsa_key_password=password
    )
    client.start_authorization()
    assert len(protocol_parameters(stub.requests[0])["oauth_signature"]) == 172


@pytest.mark.parametrize("rsa_key", [None, "", "/path/key.pem", "-----BEGIN NONSENSE-----", 5])
def test_wrong_rsa_key_is_refused_at_registration(rsa_key: object) -> None:
    """And its text is not repeated."""
    with pytest.raises(ConfigurationError, match="rsa_key"):
        make(signature_method="RSA-SHA1", rsa_key=rsa_key)


def test_realm_and_body_hash() -> None:
    """Of the client; ``force_include_body`` is Authlib's word for the hash."""
    token: OAuth1Token = {"oauth_token": "final", "oauth_token_secret": "fsecret"}
    for client, stub in (
        make(realm="photos", token=token, include_body_hash=True),
        make(realm="photos", token=token, force_include_body=True),
    ):
        client.post("me", json={})
        parameters = protocol_parameters(stub.requests[0])
        assert parameters["realm"] == "photos"
        assert parameters["oauth_body_hash"] == "vyGp6PvFo4RvsFtPoIWeCReyIC8="


def test_calls_need_a_token_of_this_kind() -> None:
    """Given, held or fetched; never one of OAuth 2.0."""
    client, stub = make()
    with pytest.raises(MissingTokenError):
        client.get("me")
    for token in ({"access_token": "x"}, "final", ("final", "fsecret")):
        with pytest.raises(InvalidTokenError):
            client.get("me", token=token)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] wrong on purpose
    assert stub.requests == []
    client.get("me", withhold_token=True)
    assert "authorization" not in stub.requests[0].headers


def test_fetched_token_is_used() -> None:
    """``fetch_token`` without arguments."""
    stub = StubTransport({f"{API}me": Response(200)})
    client = OAuth1Client(
        "id",
        "secret",
        api_base_url=API,
        fetch_token=lambda: {"oauth_token": "row", "oauth_token_secret": ""},
        transport=stub,
    )
    client.get("me")
    assert protocol_parameters(stub.requests[0])["oauth_token"] == "row"


def test_international_host_is_signed_in_ascii() -> None:
    """As the Host header carries it (RFC 5849 3.4.1.2)."""
    stub = StubTransport({"https://xn--bcher-kva.example/me": Response(200)})
    client = OAuth1Client(
        "id",
        "secret",
        api_base_url="https://bücher.example/",
        token={"oauth_token": "t", "oauth_token_secret": ""},
        transport=stub,
    )
    assert client.get("me").ok


@pytest.mark.parametrize("method", ["HMAC-SHA1", "HMAC-SHA256", "HMAC-SHA512", "PLAINTEXT"])
def test_method_that_signs_with_a_secret_needs_one(
    method: Literal["HMAC-SHA1", "HMAC-SHA256", "HMAC-SHA512", "PLAINTEXT"],
) -> None:
    """An empty one has to be said (RFC 5849 3.4.2, 3.4.4)."""
    with pytest.raises(ConfigurationError, match=r"needs a client_secret.*RSA"):
        OAuth1Client("id", signature_method=method)
    assert OAuth1Client("id", "", signature_method=method).client_secret == ""
