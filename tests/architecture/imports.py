"""What a module imports, read from its source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import typedoauth

ROOT = Path(typedoauth.__file__).parent

_DYNAMIC = {"__import__", "import_module"}


@dataclass(frozen=True)
class Import:
    """One imported name.

    Attributes:
        target: Its full dotted name: the module, and what was taken from it.
        line: Where it stands.
        lazy: Whether it only happens when a function is called.
        typing_only: Whether it stands under ``if TYPE_CHECKING``.
    """

    target: str
    line: int
    lazy: bool = False
    typing_only: bool = False


def module_name(path: Path) -> str:
    """The dotted name of a module of the package."""
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def modules() -> dict[str, str]:
    """The sources of the package, by the names of their modules."""
    return {module_name(path): path.read_text("utf-8") for path in sorted(ROOT.rglob("*.py"))}


def imports_of(source: str, module: str, *, package: bool = False) -> list[Import]:
    """Every import of *source*, wherever it stands.

    Args:
        source: Python text.
        module: Its module's name, to make relative imports absolute.
        package: Whether it is an ``__init__``.
    """
    home = module if package else module.rpartition(".")[0]
    return list(_walk(ast.parse(source), home, lazy=False, typing_only=False))


def _walk(node: ast.AST, home: str, *, lazy: bool, typing_only: bool) -> Iterator[Import]:
    match node:
        case ast.Import(names=names, lineno=line):
            for alias in names:
                yield Import(alias.name, line, lazy, typing_only)
        case ast.ImportFrom(module=origin, names=names, level=level, lineno=line):
            base = origin or ""
            if level:
                above = home.rsplit(".", level - 1)[0] if level > 1 else home
                base = f"{above}.{base}".rstrip(".")
            for alias in names:
                yield Import(f"{base}.{alias.name}", line, lazy, typing_only)
        case ast.Call(
            func=ast.Name(id=name) | ast.Attribute(attr=name),
            args=[first, *_],
            lineno=line,
        ) if name in _DYNAMIC:
            told = first.value if isinstance(first, ast.Constant) else "?"
            yield Import(str(told), line, lazy, typing_only)
        case _:
            pass
    guarded: list[ast.stmt] = []
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        guarded = node.body
    inside = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    for child in ast.iter_child_nodes(node):
        yield from _walk(
            child, home, lazy=lazy or inside, typing_only=typing_only or child in guarded
        )
