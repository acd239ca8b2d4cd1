"""The rows of a list: keyed, filtered and sorted, without anything that draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Tone = Literal["", "muted", "error", "warning", "info", "unknown"]
"""How a cell is coloured; its text says the same, since colour never stands alone."""

SortKey = str | float


@dataclass(frozen=True, slots=True)
class Cell:
    """One literal text of a row; never markup."""

    text: str
    tone: Tone = ""


NO_SIGN = Cell("")


@dataclass(frozen=True, slots=True)
class Record:
    """One row: `cells` and `sort` follow the list's columns, `haystack` is lower case.

    A column without an entry in `sort` is sorted by its text. `sign` is the one-cell sign in
    front of the row, as in "! 6m".
    """

    key: str
    cells: tuple[Cell, ...]
    haystack: str = ""
    sort: tuple[SortKey, ...] = ()
    sign: Cell = NO_SIGN


@dataclass(frozen=True, slots=True)
class Order:
    """Which column rows are sorted by."""

    column: int
    reverse: bool = False


class RecordSet:
    """The records of one list, of which `shown` passes the filter, in the order to draw."""

    def __init__(self) -> None:
        self._records: dict[str, Record] = {}
        self._ordered: list[Record] = []
        self._needle = ""
        self._order: Order | None = None
        self.shown: Sequence[Record] = ()

    def __len__(self) -> int:
        return len(self._records)

    @property
    def needle(self) -> str:
        """The filter's text."""
        return self._needle

    @property
    def order(self) -> Order | None:
        """The sorted column; None while the rows stand as they were given."""
        return self._order

    def replace(self, records: Iterable[Record]) -> None:
        """Take these records instead; of two with one key the later counts."""
        self._records = {record.key: record for record in records}
        self._arrange()

    def upsert(self, records: Iterable[Record]) -> None:
        """Exchange records in their place and append those that are new."""
        self._records.update((record.key, record) for record in records)
        self._arrange()

    def remove(self, keys: Iterable[str]) -> None:
        """Forget records; unknown keys are no error."""
        for key in keys:
            self._records.pop(key, None)
        self._arrange()

    def sort(self, order: Order | None) -> None:
        """Sort by a column, or stand as given."""
        self._order = order
        self._arrange()

    def filter(self, needle: str) -> None:
        """Show the records that hold every word of the text; a longer text narrows the hits."""
        narrower = needle.startswith(self._needle)
        self._needle = needle
        self.shown = matching(self.shown if narrower else self._ordered, needle)

    def index(self, key: str) -> int | None:
        """Find a key among the shown rows."""
        return next((i for i, record in enumerate(self.shown) if record.key == key), None)

    def _arrange(self) -> None:
        self._ordered = ordered(self._records.values(), self._order)
        self.shown = matching(self._ordered, self._needle)


def matching(records: Sequence[Record], needle: str) -> Sequence[Record]:
    """Give the records whose haystack holds every word of the text, whatever its case."""
    hits = records
    for word in needle.lower().split():
        hits = [record for record in hits if word in record.haystack]
    return hits


def ordered(records: Iterable[Record], order: Order | None) -> list[Record]:
    """Give the records sorted; equal ones keep their order, numbers stand before texts."""
    if order is None:
        return list(records)
    column = order.column

    def sort_key(record: Record) -> tuple[bool, SortKey]:
        value = _sort_value(record, column)
        return isinstance(value, str), value

    return sorted(records, key=sort_key, reverse=order.reverse)


def next_order(order: Order | None, columns: Iterable[int]) -> Order | None:
    """Give the order that follows when one steps through some columns; None ends the round."""
    last = -1 if order is None else order.column
    following = next((column for column in columns if column > last), None)
    return None if following is None else Order(following)


def _sort_value(record: Record, column: int) -> SortKey:
    if column < len(record.sort):
        return record.sort[column]
    return record.cells[column].text.lower() if column < len(record.cells) else ""
