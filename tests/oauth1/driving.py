"""Driving a flow by hand."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import TypeVar

from typedoauth.messages import Request, Response

T = TypeVar("T")


def answer(
    flow: Generator[Request, Response, T],
    content: bytes,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> T:
    """Give a flow that waits for its response one, and return its result."""
    try:
        flow.send(Response(status, headers or {}, content))
    except StopIteration as stop:
        result: T = stop.value
        return result
    raise AssertionError("the flow asks for a second response")
