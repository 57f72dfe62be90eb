"""Requests and responses as JSON values that a person can read and compare."""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from typing import Final, TypeAlias
from urllib.parse import unquote, unquote_plus, urlencode, urlsplit
from urllib.request import parse_http_list

from typedoauth._urls import query_pairs, without_query
from typedoauth.messages import Headers, Request, Response

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

_FORM: Final = "application/x-www-form-urlencoded"
# What says how a body was sent; it is another one when it is given back.
_FRAMING: Final = frozenset(
    {"connection", "content-encoding", "content-length", "keep-alive", "transfer-encoding"}
)
_FORM_SHAPE: Final = re.compile(r"[\w.~%+-]+=[^&\s<>]*(?:&[\w.~%+-]+=[^&\s<>]*)*")


def describe_request(request: Request) -> dict[str, Json]:
    """Write down what makes a request the one that it is."""
    described: dict[str, Json] = {"method": request.method, "url": without_query(request.url)}
    if query := urlsplit(request.url).query:
        described["query"] = _grouped(query_pairs(query))
    if "authorization" in request.headers:
        described["auth"] = _authorization(request.headers["authorization"])
    if request.body:
        described["body"] = _request_body(request)
    return described


def describe_response(response: Response) -> dict[str, Json]:
    """Write down a response."""
    fields = [pair for pair in response.headers.pairs() if pair[0].lower() not in _FRAMING]
    return {
        "status": response.status_code,
        "reason": response.reason,
        "headers": _grouped(fields),
        "body": _response_body(response),
    }


def restore(described: dict[str, Json]) -> tuple[int, str, Headers, bytes]:
    """Read a response that was written down.

    Returns:
        Its status, reason phrase, header fields and body.

    Raises:
        ValueError: It was not written by :func:`describe_response`.
    """
    match described:
        case {"status": int(status), "reason": str(reason), "headers": dict(fields), "body": body}:
            return status, reason, Headers(_pairs(fields)), _content(body)
        case _:
            raise ValueError("a response is a status, a reason, headers and a body")


def _content(body: Json) -> bytes:
    match body:
        case {"json": value}:
            return json.dumps(value, ensure_ascii=False).encode()
        case {"form": dict(fields)}:
            return urlencode(_pairs(fields)).encode()
        case {"text": str(text)}:
            return text.encode()
        case {"base64": str(text)}:
            return b64decode(text)
        case _:
            raise ValueError("a response's body is json, form, text or base64")


def _grouped(pairs: list[tuple[str, str]]) -> dict[str, Json]:
    """Write pairs by name: one text, or a list where a name comes several times."""
    grouped: dict[str, list[Json]] = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in grouped.items()}


def _pairs(grouped: dict[str, Json]) -> list[tuple[str, str]]:
    return [
        (name, str(value))
        for name, values in grouped.items()
        for value in (values if isinstance(values, list) else [values])
    ]


def _authorization(value: str) -> Json:
    scheme, _, rest = value.partition(" ")
    rest = rest.strip()
    if not rest:
        return {"access_token": scheme}
    if scheme.lower() == "basic":
        try:
            user, _, password = b64decode(rest).decode().partition(":")
        except ValueError:
            return {"scheme": scheme, "client_secret": rest}
        # RFC 6749 2.3.1 has both encoded as in a form.
        user, password = unquote_plus(user), unquote_plus(password)
        if not password:
            return {"scheme": scheme, "client_secret": user}  # some services take a key so
        return {"scheme": scheme, "client_id": user, "client_secret": password}
    if scheme.lower() == "oauth":
        parts = [one.partition("=") for one in parse_http_list(rest)]
        # RFC 5849 3.5.1
        pairs = [(name, unquote(text.strip('"'))) for name, _, text in parts]
        return {"scheme": scheme, "parameters": _grouped(pairs)}
    return {"scheme": scheme, "access_token": rest}


def _kind(headers: Headers) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _request_body(request: Request) -> Json:
    kind, body = _kind(request.headers), request.body or b""
    try:
        if kind == _FORM:
            return {"form": _grouped(query_pairs(body.decode()))}
        if kind.endswith("json"):
            return {"json": json.loads(body)}
    except (ValueError, RecursionError):
        pass
    # Nothing else can be searched for secrets, nor is it compared.
    return {"media_type": kind}


def _response_body(response: Response) -> Json:
    content, kind = response.content, _kind(response.headers)
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return {"base64": b64encode(content).decode()}
    stripped = text.strip()
    if kind.endswith("json") or stripped[:1] in ("{", "["):
        try:
            return {"json": json.loads(text)}
        except (ValueError, RecursionError):
            return {"text": text}
    if kind == _FORM or _FORM_SHAPE.fullmatch(stripped):
        return {"form": _grouped(query_pairs(stripped))}
    return {"text": text}
