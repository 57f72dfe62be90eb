"""HTTP responses as values, and the documents that they carry."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from types import TracebackType
from typing import Any, Final, Self, cast

from typing_extensions import override

from typedoauth._headers import Headers
from typedoauth._json import parse_object
from typedoauth._urls import query_pairs, without_query
from typedoauth.errors import (
    ConfigurationError,
    HTTPStatusError,
    MalformedResponseError,
    OAuthError,
)

__all__ = ["Response", "read_document"]

_SECONDS: Final = re.compile(r"[0-9]{1,10}")
_BOM: Final = b"\xef\xbb\xbf"
_BROKEN: Final = object()
# Codecs that are no charsets of the web; the first takes quadratic time.
_NO_CHARSETS: Final = frozenset(
    {"punycode", "idna", "undefined", "unicodeescape", "rawunicodeescape"}
)
_LONGEST_COOKIE: Final = 8192  # characters; browsers keep half of that


def _phrase(status: int) -> str:
    """The standard phrase of a status, or nothing."""
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else ""


class Response:
    """One HTTP response, with the names that users of requests know.

    Args:
        status_code: The status.
        headers: The header fields.
        content: The body, or its pieces (a stream).
        url: The URL that was asked.
        reason: The reason phrase; the standard one when left out.
        close: Called once when a stream is closed or has been read.
    """

    status_code: int
    reason: str
    url: str
    headers: Headers
    _body: bytes | None
    _pieces: Iterator[bytes] | None
    _close: Callable[[], object] | None
    _json: Callable[[], Any] | None  # any: as json() of every HTTP library answers

    def __init__(
        self,
        status_code: int,
        headers: Mapping[str, str] | Sequence[tuple[str, str]] = (),
        content: bytes | Iterable[bytes] = b"",
        *,
        url: str = "",
        reason: str | None = None,
        close: Callable[[], object] | None = None,
    ) -> None:
        self.status_code = status_code
        self.headers = headers if isinstance(headers, Headers) else Headers(headers)
        self.url = url
        if reason is None:
            reason = _phrase(status_code)
        self.reason = reason
        self._body = content if isinstance(content, bytes) else None
        self._pieces = None if isinstance(content, bytes) else iter(content)
        self._close = close
        self._json = None

    @override
    def __repr__(self) -> str:
        return f"<Response {self.status_code} {without_query(self.url)}>"

    def __bool__(self) -> bool:
        return self.ok

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        self.close()

    def __iter__(self) -> Iterator[bytes]:
        return self.iter_content()

    @property
    def ok(self) -> bool:
        """Whether the status is below 400."""
        return self.status_code < 400

    @property
    def content(self) -> bytes:
        """The whole body; a stream is read to its end first.

        Raises:
            TransportError: The body could not be read to its end.
        """
        if self._body is None:
            self._body = b"".join(self._drain())
        return self._body

    @property
    def _content(self) -> bytes:
        return self.content

    @_content.setter
    def _content(self, content: bytes) -> None:
        self.close()
        self._body, self._pieces, self._json = content, None, None

    @property
    def encoding(self) -> str:
        """The charset of ``Content-Type``; ``utf-8`` when it names none."""
        match = re.search(r'charset="?([\w.:-]+)', self.headers.get("content-type", ""), re.I)
        return match[1] if match else "utf-8"

    @property
    def text(self) -> str:
        """The body as text; what cannot be decoded becomes U+FFFD.

        Raises:
            TransportError: The body could not be read to its end.
        """
        try:
            if re.sub("[^a-z0-9]", "", self.encoding.lower()) not in _NO_CHARSETS:
                return self.content.decode(self.encoding, "replace")
        except (LookupError, ValueError):  # a codec that is no charset, such as "rot13"
            pass
        return self.content.decode("utf-8", "replace")

    @property
    def json(self) -> Callable[[], Any]:  # any: as json() of every HTTP library answers
        """Parse the body as JSON when called: ``response.json()``.

        A compliance hook may assign a function of its own.

        Raises:
            MalformedResponseError: When called: the body is not JSON.
            TransportError: When called: the body could not be read to its end.
        """
        return self._json or self._parse_json

    @json.setter
    def json(self, function: Callable[[], Any]) -> None:  # any: as above
        self._json = function

    def _parse_json(self) -> Any:  # any: as above
        content = self.content
        try:
            value = json.loads(content)
        except (ValueError, RecursionError):
            value = _BROKEN
        if value is _BROKEN:
            # Not in the handler: the parser's error holds the document, and with it a token.
            raise MalformedResponseError(
                f"the response of {without_query(self.url)} "
                f"(status {self.status_code}) is not valid JSON"
            )
        return value

    @property
    def cookies(self) -> dict[str, str]:
        """Names and values of the cookies that the response sets."""
        found: dict[str, str] = {}
        for line in self.headers.get_all("set-cookie"):
            if len(line) > _LONGEST_COOKIE:
                continue
            try:
                found.update((name, morsel.value) for name, morsel in SimpleCookie(line).items())
            except CookieError:
                continue
        return found

    @property
    def retry_after(self) -> float | None:
        """How many seconds to wait, by ``Retry-After`` (RFC 9110 10.2.3).

        A date is counted from the response's own ``Date``. ``None`` when the
        server said nothing, or nothing that can be read.
        """
        value = self.headers.get("retry-after", "").strip()
        if _SECONDS.fullmatch(value):
            return float(value)
        try:
            until = parsedate_to_datetime(value)
            sent = parsedate_to_datetime(self.headers.get("date", ""))
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
        return max(0.0, (_aware(until) - _aware(sent)).total_seconds())

    def raise_for_status(self) -> None:
        """Turn a refusal into an exception.

        Raises:
            HTTPStatusError: The status is 400 or more.
        """
        if not self.ok:
            raise HTTPStatusError(
                None,
                # Not the server's own phrase, which may hold anything, a token too.
                f"{without_query(self.url)} answered {self.status_code} "
                f"{_phrase(self.status_code)}".rstrip(),
                status=self.status_code,
            )

    def iter_content(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Iterate over the body without holding all of it.

        Args:
            chunk_size: At most how many bytes a piece has; as they arrive when
                left out.

        Yields:
            Pieces of the body, none of them empty.

        Raises:
            ConfigurationError: *chunk_size* is not positive, or a stream has been
                read already.
            TransportError: The body could not be read to its end.
        """
        if chunk_size is not None and chunk_size < 1:
            raise ConfigurationError("chunk_size is to be a positive number of bytes")
        for piece in self._drain() if self._body is None else [self._body]:
            step = chunk_size or len(piece) or 1
            for start in range(0, len(piece), step):
                yield piece[start : start + step]

    def close(self) -> None:
        """Give the connection of a stream back or up; safe to call again."""
        close, self._close = self._close, None
        if close is not None:
            close()

    def replace(
        self,
        *,
        status_code: int | None = None,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        json: object = None,
    ) -> Response:
        """Return a copy that differs in some parts: how a compliance hook mends an answer.

        Args:
            status_code: Another status.
            headers: Other header fields, all of them.
            content: Another body.
            json: Another body, given as the JSON value it holds.

        Returns:
            The copy; this response is left as it is.

        Raises:
            ConfigurationError: *json* is no JSON value.
            TransportError: The body could not be read to its end.
        """
        if json is not None:
            content = _dump(json)
        copy = Response(
            self.status_code if status_code is None else status_code,
            self.headers if headers is None else headers,
            self.content if content is None else content,
            url=self.url,
            reason=self.reason if status_code is None else None,
        )
        if content is None:
            copy._json = self._json
        return copy

    def _drain(self) -> Iterator[bytes]:
        pieces, self._pieces = self._pieces, None
        if pieces is None:
            raise ConfigurationError(
                "the body of this response was a stream and has been read already"
            )
        try:
            yield from (piece for piece in pieces if piece)
        finally:
            self.close()


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _dump(value: object) -> bytes:
    try:
        return json.dumps(value, allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise ConfigurationError("replace(json=...): this cannot be written as JSON") from error


def read_document(response: Response, what: str) -> dict[str, object]:
    """Read a protocol message: a JSON object or, as older servers send it, a form.

    Args:
        response: The response; a ``json`` function that a compliance hook put
            there is asked first.
        what: What it is, for the error message.

    Returns:
        The members.

    Raises:
        MalformedResponseError: It is neither, or a name occurs twice.
        TransportError: The body could not be read to its end.
    """
    function = response._json  # pyright: ignore[reportPrivateUsage] same module
    if function is not None:
        return _hooked(function, what)
    content = response.content
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "text/html" and content.removeprefix(_BOM).lstrip()[:1] == b"<":
        raise MalformedResponseError(f"{what} is an HTML page; check the endpoint's URL")
    if kind.endswith("json") or content.removeprefix(_BOM).lstrip()[:1] in (b"{", b"["):
        return parse_object(content, what)
    try:
        pairs = query_pairs(content.decode().strip())
    except ValueError:
        pairs = []
    document: dict[str, object] = dict(pairs)
    if not document or len(document) != len(pairs):
        raise MalformedResponseError(f"{what} is neither JSON nor a form with distinct names")
    return document


def _hooked(function: Callable[[], object], what: str) -> dict[str, object]:
    try:
        value = function()
    except OAuthError:
        raise
    except Exception as error:
        raise MalformedResponseError(
            f"{what}: the compliance hook's json() failed ({type(error).__name__}), "
            "most likely since the server sent something else than expected"
        ) from error
    if not isinstance(value, dict):
        raise MalformedResponseError(f"{what}: the compliance hook's json() gave no dict")
    # A copy, as the hook may give the same dict every time; its keys are the hook's word.
    return dict(cast("dict[str, object]", value))
