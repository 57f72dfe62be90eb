"""HTTP header fields as a value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar, overload

from typing_extensions import override

__all__ = ["Headers"]

_T = TypeVar("_T")


class Headers(Mapping[str, str]):
    """HTTP header fields: names in any case, several values for one name.

    Args:
        fields: A mapping, or pairs in the order of the message.
    """

    __slots__ = ("_fields",)

    _fields: dict[str, tuple[str, list[str]]]

    def __init__(self, fields: Mapping[str, str] | Sequence[tuple[str, str]] = ()) -> None:
        self._fields = {}
        items: Iterable[tuple[str, str]] = fields.items() if isinstance(fields, Mapping) else fields
        for name, value in items:
            # A name that is no text gets as far as Request, which says so.
            self._fields.setdefault(str(name).lower(), (name, []))[1].append(value)

    @override
    def __getitem__(self, name: str, /) -> str:
        return ", ".join(self._fields[name.lower()][1])

    @overload
    def get(self, name: str, /) -> str | None: ...
    @overload
    def get(self, name: str, /, default: str | _T) -> str | _T: ...
    @override
    def get(self, name: str, /, default: object = None) -> object:
        """Return one field, or *default* where it is absent."""
        found = self._fields.get(name.lower())
        return default if found is None else ", ".join(found[1])

    @override
    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._fields.values())

    @override
    def __len__(self) -> int:
        return len(self._fields)

    @override
    def __contains__(self, name: object, /) -> bool:
        return isinstance(name, str) and name.lower() in self._fields

    @override
    def __repr__(self) -> str:
        return f"<Headers {', '.join(self)}>"

    def get_all(self, name: str) -> list[str]:
        """Return every value of one field.

        Args:
            name: The field's name, in any case.

        Returns:
            The values in order; none when the field is absent.
        """
        return list(self._fields.get(name.lower(), ("", []))[1])

    def pairs(self) -> list[tuple[str, str]]:
        """Return every field as a pair, one for each value.

        Returns:
            Names as they were first written, with their values.
        """
        return [(name, value) for name, values in self._fields.values() for value in values]

    def replace(self, fields: Mapping[str, str | None]) -> Headers:
        """Return a copy in which some fields have other values.

        Args:
            fields: New values by name; ``None`` takes the field away.

        Returns:
            The copy.
        """
        changed = {str(name).lower() for name in fields}
        copy = Headers.__new__(Headers)
        copy._fields = {key: kept for key, kept in self._fields.items() if key not in changed}
        for name, value in fields.items():
            if value is not None:
                copy._fields.setdefault(str(name).lower(), (name, []))[1].append(value)
        return copy
