"""A Flask application that logs people in by OpenID Connect, after the documented example."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Unpack

from flask import request, session, url_for
from flask.typing import ResponseReturnValue
from typing_extensions import TypedDict, override

from tests.real_servers.clients import OAuth2Registration
from tests.real_servers.login_app import LoginApp
from tests.real_servers.servers import OAuth2Server
from typedoauth.client import OAuth2Options
from typedoauth.flask import OAuth2App
from typedoauth.oidc import LogoutToken


class Asked(TypedDict, total=False):
    """What an authorization request may ask for (Core 3.1.2.1)."""

    max_age: int | None
    prompt: str
    acr_values: Sequence[str]
    claims: Mapping[str, object]


class OpenIDApp(LoginApp):
    """The application, registered by the address of the provider's metadata.

    Args:
        server: The provider.
        client: Who the application is there.
        options: Its ``client_kwargs``, over a scope of ``openid``.
        asked: Parameters of its authorization requests.

    Attributes:
        remote: The remote app.
        posted: The forms that were posted to its back-channel logout view.
        logouts: The logout tokens that this view accepted.
    """

    def __init__(
        self,
        server: OAuth2Server,
        client: OAuth2Registration,
        options: OAuth2Options | None = None,
        **asked: Unpack[Asked],
    ) -> None:
        super().__init__()
        kwargs: OAuth2Options = {"scope": "openid"}
        kwargs.update(options or {})
        self.remote: OAuth2App = self.oauth.register(
            "remote",
            client_id=client.client_id,
            client_secret=client.client_secret,
            server_metadata_url=f"{server.process.base_url}/.well-known/openid-configuration",
            client_kwargs=kwargs,
        )
        self.asked: Asked = asked
        self.posted: list[dict[str, str]] = []
        self.logouts: list[LogoutToken] = []
        self.app.add_url_rule("/logout", view_func=self.logout)
        self.app.add_url_rule("/logged-out", view_func=self.logged_out)
        backchannel = self.remote.backchannel_logout_view(self.logouts.append)
        self.app.add_url_rule("/backchannel", view_func=backchannel, methods=["POST"])
        self.app.before_request(self._note)

    @override
    def login(self) -> ResponseReturnValue:
        """The view that sends the browser to the provider."""
        return self.remote.authorize_redirect(url_for("authorize", _external=True), **self.asked)

    @override
    def authorize(self) -> ResponseReturnValue:
        """The view that the provider sends the browser back to."""
        token = self.remote.authorize_access_token()
        session["id_token"] = token.get("id_token")
        return {"token": dict(token), "profile": self.remote.userinfo(token=token)}

    def logout(self) -> ResponseReturnValue:
        """The view that logs the user out, here and at the provider."""
        id_token = session.pop("id_token", None)
        session.clear()
        back = url_for("logged_out", _external=True)
        return self.remote.logout_redirect(back, id_token, data={"farewell": "bye"})

    def logged_out(self) -> ResponseReturnValue:
        """The view that the provider sends the browser back to after a logout."""
        return dict(self.remote.validate_logout_response())

    def _note(self) -> None:
        if request.path == "/backchannel":
            self.posted.append(request.form.to_dict())
