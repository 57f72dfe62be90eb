"""The package's own pytest plugin, also where the package was installed before it had one."""

from __future__ import annotations

from importlib.metadata import entry_points

if not entry_points(group="pytest11", name="typedoauth"):
    pytest_plugins = ["typedoauth.testing.pytest_plugin"]
