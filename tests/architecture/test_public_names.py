"""What users import exists, is listed, and says what it does."""

from __future__ import annotations

import importlib

import pytest

from tests.architecture.docstrings import silent_raises, undocumented, unknown_raises
from tests.architecture.imports import modules

SOURCES = {
    name: source
    for name, source in modules().items()
    if not any(part.startswith("_") for part in name.split("."))
}

# The documented imports (DESIGN: "Names"), as far as they exist today.
DOCUMENTED = {
    "typedoauth": (
        "AnyToken AuthorizationDeniedError ClientCredentials OAuth1Client OAuth1Token "
        "OAuth2Client OAuth2Token OAuthError PendingAuthorization Request Response TokenKey"
    ),
    "typedoauth.flask": "OAuth OAuth1App OAuth2App OAuthError RemoteApp token_update",
    "typedoauth.transports": (
        "Request Response StubTransport Transport Urllib3Transport WSGITransport"
    ),
    "typedoauth.stores": "Cache CredentialStore TokenKey",
    "typedoauth.testing": "LocalProvider",
}


@pytest.mark.parametrize(
    ("module", "name"),
    [(module, name) for module, names in DOCUMENTED.items() for name in names.split()],
)
def test_documented_name_is_imported(module: str, name: str) -> None:
    """A documented import works, and the name is one of those that the module lists."""
    found = importlib.import_module(module)
    assert name in found.__all__
    assert hasattr(found, name)


@pytest.mark.parametrize("module", SOURCES)
def test_names_are_listed_in_order(module: str) -> None:
    """``__all__`` is there, in code-point order, each name once."""
    listed = importlib.import_module(module).__all__
    assert listed == sorted(set(listed))


@pytest.mark.parametrize("module", SOURCES)
def test_listed_name_exists(module: str) -> None:
    """Nothing is listed that is not there."""
    found = importlib.import_module(module)
    assert [name for name in found.__all__ if not hasattr(found, name)] == []


def test_every_error_is_a_public_name() -> None:
    """Whatever is raised can be caught by a name of ``typedoauth`` itself."""
    errors, package = (
        importlib.import_module(name) for name in ("typedoauth.errors", "typedoauth")
    )
    assert set(errors.__all__) <= set(package.__all__)


@pytest.mark.parametrize("module", SOURCES)
def test_public_name_has_a_docstring(module: str) -> None:
    """Every public class, function, method and property says what it does."""
    assert undocumented(SOURCES[module]) == []


@pytest.mark.parametrize("module", SOURCES)
def test_raised_error_is_documented(module: str) -> None:
    """What a public function raises itself stands in its ``Raises:``, or a base of it."""
    assert silent_raises(SOURCES[module]) == []


@pytest.mark.parametrize("module", SOURCES)
def test_documented_error_exists(module: str) -> None:
    """No docstring promises an exception that is none."""
    assert unknown_raises(SOURCES[module]) == []


def function(doc: str, body: str = "raise StoreError('x')", name: str = "f") -> str:
    """The source of a class with one method."""
    return f'class A:\n    """A."""\n\n    def {name}(self):\n        """{doc}"""\n        {body}\n'


RAISES = "F.\n\n        Raises:\n            {}: If.\n        "


@pytest.mark.parametrize(
    "source",
    [
        function("F."),
        function(RAISES.format("ConfigurationError")),
        function(RAISES.format("TransportError"), "raise StoreError('x') from None"),
        function(RAISES.format("UnknownOptionError"), "raise ConfigurationError('x')"),
        function("F.", "if 1:\n            raise StoreError('x')"),
        function("F.", name="__init__"),
    ],
)
def test_silent_raise_is_found(source: str) -> None:
    """An error that is raised and not spoken of is reported, for ``__init__`` too."""
    assert silent_raises(source)


@pytest.mark.parametrize(
    "source",
    [
        function(RAISES.format("StoreError")),
        function(RAISES.format("OAuthError")),
        function("F.", "raise ValueError"),
        function("F.", "g = lambda: 1"),
        function("F.", "def g():\n            raise StoreError('x')"),
        function("F.", name="_f"),
    ],
)
def test_spoken_raise_is_let_pass(source: str) -> None:
    """A base class will do; what inner functions raise is not the function's own."""
    assert silent_raises(source) == []


@pytest.mark.parametrize(
    "source",
    [
        "def f(): ...",
        "class A: ...",
        'class A:\n    """A."""\n    def f(self): ...',
        'class A:\n    """A."""\n    @property\n    def f(self): ...',
        'class A:\n    """A."""\n    class B: ...',
    ],
)
def test_missing_docstring_is_found(source: str) -> None:
    """Functions, classes, methods, properties and inner classes count."""
    assert undocumented(source)


def test_unknown_error_in_a_docstring_is_found() -> None:
    """A name that is no exception is reported."""
    assert unknown_raises(function(RAISES.format("StorError"))) == [
        "A.f speaks of StorError, which does not exist"
    ]
