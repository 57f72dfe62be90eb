"""Compliance hooks, each kind with its own shape."""

from __future__ import annotations

import json
from typing import assert_type

from tests.typing.services import BASE, OAUTH2_TOKEN, TOKEN, answer
from typedoauth import OAuth2Client, Response
from typedoauth.client import ComplianceFix
from typedoauth.flask import OAuth
from typedoauth.transports import StubTransport


def client_with(fix: ComplianceFix) -> OAuth2Client:
    """A client whose service answers every token request."""
    return OAuth2Client(
        "c",
        access_token_url=TOKEN,
        api_base_url=BASE,
        compliance_fix=fix,
        token=OAUTH2_TOKEN,
        transport=StubTransport(answer),
    )


def test_response_hook_takes_and_gives_a_response() -> None:
    """The documented Slack example, in the documented way of mending."""

    def slack_compliance_fix(session: OAuth2Client) -> None:
        def fix(resp: Response) -> Response:
            token = resp.json()
            token["token_type"] = "MAC"
            return resp.replace(json=token)

        session.register_compliance_hook("access_token_response", fix)

    token = client_with(slack_compliance_fix).fetch_access_token()
    assert_type(token.get("token_type"), str | None)
    assert token.get("token_type") == "MAC"


def test_response_hook_may_assign_json() -> None:
    """The idiom of existing hooks: a function of the response's own."""

    def fix(session: OAuth2Client) -> None:
        def mended(resp: Response) -> Response:
            resp.json = lambda: {"access_token": "mended"}
            return resp

        session.register_compliance_hook("access_token_response", mended)

    assert client_with(fix).fetch_access_token()["access_token"] == "mended"


def test_response_hook_may_assign_content() -> None:
    """The other idiom; pyright wants to hear that the underscore is meant."""

    def fix(session: OAuth2Client) -> None:
        def mended(resp: Response) -> Response:
            resp._content = json.dumps({"access_token": "mended"}).encode()  # pyright: ignore[reportPrivateUsage]  as the page prints it
            return resp

        session.register_compliance_hook("refresh_token_response", mended)
        session.register_compliance_hook("access_token_response", mended)

    assert client_with(fix).fetch_access_token()["access_token"] == "mended"


def test_form_hook_sees_the_encoded_body() -> None:
    """URL, headers and text, for each request to an authorization server."""
    seen: list[str] = []

    def fix(session: OAuth2Client) -> None:
        def hook(url: str, headers: dict[str, str], body: str) -> tuple[str, dict[str, str], str]:
            seen.append(body)
            return url, {**headers, "X-A": "1"}, body + "&more=1"

        session.register_compliance_hook("refresh_token_request", hook)
        session.register_compliance_hook("revoke_token_request", hook)
        session.register_compliance_hook("introspect_token_request", hook)

    client = client_with(fix)
    client.refresh_token({"access_token": "a", "refresh_token": "r"})
    assert seen == ["grant_type=refresh_token&refresh_token=r"]


def test_protected_request_hook_sees_bytes_or_none() -> None:
    """API calls may have any body."""

    def fix(session: OAuth2Client) -> object:
        def hook(
            url: str, headers: dict[str, str], body: bytes | None
        ) -> tuple[str, dict[str, str], bytes | None]:
            return f"{url}?v=2", headers, body

        return session.register_compliance_hook("protected_request", hook)

    assert client_with(fix).get("user").url == f"{BASE}user?v=2"


def test_fix_may_be_a_lambda() -> None:
    """What a fix returns is ignored."""
    heard: list[str] = []
    client_with(lambda session: heard.append(session.client_id))
    OAuth().register(
        "a", access_token_url=TOKEN, compliance_fix=lambda session: session.client_secret
    )
    assert heard == ["c"]
