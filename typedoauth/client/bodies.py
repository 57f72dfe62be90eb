"""Bodies of API calls: forms, JSON, files."""

from __future__ import annotations

import json as json_
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from typing_extensions import TypeIs

from typedoauth._urls import Parameters, pairs
from typedoauth.client.options import CallOptions, Data, File, FileContent, Files
from typedoauth.errors import ConfigurationError

__all__ = ["encode_body"]

FORM = "application/x-www-form-urlencoded"


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
    return content.encode() if isinstance(content, str) else content


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
        file_name = getattr(file, "name", None)
        return (file_name if isinstance(file_name, str) else name, _bytes(file))
    if len(file) == 3:
        return file[0], _bytes(file[1]), file[2]
    return file[0], _bytes(file[1])
