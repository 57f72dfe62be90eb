"""The provider on a desk: any client on loopback, and a page to choose users and faults."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import Event
from typing import Final
from urllib.parse import urlsplit

from typing_extensions import override
from werkzeug.exceptions import abort
from werkzeug.wrappers import Request, Response

from typedoauth.errors import ConfigurationError
from typedoauth.testing import pages, token_endpoint
from typedoauth.testing.faults import EVERYDAY, select
from typedoauth.testing.provider import LocalProvider
from typedoauth.testing.records import Lifetimes, RegisteredClient
from typedoauth.testing.registered import is_web_address
from typedoauth.testing.registration import checked
from typedoauth.testing.server import is_loopback, serve
from typedoauth.testing.snippets import CLIENT_ID, snippets
from typedoauth.testing.web import no_store

__all__ = ["CLIENT_SECRET", "DeskProvider", "PORT", "is_on_loopback", "run"]

CLIENT_SECRET: Final = "the-secret-of-every-client-on-this-desk"
"""The secret of every client, unless another one is given."""

PORT: Final = 9000
"""Where the provider listens, unless told otherwise."""

_SCOPE: Final = ("openid", "profile", "email", "notes")


class DeskProvider(LocalProvider):
    """A provider that knows every client on this machine, by one secret.

    There is nothing to register: a client id is known as soon as it comes, and
    may be sent back to any address on loopback. It may also come without the
    secret, as a public client. Its page at ``/`` says who signs in and what goes
    wrong. Requests for a host that is not on loopback are refused.

    Args:
        client_secret: The secret of every client, of 32 characters or more.
        users: Identifiers of further users.
        lifetimes: How long tokens, codes and credentials are good for.

    Raises:
        ConfigurationError: The secret is too short.
    """

    def __init__(
        self,
        client_secret: str = CLIENT_SECRET,
        *,
        users: Iterable[str] = (),
        lifetimes: Lifetimes | None = None,
    ) -> None:
        super().__init__(lifetimes=lifetimes)
        if len(client_secret) < 32:
            raise ConfigurationError("the secret of a desk is to have 32 characters or more")
        self._secret: str = client_secret
        self._fault: str = ""
        self._state.newcomer = self._register
        verified = {"email_verified": True}
        self.add_user("ada", name="Ada Lovelace", email="ada@example.com", claims=verified)
        self.add_user("grace", name="Grace Hopper", email="grace@example.com", claims=verified)
        for user_id in users:
            self.add_user(user_id, email=f"{user_id}@example.com", claims=verified)
        # Scopes and keys are published for the clients that there are: so they are from the start.
        self._state.client(CLIENT_ID)

    def _register(self, client_id: str) -> RegisteredClient:
        return checked(
            RegisteredClient(
                client_id=client_id,
                client_secret=self._secret,
                name=client_id,
                redirect_uris=(),
                scope=_SCOPE,
                grant_types=frozenset(token_endpoint.GRANTS),
                token_endpoint_auth_method=None,
                require_pkce=False,
                rsa_public_key=None,
                accepts=is_on_loopback,
                secret_optional=True,
            )
        )

    @property
    def fault(self) -> str:
        """The name of what goes wrong now, or an empty text."""
        if self._fault == "answer_500_twice" and not self._state.failing:
            return ""
        return self._fault

    def choose_fault(self, name: str) -> None:
        """Let something go wrong, in place of what did so far.

        What happens in a moment, such as new keys, is over with this call.

        Args:
            name: One of :data:`~typedoauth.testing.faults.EVERYDAY`, or an empty text
                for nothing.

        Raises:
            ConfigurationError: There is no such fault.
        """
        if name and name not in EVERYDAY:
            raise ConfigurationError(f"there is no fault {name!r}; there are {', '.join(EVERYDAY)}")
        with self._state.lock:
            self._state.end(dict(self._state.faults))
            self._state.begin(select([name] if name else []))
            self._fault = name
            if name and EVERYDAY[name].momentary:
                self.choose_fault("")

    @override
    def respond(self, request: Request) -> Response:
        """Answer one request; see :meth:`LocalProvider.respond`."""
        host = urlsplit(f"//{request.host}").hostname or ""
        if not is_loopback(host):  # DNS rebinding: a site that has its name lead here
            return pages.error("Not here", "This provider is for this machine alone.", 421)
        return super().respond(request)

    @override
    def _home(self, request: Request) -> Response:
        if request.method == "POST":
            return self._choose(request)
        return pages.desk(
            users=list(self._state.users.values()),
            visitor=self._state.visitor,
            faults=list(EVERYDAY.values()),
            fault=self.fault,
            done=request.args.get("done"),
            momentary={one.name: one.description for one in EVERYDAY.values() if one.momentary},
            snippets=snippets(request.host_url.rstrip("/"), self._secret),
            counts=sorted((name, count) for name, count in self._state.counts.items() if count),
        )

    def _choose(self, request: Request) -> Response:
        # Browsers say so where a page of another site sent the form.
        if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            abort(403)
        user_id, added = request.form.get("user", ""), request.form.get("new_user", "").strip()
        if added:
            user_id = added
            self.add_user(user_id, email=request.form.get("new_email", "").strip() or None)
        self._state.visitor = user_id if user_id in self._state.users else None
        name = request.form.get("fault", "")
        if name not in EVERYDAY:
            name = ""
        if name != self.fault:
            self.choose_fault(name)
        return no_store(Response(status=303, headers={"Location": f"/?done={name}"}))


def is_on_loopback(uri: str) -> bool:
    """Tell whether a URI leads to this machine.

    Args:
        uri: The URI.

    Returns:
        Whether it is of http or https, with a host on loopback, and has no fragment.
    """
    return is_web_address(uri) and is_loopback(urlsplit(uri).hostname or "")


def run(
    *,
    host: str = "127.0.0.1",
    port: int = PORT,
    client_secret: str = CLIENT_SECRET,
    users: Iterable[str] = (),
    say: Callable[[str], object] = print,
) -> None:
    """Serve the provider until Ctrl-C.

    Args:
        host: A loopback address, or ``localhost``.
        port: The port; 0 takes a free one.
        client_secret: The secret of every client.
        users: Identifiers of further users.
        say: Called with what to tell the person: settings to paste.

    Raises:
        ConfigurationError: The host is not on loopback, or the secret too short.
    """
    provider = DeskProvider(client_secret, users=users)
    with serve(provider, host=host, port=port) as base_url:
        try:
            say(f"The provider is at {base_url}/ - it asks who signs in and what goes wrong.")
            say("Any client_id is good, and any redirection URI on this machine. Ctrl-C ends it.")
            for snippet in snippets(base_url, client_secret):
                say(f"\n# {snippet.title}\n{snippet.code}")
            Event().wait()
        except KeyboardInterrupt:
            say("")
