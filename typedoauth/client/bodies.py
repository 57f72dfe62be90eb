"""Bodies of API calls: forms, JSON, files."""

from __future__ import annotations

import json as json_
import os.path
import re
from collections.abc import Mapping, Sequence
from typing import Final, cast
from urllib.parse import urlencode

from typing_extensions import TypeIs

from typedoauth._urls import Parameters, pairs
from typedoauth.client.options import CallOptions, Data, File, FileContent, Files
from typedoauth.errors import ConfigurationError

__all__ = ["encode_body"]

_HEADER_TEXT: Final = re.compile(r"[\x20-\x7e]*")
FORM: Final = "application/x-www-form-urlencoded"


def encode_body(options: CallOptions) -> tuple[bytes | None, str | None]:
    """Encode ``data``, ``json`` and ``files``.

    Args:
        options: The options of the call.

    Returns:
        The body, and its media type where it has one of its own.

    Raises:
        ConfigurationError: They do not go together, or cannot be encoded.
    """
    data, files, json = options.get("data"), options.get("files"), options.get("json")
    if json is not None:
        if data is not None or files:
            raise ConfigurationError("a body is json, or data and files, not both")
        try:
            return json_.dumps(json, allow_nan=False).encode(), "application/json"
        except (TypeError, ValueError) as error:
            raise ConfigurationError(f"json= cannot be written as JSON: {error}") from None
    if files:
        return _multipart(data, files)
    if data is None:
        return None, None
    if isinstance(data, str | bytes):
        return _bytes(data), None
    if _is_parameters(data):
        return urlencode(pairs(data)).encode(), FORM
    if hasattr(data, "read"):
        return _bytes(data), None
    raise ConfigurationError("data= is a text, bytes, an open file, or parameters")


def _is_parameters(data: Data) -> TypeIs[Parameters]:
    return isinstance(data, Mapping | Sequence) and not isinstance(data, str | bytes)


def _bytes(content: FileContent) -> bytes:
    if not isinstance(content, str | bytes):
        content = content.read()
    if isinstance(content, str):
        try:
            return content.encode()
        except UnicodeEncodeError:
            pass
        # Not in the handler: the first error holds the body.
        raise ConfigurationError("a body holds characters that cannot be written as UTF-8")
    return content


def _content(content: object) -> bytes:
    if isinstance(content, str | bytes) or hasattr(content, "read"):
        return _bytes(cast("FileContent", content))  # by its one method
    raise ConfigurationError("the content of a file is a text, bytes, or an open file")


def _multipart(data: Data | None, files: Files) -> tuple[bytes, str]:
    from urllib3.filepost import encode_multipart_formdata

    fields: list[tuple[str, str | bytes | tuple[str, bytes] | tuple[str, bytes, str]]] = []
    if data is not None:
        if not _is_parameters(data):
            raise ConfigurationError("beside files=, data= is parameters")
        fields.extend(pairs(data))
    for name, file in files.items() if isinstance(files, Mapping) else files:
        fields.append((name, _file(name, file)))
    return encode_multipart_formdata(fields)


def _file(name: str, file: File) -> tuple[str, bytes] | tuple[str, bytes, str]:
    if not isinstance(file, tuple):
        path = getattr(file, "name", None)
        # Its last part: the rest says how this machine's folders are called.
        file_name = os.path.basename(path) if isinstance(path, str) else name
        return file_name, _content(file)
    parts = cast("tuple[object, ...]", file)  # whatever its annotation says
    match parts:
        case (str() as file_name, _):
            return file_name, _content(parts[1])
        case (str() as file_name, _, str() as media_type) if _HEADER_TEXT.fullmatch(media_type):
            return file_name, _content(parts[1]), media_type
        case _:
            raise ConfigurationError(
                "a file is its content, or a tuple of file name, content and media type"
            )
