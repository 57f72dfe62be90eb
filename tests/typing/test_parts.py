"""Parts of one's own, a few lines each: they satisfy the Protocols without inheriting."""

from __future__ import annotations

import hashlib
import hmac
import time
import urllib.request
from base64 import b64encode
from dataclasses import dataclass, field, replace

from tests.typing.services import (
    AUTHORIZE,
    BASE,
    OAUTH1_TOKEN,
    OAUTH2_TOKEN,
    REQUEST,
    TOKEN,
    answer,
    new_app,
)
from typedoauth import ClientCredentials, OAuth1Client, OAuth2Client, OAuth2Token, Request, Response
from typedoauth.flask import OAuth
from typedoauth.protocols import (
    Clock,
    ClosableTransport,
    CredentialStore,
    Grant,
    SignatureMethod,
    Transport,
)
from typedoauth.transports import StubTransport


class Canned:
    """A transport in three lines."""

    def send(self, request: Request) -> Response:
        """Answer everything alike."""
        return Response(200, {"Content-Type": "application/json"}, b"{}", url=request.url)


class UrllibTransport:
    """A transport on the standard library."""

    def send(self, request: Request, /) -> Response:
        """Send with urllib, whatever the status."""
        sent = urllib.request.Request(
            request.url, request.body, dict(request.headers), method=request.method
        )
        with urllib.request.urlopen(sent, timeout=request.timeout.total) as got:
            return Response(got.status, list(got.headers.items()), got.read(), url=got.url)


class Logged:
    """A transport around another one, which can be closed."""

    def __init__(self, inner: Transport) -> None:
        self.inner = inner
        self.seen: list[str] = []

    def send(self, message: Request) -> Response:
        """The parameter may have any name."""
        self.seen.append(message.url)
        return self.inner.send(message)

    def close(self) -> None:
        """Forget."""
        self.seen.clear()


def test_transport_needs_send_only() -> None:
    """For the registry, for an application and for a client without Flask."""
    flask = new_app()
    oauth = OAuth(transport=Canned())
    oauth.init_app(flask, transport=Canned())
    app = oauth.register("a", client_id="c", access_token_url=TOKEN, api_base_url=BASE)
    assert app.get("user", token=OAUTH2_TOKEN).ok
    client = OAuth2Client("c", api_base_url=BASE, transport=Canned(), token=OAUTH2_TOKEN)
    assert client.get("user").ok


def test_transport_wraps_another() -> None:
    """What holds connections has ``close`` besides."""
    logged = Logged(StubTransport(answer))
    closable: ClosableTransport = logged
    client = OAuth2Client("c", api_base_url=BASE, transport=closable, token=OAUTH2_TOKEN)
    client.get("user")
    assert logged.seen == [f"{BASE}user"]


def test_transport_of_the_standard_library_is_one() -> None:
    """Ten lines on urllib satisfy the Protocol."""
    transport: Transport = UrllibTransport()
    assert callable(transport.send)


class HmacSha384:
    """A signature method of a service that made its own."""

    name = "HMAC-SHA384"

    def sign(self, base_string: str, client_secret: str, token_secret: str) -> str:
        """Sign as RFC 5849 3.4.2 does, with another hash."""
        key = f"{client_secret}&{token_secret}".encode()
        return b64encode(hmac.digest(key, base_string.encode(), hashlib.sha384)).decode()


def test_signature_method_needs_name_and_sign() -> None:
    """An object goes where the name of a method goes."""
    method: SignatureMethod = HmacSha384()
    stub = StubTransport(answer)
    client = OAuth1Client("c", "s", api_base_url=BASE, signature_method=method, transport=stub)
    client.get("user", token=OAUTH1_TOKEN)
    assert 'oauth_signature_method="HMAC-SHA384"' in stub.requests[0].headers["authorization"]
    OAuth().register(
        "a", request_token_url=REQUEST, client_kwargs={"signature_method": HmacSha384()}
    )


class InHeader:
    """A client authentication method as the Protocol has it."""

    name = "in_header"

    def authenticate(self, request: Request, client: ClientCredentials) -> Request:
        """Send the secret in a header of the service's own."""
        return replace(request, headers=request.headers.replace({"X-Secret": client.client_secret}))


class NamedFunction:
    """A client authentication method as current code has it: called, with a name."""

    name = "named"

    def __call__(
        self, client: OAuth2Client, method: str, url: str, headers: dict[str, str], body: str
    ) -> tuple[str, dict[str, str], str]:
        """Send the secret in a header of the service's own."""
        return url, {**headers, "X-Secret": client.client_secret or method}, body


def in_header(
    client: OAuth2Client, method: str, uri: str, headers: dict[str, str], body: str
) -> tuple[str, dict[str, str], str]:
    """The same as the function of documented code."""
    return uri, {**headers, "X-Secret": client.client_secret or method}, body


def test_client_authentication_comes_in_three_shapes() -> None:
    """An object of the Protocol, a named function, a name with a function."""
    for name in ("in_header", "named", "pair"):
        stub = StubTransport(answer)
        client = OAuth2Client(
            "c",
            "sesame",
            access_token_url=TOKEN,
            client_auth_methods=[InHeader(), NamedFunction(), ("pair", in_header)],
            token_endpoint_auth_method=name,
            transport=stub,
        )
        client.fetch_access_token()
        assert stub.requests[0].headers["x-secret"] == "sesame"


def test_client_authentication_is_registered() -> None:
    """In the registry as in the client; a list of one shape is as good."""
    methods = [("pair", in_header)]
    app = OAuth(new_app()).register(
        "a", client_id="c", access_token_url=TOKEN, client_auth_methods=methods
    )
    assert app.client_id == "c"


@dataclass
class TokenExchange:
    """A grant of one's own (RFC 8693)."""

    subject_token: str
    audiences: list[str] = field(default_factory=list[str])
    grant_type: str = "urn:ietf:params:oauth:grant-type:token-exchange"

    def parameters(self) -> dict[str, str | list[str]]:
        """The other parameters."""
        return {"subject_token": self.subject_token, "audience": self.audiences}


def test_grant_needs_type_and_parameters() -> None:
    """It goes through the app and the client alike."""
    grant: Grant = TokenExchange("st", ["a", "b"])
    stub, flask = StubTransport(answer), new_app()
    app = OAuth(flask, transport=stub).register("a", client_id="c", access_token_url=TOKEN)
    with flask.app_context():
        token: OAuth2Token = app.fetch_access_token(grant=grant)
    assert token["access_token"] == "t3"
    assert b"audience=a&audience=b" in (stub.requests[0].body or b"")


class SteppingClock:
    """A clock that tests move."""

    now = 100.0

    def __call__(self) -> float:
        """The time it was set to."""
        return self.now


def test_clock_is_a_function_or_an_object() -> None:
    """``time.time``, a lambda that answers whole seconds, an object that is called."""
    clocks: list[Clock] = [time.time, lambda: 100, SteppingClock()]
    for clock in clocks:
        client = OAuth2Client(
            "c", authorize_url=AUTHORIZE, api_base_url=BASE, clock=clock, transport=Canned()
        )
        assert client.get("user", token=OAUTH2_TOKEN).ok
    assert OAuth(clock=SteppingClock()).cache is None


class Table:
    """A credential store on a dict."""

    def __init__(self) -> None:
        self.rows: dict[str, tuple[str, int]] = {}

    def put(self, key: str, value: str, expires: int) -> None:
        """Keep."""
        self.rows[key] = value, expires

    def take(self, key: str) -> str | None:
        """Give back once."""
        return self.rows.pop(key, ("", 0))[0] or None


def test_credential_store_needs_put_and_take() -> None:
    """Two methods on a dict are one."""
    store: CredentialStore = Table()
    store.put("k", "v", 60)
    assert [store.take("k"), store.take("k")] == ["v", None]
