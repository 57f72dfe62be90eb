"""The HTTP verbs of an API call, for clients and remote apps alike."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Generic, Unpack

from typedoauth.client.options import CallOptions
from typedoauth.messages import Response
from typedoauth.tokens import TokenT_co

__all__ = ["APICalls"]


class APICalls(ABC, Generic[TokenT_co]):
    """Calls of an API with a token; every verb is :meth:`request` with its method."""

    @abstractmethod
    def request(
        self,
        method: str,
        url: str,
        *,
        token: TokenT_co | None = None,
        **options: Unpack[CallOptions],
    ) -> Response:
        """Call an API.

        Args:
            method: The HTTP method.
            url: An absolute URL, or one relative to ``api_base_url``.
            token: The token to send; the one at hand when left out.
            options: See :class:`CallOptions`.

        Returns:
            The response, whatever its status.

        Raises:
            MissingTokenError: There is no token.
            InvalidTokenError: The token is of the wrong kind, or has expired.
            UntrustedOriginError: The URL leads to another origin than
                ``api_base_url`` and ``trusted_origins``.
            TransportError: No complete response arrived.
            OAuthError: Renewing the token failed.
        """

    def get(
        self, url: str, *, token: TokenT_co | None = None, **options: Unpack[CallOptions]
    ) -> Response:
        """Call :meth:`request` with GET."""
        return self.request("GET", url, token=token, **options)

    def post(
        self, url: str, *, token: TokenT_co | None = None, **options: Unpack[CallOptions]
    ) -> Response:
        """Call :meth:`request` with POST."""
        return self.request("POST", url, token=token, **options)

    def put(
        self, url: str, *, token: TokenT_co | None = None, **options: Unpack[CallOptions]
    ) -> Response:
        """Call :meth:`request` with PUT."""
        return self.request("PUT", url, token=token, **options)

    def patch(
        self, url: str, *, token: TokenT_co | None = None, **options: Unpack[CallOptions]
    ) -> Response:
        """Call :meth:`request` with PATCH."""
        return self.request("PATCH", url, token=token, **options)

    def delete(
        self, url: str, *, token: TokenT_co | None = None, **options: Unpack[CallOptions]
    ) -> Response:
        """Call :meth:`request` with DELETE."""
        return self.request("DELETE", url, token=token, **options)

    def head(
        self, url: str, *, token: TokenT_co | None = None, **options: Unpack[CallOptions]
    ) -> Response:
        """Call :meth:`request` with HEAD; redirects are not followed unless asked."""
        options.setdefault("allow_redirects", False)
        return self.request("HEAD", url, token=token, **options)

    def options(
        self, url: str, *, token: TokenT_co | None = None, **options: Unpack[CallOptions]
    ) -> Response:
        """Call :meth:`request` with OPTIONS."""
        return self.request("OPTIONS", url, token=token, **options)
