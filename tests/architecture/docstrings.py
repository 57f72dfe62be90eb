"""What a docstring must say, read beside the code that it documents."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator
from dataclasses import dataclass

from typedoauth import errors

_ENTRY = re.compile(r"^ {4}(\w+):", re.MULTILINE)
_SECTION = re.compile(r"^Raises:\n((?: {4}.*\n|\n)*)", re.MULTILINE)

Function = ast.FunctionDef | ast.AsyncFunctionDef
Documented = Function | ast.ClassDef


@dataclass(frozen=True)
class Public:
    """A public class or function, and the docstring that speaks for it.

    Attributes:
        name: Its name within the module.
        node: Its definition.
        docstring: Its own; that of the class for an ``__init__``; ``None`` without one.
        inherits: Whether it overrides, so that what it overrides speaks for it.
    """

    name: str
    node: Documented
    docstring: str | None
    inherits: bool


def public(source: str) -> list[Public]:
    """Every public class, function, method and property of a module."""
    return list(_public(ast.parse(source), "", None))


def _public(node: ast.Module | ast.ClassDef, prefix: str, owner: str | None) -> Iterator[Public]:
    for one in node.body:
        if not isinstance(one, Documented):
            continue
        constructs = one.name in {"__init__", "__post_init__"}
        if one.name.startswith("_") and not constructs:
            continue
        decorators = {ast.unparse(each) for each in one.decorator_list}
        if any(each == "overload" or each.endswith(".setter") for each in decorators):
            continue
        docstring = owner if constructs else ast.get_docstring(one)
        yield Public(prefix + one.name, one, docstring, "override" in decorators)
        if isinstance(one, ast.ClassDef):
            yield from _public(one, f"{prefix}{one.name}.", docstring)


def documented_raises(docstring: str) -> set[str]:
    """The names in the ``Raises:`` section."""
    section = _SECTION.search(docstring + "\n")
    return set(_ENTRY.findall(section[1])) if section else set()


def raised(node: Documented) -> set[str]:
    """The errors of ours that a function's own body raises."""
    if isinstance(node, ast.ClassDef):
        return set()
    names: set[str] = set()
    todo: list[ast.AST] = list(node.body)
    while todo:
        one = todo.pop()
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            continue
        match one:
            case ast.Raise(exc=ast.Call(func=ast.Name(id=name)) | ast.Name(id=name)):
                names.add(name)
            case _:
                pass
        todo.extend(ast.iter_child_nodes(one))
    return names & set(errors.__all__)


def silent_raises(source: str) -> list[str]:
    """Each error that a public function raises and its docstring does not speak of."""
    found: list[str] = []
    for one in public(source):
        spoken = documented_raises(one.docstring or "")
        if one.inherits and not spoken:
            continue
        for name in sorted(raised(one.node)):
            bases = {base.__name__ for base in getattr(errors, name).__mro__}
            if not bases & spoken:
                found.append(f"{one.name} raises {name} and does not say so")
    return found


def unknown_raises(source: str) -> list[str]:
    """Each name in a ``Raises:`` section that is no exception."""
    return [
        f"{one.name} speaks of {name}, which does not exist"
        for one in public(source)
        for name in sorted(documented_raises(one.docstring or ""))
        if name not in errors.__all__ and not hasattr(builtins, name)
    ]


def undocumented(source: str) -> list[str]:
    """Each public class or function without a docstring."""
    return [one.name for one in public(source) if not one.docstring]
