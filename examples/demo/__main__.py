"""The command line: ``python -m examples.demo [--check]``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from threading import Event

from examples.demo import check
from examples.demo.stack import running


def main() -> int:
    """Run the demo until Ctrl-C, or check it."""
    parser = argparse.ArgumentParser(prog="examples.demo", description="Try typedoauth out.")
    parser.add_argument("--check", action="store_true", help="try everything, then exit")
    if parser.parse_args().check:
        return check.run()
    with running(Path(".demo")) as stack:
        print(f"\n  Open {stack.app_url} in a browser.", flush=True)
        print(f"  (Its provider is at {stack.provider_url}.) Ctrl-C ends both.\n", flush=True)
        try:
            Event().wait()
        except KeyboardInterrupt:
            print()
    return 0


sys.exit(main())
