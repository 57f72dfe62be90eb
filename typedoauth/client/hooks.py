"""Compliance hooks: mending what a service does otherwise than the specifications say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal, TypeAlias, cast, get_args, overload

from typedoauth._names import one_of
from typedoauth.errors import ConfigurationError
from typedoauth.messages import Headers, Request, Response

__all__ = [
    "ComplianceHooks",
    "FormRequestHook",
    "FormRequestHookName",
    "ProtectedRequestHook",
    "ResponseHook",
    "ResponseHookName",
]

ResponseHook: TypeAlias = Callable[[Response], Response]
"""Takes a response and returns it, mended."""
FormRequestHook: TypeAlias = Callable[[str, dict[str, str], str], tuple[str, dict[str, str], str]]
"""Takes URL, headers and the encoded form, and returns the three."""
ProtectedRequestHook: TypeAlias = Callable[
    [str, dict[str, str], bytes | None], tuple[str, dict[str, str], bytes | None]
]
"""Takes URL, headers and body of an API call, token included, and returns the three."""

ResponseHookName: TypeAlias = Literal["access_token_response", "refresh_token_response"]
FormRequestHookName: TypeAlias = Literal[
    "refresh_token_request", "revoke_token_request", "introspect_token_request"
]


class ComplianceHooks:
    """The hooks of one client; each kind runs in the order of registration."""

    _response_hooks: dict[str, list[ResponseHook]]
    _form_request_hooks: dict[str, list[FormRequestHook]]
    _protected_request_hooks: list[ProtectedRequestHook]

    def __init__(self) -> None:
        self._response_hooks = {name: [] for name in get_args(ResponseHookName)}
        self._form_request_hooks = {name: [] for name in get_args(FormRequestHookName)}
        self._protected_request_hooks = []

    @overload
    def register_compliance_hook(self, hook_type: ResponseHookName, hook: ResponseHook) -> None: ...
    @overload
    def register_compliance_hook(
        self, hook_type: FormRequestHookName, hook: FormRequestHook
    ) -> None: ...
    @overload
    def register_compliance_hook(
        self, hook_type: Literal["protected_request"], hook: ProtectedRequestHook
    ) -> None: ...

    def register_compliance_hook(
        self, hook_type: str, hook: ResponseHook | FormRequestHook | ProtectedRequestHook
    ) -> None:
        """Register a function that mends what the service does differently.

        Args:
            hook_type: ``access_token_response``, ``refresh_token_response``,
                ``refresh_token_request``, ``revoke_token_request``,
                ``introspect_token_request`` or ``protected_request``.
            hook: Gets a response, or ``(url, headers, body)`` with the encoded
                body, and returns the same. Hooks run in order of registration.

        Raises:
            ConfigurationError: There is no such hook, or it is not a function.
        """
        hooks: dict[str, list[object]] = {
            # The overloads pair each name with its kind of function.
            **cast("dict[str, list[object]]", self._response_hooks),
            **cast("dict[str, list[object]]", self._form_request_hooks),
            "protected_request": cast("list[object]", self._protected_request_hooks),
        }
        name = one_of("compliance hook", hook_type, hooks)
        if not callable(hook):
            raise ConfigurationError(f"compliance hook {name}: the hook is not a function")
        hooks[name].append(hook)


def mend_response(response: Response, hooks: Sequence[ResponseHook]) -> Response:
    """Run response hooks."""
    for hook in hooks:
        response = _response(hook(response))
    return response


def _response(mended: object) -> Response:
    if not isinstance(mended, Response):
        raise ConfigurationError("a compliance hook for responses returns the response")
    return mended


def mend_form_request(request: Request, hooks: Sequence[FormRequestHook]) -> Request:
    """Run request hooks that see the body as text."""
    for hook in hooks:
        parts = hook(request.url, dict(request.headers), (request.body or b"").decode())
        request = _mended(request, parts)
    return request


def mend_protected_request(request: Request, hooks: Sequence[ProtectedRequestHook]) -> Request:
    """Run the hooks of API calls."""
    for hook in hooks:
        parts = hook(request.url, dict(request.headers), request.body)
        request = _mended(request, parts)
    return request


def _mended(request: Request, parts: object) -> Request:
    match parts:
        case (str() as url, dict(), str() | bytes() | None as body):
            headers = cast("tuple[str, dict[str, str], object]", parts)[1]  # the hook's word for it
            return replace(
                request,
                url=url,
                headers=Headers(headers),
                body=body.encode() if isinstance(body, str) else body,
            )
        case _:
            raise ConfigurationError("a compliance hook for requests returns (url, headers, body)")
