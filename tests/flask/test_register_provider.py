"""``register_provider``: a declaration, what config says over it, and keywords over both."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests.flask.site import query_of
from typedoauth import OAuth2Client, OAuth2Token
from typedoauth.errors import (
    ConfigurationError,
    IdTokenError,
    MissingTokenError,
    UnknownClientError,
    UnknownOptionError,
)
from typedoauth.flask import OAuth, OAuth1App, OAuth2App, OpenIDApp
from typedoauth.providers import (
    Discord,
    GitHub,
    GitLab,
    Google,
    Okta,
    TikTok,
    Twitch,
    Twitter,
)
from typedoauth.transports import Headers, Request, Response, StubTransport

TOKEN: OAuth2Token = {"access_token": "a-token", "token_type": "Bearer"}


def new_oauth(**config: object) -> OAuth:
    """A registry, for an application with some config."""
    app = Flask("site")
    app.config.from_mapping({"SECRET_KEY": "k", "DISCORD_CLIENT_ID": "c", **config})
    return OAuth(app, transport=StubTransport(lambda _: Response(200, content=b'{"id": 7}')))


def test_kind_is_that_of_the_declaration() -> None:
    """One class for each protocol."""
    oauth = new_oauth()
    assert type(oauth.register_provider(Twitter, client_id="c")) is OAuth1App
    assert type(oauth.register_provider(GitHub, client_id="c")) is OAuth2App
    assert type(oauth.register_provider(Google, client_id="c")) is OpenIDApp


def test_client_is_found_by_its_name() -> None:
    """As every other one; or by another name, whose config keys it reads then."""
    oauth = new_oauth(WORK_CLIENT_ID="w")
    oauth.register_provider(GitLab(), client_id="c")
    oauth.register_provider(GitLab("git.example"), "work")
    assert list(oauth) == ["gitlab", "work"]
    assert oauth.work.client_id == "w"
    assert oauth.work.authorize_url == "https://git.example/oauth/authorize"


def scope_of(oauth: OAuth, name: str = "discord") -> str:
    """The scope of a login."""
    url = oauth.create_client(name).create_authorization_url("https://site.example/auth")["url"]
    return query_of(url)["scope"]


def test_declaration_is_what_holds() -> None:
    """Where nothing else is said."""
    oauth = new_oauth()
    oauth.register_provider(Discord)
    assert scope_of(oauth) == "identify email"


def test_config_wins_over_the_declaration() -> None:
    """Without ``overwrite``: it is the application's."""
    oauth = new_oauth(
        DISCORD_CLIENT_KWARGS={"scope": "guilds"}, DISCORD_AUTHORIZE_URL="https://d.x"
    )
    client = oauth.register_provider(Discord)
    assert scope_of(oauth) == "guilds"
    assert client.authorize_url == "https://d.x"
    assert client.client_kwargs["token_endpoint_auth_method"] == "client_secret_post"


def test_keyword_wins_over_config_and_declaration() -> None:
    """As with ``register``."""
    oauth = new_oauth(DISCORD_CLIENT_KWARGS={"scope": "guilds"}, DISCORD_CLIENT_ID="of config")
    client = oauth.register_provider(Discord, client_id="mine", client_kwargs={"scope": "bot"})
    assert (client.client_id, scope_of(oauth)) == ("mine", "bot")
    assert client.client_kwargs["token_endpoint_auth_method"] == "client_secret_post"


def test_overwrite_lets_config_win_over_keywords() -> None:
    """As with ``register``."""
    oauth = new_oauth(DISCORD_CLIENT_KWARGS={"scope": "guilds"})
    oauth.register_provider(Discord, overwrite=True, client_kwargs={"scope": "bot"})
    assert scope_of(oauth) == "guilds"


def test_declaration_is_not_written_to() -> None:
    """Another application finds it as it was."""
    before = dict(Discord.client_kwargs)
    new_oauth().register_provider(Discord, client_kwargs={"scope": "bot"})
    assert Discord.client_kwargs == before


def test_own_compliance_fix_comes_after_the_declared_one() -> None:
    """Both are called: a fix of one's own must not break the service."""
    seen: list[str | None] = []

    def fix(client: OAuth2Client) -> None:
        seen.append(client.headers.get("Client-Id"))
        client.headers["X-Mine"] = "1"

    client = new_oauth().register_provider(Twitch, client_id="c", compliance_fix=fix)
    client.get("users", token=TOKEN)
    assert seen == ["c"]


def test_own_client_auth_method_is_beside_the_declared_ones() -> None:
    """And may be chosen."""

    def sign(
        client: OAuth2Client, method: str, url: str, headers: dict[str, str], body: str
    ) -> tuple[str, dict[str, str], str]:
        return url, {**headers, "X-Mine": "1"}, body

    stub = StubTransport(lambda _: Response(200, content=b'{"access_token": "a"}'))
    app = Flask("site")
    client = OAuth(app, transport=stub).register_provider(
        TikTok,
        client_id="c",
        client_secret="s",
        client_auth_methods=[("mine", sign)],
        client_kwargs={"revocation_endpoint_auth_method": "mine"},
    )
    client.fetch_access_token(code="code", code_verifier="v" * 43)
    client.revoke_token("a")
    assert b"client_key=c" in (stub.requests[0].body or b"")
    assert "X-Mine" not in stub.requests[0].headers
    assert stub.requests[1].headers["X-Mine"] == "1"


@pytest.mark.parametrize(
    ("keywords", "error"),
    [
        ({"cleint_id": "c"}, UnknownOptionError),
        ({"client_kwargs": {"skope": "a"}}, UnknownOptionError),
        ({"request_token_url": "https://a.example"}, ConfigurationError),
        ({"authorize_url": "http://a.example"}, ConfigurationError),
        ({"name": "register"}, ConfigurationError),
        ({"name": ""}, ConfigurationError),
    ],
)
def test_wrong_keyword_is_refused(keywords: dict[str, Any], error: type[Exception]) -> None:
    """At registration, as with ``register``."""
    with pytest.raises(error):
        new_oauth().register_provider(GitHub, **keywords)


@pytest.mark.parametrize("provider", [None, "github", GitLab, object()])
def test_what_is_no_declaration_is_refused(provider: Any) -> None:  # any: what a checker refuses
    """A name, or a service without its parameters."""
    with pytest.raises(ConfigurationError, match=r"declaration of typedoauth\.providers"):
        new_oauth().register_provider(provider)


def test_userinfo_asks_the_service() -> None:
    """With the token that is given, or that of the request; and without one there is nobody."""
    oauth = new_oauth()
    client = oauth.register_provider(Discord)
    assert client.userinfo(TOKEN) == {"sub": "7"}
    with pytest.raises(MissingTokenError):
        client.userinfo()


def test_userinfo_is_about_whom_it_is_asked_for() -> None:
    """``sub=``, as with an OpenID Provider."""
    client = new_oauth().register_provider(Discord)
    assert client.userinfo(TOKEN, sub="7")["sub"] == "7"
    with pytest.raises(IdTokenError):
        client.userinfo(TOKEN, sub="8")


def test_userinfo_of_oauth1_takes_a_declaration() -> None:
    """The protocol itself knows no profile."""
    oauth = new_oauth()
    plain = oauth.register(
        "plain", client_id="c", client_secret="s", request_token_url="https://a.example/r"
    )
    with pytest.raises(ConfigurationError, match="register_provider"):
        plain.userinfo({"oauth_token": "t", "oauth_token_secret": "s"})
    with pytest.raises(MissingTokenError):
        oauth.register_provider(Twitter, client_id="c", client_secret="s").userinfo()


def _endpoints(request: Request) -> Response:
    if "well-known" in request.url:
        issuer = request.url.removesuffix("/.well-known/openid-configuration")
        content = f'{{"issuer": "{issuer}", "userinfo_endpoint": "https://op.example/me"}}'
    else:
        content = '{"sub": "ada", "name": "of the endpoint"}'
    return Response(200, Headers({"Content-Type": "application/json"}), content.encode())


def openid_token() -> OAuth2Token:
    """A token whose login ended with claims."""
    token: Any = {**TOKEN, "userinfo": {"sub": "ada", "name": "of the ID Token"}}  # any: as kept
    found: OAuth2Token = token
    return found


def test_userinfo_of_an_openid_provider_is_in_its_id_token() -> None:
    """Nobody is asked; unless the token came without."""
    stub = StubTransport(_endpoints)
    google = OAuth(Flask("site"), transport=stub).register_provider(Google, client_id="c")
    assert google.userinfo(openid_token()).get("name") == "of the ID Token"
    assert stub.requests == []
    assert google.userinfo(TOKEN).get("name") == "of the endpoint"


def test_userinfo_of_an_openid_provider_with_thin_id_tokens_is_asked_for() -> None:
    """And has to be about the same user."""
    stub = StubTransport(_endpoints)
    oauth = OAuth(Flask("site"), transport=stub)
    okta = oauth.register_provider(Okta("engines.okta.com"), client_id="c")
    assert okta.userinfo(openid_token()).get("name") == "of the endpoint"
    with pytest.raises(IdTokenError):
        okta.userinfo(openid_token(), sub="grace")


def test_userinfo_without_a_declaration_stays_what_it_was() -> None:
    """It asks the endpoint, whatever the token holds."""
    stub = StubTransport(_endpoints)
    client = OAuth(Flask("site"), transport=stub).register(
        "plain",
        client_id="c",
        client_cls=OpenIDApp,
        server_metadata_url="https://op.example/.well-known/openid-configuration",
    )
    assert client.userinfo(openid_token()).get("name") == "of the endpoint"


def test_registry_knows_how_a_service_was_declared() -> None:
    """So that two declarations of one name can be told apart."""
    oauth = OAuth()
    oauth.register_provider(GitHub, client_id="c")
    oauth.register("other", client_id="c", access_token_url="https://other.example/token")
    assert oauth.provider_of("github") is GitHub
    assert oauth.provider_of("other") is None
    with pytest.raises(UnknownClientError, match="registered: github, other"):
        oauth.provider_of("third")
