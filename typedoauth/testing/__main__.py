"""``python -m typedoauth.testing``: the provider on a desk."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from typedoauth.errors import ConfigurationError
from typedoauth.testing import desk

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the provider until Ctrl-C.

    Args:
        arguments: The command line; the process's own when left out.

    Returns:
        The exit code.
    """
    parser = argparse.ArgumentParser(
        prog="python -m typedoauth.testing",
        description="An OAuth 1.0a, OAuth 2.0 and OpenID provider for your desk.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address (%(default)s)")
    parser.add_argument("--port", type=int, default=desk.PORT, help="0 is a free one (%(default)s)")
    parser.add_argument("--client-secret", default=desk.CLIENT_SECRET, help="of every client")
    parser.add_argument("--user", action="append", default=[], help="one more user; repeatable")
    given = parser.parse_args(arguments)
    try:
        desk.run(
            host=given.host,
            port=given.port,
            client_secret=given.client_secret,
            users=given.user,
            say=lambda text: sys.stdout.write(f"{text}\n") and sys.stdout.flush(),
        )
    except ConfigurationError as error:
        parser.error(error.description or str(error))
    return 0


if __name__ == "__main__":
    sys.exit(main())
