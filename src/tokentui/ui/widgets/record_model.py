"""The rows of a list: keyed, filtered and sorted, without anything that draws."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from tokentui.ui.widgets.record_filter_terms import matching, terms

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

Tone = Literal["", "muted", "error", "warning", "info", "unknown"]
"""How a cell is coloured; its text says the same, since colour never stands alone."""

SortKey = str | float
_SYNTAX = frozenset(':"')


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
    front of the row, as in "! 6m". `fields` are lower-case texts that a filter can ask for by
    name; `ends_at_s` is an end in seconds since 1970, None: there is none.
    """

    key: str
    cells: tuple[Cell, ...]
    haystack: str = ""
    sort: tuple[SortKey, ...] = ()
    sign: Cell = NO_SIGN
    fields: Mapping[str, str] = field(default_factory=dict)
    ends_at_s: float | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """Which column rows are sorted by."""

    column: int
    reverse: bool = False


class RecordSet:
    """The records of one list, of which `shown` passes the filter, in the order to draw.

    `fields` are the names that a filter may ask for, `clock` gives seconds since 1970.
    """

    def __init__(
        self, fields: Collection[str] = (), clock: Callable[[], float] = time.time
    ) -> None:
        self._fields = fields
        self._clock = clock
        self._records: dict[str, Record] = {}
        self._needle = ""
        self._terms = terms("", fields)
        self._order: Order | None = None
        self.ordered: Sequence[Record] = ()
        self.shown: Sequence[Record] = ()

    def __len__(self) -> int:
        return len(self._records)

    def __contains__(self, key: object) -> bool:
        return key in self._records

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    @property
    def needle(self) -> str:
        """The filter's text."""
        return self._needle

    @property
    def remark(self) -> str:
        """What of the filter's text is not understood; empty: nothing."""
        return self._terms.remark

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
        """Show the records that fit the text; a longer text of plain words narrows the hits."""
        narrower = needle.startswith(self._needle) and not (self._fields and set(needle) & _SYNTAX)
        self._needle = needle
        self._terms = terms(needle, self._fields)
        self.shown = self._matching(self.shown if narrower else self.ordered)

    def index(self, key: str) -> int | None:
        """Find a key among the shown rows."""
        return next((i for i, record in enumerate(self.shown) if record.key == key), None)

    def _arrange(self) -> None:
        self.ordered = ordered(self._records.values(), self._order)
        self.shown = self._matching(self.ordered)

    def _matching(self, records: Sequence[Record]) -> Sequence[Record]:
        return matching(records, self._terms, self._clock())


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
