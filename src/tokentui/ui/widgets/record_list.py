"""The list of every screen: keyed rows drawn on demand, with its own filter and sorting."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from tokentui.ui.widgets.record_columns import Column
from tokentui.ui.widgets.record_lines import RowLine
from tokentui.ui.widgets.record_model import Cell, Order, Record, Tone, next_order
from tokentui.ui.widgets.record_view import RecordView

if TYPE_CHECKING:
    from textual import events

__all__ = ["Cell", "Column", "Order", "Record", "RecordList", "Tone"]

_WHEEL_ROWS = 3


class RecordList(RecordView, can_focus=True):
    """A `RecordView` that one moves in, filters and sorts by keys and by mouse.

    While the filter is edited, letters are text; Enter keeps it, Esc shows all rows again.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "Down", id="list.down", show=False),
        Binding("up,k", "move(-1)", "Up", id="list.up", show=False),
        Binding("pagedown", "page(1)", "Page down", id="list.page-down", show=False),
        Binding("pageup", "page(-1)", "Page up", id="list.page-up", show=False),
        Binding("home", "first", "First", id="list.first", show=False),
        Binding("end", "last", "Last", id="list.last", show=False),
        Binding("enter,l,right", "open", "Open", id="list.open", tooltip="Open the row"),
        Binding("slash,f", "filter", "Filter", id="list.filter", tooltip="Narrow by typing"),
        Binding("s", "sort", "Sort", id="list.sort", tooltip="Sort by the next column"),
        Binding("S", "reverse", "Reverse", id="list.reverse", tooltip="Turn the order round"),
    ]

    MOVES: ClassVar[frozenset[str]] = frozenset({"down", "up", "pagedown", "pageup", "home", "end"})
    """The keys that do no more than move in it, unless the configuration gives them to others."""

    class Opened(Message):
        """A row was opened."""

        def __init__(self, control: RecordList, key: str) -> None:
            super().__init__()
            self.record_list = control
            self.key = key

        @property
        def control(self) -> RecordList:
            return self.record_list

    class FilterChanged(Message):
        """The filter has another text, which `shown` of `total` rows match."""

        def __init__(self, control: RecordList, text: str, shown: int, total: int) -> None:
            super().__init__()
            self.record_list = control
            self.text = text
            self.shown = shown
            self.total = total

        @property
        def control(self) -> RecordList:
            return self.record_list

    @property
    def filter_text(self) -> str:
        """What the rows are filtered by."""
        return self._filter.text

    def set_filter(self, text: str) -> None:
        """Filter the rows by a text, as if it had been typed."""
        self._filter.clear()
        self._filter.insert(text)
        self._apply_filter()

    def action_move(self, rows: int) -> None:
        self._go(self._cursor.row + rows)

    def action_page(self, direction: int) -> None:
        self._cursor.page(direction)
        self._redraw()

    def action_first(self) -> None:
        self._go(0)

    def action_last(self) -> None:
        self._go(self.shown_count - 1)

    def action_open(self) -> None:
        key = self.cursor_key
        if key is not None:
            self.post_message(self.Opened(self, key))

    def action_filter(self) -> None:
        self._filter.open()
        self._apply_filter()

    def action_sort(self) -> None:
        self.sort_by(next_order(self._records.order, self._visible_columns))

    def action_reverse(self) -> None:
        order = self._records.order
        if order is not None:
            self.sort_by(Order(order.column, reverse=not order.reverse))

    def check_consume_key(self, key: str, character: str | None) -> bool:
        return self._filter.editing and character is not None and character.isprintable()

    def on_key(self, event: events.Key) -> None:
        if event.key == "escape" and self._filter:
            self._filter.clear()
        elif not (self._filter.editing and self._filter.press(event.key, event.character)):
            return
        event.stop()
        event.prevent_default()
        self._apply_filter()

    def on_paste(self, event: events.Paste) -> None:
        if self._filter.editing:
            event.stop()
            self._filter.insert(event.text)
            self._apply_filter()

    def on_click(self, event: events.Click) -> None:
        line = self._lines[event.y] if event.y < len(self._lines) else None
        if isinstance(line, RowLine):
            self.move_to(line.record.key)
            if event.chain > 1:
                self.action_open()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.action_move(_WHEEL_ROWS)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.action_move(-_WHEEL_ROWS)

    def _apply_filter(self) -> None:
        text = self._filter.text
        if text == self._records.needle:
            self._redraw()
            return
        key = self.cursor_key
        self._records.filter(text)
        self._rows_changed(None if text else key, 0)  # Enter opens the first hit
        self.post_message(self.FilterChanged(self, text, self.shown_count, self.total_count))
