"""What every line of a list shows, top to bottom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokentui.domain.text import ELLIPSIS
from tokentui.ui.widgets.record_columns import GAP, GUTTER, MARK_GUTTER, fit
from tokentui.ui.widgets.record_lines import BLANK, RowLine, TextLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokentui.ui.widgets.record_columns import Column, Place
    from tokentui.ui.widgets.record_cursor import Cursor
    from tokentui.ui.widgets.record_filter import FilterLine
    from tokentui.ui.widgets.record_lines import Line
    from tokentui.ui.widgets.record_marks import Marks
    from tokentui.ui.widgets.record_model import Order, RecordSet

NO_MATCH = "Nothing matches. Esc shows all."

_ASCENDING = "↑"
_DESCENDING = "↓"
_LEAST_HEIGHT_WITH_HEADER = 2
_LEAST_HEIGHT_WITH_FOOT = 3
_LONGEST_FILTER_SHOWN = 40
_SELECTED = "typing replaces it, Backspace edits it"


@dataclass(frozen=True, slots=True)
class Frame:
    """How many lines the header, the rows and the foot have."""

    header: int
    body: int
    foot: int


def divide(height: int, rows: int, *, has_foot_text: bool) -> Frame:
    """Share the lines; the foot appears when it says something or the rows overflow."""
    header = int(height >= _LEAST_HEIGHT_WITH_HEADER)
    wanted = has_foot_text or rows > height - header
    foot = int(wanted and height >= _LEAST_HEIGHT_WITH_FOOT)
    return Frame(header, max(0, height - header - foot), foot)


def gutter_of(marks: Marks | None) -> int:
    """Give the cells in front of a row: where rows can be marked, there is one more."""
    return GUTTER if marks is None else MARK_GUTTER


def header_line(
    columns: Sequence[Column], places: Sequence[Place], order: Order | None, gutter: int
) -> TextLine:
    """Give the titles over their columns, the sorted one with an arrow."""
    titles = []
    for place in places:
        title = columns[place.index].title
        if order is not None and order.column == place.index:
            arrow = _DESCENDING if order.reverse else _ASCENDING
            title = fit(title, min(len(title), place.width - 1)) + arrow
        titles.append(fit(title, place.width, place.align))
    return TextLine(" " * gutter + (" " * GAP).join(titles), "header")


def body_lines(
    records: RecordSet, cursor: Cursor, marks: Marks | None, empty: Sequence[str], body: int
) -> list[Line]:
    """Give the rows in view, or the text that stands for them, filled up with blank lines."""
    shown = records.shown
    view = range(cursor.top, min(cursor.top + body, len(shown)))
    lines: list[Line] = [
        RowLine(shown[row], row == cursor.row, None if marks is None else shown[row].key in marks)
        for row in view
    ]
    if not shown:
        lines = [TextLine(" " * gutter_of(marks) + text, "muted") for text in empty[:body]]
    return lines + [BLANK] * (body - len(lines))


def foot_line(
    records: RecordSet, cursor: Cursor, filter_line: FilterLine, state: str, body: int
) -> TextLine:
    """Give the filter and the state, and at the end how much is in view."""
    shown, total = len(records.shown), len(records)
    right = ""
    if filter_line:
        right = f"{shown:,} of {total:,} "
    elif shown > body:
        right = f"{cursor.top + 1:,}-{cursor.top + body:,} of {total:,} "
    remark = _SELECTED if filter_line.is_selected else records.remark
    parts = [_filter_text(filter_line), remark if filter_line.editing else "", state]
    return TextLine(" " + "   ".join(part for part in parts if part), "foot", right)


def _filter_text(filter_line: FilterLine) -> str:
    if not filter_line:
        return ""
    text = filter_line.text
    if len(text) > _LONGEST_FILTER_SHOWN:
        text = ELLIPSIS + text[-_LONGEST_FILTER_SHOWN:]
    return f"/{text}_" if filter_line.editing else f"/{text}"
