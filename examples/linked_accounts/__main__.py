"""The command line: ``python -m examples.linked_accounts``."""

from __future__ import annotations

from pathlib import Path
from threading import Event

from examples.linked_accounts.stack import running

if __name__ == "__main__":
    with running(Path("build/linked_accounts")) as stack:
        print(f"\n  Open {stack.app_url} in a browser.", flush=True)
        print(f"  (Its provider is at {stack.provider_url}.) Ctrl-C ends both.\n", flush=True)
        try:
            Event().wait()
        except KeyboardInterrupt:
            print()
