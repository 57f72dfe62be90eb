"""The extra ``sql``: a token in a database."""

from __future__ import annotations

from typedoauth import TokenKey
from typedoauth.stores import SQLTokenStore

store = SQLTokenStore("sqlite://")
store.set(TokenKey("provider", "ada"), {"access_token": "a-token", "token_type": "Bearer"})
kept = store.get(TokenKey("provider", "ada"))
assert kept is not None
print("sql works")
