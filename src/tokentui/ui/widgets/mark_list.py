"""A list whose rows can be marked, to act on many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.message import Message

from tokentui.ui.actions import Place, bindings
from tokentui.ui.widgets.record_list import RecordList
from tokentui.ui.widgets.record_marks import Marks

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from textual.binding import BindingType

    from tokentui.ui.widgets.record_list import Column, Record


class MarkList(RecordList):
    """A `RecordList` with marks; those of rows that the filter hides stay and count."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.MARKS)]

    class MarksChanged(Message):
        """Other rows are marked than before."""

        def __init__(self, control: MarkList) -> None:
            super().__init__()
            self.mark_list = control

        @property
        def control(self) -> MarkList:
            return self.mark_list

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        fields: Collection[str] = (),
        clock: Callable[[], float] | None = None,
        id: str | None = None,
    ) -> None:
        super().__init__(columns, fields=fields, clock=clock, id=id)
        self._marks: Marks = Marks()

    @property
    def marked(self) -> tuple[str, ...]:
        """The keys of the marked rows in the order of the list, hidden ones too."""
        return tuple(record.key for record in self._records.ordered if record.key in self._marks)

    @property
    def marked_count(self) -> int:
        """How many rows are marked."""
        return len(self._marks)

    @property
    def hidden_count(self) -> int:
        """How many of the marked rows the filter hides."""
        return len(self._marks) - sum(r.key in self._marks for r in self._records.shown)

    def set_records(self, records: Iterable[Record]) -> None:
        super().set_records(records)
        self._forget_gone()

    def remove_records(self, keys: Iterable[str]) -> None:
        super().remove_records(keys)
        self._forget_gone()

    def unmark(self, keys: Iterable[str]) -> None:
        """Take the marks of some rows away."""
        before = len(self._marks)
        self._marks.remove(keys)
        if len(self._marks) != before:
            self._marks_changed()

    def action_mark(self) -> None:
        key = self.cursor_key
        if key is not None:
            self._marks.toggle(key)
            self._go(self._cursor.row + 1)
            self._say_so()

    def action_mark_all(self) -> None:
        self._marks.add(self._records.shown)
        self._marks_changed()

    def action_mark_none(self) -> None:
        self._marks.clear()
        self._marks_changed()

    def action_mark_invert(self) -> None:
        self._marks.invert(self._records.shown)
        self._marks_changed()

    def _forget_gone(self) -> None:
        before = len(self._marks)
        self._marks.keep(self._records)
        if len(self._marks) != before:
            self._say_so()

    def _marks_changed(self) -> None:
        self._redraw()
        self._say_so()

    def _say_so(self) -> None:
        self.post_message(self.MarksChanged(self))
