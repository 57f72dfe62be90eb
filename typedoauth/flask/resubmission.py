"""Callbacks that are posted across sites, and come without the session's cookie.

With ``response_mode=form_post`` the provider's page posts the answer to the
application. A cookie with ``SameSite=Lax``, which is what browsers make of a session
cookie that says nothing, is not sent along with such a request, so that there is no
telling whose login it answers. The answer to it is a page of the application's own
origin that posts the same parameters once more: that request is of the same site and
brings the cookie, whatever its ``SameSite``. Nothing is taken from the first request,
and the check of the browser that the second one has to pass is the usual one.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from html import escape
from typing import Final

from flask import Response

from typedoauth.errors import CallbackError

__all__ = ["MARK", "resubmission"]

MARK: Final = "typedoauth_resubmitted"
"""The parameter that a second post carries, so that there is no third."""

_MOST_CHARACTERS: Final = 1 << 16
# Not form.submit(): a field of that name would hide it.
_SCRIPT: Final = "HTMLFormElement.prototype.submit.call(document.forms[0])"
_STYLE: Final = """
:root { color-scheme: light dark; }
form { max-width: 24rem; margin: 20vh auto; padding: 0 1.5rem; text-align: center;
  font: 1.1rem/1.5 system-ui, sans-serif; }
button { padding: .7rem 1.6rem; font: inherit; border-radius: .6rem; cursor: pointer; }
"""


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


_POLICY: Final = (
    "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
    f"script-src {_hash(_SCRIPT)}; style-src {_hash(_STYLE)}"
)
_PAGE: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Signing in</title>
<style>{style}</style>
<form method="post">
{fields}
<p>One more step to finish signing in.</p>
<button>Continue</button>
</form>
<script>{script}</script>
</html>
"""


def resubmission(parameters: Sequence[tuple[str, str]]) -> Response:
    """Make the page that posts a callback again, from this origin.

    Args:
        parameters: What was posted.

    Returns:
        The page; it works without a script, too.

    Raises:
        CallbackError: There is more of it than any provider sends.
    """
    if sum(len(name) + len(value) for name, value in parameters) > _MOST_CHARACTERS:
        raise CallbackError("the callback posts more than any provider sends; log in again")
    fields = "\n".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in (*parameters, (MARK, "1"))
    )
    return Response(
        _PAGE.format(fields=fields, script=_SCRIPT, style=_STYLE),
        content_type="text/html; charset=utf-8",
        headers={
            "Cache-Control": "no-store",
            "Content-Security-Policy": _POLICY,
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        },
    )
