"""Each extra, alone; and what is said where it is missing."""

from __future__ import annotations

import sys
from importlib.metadata import packages_distributions
from itertools import chain

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.imports import imports_of, modules
from tests.docs.pages import read
from tests.packaging.installing import EXTRAS, HERE, PROJECT, Environment, closure

# A name that is computed, the imports' "?", is of the package itself: a house rule.
_NO_REQUIREMENT = {*sys.stdlib_module_names, "_typeshed", "typedoauth", "?"}


def test_every_extra_has_a_use() -> None:
    """A new extra needs a script that uses it."""
    scripts = {path.stem for path in (HERE / "uses").glob("*.py")} - {"__init__"}
    assert scripts == set(EXTRAS)


def test_extra_brings_what_it_needs(extra: str, with_extra: Environment) -> None:
    """And nothing else: not another extra."""
    installed = with_extra.installed()
    assert set(installed) == closure(f"typedoauth[{extra}]", installed)


def test_extra_works_alone(extra: str, with_extra: Environment) -> None:
    """Without the other extras."""
    result = with_extra.run(HERE / "uses" / f"{extra}.py")
    assert (result.stdout, result.returncode) == (f"{extra} works\n", 0), result.stderr


def test_missing_extra_is_named(extra: str, clean: Environment) -> None:
    """The same script, where the extra is not installed."""
    result = clean.run(HERE / "uses" / f"{extra}.py")
    *_, said = result.stderr.splitlines()
    assert said.startswith("typedoauth.errors.MissingExtraError: ")
    assert said.endswith(f"pip install 'typedoauth[{extra}]'")


def test_every_import_is_of_a_requirement(clean: Environment) -> None:
    """Whatever the package imports comes with it, with an extra, or is what imports it."""
    optional = PROJECT["optional-dependencies"]
    known = set(clean.installed()) | {
        canonicalize_name(Requirement(one).name) for extra in EXTRAS for one in optional[extra]
    }
    plugins = set(PROJECT["entry-points"]["pytest11"].values())
    owners = packages_distributions()
    for module, source in modules().items():
        for one in imports_of(source, module):
            origin = one.target.partition(".")[0]
            if origin in _NO_REQUIREMENT:
                continue
            needed = {canonicalize_name(name) for name in owners[origin]}
            needed -= {"pytest"} if module in plugins else set()
            assert needed <= known, (module, one.target)


def test_documentation_lists_the_extras() -> None:
    """With the command that installs each."""
    page = read("docs/installing.md")
    assert [extra for extra in EXTRAS if f"`pip install 'typedoauth[{extra}]'` |" not in page] == []


def test_documentation_lists_the_oldest_versions() -> None:
    """As pyproject.toml has them."""
    page = read("docs/installing.md").lower()
    requirements = [*PROJECT["dependencies"], *chain(*PROJECT["optional-dependencies"].values())]
    for name, _, version in (one.partition(">=") for one in requirements):
        assert f"\n| {name} | {version} |" in page or f"\n| {name} | {version}, " in page, name
