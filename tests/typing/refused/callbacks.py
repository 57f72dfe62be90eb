"""Functions of the application that have no shape of the documentation."""
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportUnknownVariableType=false, reportUnknownLambdaType=false

from __future__ import annotations

from flask import Flask

from tests.typing.services import REQUEST, TOKEN, new_app
from typedoauth import AnyToken, OAuth1Token, OAuth2Client, OAuth2Token, Response
from typedoauth.flask import LoginBegun, LoginFailed, OAuth, login_failed

oauth = OAuth()


# Fetching.


def fetch_without_name() -> OAuth2Token | None:
    """Has no name."""


def fetch_by_name(name: str) -> OAuth2Token | None:
    """Has a name."""


def fetch_text(name: str) -> str:
    """Answers a text."""
    return name


def fetch_dict(name: str) -> dict[str, str]:
    """Answers a dict of which nothing is known."""
    return {"access_token": name}


def fetch_pair(name: str) -> tuple[str, str]:
    """Answers the pair of code for Flask-OAuthlib."""
    return name, name


async def fetch_later(name: str) -> OAuth2Token | None:
    """Would have to be awaited."""


def fetch_by_number(number: int) -> OAuth2Token | None:
    """Wants a number."""


def fetch_oauth1() -> OAuth1Token | None:
    """Answers the other kind."""


# E: mypy[arg-type] pyright[reportArgumentType]
OAuth(fetch_token=fetch_without_name)
# E: mypy[arg-type] pyright[reportArgumentType]
OAuth(fetch_token=fetch_text)
# E: mypy[arg-type] pyright[reportArgumentType]
OAuth(fetch_token=fetch_dict)
# E: mypy[arg-type] pyright[reportArgumentType]
OAuth(fetch_token=fetch_pair)
# E: mypy[arg-type] pyright[reportArgumentType]
OAuth(fetch_token=fetch_later)
# E: mypy[arg-type] pyright[reportArgumentType]
OAuth(fetch_token=fetch_by_number)
# E: mypy[arg-type] pyright[reportArgumentType]
OAuth(fetch_token={"access_token": "t"})
# E: mypy[assignment] pyright[reportAttributeAccessIssue]
oauth.fetch_token = fetch_without_name
# E: mypy[arg-type] pyright[reportArgumentType reportCallIssue]
oauth.register("a", access_token_url=TOKEN, fetch_token=fetch_by_name)
# E: mypy[arg-type] pyright[reportArgumentType reportCallIssue]
oauth.register("a", access_token_url=TOKEN, fetch_token=fetch_oauth1)
# E: mypy[arg-type] pyright[reportArgumentType reportCallIssue]
oauth.register("a", request_token_url=REQUEST, fetch_token=fetch_without_name)
# E: mypy[arg-type] pyright[reportArgumentType]
OAuth2Client("c", fetch_token=fetch_by_name)


# Updating.


def update_nothing() -> None:
    """Takes nothing."""


def update_alone(token: OAuth2Token) -> None:
    """Takes the token."""


def update_by_name(name: str, token: OAuth2Token) -> None:
    """Takes name and token."""


def update_three(name: str, token: OAuth2Token, owner: str) -> None:
    """Takes one more."""


def update_swapped(token: OAuth2Token, name: str) -> None:
    """Takes them the other way round."""


def update_oauth1(name: str, token: OAuth1Token) -> None:
    """Takes tokens that are never renewed."""


def update_keyword(token: OAuth2Token, *, old_token: str) -> None:
    """Wants a keyword that nobody gives."""


# E: mypy[arg-type] pyright[reportArgumentType]
OAuth(update_token=update_nothing)
# E: mypy[arg-type] pyright[reportArgumentType]
OAuth(update_token=update_alone)
# E: mypy[arg-type] pyright[reportArgumentType]
OAuth(update_token=update_three)
# E: mypy[arg-type] pyright[reportArgumentType]
OAuth(update_token=update_swapped)
# E: mypy[arg-type] pyright[reportArgumentType]
OAuth(update_token=update_oauth1)
# E: mypy[arg-type] pyright[reportArgumentType]
OAuth().init_app(new_app(), update_token=update_alone)
# E: mypy[arg-type] pyright[reportArgumentType reportCallIssue]
oauth.register("a", access_token_url=TOKEN, update_token=update_nothing)
# E: mypy[arg-type] pyright[reportArgumentType reportCallIssue]
oauth.register("a", access_token_url=TOKEN, update_token=update_by_name)
# E: mypy[arg-type] pyright[reportArgumentType reportCallIssue]
oauth.register("a", access_token_url=TOKEN, update_token=update_keyword)
# E: mypy[arg-type] pyright[reportArgumentType]
OAuth2Client("c", update_token=update_by_name)


# Temporary credentials.


def save_nothing() -> None:
    """Takes nothing."""


def fetch_request(name: str) -> OAuth1Token | None:
    """Wants a name."""


# E: mypy[arg-type] pyright[reportArgumentType reportCallIssue]
oauth.register("a", request_token_url=REQUEST, save_request_token=save_nothing)
# E: mypy[arg-type] pyright[reportArgumentType reportCallIssue]
oauth.register("a", request_token_url=REQUEST, fetch_request_token=fetch_request)


# Compliance hooks.


def fix_nothing() -> None:
    """Takes no client."""


def on_response(response: Response) -> Response:
    """Is right."""
    return response


def on_response_in_vain(response: Response) -> None:
    """Forgets to give the response back."""


def on_form(url: str, headers: dict[str, str], body: str) -> tuple[str, dict[str, str], str]:
    """Is right."""
    return url, headers, body


def on_pair(url: str, headers: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Lacks the body."""
    return url, headers


def fix(session: OAuth2Client, token: AnyToken) -> None:
    """Registers hooks wrongly, and takes too much."""
    # E: mypy[call-overload] pyright[reportArgumentType reportCallIssue]
    session.register_compliance_hook("access_token_respons", on_response)
    # E: mypy[call-overload] pyright[reportArgumentType reportCallIssue]
    session.register_compliance_hook("access_token_response", on_form)
    # E: mypy[call-overload] pyright[reportArgumentType reportCallIssue]
    session.register_compliance_hook("access_token_response", on_response_in_vain)
    # E: mypy[call-overload] pyright[reportArgumentType reportCallIssue]
    session.register_compliance_hook("refresh_token_request", on_response)
    # E: mypy[call-overload] pyright[reportArgumentType reportCallIssue]
    session.register_compliance_hook("refresh_token_request", on_pair)
    # E: mypy[call-overload] pyright[reportArgumentType reportCallIssue]
    session.register_compliance_hook("protected_request", on_form)
    # E: mypy[call-overload] pyright[reportCallIssue]
    session.register_compliance_hook("protected_request")


# E: mypy[arg-type] pyright[reportArgumentType reportCallIssue]
oauth.register("a", access_token_url=TOKEN, compliance_fix=fix_nothing)
# E: mypy[arg-type] pyright[reportArgumentType reportCallIssue]
oauth.register("a", access_token_url=TOKEN, compliance_fix=fix)


# Signals.


def hear_nothing() -> None:
    """Takes nothing."""


def hear_event(event: LoginFailed) -> None:
    """Lacks the sender."""


def hear_other(sender: Flask, event: LoginBegun) -> None:
    """Wants another event."""


def hear_swapped(event: LoginFailed, sender: Flask) -> None:
    """Takes them the other way round."""


def hear_member(sender: Flask, event: LoginFailed) -> None:
    """Reads what is not there, and writes."""
    # E: mypy[attr-defined] pyright[reportAttributeAccessIssue]
    print(event.token)
    # E: mypy[misc] pyright[reportAttributeAccessIssue]
    event.client = "other"


# E: mypy[arg-type] pyright[reportArgumentType]
login_failed.connect(hear_nothing)
# E: mypy[arg-type] pyright[reportArgumentType]
login_failed.connect(hear_event)
# E: mypy[arg-type] pyright[reportArgumentType]
login_failed.connect(hear_other)
# E: mypy[arg-type] pyright[reportArgumentType]
login_failed.connect_via(new_app())(hear_swapped)
# E: mypy[arg-type] pyright[reportArgumentType]
login_failed.connected_to(hear_other)
# E: mypy[arg-type] pyright[reportArgumentType]
login_failed.connect(hear_member, "app")
# E: mypy[arg-type] pyright[reportArgumentType]
login_failed.send(new_app(), LoginBegun(client="c", login="l"))
