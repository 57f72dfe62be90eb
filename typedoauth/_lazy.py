"""Names of a package whose modules are loaded when the first of their names is asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module

__all__ = ["exports"]


def exports(
    package: str, modules: Mapping[str, str]
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Make the ``__getattr__`` and ``__dir__`` of a package (PEP 562).

    A name is looked up once and then is an attribute like any other. The modules are
    attributes, too, as they would be if they were loaded at once.

    Args:
        package: The package's ``__name__``.
        modules: By the name of a module, the names that it has for the package,
            separated by spaces.

    Returns:
        The two functions.
    """
    homes = {name: module for module, names in modules.items() for name in names.split()}

    def find(name: str) -> object:
        home = homes.get(name)
        if home is None and f"{package}.{name}" in modules:
            return import_module(f"{package}.{name}")
        if home is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        found: object = getattr(import_module(home), name)
        setattr(sys.modules[package], name, found)
        return found

    def names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *homes})

    return find, names
