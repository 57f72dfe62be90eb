"""What holds for every test.

Among it the package's own pytest plugin, also where the package was installed before it had one.
"""

from __future__ import annotations

from importlib.metadata import entry_points

from hypothesis import settings

# How long an example takes is the machine's affair: no test fails for it.
settings.register_profile("untimed", settings(), deadline=None)
settings.load_profile("untimed")

if not entry_points(group="pytest11", name="typedoauth"):
    pytest_plugins = ["typedoauth.testing.pytest_plugin"]
