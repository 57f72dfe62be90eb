"""A client of an OAuth 1.0 service, usable without any web framework."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeVar, Unpack, cast

from typing_extensions import override

from typedoauth import oidc
from typedoauth._urls import add_query, pairs, text
from typedoauth.client.base import OAuthClient
from typedoauth.client.option_values import given_options
from typedoauth.client.options import OAuth1Options, option_names
from typedoauth.client.parameters import (
    Callback,
    HTTPKeywords,
    absolute_uri,
    callback_pairs,
    form_parameters,
    parameter_pairs,
    split_http_keywords,
)
from typedoauth.client.runner import run
from typedoauth.credentials import PendingAuthorization, TemporaryCredentials
from typedoauth.errors import ConfigurationError, MissingRequestTokenError
from typedoauth.messages import Request, Response
from typedoauth.oauth1 import (
    AuthorizationResponse,
    OAuth1Signer,
    authorization_url,
    callback_token,
    parse_authorization_response,
    parse_placement,
    signature_method,
    temporary_credentials_request,
    token_credentials_request,
)
from typedoauth.protocols import Clock, SignatureMethod, TokenStore, Transport
from typedoauth.tokens import OAuth1Token, check_oauth1_token

__all__ = ["OAuth1Client"]

_OPTIONS: Final = option_names(OAuth1Options)
_NEED_SECRET: Final = ("HMAC-SHA1", "HMAC-SHA256", "HMAC-SHA512", "PLAINTEXT")
_ResultT = TypeVar("_ResultT")


class OAuth1Client(OAuthClient[OAuth1Token]):
    """A client of an OAuth 1.0 service (RFC 5849).

    One instance serves any number of users and threads. ``token=`` is for
    scripts that act for one user.

    Args:
        client_id: The client identifier, ``oauth_consumer_key``.
        client_secret: The client shared-secret; not needed with an RSA method.
        name: What the client is called in messages and logs.
        request_token_url: The Temporary Credential Request endpoint.
        request_token_params: ``realm``, HTTP keywords (``headers``, ``timeout``,
            ``params``, ``method``, …) and further parameters of that request.
        access_token_url: The Token Request endpoint.
        access_token_params: The same for that request.
        authorize_url: The Resource Owner Authorization endpoint.
        authorize_params: Further parameters of it; they win over those of a call.
        api_base_url: What relative URLs are resolved against.
        token: The token of API calls that are given none.
        fetch_token: Called without arguments for the token of such calls.
        token_store: Keeps tokens, for :meth:`stored_token` and :meth:`save_token`.
        transport: Sends requests; a pooled ``Urllib3Transport`` when left out.
        clock: Tells the time; ``time.time`` when left out.
        options: See :class:`OAuth1Options`.

    Raises:
        ConfigurationError: A setting is wrong; the message says which.
    """

    def __init__(
        self,
        client_id: str,
        client_secret: str | None = None,
        *,
        name: str = "oauth1",
        request_token_url: str | None = None,
        request_token_params: Mapping[str, object] | None = None,
        access_token_url: str | None = None,
        access_token_params: Mapping[str, object] | None = None,
        authorize_url: str | None = None,
        authorize_params: Mapping[str, object] | None = None,
        api_base_url: str | None = None,
        token: OAuth1Token | None = None,
        fetch_token: Callable[[], OAuth1Token | None] | None = None,
        token_store: TokenStore[OAuth1Token] | TokenStore | None = None,
        transport: Transport | None = None,
        clock: Clock | None = None,
        **options: Unpack[OAuth1Options],
    ) -> None:
        options = given_options(options, _OPTIONS, f"client {name!r}", OAuth1Client)
        super().__init__(
            client_id,
            client_secret,
            options,
            name=name,
            access_token_url=access_token_url,
            access_token_params=access_token_params,
            authorize_url=authorize_url,
            authorize_params=authorize_params,
            api_base_url=api_base_url,
            token=None if token is None else check_oauth1_token(token),
            fetch_token=fetch_token,
            # What it gives is checked, whichever kind it keeps.
            token_store=cast("TokenStore[OAuth1Token] | None", token_store),
            transport=transport,
            clock=clock,
        )
        self._exchange.secure(request_token_url, "request_token_url")
        self.request_token_url: str | None = request_token_url
        self.request_token_params: Mapping[str, object] = dict(request_token_params or {})
        self.signature_method: SignatureMethod = _chosen(options)
        if client_secret is None and self.signature_method.name in _NEED_SECRET:
            raise ConfigurationError(
                f"client {name!r} needs a client_secret to sign by {self.signature_method.name}; "
                "give it, or choose an RSA method"
            )
        self._signer: OAuth1Signer = OAuth1Signer(
            self.credentials,
            self.signature_method,
            parse_placement(options.get("signature_type", "HEADER")),
            options.get("realm"),
            options.get("include_body_hash", False) or options.get("force_include_body", False),
        )
        for given in (self.request_token_params, self.access_token_params):
            self._prepare("", given)  # what stands there is refused now
        self._confirmed: bool = options.get("require_callback_confirmed", True)
        if authorize_url is not None:  # what stands on it is refused now, not at a login
            fixed = form_parameters(self.authorize_params)
            authorization_url(authorize_url, TemporaryCredentials("", ""), fixed)

    def start_authorization(
        self,
        redirect_uri: str | None = None,
        *,
        data: Mapping[str, object] | None = None,
        **parameters: object,
    ) -> PendingAuthorization:
        """Begin a login: ask for temporary credentials.

        Args:
            redirect_uri: Where the resource owner comes back to; ``None`` where
                they are shown a verifier to type in.
            data: The caller's own data, kept until the callback: JSON values.
            parameters: Further parameters of the authorization URL;
                ``authorize_params`` win over them.

        Returns:
            Where to send the user agent, and what to remember until it is back.

        Raises:
            CredentialRequestError: The server refused.
            MalformedResponseError: Its answer holds no temporary credentials.
            TransportError: No answer came.
            ConfigurationError: An endpoint is not registered, or *redirect_uri* is
                not absolute.

        Spec: RFC 5849 2.1, 2.2.
        """
        if redirect_uri not in (None, "oob"):
            absolute_uri(redirect_uri)
        authorize_url = self._need(self.authorize_url, "authorize_url")
        url = self._need(self.request_token_url, "request_token_url")
        prepared = self._prepare(url, self.request_token_params)
        temporary = self._run(
            prepared,
            temporary_credentials_request(
                prepared.url,
                prepared.signer,
                timestamp=int(self._clock()),
                nonce=secrets.token_hex(16),
                callback=redirect_uri,
                method=prepared.method,
                parameters=prepared.parameters,
                require_callback_confirmed=self._confirmed,
            ),
        )
        merged = form_parameters({**parameters, **self.authorize_params})
        return PendingAuthorization(
            state=temporary.oauth_token,
            redirect_uri=redirect_uri,
            temporary_credentials=temporary,
            data=dict(data or {}),
            url=authorization_url(authorize_url, temporary, merged),
        )

    @override
    def authorization_key(self, callback: Callback) -> str:
        """The ``oauth_token`` of a callback, or the one that was ``denied``."""
        parameters = callback_pairs(callback)
        token = callback_token(parameters)
        if token is None:
            # It belongs to no login; the parser knows what to say of it.
            token = parse_authorization_response(parameters).oauth_token
        return token

    @override
    def finish_authorization(
        self,
        callback: Callback,
        pending: PendingAuthorization,
        *,
        claims_options: Mapping[str, oidc.ClaimOptions] | None = None,
        leeway: float | None = None,
        **parameters: object,
    ) -> OAuth1Token:
        """Trade what a callback brings; see :meth:`OAuthClient.finish_authorization`."""
        if claims_options is not None or leeway is not None:
            raise ConfigurationError(
                f"client {self.name!r} is of OAuth 1.0, which has no ID Token: "
                "leave claims_options and leeway out"
            )
        response = parse_authorization_response(callback_pairs(callback))
        if pending.temporary_credentials is None:
            raise MissingRequestTokenError(
                "the temporary credentials of this login are gone; log in again"
            )
        return self._trade(pending.temporary_credentials, response, parameters)

    def fetch_access_token(
        self,
        request_token: TemporaryCredentials | Mapping[str, object] | None = None,
        *,
        verifier: str | None = None,
        **parameters: object,
    ) -> OAuth1Token:
        """Trade temporary credentials and a verifier for token credentials.

        Args:
            request_token: The temporary credentials, or a dict that holds them.
            verifier: What the server gave the resource owner (``oauth_verifier``).
            parameters: Further parameters of the request, and HTTP keywords.

        Returns:
            The token.

        Raises:
            MissingRequestTokenError: There are no temporary credentials.
            MissingVerifierError: There is no verifier.
            CredentialRequestError: The server refused.
            MalformedResponseError: Its answer holds no token credentials.
            TransportError: No answer came.

        Spec: RFC 5849 2.3.
        """
        if request_token is None:
            raise MissingRequestTokenError(
                "fetch_access_token needs request_token=, what the login began with"
            )
        if not isinstance(request_token, TemporaryCredentials):
            given = check_oauth1_token(request_token)
            request_token = TemporaryCredentials(given["oauth_token"], given["oauth_token_secret"])
        given_verifier: object = verifier or parameters.pop("oauth_verifier", None)
        answer = [("oauth_token", request_token.oauth_token)]
        if given_verifier:
            answer.append(("oauth_verifier", text(given_verifier)))
        return self._trade(request_token, parse_authorization_response(answer), parameters)

    @override
    def check_token(self, token: object, /) -> OAuth1Token:
        """Check that *token* is one of OAuth 1.0."""
        return check_oauth1_token(token)

    @override
    def _authorized(self, request: Request, token: OAuth1Token) -> Request:
        return self._signer.sign(
            request, token, timestamp=int(self._clock()), nonce=secrets.token_hex(16)
        )

    def _trade(
        self,
        temporary: TemporaryCredentials,
        response: AuthorizationResponse,
        parameters: Mapping[str, object],
    ) -> OAuth1Token:
        url = self._need(self.access_token_url, "access_token_url")
        prepared = self._prepare(url, {**self.access_token_params, **parameters})
        return self._run(
            prepared,
            token_credentials_request(
                prepared.url,
                prepared.signer,
                temporary,
                response,
                timestamp=int(self._clock()),
                nonce=secrets.token_hex(16),
                method=prepared.method,
                parameters=prepared.parameters,
            ),
        )

    def _prepare(self, url: str, parameters: Mapping[str, object]) -> _Prepared:
        """Sort what ``request_token_params`` and ``access_token_params`` may hold."""
        realm, data = parameters.get("realm"), parameters.get("data")
        http, form = split_http_keywords(
            {name: value for name, value in parameters.items() if name not in ("realm", "data")}
        )
        if http.auth is not None:
            raise ConfigurationError(
                "auth has no meaning for OAuth 1.0: its requests are signed; leave it out"
            )
        signer = self._signer
        if isinstance(realm, str):
            signer = replace(signer, realm=realm)
        elif realm is not None:
            raise ConfigurationError("realm is to be a text")
        # They are signed, so they go on the URL before and not after.
        url = add_query(url, http.params)
        return _Prepared(
            url,
            http.method,
            signer,
            [*pairs(form), *parameter_pairs(data, "data")],
            replace(http, params=()),
        )

    def _need(self, url: str | None, what: str) -> str:
        if url is None:
            raise ConfigurationError(
                f"client {self.name!r} has no {what}; give {what}= "
                "(in a Flask application, config can give it, too)"
            )
        return url

    def _run(self, prepared: _Prepared, flow: Generator[Request, Response, _ResultT]) -> _ResultT:
        return run(flow, lambda request: self._exchange.protocol(request, prepared.http))


@dataclass(frozen=True, slots=True)
class _Prepared:
    url: str
    method: str
    signer: OAuth1Signer
    parameters: list[tuple[str, str]]
    http: HTTPKeywords


def _chosen(options: OAuth1Options) -> SignatureMethod:
    """The signature method that the options name or hold."""
    method: object = options.get("signature_method", "HMAC-SHA1")
    if isinstance(method, str):
        return signature_method(
            method,
            rsa_key=options.get("rsa_key"),
            rsa_key_password=options.get("rsa_key_password"),
        )
    if not callable(getattr(method, "sign", None)) or not isinstance(
        getattr(method, "name", None), str
    ):
        raise ConfigurationError(
            "signature_method is a name, or an object with name and sign(); "
            f"this is of type {type(method).__name__}"
        )
    return cast("SignatureMethod", method)  # by its two members
