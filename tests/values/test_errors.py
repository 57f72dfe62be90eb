"""The error tree: what every member of it can do."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator

import pytest

from typedoauth import errors
from typedoauth.errors import OAuthError


def tree(root: type[OAuthError]) -> Iterator[type[OAuthError]]:
    """Every public class of the tree."""
    if not root.__name__.startswith("_"):
        yield root
    for child in root.__subclasses__():
        yield from tree(child)


ALL = sorted(set(tree(OAuthError)), key=lambda one: one.__name__)


def make(kind: type[OAuthError]) -> OAuthError:
    """An error of *kind*, with everything that it can have."""
    if issubclass(kind, errors.StateMismatchError):
        return kind("what happened", reason="expired")
    if issubclass(kind, errors.TokenEndpointError | errors.CredentialRequestError):
        return kind("e", "what happened", "https://a.example/", status=400)
    if issubclass(kind, errors.HTTPStatusError):
        return kind(None, "what happened", status=500)
    if kind in (OAuthError, errors.LoginRequiredError) or issubclass(
        kind, errors.AuthorizationResponseError
    ):
        return kind("e", "what happened", "https://a.example/")
    return kind("what happened")


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("way", ["pickle", "copy", "deepcopy"])
def test_error_survives_copying(kind: type[OAuthError], way: str) -> None:
    """Errors cross processes and task queues with all they know."""
    error = make(kind)
    if way == "pickle":
        again = pickle.loads(pickle.dumps(error))  # noqa: S301  our own bytes
    else:
        again = copy.copy(error) if way == "copy" else copy.deepcopy(error)
    assert type(again) is kind
    assert vars(again) == vars(error)
    assert (str(again), repr(again), again.args) == (str(error), repr(error), error.args)


@pytest.mark.parametrize("kind", ALL)
def test_error_says_its_stable_code_and_what_happened(kind: type[OAuthError]) -> None:
    """``error``, ``description``, ``uri`` and ``code`` are there on each."""
    error = make(kind)
    assert error.code == kind.code
    assert error.error in ("e", kind.code)
    assert str(error) == f"{error.error}: what happened"
    assert repr(error) == f"{kind.__name__}({str(error)!r})"
    assert error.uri in (None, "https://a.example/")


def test_codes_tell_the_classes_apart() -> None:
    """No two classes share a code."""
    codes = [kind.code for kind in ALL]
    assert len(set(codes)) == len(codes)


def test_every_error_is_exported() -> None:
    """What can be raised can be caught by name."""
    ours = {kind.__name__ for kind in ALL if kind.__module__ == "typedoauth.errors"}
    assert ours == set(errors.__all__)


def test_error_without_description_shows_its_code() -> None:
    """The text is never empty."""
    assert str(OAuthError()) == "oauth_error"
    assert str(errors.TokenEndpointError("e")) == "e"


@pytest.mark.parametrize(
    ("kind", "builtin"),
    [
        (errors.UnknownClientError, KeyError),
        (errors.UnknownOptionError, TypeError),
        (errors.ContextError, RuntimeError),
        (errors.MissingExtraError, ImportError),
    ],
)
def test_error_is_what_python_people_expect(
    kind: type[errors.ConfigurationError], builtin: type[Exception]
) -> None:
    """Code written before the library catches the built-in class."""
    with pytest.raises(builtin, match="what happened"):
        raise kind("what happened")
