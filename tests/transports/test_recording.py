"""Recordings hold no secret, and are replayed strictly."""

from __future__ import annotations

import json
import re
import threading
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote, quote_plus, urlencode, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.testing.acting import decide
from tests.transports.test_logins import Place, create_app, place
from typedoauth import OAuth1Client, OAuth1Token, OAuth2Client
from typedoauth.errors import ConfigurationError, ResponseTooLargeError, TransportError
from typedoauth.flask import OAuth
from typedoauth.transports import (
    Headers,
    RecordingTransport,
    ReplayTransport,
    Request,
    Response,
    StubTransport,
    Transport,
    Urllib3Transport,
)

__all__ = ["place"]

TOKEN = "https://as.example/token"
ME = "https://api.example/me"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}

Fields = Mapping[str, str] | list[tuple[str, str]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "login.json"


def post(form: Mapping[str, str], url: str = TOKEN, **fields: str) -> Request:
    headers = Headers({**FORM, **{name.replace("_", "-"): text for name, text in fields.items()}})
    return Request("POST", url, headers, urlencode(form).encode())


def record(
    path: Path, *exchanges: tuple[Request, Response], secret_names: Collection[str] = ()
) -> Any:  # any: a JSON document
    """Record exchanges, and give what stands in the file."""
    answers = iter([response for _, response in exchanges])
    stub = StubTransport(lambda _: next(answers))
    transport = RecordingTransport(stub, path, secret_names=secret_names)
    for request, response in exchanges:
        assert transport.send(request).content == response.content
    return json.loads(path.read_text())


def recorded(path: Path, request: Request, response: Response) -> Any:  # any: as above
    return record(path, (request, response))["exchanges"][0]


GRANT = (
    post(
        {"grant_type": "authorization_code", "code": "the code", "code_verifier": "v" * 43},
        Authorization="Basic " + b64encode(b"my-client:s%26cret").decode(),
    ),
    Response(
        200,
        JSON,
        b'{"access_token": "at-1234567", "token_type": "Bearer", "expires_in": 60}',
    ),
)
CALL = (
    Request("GET", f"{ME}?fields=name", Headers({"Authorization": "Bearer at-1234567"})),
    Response(200, JSON, b'{"name": "Ada", "tags": [1, true, null]}'),
)


def test_a_recording(path: Path) -> None:
    """It can be read: who was asked what, and what came back, with placeholders."""
    assert record(path, GRANT, CALL) == {
        "format": "typedoauth recording 1",
        "exchanges": [
            {
                "request": {
                    "method": "POST",
                    "url": TOKEN,
                    "auth": {
                        "scheme": "Basic",
                        "client_id": "my-client",
                        "client_secret": "<client_secret-1>",
                    },
                    "body": {
                        "form": {
                            "grant_type": "authorization_code",
                            "code": "<code-1>",
                            "code_verifier": "<code_verifier-1>",
                        }
                    },
                },
                "response": {
                    "status": 200,
                    "reason": "OK",
                    "headers": JSON,
                    "body": {
                        "json": {
                            "access_token": "<access_token-1>",
                            "token_type": "Bearer",
                            "expires_in": 60,
                        }
                    },
                },
            },
            {
                "request": {
                    "method": "GET",
                    "url": ME,
                    "query": {"fields": "name"},
                    "auth": {"scheme": "Bearer", "access_token": "<access_token-1>"},
                },
                "response": {
                    "status": 200,
                    "reason": "OK",
                    "headers": JSON,
                    "body": {"json": {"name": "Ada", "tags": [1, True, None]}},
                },
            },
        ],
    }


@pytest.mark.parametrize(
    "name",
    [
        "client_secret",
        "refresh_token",
        "accessToken",
        "oauth_token",
        "oauth_token_secret",
        "oauth_verifier",
        "oauth_nonce",
        "oauth_signature",
        "oauth_timestamp",
        "device_code",
        "code",
        "state",
        "nonce",
        "code_verifier",
        "code_challenge",
        "client_assertion",
        "assertion",
        "id_token_hint",
        "logout_token",
        "password",
        "API-Key",
        "session_state",
    ],
)
@pytest.mark.parametrize("where", ["form", "query", "json", "oauth"])
def test_secrets_by_name(path: Path, name: str, where: str) -> None:
    """Whatever way a request carries them."""
    request = {
        "form": post({name: "s3cret/+ value"}),
        "query": Request("GET", f"{ME}?a=b&{name}=s3cret/%2B+value"),
        "json": Request("POST", ME, Headers(JSON), json.dumps({name: "s3cret/+ value"}).encode()),
        "oauth": Request(
            "GET", ME, Headers({"Authorization": f'OAuth a="b", {name}="s3cret%2F%2B%20value"'})
        ),
    }[where]
    told = json.dumps(recorded(path, request, Response(204)))
    assert "s3cret" not in told
    standard = {"accessToken": "access_token", "API-Key": "api_key"}.get(name, name)
    assert f"<{standard}-1>" in told


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("token_type", "Bearer"),
        ("token_type_hint", "access_token"),
        ("token_endpoint", TOKEN),
        ("token_endpoint_auth_methods_supported", "none"),
        ("code_challenge_method", "S256"),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("grant_type", "refresh_token"),
        ("scope", "openid"),
        ("client_id", "my-client"),
    ],
)
def test_what_is_no_secret(path: Path, name: str, value: str) -> None:
    """What has a word of a secret in its name need not be one."""
    told = recorded(
        path, post({name: value}), Response(200, JSON, json.dumps({name: value}).encode())
    )
    assert told["request"]["body"]["form"] == {name: value}
    assert told["response"]["body"]["json"] == {name: value}


@pytest.mark.parametrize(
    ("fields", "body"),
    [
        (JSON, b'{"data": {"tokens": ["s3cret-1", {"value": "s3cret-2"}]}}'),
        (JSON, b'{"url": "https://app.example/?state=s3cret#code=s3cret"}'),
        (JSON, b'{"text": "use access_token=s3cret now, or client_secret=\'s3cret, too\'"}'),
        (JSON, b'{"password": 4711, "pin": 4711}'),
        (JSON, b'[{"api_key": "s3cret"}]'),
        (JSON, b'{"access_token": "s3cret", broken'),
        (FORM, b"oauth_token=s3cret&oauth_token_secret=s3cret+2&oauth_callback_confirmed=true"),
        ({"Content-Type": "text/html"}, b"oauth_token=s3cret&oauth_token_secret=s3cret%2F"),
        ({"Content-Type": "text/xml"}, b"<a><access_token>s3cret</access_token></a>"),
        ({}, b"here it is: eyJhbGciOiJIUzI1NiJ9.s3cret.s3cret"),
        ({"Location": "https://app.example/cb?code=s3cret,%2Fs3cret&state=s3cret"}, b""),
        ({"X-Auth-Token": "s3cret"}, b""),
        ({"DPoP-Nonce": "s3cret"}, b""),
        ({"WWW-Authenticate": 'Digest realm="a", nonce="s3cret,s3cret"'}, b""),
        ([("Set-Cookie", "a=s3cret; Path=/"), ("Set-Cookie", "b=s3cret")], b""),
    ],
    ids=str,
)
def test_secrets_in_answers(path: Path, fields: Fields, body: bytes) -> None:
    """Whatever way an answer carries them; the rest is kept."""
    recorded(path, Request("GET", ME), Response(200, fields, body))
    assert "s3cret" not in path.read_text()
    assert "4711" not in path.read_text()
    replayed = ReplayTransport(path).send(Request("GET", ME))
    assert bool(replayed.content) == bool(body)
    assert set(replayed.headers) == set(Headers(fields))


def test_an_api_has_codes_and_states(path: Path) -> None:
    """In an answer these are words of the service, unless the value is known to be secret."""
    body = b'{"state": "open", "code": "AT", "echo": "the code"}'
    (_, call) = record(path, GRANT, (CALL[0], Response(200, JSON, body)))["exchanges"]
    assert call["response"]["body"]["json"] == {"state": "open", "code": "AT", "echo": "<code-1>"}


Where = Callable[[str], tuple[str, dict[str, str], bytes]]
FORMS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "some percent": quote,
    "percent": partial(quote, safe=""),
    "form": quote_plus,
    "lower case": lambda text: re.sub("%..", lambda escape: escape[0].lower(), quote(text)),
    "json": lambda text: json.dumps(text)[1:-1],
    "base64": lambda text: b64encode(text.encode()).decode(),
    "base64url": lambda text: urlsafe_b64encode(text.encode()).decode().rstrip("="),
}
ANSWERS: dict[str, Where] = {
    "path": lambda text: (f"{ME}/{quote(text, safe='%')}", {}, b""),
    "header": lambda text: (ME, {"X-Other": f"({text})"}, b""),
    "text": lambda text: (ME, {}, f"<p>{text}</p>".encode()),
    "json": lambda text: (ME, {}, json.dumps({"note": [f"not {text} again"]}).encode()),
    "key": lambda text: (ME, {}, json.dumps({text: 1}).encode()),
    "bytes": lambda text: (ME, {}, b"\xff\xfe" + text.encode("latin-1")),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
@pytest.mark.parametrize("order", [1, -1], ids=["known before", "known later"])
def test_secrets_by_value(
    path: Path,
    form: Callable[[str], str],
    answer: Where,
    order: int,
) -> None:
    """What is known to be secret is replaced wherever it stands, also where it stood before."""
    secret = "Hush/+ 1234?"
    url, fields, body = answer(form(secret))
    exchanges = [
        (post({"client_secret": secret}), Response(204)),
        (Request("GET", url.replace("\\", "")), Response(200, fields, body)),
    ][::order]
    record(path, *exchanges)
    text = path.read_text()
    for told in (text, text.replace("\\", "")):
        assert form(secret) not in told
    for exchange in json.loads(text)["exchanges"]:
        encoded = exchange["response"]["body"].get("base64", "")
        assert b64encode(secret.encode()).decode().rstrip("=")[2:-2] not in encoded


def test_header_fields_of_a_request(path: Path) -> None:
    """They are not kept, but what is secret in them is known."""
    request = Request("GET", ME, Headers({"Cookie": "a=hush-hush-1", "X-Api-Key": "hush-hush-2"}))
    recorded(path, request, Response(200, {}, b"you sent hush-hush-1 and hush-hush-2"))
    assert "hush" not in path.read_text()


@pytest.mark.parametrize(
    "authorization",
    [
        "s3cret",
        "Bearer s3cret",
        "Token s3cret",
        "Basic s3cret",
        "Basic " + b64encode(b"s3cret:").decode(),
        "Basic " + b64encode(b"id:s3cret").decode(),
        "Basic " + b64encode(b"id:s3cret:\xff").decode(),
        'Digest username="s3cret", response="s3cret"',
    ],
)
def test_authorizations(path: Path, authorization: str) -> None:
    """Whatever the scheme, and also without one."""
    request = Request("GET", ME, Headers({"Authorization": authorization}))
    recorded(path, request, Response(204))
    text = path.read_text()
    assert "s3cret" not in text
    assert authorization.partition(" ")[2] not in text or " " not in authorization
    other = replace(
        request, headers=Headers({"Authorization": authorization.replace("s3cret", "o")})
    )
    assert ReplayTransport(path).send(other).ok


def test_a_secret_within_a_secret(path: Path) -> None:
    """The longer one is replaced as a whole."""
    form = {"code": "abcdefgh", "state": "abcdefgh-s3cret"}
    record(path, (post(form), Response(200, {}, b"abcdefgh-s3cret, abcdefgh")))
    assert '"text": "<state-1>, <code-1>"' in path.read_text()


def test_a_name_that_is_a_secret(path: Path) -> None:
    """Placeholders are named by known words alone; a member's name may be a secret, too."""
    secret = "token-hush-hush"
    body = json.dumps({"used": {secret: secret}}).encode()
    told = recorded(path, post({"token": secret}), Response(200, JSON, body))
    assert told["response"]["body"]["json"] == {"used": {"<token-1>": "<token-1>"}}


def test_names_of_ones_own(path: Path) -> None:
    """A service may have names of its own for secrets."""
    body = b'{"session": {"magicLink": "s3cret"}}'
    told = record(
        path, (Request("GET", ME), Response(200, JSON, body)), secret_names=["magic_link"]
    )
    (exchange,) = told["exchanges"]
    assert exchange["response"]["body"]["json"] == {"session": {"magicLink": "<secret-1>"}}


def test_the_secrets_of_plaintext(path: Path) -> None:
    """That signature is the two secrets themselves (RFC 5849 3.4.4)."""
    client = OAuth1Client(
        "my-client",
        "client%hush",
        signature_method="PLAINTEXT",
        transport=RecordingTransport(
            StubTransport({ME: Response(200, content=b"client%hush and token-hush")}), path
        ),
    )
    token: OAuth1Token = {"oauth_token": "tok", "oauth_token_secret": "token-hush"}
    assert client.get(ME, token=token).ok
    assert "hush" not in path.read_text()


# Some digit is in each: the words of a recording, and of its placeholders, are no secrets.
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=8)
SECRETS = st.lists(
    st.one_of(
        WORDS.filter(lambda text: len(set(text)) > 4).map(lambda text: f"{text[:4]}7{text[4:]}"),
        st.binary(min_size=9, max_size=32).map(lambda raw: urlsafe_b64encode(raw).decode()),
    ),
    min_size=6,
    max_size=6,
    unique=True,
)


@given(SECRETS)
@settings(max_examples=60, deadline=None)
def test_no_secret_is_in_the_file(secrets: list[str]) -> None:
    """For any secrets, and wherever the server repeats them."""
    password, code, token, refresh, cookie, state = secrets
    echo = " ".join(["They are:", *secrets, *map(quote_plus, secrets)])
    odd: dict[str, Any] = {"detail": {"odd": secrets, "odder": {one: one for one in secrets}}}
    basic = b64encode(f"id:{quote_plus(password)}".encode()).decode()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "r.json"
        record(
            path,
            (
                Request("GET", f"{ME}/{quote(token, safe='')}"),
                Response(200, JSON, json.dumps(odd).encode()),
            ),
            (
                post({"code": code, "state": state}, Authorization=f"Basic {basic}"),
                Response(
                    200,
                    [("Set-Cookie", f"a={quote(cookie)}"), ("Location", f"/?x={quote(refresh)}")],
                    json.dumps({"access_token": token, "refresh_token": refresh}).encode(),
                ),
            ),
            (
                Request("GET", ME, Headers({"Cookie": f'a="{quote(cookie)}"'})),
                Response(200, {}, echo.encode()),
            ),
            (Request("GET", ME), Response(400, {}, b"\xff" + echo.encode())),
        )
        text = path.read_text()
        leaves = json.dumps(json.loads(text), ensure_ascii=True) + text
        for secret in secrets:
            for form in (secret, json.dumps(secret)[1:-1], quote(secret, safe="")):
                assert form not in leaves


@pytest.mark.parametrize(
    ("fields", "body"),
    [
        (JSON, b'{"access_token": "at", "id_token": "eyJhbGciOiJub25lIn0.e30."}'),
        ({"Content-Type": "application/jwt"}, b"eyJhbGciOiJub25lIn0.e30."),
    ],
    ids=["ID Token", "UserInfo"],
)
def test_signed_answers_are_refused(path: Path, fields: Fields, body: bytes) -> None:
    """They could not be replayed without being kept; nothing of them is written."""
    transport = RecordingTransport(StubTransport({TOKEN: Response(200, fields, body)}), path)
    with pytest.raises(ConfigurationError, match="LocalProvider"):
        transport.send(post({"code": "abc"}))
    assert json.loads(path.read_text())["exchanges"] == []


def test_a_coding_is_refused(path: Path) -> None:
    """What cannot be read cannot be searched."""
    stub = StubTransport({ME: Response(200, {"Content-Encoding": "br"}, b"s3cret")})
    with pytest.raises(ConfigurationError, match="Accept-Encoding"):
        RecordingTransport(stub, path).send(Request("GET", ME))


def test_a_failure_is_not_recorded(path: Path) -> None:
    """It comes out as it is."""
    transport = RecordingTransport(StubTransport({ME: TransportError("down")}), path)
    with pytest.raises(TransportError, match="down"):
        transport.send(Request("GET", ME))
    assert json.loads(path.read_text())["exchanges"] == []


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """It is found when the transport is made, before anybody logs in."""
    with pytest.raises(ConfigurationError, match="folder is to exist"):
        RecordingTransport(StubTransport({}), tmp_path / "none" / "login.json")


def test_a_file_is_never_half_written(path: Path) -> None:
    """Whoever reads while it is written sees a whole recording; nothing else is left behind."""
    transport = RecordingTransport(StubTransport({ME: Response(200, content=b"x" * 9999)}), path)
    done = threading.Event()

    def look() -> int:
        seen = 0
        while not done.is_set():
            seen = len(json.loads(path.read_text())["exchanges"])
        return seen

    with ThreadPoolExecutor(3) as threads:
        watching = threads.submit(look)
        list(threads.map(transport.send, [Request("GET", ME)] * 30))
        done.set()
        watching.result()
    assert len(json.loads(path.read_text())["exchanges"]) == 30
    assert list(path.parent.iterdir()) == [path]


def test_a_file_that_cannot_be_written_any_more(path: Path) -> None:
    """It is an error, and leaves nothing behind."""
    transport = RecordingTransport(StubTransport({ME: Response(204)}), path)
    path.unlink()
    path.mkdir()
    with pytest.raises(ConfigurationError, match="cannot be written"):
        transport.send(Request("GET", ME))
    assert list(path.parent.iterdir()) == [path]


def test_closing(path: Path) -> None:
    """It closes the transport that sends, if that can be closed."""
    RecordingTransport(StubTransport({}), path).close()
    RecordingTransport(Urllib3Transport(), path).close()


# Replaying.


def test_a_replay(path: Path) -> None:
    """A client comes as far as when it was recorded, with other secrets of its own."""
    record(path, GRANT, CALL)
    replay = ReplayTransport(path)
    other = post(
        {"code_verifier": "w" * 43, "code": "another", "grant_type": "authorization_code"},
        Authorization="Basic " + b64encode(b"my-client:other").decode(),
    )
    token = replay.send(other).json()
    assert token == {"access_token": "<access_token-1>", "token_type": "Bearer", "expires_in": 60}
    with pytest.raises(TransportError, match=r"no request came for GET https://api\.example/me$"):
        replay.assert_all_used()
    bearer = Headers({"Authorization": f"Bearer {token['access_token']}"})
    answer = replay.send(replace(CALL[0], headers=bearer))
    assert answer.json() == CALL[1].json()
    assert (answer.status_code, answer.reason, answer.headers["content-type"]) == (
        200,
        "OK",
        "application/json",
    )
    replay.assert_all_used()
    assert [request.url for request in replay.requests] == [TOKEN, f"{ME}?fields=name"]


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        (Request("POST", ME), "expected: POST https://as.example/token, GET https://api.ex"),
        (post({"grant_type": "password", "code": "s3cret"}), "differs in"),
        (
            post(
                {"grant_type": "refresh_token", "code": "s3cret", "code_verifier": "s3cret"},
                Authorization="Basic " + b64encode(b"my-client:s3cret").decode(),
            ),
            "differs in grant_type$",
        ),
        (
            post(
                {"grant_type": "authorization_code", "code": "s3cret"},
                Authorization="Basic " + b64encode(b"other-client:s3cret").decode(),
            ),
            "differs in client_id, code_verifier$",
        ),
        (Request("GET", f"{ME}?fields=s3cret"), "differs in fields, auth$"),
        (Request("GET", f"{ME}?fields=name&fields=s3cret"), "differs in fields, auth$"),
        (Request("GET", f"{ME}?fields=name&s3cret=1"), "differs in another name, auth$"),
    ],
    ids=["method", "form", "value", "client", "query", "twice", "more"],
)
def test_what_was_not_recorded(path: Path, request_: Request, says: str) -> None:
    """The complaint names what was expected, or in what it differs, and no value."""
    record(path, GRANT, CALL)
    replay = ReplayTransport(path)
    with pytest.raises(TransportError, match=says) as caught:
        replay.send(request_)
    assert "s3cret" not in str(caught.value)
    assert replay.unexpected == [request_]
    with pytest.raises(TransportError, match="unexpected request"):
        replay.assert_all_used()


def test_an_exchange_is_used_once(path: Path) -> None:
    """Equal requests get their answers in order, and then none."""
    ask = Request("GET", ME)
    record(path, *[(ask, Response(200, content=b"%d" % number)) for number in range(3)])
    replay = ReplayTransport(path)
    assert [replay.send(ask).text for _ in range(3)] == ["0", "1", "2"]
    with pytest.raises(TransportError, match="expected: none any more"):
        replay.send(ask)


def test_a_value_stays_what_it_is(path: Path) -> None:
    """A placeholder that stood for one value does not stand for another later."""
    record(path, *[(post({"refresh_token": "one-token"}), Response(204))] * 2)
    replay = ReplayTransport(path)
    assert replay.send(post({"refresh_token": "mine"})).ok
    with pytest.raises(TransportError, match="differs in refresh_token"):
        replay.send(post({"refresh_token": "another"}))
    assert replay.send(post({"refresh_token": "mine"})).ok


def test_a_token_is_the_one_that_was_answered(path: Path) -> None:
    """Another one is refused, as the service would."""
    record(path, GRANT, CALL)
    replay = ReplayTransport(path)
    replay.send(GRANT[0])
    with pytest.raises(TransportError, match="differs in access_token"):
        replay.send(CALL[0])


def test_an_answer_repeats_what_was_asked(path: Path) -> None:
    """Where the recorded one repeated a secret, the replayed one repeats the present one."""
    body = b'{"nonce": "first-nonce", "echo": "your nonce is first-nonce"}'
    record(path, (post({"nonce": "first-nonce"}), Response(200, JSON, body)))
    answer = ReplayTransport(path).send(post({"nonce": "second"}))
    assert answer.json() == {"nonce": "second", "echo": "your nonce is second"}


def test_signatures_are_new_each_time(path: Path) -> None:
    """What is new with each request need not be equal where it was so in the recording."""
    signed = 'OAuth oauth_token="tok-1234", oauth_timestamp="1", oauth_nonce="n", oauth_signature='
    asks = [
        Request("GET", ME, Headers({"Authorization": f'{signed}"{number}"'})) for number in "12"
    ]
    record(path, *[(ask, Response(204)) for ask in asks])
    replay = ReplayTransport(path)
    for number in "34":
        now = signed.replace('"1"', f'"{number}"').replace('"n"', f'"{number}"')
        assert replay.send(Request("GET", ME, Headers({"Authorization": f'{now}"{number}x"'}))).ok


def test_bodies_that_are_not_kept(path: Path) -> None:
    """Of an upload only its type is known."""
    headers = Headers({"Content-Type": "multipart/form-data; boundary=1"})
    ask = Request("POST", ME, headers, b"--1\r\nsecret=s3cret")
    assert recorded(path, ask, Response(204))["request"]["body"] == {
        "media_type": "multipart/form-data"
    }
    assert "s3cret" not in path.read_text()
    headers = Headers({"Content-Type": "multipart/form-data; boundary=2"})
    assert ReplayTransport(path).send(Request("POST", ME, headers, b"--2--")).ok


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize(
    "body", [b"", b"text \xc3\xa4", b"\xff\0\xfe", b'{"a": [1.5, "\xc3\xa4"]}']
)
def test_bodies_come_back(path: Path, body: bytes, stream: bool) -> None:
    """As they were, within the limits of the request."""
    record(path, *[(Request("GET", ME, stream=stream), Response(200, content=body))] * 2)
    replay = ReplayTransport(path)
    assert replay.send(Request("GET", ME, stream=stream)).content == body
    if body:
        with pytest.raises(ResponseTooLargeError):
            _ = replay.send(Request("GET", ME, stream=stream, max_bytes=1)).content


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "[]",
        "{}",
        '{"format": "other", "exchanges": []}',
        '{"format": "typedoauth recording 1", "exchanges": {}}',
        '{"format": "typedoauth recording 1", "exchanges": [{}]}',
        '{"format": "typedoauth recording 1", "exchanges": [{"request": {}, "response": {}}]}',
        '{"format": "typedoauth recording 1", "exchanges": [{"request": {}, "response": '
        '{"status": 200, "reason": "", "headers": {}, "body": {}}}]}',
        "[" * 100_000,
    ],
)
def test_what_is_no_recording(path: Path, text: str | None) -> None:
    """It is found when the transport is made."""
    if text is not None:
        path.write_text(text)
    with pytest.raises(ConfigurationError, match="make one with RecordingTransport"):
        ReplayTransport(path)


def test_threads(path: Path) -> None:
    """Each exchange goes to one of many threads."""
    ask = Request("GET", ME)
    record(path, *[(ask, Response(200, content=b"%d" % number)) for number in range(50)])
    replay = ReplayTransport(path)
    with ThreadPoolExecutor(8) as threads:
        texts = {answer.text for answer in threads.map(replay.send, [ask] * 50)}
    assert texts == {str(number) for number in range(50)}


def test_repr(path: Path) -> None:
    """Numbers, and nothing of what was sent."""
    transport = RecordingTransport(StubTransport({ME: Response(204)}), path)
    transport.send(Request("GET", f"{ME}?code=s3cret"))
    assert repr(transport) == "<RecordingTransport 1 exchanges>"
    assert repr(ReplayTransport(path)) == "<ReplayTransport 0 of 1 exchanges>"


@pytest.mark.parametrize("name", ["one", "two"], ids=["OAuth 1.0a", "OAuth 2.0"])
def test_a_login(place: Place, path: Path, name: str) -> None:
    """A login that was recorded with a service runs again without it."""

    def log_in(transport: Transport, decided: Callable[[str], str]) -> Any:  # any: JSON
        browser = create_app(OAuth(transport=transport), place.base).test_client()
        back = urlsplit(decided(browser.get(f"/login/{name}").headers["Location"]))
        return browser.get(f"{back.path}?{back.query}").json

    first = log_in(RecordingTransport(Urllib3Transport(), path), decide)
    assert "client-secret" not in path.read_text()

    def without_provider(location: str) -> str:
        asked = dict(pair.split("=") for pair in urlsplit(location).query.split("&"))
        if name == "one":
            return f"/authorize/one?oauth_token={asked['oauth_token']}&oauth_verifier=any"
        return f"/authorize/two?code=any&state={asked['state']}"

    replay = ReplayTransport(path)
    assert log_in(replay, without_provider) == first
    replay.assert_all_used()


def test_a_refresh(path: Path) -> None:
    """So does a refresh: the token that it answers is used for the next call."""
    stub = StubTransport(
        {
            TOKEN: Response(
                200, JSON, b'{"access_token": "at-new-1", "refresh_token": "rt-new-1"}'
            ),
            ME: Response(200, JSON, b'{"name": "Ada"}'),
        }
    )
    for make in (partial(RecordingTransport, stub, path), partial(ReplayTransport, path)):
        transport: Transport = make()
        client = OAuth2Client("my-client", "my-secret", access_token_url=TOKEN, transport=transport)
        token = client.refresh_token({"access_token": "at-old-1", "refresh_token": "rt-old-1"})
        assert client.get(ME, token=token).json() == {"name": "Ada"}
    assert "-old-1" not in path.read_text()
    assert "my-secret" not in path.read_text()
