"""Whom and what the provider knows: clients, users, APIs, and who is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from typedoauth.protocols import Clock
from typedoauth.testing import registration, token_endpoint
from typedoauth.testing.addresses import Addresses, Resource
from typedoauth.testing.records import Lifetimes, RegisteredClient, User
from typedoauth.testing.registered import (
    Registered,
    add_addresses,
    known_method,
    opened,
    option,
)
from typedoauth.testing.state import State

__all__ = ["Directory"]


class Directory:
    """The half of :class:`LocalProvider` that is told what to know.

    Args:
        clock: Tells the time.
        lifetimes: How long tokens, codes and credentials are good for.
    """

    def __init__(self, clock: Clock, lifetimes: Lifetimes) -> None:
        self._state: State = State(clock, lifetimes)
        self._addresses: Addresses = Addresses()

    def add_client(
        self,
        client_id: str,
        client_secret: str | None = None,
        *,
        name: str | None = None,
        redirect_uris: Iterable[str] = (),
        scope: str = "profile email notes",
        grant_types: Iterable[str] = tuple(token_endpoint.GRANTS),
        token_endpoint_auth_method: str | None = None,
        require_pkce: bool = True,
        rsa_public_key: str | bytes | None = None,
        jwks: Mapping[str, object] | str | bytes | None = None,
        id_token_signed_response_alg: str = "RS256",
        userinfo_signed_response_alg: str | None = None,
        post_logout_redirect_uris: Iterable[str] = (),
        backchannel_logout_uri: str | None = None,
        frontchannel_logout_uri: str | None = None,
    ) -> RegisteredClient:
        """Register a client, for every protocol; one of the same id is replaced.

        Args:
            client_id: The client identifier, ``oauth_consumer_key`` in OAuth 1.0.
            client_secret: The shared secret; leave it out for a public client.
            name: What the authorization page calls it.
            redirect_uris: Redirection URIs and OAuth 1.0 callbacks, compared exactly.
            scope: The scope values that it may ask for, and gets where it asks for none;
                ``openid`` may always be asked for.
            grant_types: The grants that it may use.
            token_endpoint_auth_method: The only way it may authenticate; left out,
                basic and post are both good, a client with keys and no secret uses
                ``private_key_jwt``, and a public client uses ``none``.
            require_pkce: Whether it must send an S256 code challenge.
            rsa_public_key: PEM, for the RSA signatures of OAuth 1.0.
            jwks: What verifies its assertions: a JWK set, one JWK, or the PEM of a
                public key.
            id_token_signed_response_alg: How its ID Tokens are signed.
            userinfo_signed_response_alg: How its UserInfo responses are signed;
                ``None`` for plain JSON.
            post_logout_redirect_uris: Where logout may lead back to, compared exactly.
            backchannel_logout_uri: Where its logout tokens go.
            frontchannel_logout_uri: What the logout page opens in a frame.

        Returns:
            The registration.

        Raises:
            ConfigurationError: An argument cannot be right.
        """
        client = registration.checked(
            RegisteredClient(
                client_id=client_id,
                client_secret=client_secret or None,
                name=name or client_id,
                redirect_uris=tuple(redirect_uris),
                scope=tuple(scope.split()),
                grant_types=frozenset(grant_types),
                token_endpoint_auth_method=token_endpoint_auth_method,
                require_pkce=require_pkce,
                rsa_public_key=registration.rsa_key(rsa_public_key),
                keys=registration.key_set(jwks),
                id_token_signed_response_alg=id_token_signed_response_alg,
                userinfo_signed_response_alg=userinfo_signed_response_alg,
                post_logout_redirect_uris=tuple(post_logout_redirect_uris),
                backchannel_logout_uri=backchannel_logout_uri,
                frontchannel_logout_uri=frontchannel_logout_uri,
            )
        )
        with self._state.lock:
            self._state.clients[client_id] = client
        return client

    def add_user(
        self,
        user_id: str,
        *,
        name: str | None = None,
        email: str | None = None,
        password: str | None = None,
        claims: Mapping[str, object] | None = None,
    ) -> User:
        """Add a user, whom the authorization page then offers.

        Args:
            user_id: The stable identifier, ``sub`` of the profile.
            name: The full name.
            email: The email address.
            password: For the password grant; without one that grant is refused.
            claims: Further claims (OpenID Connect Core 5.1), released by scope and by
                the ``claims`` parameter.

        Returns:
            The user.
        """
        user = User(user_id, name or user_id, email, password, dict(claims or {}))
        with self._state.lock:
            self._state.users[user_id] = user
        return user

    def add_registered(self, client: Registered) -> None:
        """Register a client as it is set up, and answer wherever its service would.

        Its credentials, its endpoints and its issuer are those of the client. Any
        scope is good for it, and any redirection URI of http or https; PKCE is
        checked where it is used. Where :meth:`add_client` was called with its
        identifier, that is what it is held to.

        Args:
            client: An ``OAuth1Client``, an ``OAuth2Client``, or a remote app.

        Raises:
            ConfigurationError: A setting is missing, or no URL.
        """
        add_addresses(self._addresses, client)
        if client.client_id in self._state.clients:
            return
        made = self.add_client(
            client.client_id,
            client.client_secret,
            scope=option(client, "scope") or "profile",
            require_pkce=False,
            id_token_signed_response_alg=option(client, "id_token_signed_response_alg") or "RS256",
            userinfo_signed_response_alg=option(client, "userinfo_signed_response_alg"),
            token_endpoint_auth_method=known_method(client),
        )
        with self._state.lock:
            self._state.clients[made.client_id] = opened(made, client)

    def add_resource(self, url: str, resource: Resource) -> None:
        """Answer calls of an API, for whoever has a valid token.

        Args:
            url: The address; whatever its query is, and whatever the method.
            resource: The JSON document, or a function that makes one for the user
                whom the token is of.

        Raises:
            ConfigurationError: The address is not absolute.
        """
        self._addresses.add_resource(url, resource)

    def login_as(
        self,
        user_id: str,
        *,
        name: str | None = None,
        email: str | None = None,
        claims: Mapping[str, object] | None = None,
    ) -> User:
        """Let a user open every page from now on, and approve: no page is shown.

        Args:
            user_id: Who; where there is no such user, or there are further
                arguments, :meth:`add_user` is called with them.
            name: The full name.
            email: The email address.
            claims: Further claims.

        Returns:
            The user.
        """
        with self._state.lock:
            user = self._state.users.get(user_id)
            if user is None or not (name is None and email is None and claims is None):
                user = self.add_user(user_id, name=name, email=email, claims=claims)
            self._state.visitor = user_id
        return user
