"""Driving a flow, which is pure, over a transport, which is not."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TypeVar

from typedoauth.messages import Request, Response

__all__ = ["run"]

ResultT = TypeVar("ResultT")


def run(
    flow: Generator[Request, Response, ResultT], send: Callable[[Request], Response]
) -> ResultT:
    """Send what *flow* yields, give it the responses, and return its result."""
    try:
        request = next(flow)
        while True:
            request = flow.send(send(request))
    except StopIteration as stop:
        result: ResultT = stop.value
        return result
