"""Calls that are wrong."""
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportUnknownVariableType=false, reportUnknownLambdaType=false

from __future__ import annotations

from tests.typing.services import new_app, new_services
from typedoauth import OAuth2Client
from typedoauth.client import CallOptions

app = new_services(new_app()).github
client = OAuth2Client("c")

# Keywords.
# E: mypy[call-arg] pyright[reportCallIssue]
app.get("user", parms={"a": "b"})
# E: mypy[call-arg] pyright[reportCallIssue]
app.get("user", auth=("a", "b"))
# E: mypy[call-arg] pyright[reportCallIssue]
app.request("user")
# E: mypy[attr-defined] pyright[reportAttributeAccessIssue]
app.gett("user")
# E: mypy[arg-type] pyright[reportArgumentType]
app.get(b"user")
# E: mypy[arg-type] pyright[reportArgumentType]
app.get("user", timeout="3")
# E: mypy[arg-type] pyright[reportArgumentType]
app.get("user", timeout=(1, 2, 3))
# E: mypy[arg-type] pyright[reportArgumentType]
app.get("user", params=1)
# E: mypy[dict-item] pyright[reportArgumentType]
app.get("user", params={"a": object()})
# E: mypy[arg-type] pyright[reportArgumentType]
app.get("user", headers=["X-A: 1"])
# E: mypy[dict-item] pyright[reportArgumentType]
app.get("user", headers={"X-A": 1})
# E: mypy[arg-type] pyright[reportArgumentType]
app.get("user", cookies="c=1")
# E: mypy[arg-type] pyright[reportArgumentType]
app.get("user", stream="yes")
# E: mypy[arg-type] pyright[reportArgumentType]
app.get("user", verify=None)
# E: mypy[arg-type] pyright[reportArgumentType]
app.get("user", cert=("/c.pem",))
# E: mypy[arg-type] pyright[reportArgumentType]
app.post("user", data=object())
# E: mypy[dict-item] pyright[reportArgumentType]
app.post("user", files={"f": 1})
# E: mypy[typeddict-unknown-key] pyright[reportAssignmentType]
options: CallOptions = {"timout": 3}

# Responses.
response = app.get("user")
# E: mypy[index] pyright[reportIndexIssue]
response.json["login"]
# E: mypy[attr-defined] pyright[reportAttributeAccessIssue]
print(response.status)
# E: mypy[attr-defined func-returns-value] pyright[reportAttributeAccessIssue]
print(response.raise_for_status().text)
# E: mypy[assignment] pyright[reportAssignmentType]
number: int = response.text
# E: mypy[assignment] pyright[reportAttributeAccessIssue]
response.json = {"login": "ada"}
# E: mypy[misc] pyright[reportAttributeAccessIssue]
response.content = b""

# Logins.
# E: mypy[arg-type] pyright[reportArgumentType]
app.authorize_redirect(1)
# E: mypy[arg-type] pyright[reportArgumentType]
app.authorize_redirect(scope=1)
# E: mypy[arg-type] pyright[reportArgumentType]
app.authorize_redirect(data="/next")
# E: mypy[call-arg] pyright[reportCallIssue]
app.save_authorize_data(stat="s")
# E: mypy[arg-type] pyright[reportArgumentType]
app.fetch_access_token(grant="password")
# E: mypy[misc] pyright[reportAttributeAccessIssue]
app.client_id = "c"

# The client without Flask.
# E: mypy[call-arg] pyright[reportCallIssue]
OAuth2Client()
# E: mypy[call-arg] pyright[reportCallIssue]
OAuth2Client(client_ident="c")
# E: mypy[call-arg] pyright[reportCallIssue]
OAuth2Client("c", scop="a")
# E: mypy[arg-type] pyright[reportArgumentType]
OAuth2Client("c", token_placement="headers")
# E: mypy[arg-type] pyright[reportArgumentType]
OAuth2Client("c", metadata={"issuer": 1})
# E: mypy[arg-type] pyright[reportArgumentType]
client.start_authorization(scope=1)
# E: mypy[call-arg] pyright[reportCallIssue]
client.finish_authorization("https://app.example/back")
