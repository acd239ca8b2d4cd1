"""How a list looks: its records, its cursor and its lines; keys and mouse are in `record_list`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar

from textual.cache import LRUCache
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import var
from textual.widget import Widget

from tokentui.ui.widgets.record_columns import place_columns
from tokentui.ui.widgets.record_cursor import Cursor
from tokentui.ui.widgets.record_filter import FilterLine
from tokentui.ui.widgets.record_lines import BLANK, RowLine, TextLine, row_strip, text_strip
from tokentui.ui.widgets.record_model import RecordSet
from tokentui.ui.widgets.record_scene import (
    NO_MATCH,
    body_lines,
    divide,
    foot_line,
    gutter_of,
    header_line,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from rich.style import Style
    from textual.strip import Strip

    from tokentui.ui.widgets.record_columns import Column
    from tokentui.ui.widgets.record_lines import Line
    from tokentui.ui.widgets.record_marks import Marks
    from tokentui.ui.widgets.record_model import Order, Record
    from tokentui.ui.widgets.record_scene import Frame

_CACHED_STRIPS = 1000
_Slot = tuple[str, bool, bool | None]


class RecordView(Widget):
    """Rows of `columns` under a header, drawn line by line.

    A change repaints exactly the lines that look different afterwards. `empty_text` stands
    where there are no rows, `state_line` ("loading", "data 3 h old") on the last line. `fields`
    are the names that its filter knows, `clock` gives seconds since 1970. With `stays_first` the
    cursor stays on the first row until it is moved, else it follows its row from the start.
    """

    ALLOW_SELECT = False

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "record--header",
        "record--cursor",
        "record--foot",
        "record--muted",
        "record--error",
        "record--warning",
        "record--info",
        "record--unknown",
    }

    DEFAULT_CSS = """
    RecordView {
        height: 1fr;
        & > .record--header { color: $text-muted; text-style: bold; }
        & > .record--foot, & > .record--muted { color: $text-muted; }
        & > .record--error { color: $text-error; }
        & > .record--warning { color: $text-warning; }
        & > .record--info { color: $text-primary; }
        & > .record--unknown { color: $text-accent; }
        & > .record--cursor {
            color: $block-cursor-blurred-foreground;
            background: $block-cursor-blurred-background;
            text-style: $block-cursor-blurred-text-style;
        }
        &:focus > .record--cursor {
            color: $block-cursor-foreground;
            background: $block-cursor-background;
            text-style: $block-cursor-text-style;
        }
        &:nocolor:focus > .record--cursor { text-style: reverse; }
    }
    """

    empty_text: var[str] = var("", init=False)
    state_line: var[str] = var("", init=False)

    class Highlighted(Message, namespace="record_list"):
        """The cursor stands on another row; `key` is empty if there is none."""

        def __init__(self, control: RecordView, key: str) -> None:
            super().__init__()
            self.record_list = control
            self.key = key

        @property
        def control(self) -> RecordView:
            return self.record_list

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        empty_text: str = "",
        fields: Collection[str] = (),
        clock: Callable[[], float] | None = None,
        stays_first: bool = False,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.set_reactive(RecordView.empty_text, empty_text)
        self._columns = tuple(columns)
        self._places = place_columns(self._columns, 0)
        self._records = RecordSet(fields, clock or time.time)
        self._marks: Marks | None = None
        self._cursor = Cursor(stays_first=stays_first)
        self._filter = FilterLine()
        self._lines: list[Line] = []
        self._drawn_size = Size(0, 0)
        self._announced = ""
        self._palette: dict[str, Style] = {}
        self._strips: LRUCache[_Slot, tuple[Record, Strip]] = LRUCache(_CACHED_STRIPS)

    @property
    def cursor_key(self) -> str | None:
        """The key of the row under the cursor."""
        shown = self._records.shown
        return shown[self._cursor.row].key if shown else None

    @property
    def shown_count(self) -> int:
        """How many rows pass the filter."""
        return len(self._records.shown)

    @property
    def total_count(self) -> int:
        """How many rows there are."""
        return len(self._records)

    @property
    def keys_in_view(self) -> tuple[str, ...]:
        """The keys of the rows that are on the screen."""
        return tuple(line.record.key for line in self._lines if isinstance(line, RowLine))

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show these columns instead; the records' cells follow them."""
        self._columns = tuple(columns)
        self._drawn_size = Size(0, 0)
        self._redraw()

    def set_records(self, records: Iterable[Record]) -> None:
        """Show these rows instead; cursor and view stay with the row's key."""
        key = self.cursor_key
        self._records.replace(records)
        self._rows_changed(key, self._cursor.row)

    def upsert(self, records: Iterable[Record]) -> None:
        """Exchange or append rows in one batch."""
        key = self.cursor_key
        self._records.upsert(records)
        self._rows_changed(key, self._cursor.row)

    def remove_records(self, keys: Iterable[str]) -> None:
        """Take rows away in one batch; unknown keys are no error."""
        key = self.cursor_key
        self._records.remove(keys)
        self._rows_changed(key, self._cursor.row)

    def sort_by(self, order: Order | None) -> None:
        """Sort by a column; None: the rows stand as they were given."""
        key = self.cursor_key
        self._records.sort(order)
        self._rows_changed(key, self._cursor.row)

    def move_to(self, key: str) -> bool:
        """Put the cursor on a row; gives False if it is not shown."""
        row = self._records.index(key)
        if row is not None:
            self._go(row)
        return row is not None

    def watch_empty_text(self) -> None:
        self._redraw()

    def watch_state_line(self) -> None:
        self._redraw()

    def on_mount(self) -> None:
        self._redraw()

    def on_resize(self) -> None:
        self._redraw()
        order, visible = self._records.order, self._visible_columns
        if order is not None and visible and order.column not in visible:
            self.sort_by(None)  # nothing on the screen would name that order

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._palette.clear()
        self._strips.clear()

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        rows = self.shown_count or len(self._empty_lines())
        return 1 + max(1, rows) + bool(self._filter or self.state_line)

    def render_line(self, y: int) -> Strip:
        if self._drawn_size != self.size:
            self._settle()
        line = self._lines[y] if y < len(self._lines) else BLANK
        width = self.size.width
        if isinstance(line, TextLine):
            return text_strip(line, width, self._style)
        slot = (line.record.key, line.under_cursor, line.is_marked)
        cached = self._strips.get(slot)
        if cached is None or cached[0] is not line.record:
            strip = row_strip(line, self._places, width, self._style)
            cached = self._strips[slot] = (line.record, strip)
        return cached[1]

    def _style(self, tone: str) -> Style:
        if tone not in self._palette:
            plain = self.rich_style
            name = f"record--{tone}"
            self._palette[tone] = (
                self.get_component_rich_style(name, default=plain) if tone else plain
            )
        return self._palette[tone]

    def _go(self, row: int) -> None:
        self._cursor.move_to(row)
        self._redraw()

    def _rows_changed(self, key: str | None, otherwise: int) -> None:
        """Follow the row with this key to its place; without one go to row `otherwise`."""
        row = None if key is None else self._records.index(key)
        self._cursor.follow(otherwise if row is None else row, self.shown_count, self._frame.body)
        if self.is_mounted and self.styles.auto_dimensions:
            self.refresh(layout=True)
        self._redraw()

    def _redraw(self) -> None:
        """Repaint the lines that changed, and say so if the cursor is on another row."""
        before = self._lines
        resized = self._drawn_size != self.size
        self._settle()
        if resized or len(before) != len(self._lines):
            self.refresh()
        else:
            pairs = enumerate(zip(before, self._lines, strict=True))
            changed = [y for y, (old, new) in pairs if old != new]
            if changed:
                self.refresh(*(Region(0, y, self.size.width, 1) for y in changed))
        key = self.cursor_key or ""
        if self.is_mounted and key != self._announced:
            self._announced = key
            self.post_message(self.Highlighted(self, key))

    def _settle(self) -> None:
        """Work out what every line shows, for the size that the widget has now."""
        if self._drawn_size != self.size:
            self._drawn_size = self.size
            gutter = gutter_of(self._marks)
            self._places = place_columns(self._columns, self.size.width, gutter)
            self._strips.clear()
        self._cursor.resize(self.shown_count, self._frame.body)
        self._lines = self._picture()

    def _picture(self) -> list[Line]:
        frame = self._frame
        empty = self._empty_lines()
        lines = body_lines(self._records, self._cursor, self._marks, empty, frame.body)
        if frame.header:
            gutter = gutter_of(self._marks)
            header = header_line(self._columns, self._places, self._records.order, gutter)
            lines.insert(0, header)
        if frame.foot:
            foot = (self._records, self._cursor, self._filter, self.state_line, frame.body)
            lines.append(foot_line(*foot))
        return lines

    @property
    def _visible_columns(self) -> list[int]:
        return [place.index for place in self._places]

    @property
    def _frame(self) -> Frame:
        has_foot_text = bool(self._filter or self.state_line)
        return divide(self.size.height, self.shown_count, has_foot_text=has_foot_text)

    def _empty_lines(self) -> list[str]:
        return [NO_MATCH] if self.total_count else self.empty_text.splitlines()
