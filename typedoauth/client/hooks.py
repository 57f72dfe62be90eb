"""Compliance hooks: mending what a service does otherwise than the specifications say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Literal, TypeAlias, cast, overload

from typedoauth._names import one_of
from typedoauth._urls import without_query
from typedoauth.errors import ConfigurationError, MalformedResponseError, OAuthError
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


class HookTable:
    """The hooks of one client, by kind; each kind runs in the order of registration."""

    __slots__ = ("form_requests", "protected_requests", "responses")

    def __init__(self) -> None:
        self.responses: dict[ResponseHookName, list[ResponseHook]] = {
            "access_token_response": [],
            "refresh_token_response": [],
        }
        self.form_requests: dict[FormRequestHookName, list[FormRequestHook]] = {
            "refresh_token_request": [],
            "revoke_token_request": [],
            "introspect_token_request": [],
        }
        self.protected_requests: list[ProtectedRequestHook] = []

    def all(self) -> dict[str, list[object]]:
        """Every kind by its name; the overloads of registration pair name and function."""
        return {
            **cast("dict[str, list[object]]", self.responses),
            **cast("dict[str, list[object]]", self.form_requests),
            "protected_request": cast("list[object]", self.protected_requests),
        }


class ComplianceHooks:
    """What has compliance hooks: an OAuth 2.0 client."""

    def __init__(self) -> None:
        self._hooks: HookTable = HookTable()

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
        hooks = self._hooks.all()
        name = one_of("compliance hook", hook_type, hooks)
        if not callable(hook):
            raise ConfigurationError(f"compliance hook {name}: the hook is not a function")
        hooks[name].append(hook)


def mend_response(response: Response, hooks: Sequence[ResponseHook]) -> Response:
    """Run response hooks.

    A hook is written for the answer of a server that is well; where it fails on
    a refusal, the refusal itself is what there is to tell.

    Raises:
        MalformedResponseError: A hook failed on a response that is no refusal.
        ConfigurationError: A hook returned something else than a response.
    """
    for hook in hooks:
        try:
            mended = hook(response)
        except OAuthError:
            if response.ok:
                raise
            continue
        except Exception as error:
            if response.ok:
                raise MalformedResponseError(
                    f"a compliance hook failed on the response of {without_query(response.url)} "
                    f"({type(error).__name__})"
                ) from error
            continue
        response = _checked(mended)
    return response


def _checked(mended: object) -> Response:
    if not isinstance(mended, Response):
        raise ConfigurationError("a compliance hook for responses returns the response")
    return mended


def mend_form_request(
    request: Request, hooks: Sequence[FormRequestHook], what: str = "a compliance hook"
) -> Request:
    """Run request hooks that see the body as text."""
    for hook in hooks:
        body = (request.body or b"").decode("utf-8", "replace")
        request = _mended(request, hook(request.url, dict(request.headers), body), what)
    return request


def mend_protected_request(request: Request, hooks: Sequence[ProtectedRequestHook]) -> Request:
    """Run the hooks of API calls."""
    for hook in hooks:
        parts = hook(request.url, dict(request.headers), request.body)
        request = _mended(request, parts, "a compliance hook")
    return request


def _mended(request: Request, parts: object, what: str) -> Request:
    match parts:
        case (str() as url, Mapping(), str() | bytes() | None as body):
            headers = cast("tuple[str, Mapping[str, str], object]", parts)[1]  # Request looks
            return replace(
                request,
                url=url,
                headers=Headers(headers),
                body=body.encode() if isinstance(body, str) else body,
            )
        case _:
            raise ConfigurationError(f"{what} for requests returns (url, headers, body)")
