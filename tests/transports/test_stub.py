"""The stub answers from its table and complains clearly."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from typedoauth.errors import ConfigurationError, MalformedResponseError, TransportError
from typedoauth.transports import Request, Response, StubTransport

TOKEN = "https://as.example/token"


def post(stub: StubTransport, url: str = TOKEN, *, stream: bool = False) -> Response:
    return stub.send(Request("POST", url, stream=stream))


def test_the_method_decides_before_the_url() -> None:
    """A key with a method goes before one without."""
    stub = StubTransport({TOKEN: Response(200), f"POST {TOKEN}": Response(201)})
    assert post(stub).status_code == 201
    assert stub.send(Request("GET", TOKEN)).status_code == 200


def test_the_query_is_not_compared() -> None:
    """Query and fragment of a request do not matter to the table, but the record has them."""
    stub = StubTransport({TOKEN: Response(200)})
    assert post(stub, f"{TOKEN}?a=b#c").url == f"{TOKEN}?a=b#c"
    assert [request.url for request in stub.requests] == [f"{TOKEN}?a=b#c"]


def test_replies_in_order() -> None:
    """A sequence is used up from its start, exceptions among it; then it is an error."""
    error = RuntimeError("down")
    stub = StubTransport({TOKEN: [Response(503), error, Response(200)]})
    assert post(stub).status_code == 503
    with pytest.raises(RuntimeError, match="down"):
        post(stub)
    assert post(stub).status_code == 200
    with pytest.raises(TransportError, match="request 4, and 3 were expected"):
        post(stub)


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_each_request_has_its_own_response(stream: bool) -> None:
    """What was done to one response, or read from it, is not seen in the next."""
    stub = StubTransport({TOKEN: Response(200, {"X": "y"}, iter([b"a", b"b"]), reason="Fine")})
    first = post(stub, stream=stream)
    assert first.content == b"ab"
    first._content = b"changed"  # pyright: ignore[reportPrivateUsage] as hooks do
    first.json = dict
    second = post(stub, stream=stream)
    assert (second.content, second.headers["x"], second.reason) == (b"ab", "y", "Fine")
    with pytest.raises(MalformedResponseError):
        second.json()


def test_a_function_is_asked() -> None:
    """A function sees the request and may give the same response again."""
    always = Response(200, content=b"{}")
    stub = StubTransport(lambda request: always if request.method == "POST" else Response(405))
    for _ in range(2):
        response = post(stub)
        assert response is not always
        assert response.json() == {}
    assert stub.send(Request("GET", TOKEN)).status_code == 405


def test_what_was_not_expected() -> None:
    """The complaint names what came, without its query, and what was expected."""
    stub = StubTransport({f"POST {TOKEN}": Response(200)})
    with pytest.raises(TransportError) as caught:
        stub.send(Request("GET", f"{TOKEN}?code=s3cret"))
    said = str(caught.value)
    assert f"unexpected request GET {TOKEN}; expected: POST {TOKEN}" in said
    assert "s3cret" not in said
    assert len(stub.requests) == 1


def test_what_the_application_caught() -> None:
    """A request that was not expected is told at the end, too."""
    stub = StubTransport({TOKEN: Response(200), "https://a/": [Response(200)]})
    post(stub)
    post(stub, "https://a/")
    stub.assert_all_used()
    for url, says in [
        ("https://b/?code=s3cret", "unexpected request POST https://b/; expected"),
        ("https://a/", "https://a/: request 2, and 1 were expected"),
    ]:
        stub.unexpected.clear()
        with pytest.raises(TransportError):
            post(stub, url)
        assert [request.url for request in stub.unexpected] == [url]
        with pytest.raises(TransportError, match=re.escape(says)):
            stub.assert_all_used()


def test_a_dict_is_json() -> None:
    """The answer that most servers give takes few words; others of a sequence, too."""
    stub = StubTransport({TOKEN: {"access_token": "a"}, "https://a/": [{"b": [1]}, Response(503)]})
    for _ in range(2):
        answer = post(stub)
        assert answer.json() == {"access_token": "a"}
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert post(stub, "https://a/").json() == {"b": [1]}
    assert post(stub, "https://a/").status_code == 503
    with pytest.raises(ConfigurationError, match="JSON"):
        StubTransport({TOKEN: {"a": object()}})


def test_nothing_expected() -> None:
    """An empty table refuses everything."""
    with pytest.raises(TransportError, match="expected: none at all"):
        post(StubTransport({}))


def test_what_was_not_used() -> None:
    """Replies that nobody asked for are told, those of a sequence as well."""
    stub = StubTransport({TOKEN: Response(200), "https://a/": [Response(200), Response(201)]})
    assert stub.unused == [TOKEN, "https://a/"]
    post(stub)
    post(stub, "https://a/")
    with pytest.raises(TransportError, match=r"no request came for https://a/$"):
        stub.assert_all_used()
    post(stub, "https://a/")
    stub.assert_all_used()


@pytest.mark.parametrize("key", [f"{TOKEN}?a=b", "https://u:p@as.example/", f"GET {TOKEN}#x"])
def test_a_key_that_can_never_be_met(key: str) -> None:
    """A key with a query, user or fragment is a mistake."""
    with pytest.raises(ConfigurationError, match="without user, query, fragment"):
        StubTransport({key: Response(200)})


def test_threads() -> None:
    """Every reply of a sequence is given to exactly one of many threads."""
    stub = StubTransport({TOKEN: [Response(200, content=b"%d" % n) for n in range(200)]})
    with ThreadPoolExecutor(16) as threads:
        futures = [threads.submit(post, stub) for _ in range(200)]
        texts = {future.result().text for future in futures}
    assert texts == {str(number) for number in range(200)}
    assert len(stub.requests) == 200


def test_repr() -> None:
    """The representation shows a number, and nothing of the requests."""
    stub = StubTransport({TOKEN: Response(200)})
    post(stub, f"{TOKEN}?code=s3cret")
    assert repr(stub) == "<StubTransport 1 requests>"
