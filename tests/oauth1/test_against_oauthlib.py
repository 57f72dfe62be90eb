"""Signed requests, byte for byte against oauthlib.

oauthlib departs from RFC 5849 in these points, which the generated requests
keep clear of (``test_signing`` and ``test_parameters`` hold ours to the RFC):

- it decodes ``oauth_*`` values of a query or body twice, so that a ``%`` in them
  spoils the signature;
- it reads escapes that are no UTF-8 as U+FFFD;
- it refuses forms whose ``Content-Type`` has a parameter, and forms of a GET;
- its ``oauth_body_hash`` is SHA-1 whatever the signature method, is sent with
  PLAINTEXT too, and never without ``Content-Type``;
- it rewrites IPv6 addresses and drops an empty ``;`` at the end of a path;
- in a query or body it moves further parameters named ``oauth_*`` to the end.

In a query or body it writes a space as ``+``; we write ``%20`` (3.6).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oauthlib.oauth1 import Client

from typedoauth.credentials import ClientCredentials, TemporaryCredentials
from typedoauth.messages import Headers, Request
from typedoauth.oauth1 import (
    PLACEMENTS,
    SIGNATURE_METHODS,
    Placement,
    sign_request,
    signature_method,
)
from typedoauth.protocols import SignatureMethod

FORM = "application/x-www-form-urlencoded"
KEYLESS = [name for name in SIGNATURE_METHODS if not name.startswith("RSA")]
RSA = [name for name in SIGNATURE_METHODS if name.startswith("RSA")]

encode_all = partial(quote, safe="")
characters = st.one_of(
    st.sampled_from("aZ09 +~%&=;/?-_.*'\"äß€😀\t\n"),
    st.characters(exclude_categories=["Cs"]),
)
texts = st.text(characters, max_size=8)
names = st.text(characters, min_size=1, max_size=8).filter(lambda n: not n.startswith("oauth_"))
fields = st.lists(st.tuples(names, texts), max_size=5).map(
    lambda pairs: pairs + pairs[:1]  # a parameter that occurs twice
)
hosts = st.sampled_from(
    ["example.com", "EXAMPLE.com", "Api.Example.NET", "127.0.0.1", "[::1]", "[2001:DB8::a]"]
)
ports = st.sampled_from(["", ":", ":80", ":443", ":8080", ":65535"])
paths = st.one_of(
    st.just(""),
    st.lists(texts.map(encode_all), max_size=3).map(lambda parts: "/" + "/".join(parts)),
    st.text("aZ09-._~:@!$'()*+,=/;v", max_size=12).map(lambda path: "/" + path.rstrip(";")),
)
# What people type by hand: unescaped punctuation, small escapes, "+", no "=".
typed_queries = st.lists(
    st.sampled_from([*"aZ9.-_~:,*@!()/?'$;+&=", "%2f", "%2F", "%20", "%7e", "%41", "a=b&", "&&"]),
    max_size=12,
).map("".join)


@dataclass(frozen=True)
class Login:
    """The credentials of one generated request."""

    client: ClientCredentials
    token: TemporaryCredentials | None
    callback: str | None
    verifier: str | None
    nonce: str
    timestamp: int


def logins(alphabet: st.SearchStrategy[str]) -> st.SearchStrategy[Login]:
    some = st.text(alphabet, min_size=1, max_size=10)
    return st.builds(
        Login,
        st.builds(ClientCredentials, some, st.one_of(st.none(), texts)),
        st.one_of(st.none(), st.builds(TemporaryCredentials, some, texts)),
        st.one_of(st.none(), some),
        st.one_of(st.none(), some),
        some,
        st.integers(1, 2**40),
    )


logins_in_header = logins(characters)
logins_elsewhere = logins(characters.filter(lambda character: character != "%"))


@dataclass(frozen=True)
class Target:
    """Method, URL and form of one generated request."""

    method: str
    url: str
    form: str | None


@st.composite
def targets(draw: st.DrawFn, *, scheme: str | None = None, body: bool = False) -> Target:
    scheme = scheme or draw(st.sampled_from(["http", "https", "HTTPS"]))
    has_form = body or draw(st.booleans())
    method = draw(st.sampled_from(["POST", "PUT", "PATCH"] if has_form else ["GET", "DELETE"]))
    query = urlencode(draw(fields), quote_via=quote, safe="")
    url = f"{scheme}://{draw(hosts)}{draw(ports)}{draw(paths)}" + (f"?{query}" if query else "")
    return Target(
        method, url, urlencode(draw(fields), quote_via=quote, safe="") if has_form else None
    )


def oauthlib_client(name: str, login: Login, placement: Placement, pem: str | None) -> Client:
    return Client(
        login.client.client_id,
        login.client.client_secret,
        login.token.oauth_token if login.token else None,
        login.token.oauth_token_secret if login.token else None,
        login.callback,
        name,
        "AUTH_HEADER" if placement == "HEADER" else placement,
        pem,
        login.verifier,
        nonce=login.nonce,
        timestamp=str(login.timestamp),
    )


def ours(
    method: SignatureMethod,
    login: Login,
    placement: Placement,
    request: Request,
    *,
    include_body_hash: bool = False,
) -> Request:
    return sign_request(
        request,
        login.client,
        login.token,
        method=method,
        timestamp=login.timestamp,
        nonce=login.nonce,
        placement=placement,
        callback=login.callback,
        verifier=login.verifier,
        include_body_hash=include_body_hash,
    )


def check(
    method: SignatureMethod, target: Target, login: Login, placement: Placement, pem: str | None
) -> None:
    """Sign with both and compare URL, headers and body."""
    content_type = {} if target.form is None else {"Content-Type": FORM}
    url, headers, body = oauthlib_client(method.name, login, placement, pem).sign(
        target.url, target.method, target.form, content_type
    )
    signed = ours(
        method,
        login,
        placement,
        Request(
            target.method,
            target.url,
            Headers(content_type),
            None if target.form is None else target.form.encode(),
        ),
    )
    if placement == "QUERY":
        assert signed.url.partition("?")[2] == url.partition("?")[2].replace("+", "%20")
    assert dict(signed.headers) == headers
    if placement == "BODY":
        assert signed.body == (body or "").encode().replace(b"+", b"%20")
    else:
        assert signed.body == (None if target.form is None else target.form.encode())


def target_for(name: str, placement: Placement) -> st.SearchStrategy[Target]:
    scheme = "https" if name == "PLAINTEXT" else None
    return targets(scheme=scheme, body=placement == "BODY")


@pytest.mark.parametrize("placement", PLACEMENTS)
@pytest.mark.parametrize("name", KEYLESS)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_keyless_methods_sign_alike(name: str, placement: Placement, data: st.DataObject) -> None:
    """HMAC and PLAINTEXT requests equal oauthlib's, wherever the parameters go (3.4, 3.5)."""
    target = data.draw(target_for(name, placement))
    login = data.draw(logins_in_header if placement == "HEADER" else logins_elsewhere)
    check(signature_method(name), target, login, placement, None)


@pytest.mark.parametrize("placement", PLACEMENTS)
@pytest.mark.parametrize("name", RSA)
@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_rsa_methods_sign_alike(
    name: str, placement: Placement, rsa_pem: str, data: st.DataObject
) -> None:
    """RSA requests equal oauthlib's, wherever the parameters go (3.4.3, 3.5)."""
    target = data.draw(target_for(name, placement))
    login = data.draw(logins_in_header if placement == "HEADER" else logins_elsewhere)
    check(signature_method(name, rsa_key=rsa_pem), target, login, placement, rsa_pem)


@settings(max_examples=100, deadline=None)
@given(query=typed_queries, login=logins_in_header)
def test_queries_typed_by_hand_sign_alike(query: str, login: Login) -> None:
    """A query that is written in an unusual way signs like oauthlib's (3.4.1.3.1)."""
    target = Target("GET", f"https://example.com/a?{query}", None)
    check(signature_method("HMAC-SHA1"), target, login, "HEADER", None)


@pytest.mark.parametrize("form", ["a=b+c", "a=%2f%7e", "a&b=&=c&&d==", "a=*'()!,:@/?$;"])
def test_forms_typed_by_hand_sign_alike(form: str) -> None:
    """A form that is written in an unusual way signs like oauthlib's (3.4.1.3.1)."""
    login = Login(ClientCredentials("id", "secret"), None, None, None, "n", 1)
    target = Target("POST", "https://example.com/", form)
    check(signature_method("HMAC-SHA1"), target, login, "HEADER", None)


@pytest.mark.parametrize("placement", ["HEADER", "QUERY"])
def test_body_hash_alike(placement: Placement) -> None:
    """A JSON body gets the oauth_body_hash that oauthlib gives it."""
    login = Login(ClientCredentials("id", "secret"), None, None, None, "n", 1)
    document, headers = '{"a": "ä"}', {"Content-Type": "application/json"}
    url, fields, _ = oauthlib_client("HMAC-SHA1", login, placement, None).sign(
        "https://example.com/", "POST", document, headers
    )
    request = Request("POST", "https://example.com/", Headers(headers), document.encode())
    signed = ours(signature_method("HMAC-SHA1"), login, placement, request, include_body_hash=True)
    assert (signed.url, dict(signed.headers)) == (url, fields)


def test_realm_alike() -> None:
    """The realm comes first in the header, as in oauthlib's (3.5.1)."""
    login = Login(ClientCredentials("id", "secret"), None, None, None, "n", 1)
    client = oauthlib_client("HMAC-SHA1", login, "HEADER", None)
    _, headers, _ = client.sign("https://example.com/", realm="Photos of me")
    signed = sign_request(
        Request("GET", "https://example.com/"),
        login.client,
        method=signature_method("HMAC-SHA1"),
        timestamp=1,
        nonce="n",
        realm="Photos of me",
    )
    assert signed.headers["Authorization"] == headers["Authorization"]
