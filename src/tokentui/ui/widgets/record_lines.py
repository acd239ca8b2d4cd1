"""The lines of a list, and how they become strips."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.strip import Strip

from tokentui.ui.widgets.record_columns import GAP, GUTTER, MARK_GUTTER, fit
from tokentui.ui.widgets.record_model import Cell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rich.style import Style

    from tokentui.ui.widgets.record_columns import Place
    from tokentui.ui.widgets.record_model import Record

CURSOR_TONE = "cursor"

_NO_CELL = Cell("")
_CURSOR_SIGN = ">"
_MARK_SIGN = "*"


@dataclass(frozen=True, slots=True)
class RowLine:
    """A record, perhaps under the cursor, perhaps marked; None: it cannot be."""

    record: Record
    under_cursor: bool
    is_marked: bool | None = None


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of the list's own: `right` stands at its end if there is room."""

    text: str
    tone: str
    right: str = ""


Line = RowLine | TextLine
BLANK = TextLine("", "")


def row_strip(
    line: RowLine, places: Sequence[Place], width: int, style: Callable[[str], Style]
) -> Strip:
    """Draw a record; neighbours of one tone are one segment."""
    if line.under_cursor:
        text = "".join(text for text, _ in _pieces(line, places, width))
        return Strip([Segment(text, style(CURSOR_TONE))], width)
    segments = [
        Segment("".join(text for text, _ in run), style(tone))
        for tone, run in groupby(_pieces(line, places, width), key=lambda piece: piece[1])
    ]
    return Strip(segments, width)


def text_strip(line: TextLine, width: int, style: Callable[[str], Style]) -> Strip:
    """Draw a line of the list's own."""
    right = fit(line.right, len(line.right)) if len(line.right) + GUTTER < width else ""
    text = fit(line.text, width - len(right)) + right
    return Strip([Segment(text, style(line.tone))], width)


def _pieces(line: RowLine, places: Sequence[Place], width: int) -> Iterator[tuple[str, str]]:
    """Give texts with their tones that fill `width` cells; blanks join the text before them."""
    record = line.record
    yield _gutter(line, width), record.sign.tone
    used = GUTTER if line.is_marked is None else MARK_GUTTER
    last = len(places) - 1
    for number, place in enumerate(places):
        cell = record.cells[place.index] if place.index < len(record.cells) else _NO_CELL
        used += place.width + (GAP if number < last else 0)
        after = GAP if number < last else max(0, width - used)
        yield fit(cell.text, place.width, place.align) + " " * after, cell.tone
    if not places:
        yield " " * max(0, width - used), ""


def _gutter(line: RowLine, width: int) -> str:
    sign = line.record.sign.text
    if line.is_marked is not None:
        cursor = _CURSOR_SIGN if line.under_cursor else " "
        mark = _MARK_SIGN if line.is_marked else " "
        return f"{cursor}{mark}{fit(sign, 1)} "[:width]
    if not line.under_cursor:
        text = f" {fit(sign, 1)} "
    elif sign:
        text = f"{_CURSOR_SIGN}{fit(sign, 1)} "
    else:
        text = f" {_CURSOR_SIGN} "
    return text[:width]
