"""A package loads its modules when they are needed, and its two lists of them agree."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.architecture.imports import ROOT

PACKAGES = {
    "typedoauth" + "".join(f".{part}" for part in path.parent.relative_to(ROOT).parts): text
    for path in sorted(ROOT.rglob("__init__.py"))
    if "__getattr__, __dir__ = exports(" in (text := path.read_text("utf-8"))
}


def shown_to_checkers(source: str) -> Iterator[tuple[str, str]]:
    """Module and name of what the package imports for type checkers."""
    for block in ast.parse(source).body:
        match block:
            case ast.If(test=ast.Name("TYPE_CHECKING"), body=body):
                for node in body:
                    if isinstance(node, ast.ImportFrom):
                        yield from ((node.module or "", one.name) for one in node.names)
            case _:
                pass


def loaded_at_run_time(source: str) -> Iterator[tuple[str, str]]:
    """Module and name of what the package loads when it is asked for."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name("exports"), args=[_, mapping]):
                for module, names in ast.literal_eval(mapping).items():
                    yield from ((module, name) for name in names.split())
            case _:
                pass


def test_the_rooms_that_everybody_imports_are_lazy() -> None:
    """One of them that is not would load what nobody asked for."""
    assert PACKAGES.keys() >= {
        "typedoauth",
        "typedoauth.client",
        "typedoauth.flask",
        "typedoauth.oauth1",
        "typedoauth.oauth2",
        "typedoauth.oidc",
        "typedoauth.stores",
        "typedoauth.transports",
    }


@pytest.mark.parametrize("package", PACKAGES)
def test_both_lists_agree(package: str) -> None:
    """What checkers see is what there is."""
    listed = sorted(loaded_at_run_time(PACKAGES[package]))
    assert listed == sorted(shown_to_checkers(PACKAGES[package]))
    public = {name for name in importlib.import_module(package).__all__ if name != "__version__"}
    assert {name for _, name in listed} == public


@pytest.mark.parametrize("package", PACKAGES)
def test_no_name_is_that_of_a_module(package: str) -> None:
    """Python would put the module there as soon as it is loaded."""
    found = importlib.import_module(package)
    assert found.__file__ is not None
    names = {name for _, name in loaded_at_run_time(PACKAGES[package])}
    folder = ROOT.joinpath(*package.split(".")[1:])
    assert names.isdisjoint(path.stem for path in folder.iterdir())


@pytest.mark.parametrize("package", PACKAGES)
def test_names_are_shown_before_they_are_loaded(package: str) -> None:
    """``dir`` lists them, for whoever completes names."""
    found = importlib.import_module(package)
    assert set(found.__all__) <= set(dir(found))


def test_module_is_an_attribute() -> None:
    """As a checker believes after ``import typedoauth``."""
    assert new_modules("import typedoauth\nassert typedoauth.errors.OAuthError") >= {
        "typedoauth.errors"
    }


def test_name_that_does_not_exist() -> None:
    """It is an ``AttributeError`` and an ``ImportError``, as with any module."""
    with pytest.raises(AttributeError, match=r"module 'typedoauth\.stores' has no attribute 'Cat'"):
        _ = importlib.import_module("typedoauth.stores").Cat
    with pytest.raises(ImportError, match="cannot import name 'Cat'"):
        exec("from typedoauth.stores import Cat", {})  # noqa: S102  a wrong program


def new_modules(program: str) -> set[str]:
    """What a program loads after Flask is there."""
    measured = (
        f"import sys, flask\nbefore = set(sys.modules)\n{program}\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    run = subprocess.run(
        [sys.executable, "-c", measured],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT.parent,
    )
    return set(run.stdout.split())


def test_importing_the_registry_loads_little() -> None:
    """None of the protocols and no third party but Flask: at most 20 modules."""
    loaded = new_modules("from typedoauth.flask import OAuth")
    assert len(loaded) <= 20
    assert {name.partition(".")[0] for name in loaded} == {"typedoauth", "typing_extensions"}


REGISTERED = """
from typedoauth.flask import OAuth
app = flask.Flask("app")
oauth = OAuth(app)
oauth.register("github", client_id="id", client_secret="secret",
               access_token_url="https://as.example/token",
               authorize_url="https://as.example/authorize")
"""


def test_registering_loads_neither_network_nor_cryptography() -> None:
    """They come with the first login; OpenID Connect comes where it is asked for."""
    loaded = new_modules(REGISTERED)
    assert not {"urllib3", "cryptography", "sqlalchemy", "joserfc", "redis"} & loaded
    assert {name for name in loaded if name.startswith("typedoauth.oidc.")} <= {
        "typedoauth.oidc._leeway"
    }
