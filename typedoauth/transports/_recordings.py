"""Recordings as files."""

from __future__ import annotations

import json
import os
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final, NamedTuple

from typedoauth.errors import ConfigurationError
from typedoauth.transports._exchanges import Json, restore

_FORMAT: Final = "typedoauth recording 1"


class Exchange(NamedTuple):
    """A request and its response, as they were written down."""

    request: dict[str, Json]
    response: dict[str, Json]


def write(path: Path, exchanges: list[dict[str, Json]]) -> None:
    """Write a recording as a whole: whoever reads meanwhile sees the one before.

    Raises:
        ConfigurationError: The file cannot be written.
    """
    document = {"format": _FORMAT, "exchanges": exchanges}
    text = json.dumps(document, indent=2, ensure_ascii=False).encode("utf-8", "backslashreplace")
    name: str | None = None
    try:
        with NamedTemporaryFile(dir=path.parent, delete=False, suffix=".tmp") as file:
            name = file.name
            file.write(text + b"\n")
        os.replace(name, path)
    except OSError as error:
        if name is not None:
            Path(name).unlink(missing_ok=True)
        raise ConfigurationError(
            f"the recording cannot be written to {str(path)!r}; "
            "its folder is to exist and to be writable"
        ) from error


def read(path: Path) -> list[Exchange]:
    """Read a recording.

    Raises:
        ConfigurationError: The file cannot be read, or is no recording.
    """
    try:
        document: Json = json.loads(path.read_text(encoding="utf-8"))
        match document:
            case {"format": format, "exchanges": list(exchanges)} if format == _FORMAT:
                return [_exchange(one) for one in exchanges]
            case _:
                raise ValueError(f"its format is not {_FORMAT!r}")
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigurationError(
            f"{str(path)!r} is no recording that can be read; make one with RecordingTransport"
        ) from error


def _exchange(value: Json) -> Exchange:
    match value:
        case {"request": dict(request), "response": dict(response)}:
            restore(response)
            return Exchange(request, response)
        case _:
            raise ValueError("an exchange is a request and a response")
