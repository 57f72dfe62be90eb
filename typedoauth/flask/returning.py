"""Where to return to after a login: a path of this site, and nothing else."""

from __future__ import annotations

import json
import re
from typing import Final
from urllib.parse import unquote

from typedoauth.flask.remote_app import RemoteApp

__all__ = ["own_path", "return_to"]

_LONGEST: Final = 500  # as JSON: a login has some 700 bytes of the session's cookie
# What browsers drop from an address, or read as another character; and half characters.
_UNCLEAN: Final = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029\ud800-\udfff]")


def return_to(remote: RemoteApp, default: str = "/") -> str:
    """Tell where the login that this request answered was to return to.

    Args:
        remote: The remote app.
        default: Where to go if nothing was said, or nothing safe.

    Returns:
        A path of this site that was given as ``next``, or *default*.
    """
    return own_path(remote.authorization_data.get("next")) or default


def own_path(target: object) -> str | None:
    """Take a path, with query and fragment, that leads nowhere but to this site.

    Args:
        target: What somebody wrote into a link.

    Returns:
        The path; ``None`` where a browser, or a server that decodes it once more,
        could read it as another site's address, and where it is too long to be kept.
    """
    if not isinstance(target, str) or _UNCLEAN.search(target):
        return None
    if len(json.dumps(target)) > _LONGEST:
        return None
    path = re.split("[?#]", target, maxsplit=1)[0]
    for reading in (path, unquote(path), unquote(unquote(path))):
        if not reading.startswith("/") or _UNCLEAN.search(reading.replace(" ", "")):
            return None
        if _resolved(reading).startswith("//"):
            return None
    return target


def _resolved(path: str) -> str:
    """The path without its dots (RFC 3986 5.2.4), which may leave ``//`` in front."""
    kept: list[str] = []
    for segment in path.split("/")[1:]:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    return "/" + "/".join(kept)
