"""Which rows of a list are marked, by their keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from tokentui.ui.widgets.record_model import Record


class Marks:
    """The marked keys; they stay while rows come, go out of the filter or change their order."""

    def __init__(self) -> None:
        self._keys: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self._keys

    def __len__(self) -> int:
        return len(self._keys)

    def toggle(self, key: str) -> None:
        """Mark a row, or take its mark away."""
        self._keys ^= {key}

    def add(self, records: Iterable[Record]) -> None:
        """Mark some rows."""
        self._keys.update(record.key for record in records)

    def invert(self, records: Iterable[Record]) -> None:
        """Change which of some rows are marked; others keep their mark."""
        self._keys ^= {record.key for record in records}

    def remove(self, keys: Iterable[str]) -> None:
        """Take the marks of some rows away; a row without one is no error."""
        self._keys.difference_update(keys)

    def clear(self) -> None:
        """Forget all marks."""
        self._keys.clear()

    def keep(self, keys: Collection[str]) -> None:
        """Forget the marks of rows that exist no longer."""
        self._keys = {key for key in self._keys if key in keys}
