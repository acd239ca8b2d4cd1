"""Columns: which of them fit into a width, and texts cut to theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rich.cells import cell_len, set_cell_size

from tokentui.domain.text import ELLIPSIS, clean

if TYPE_CHECKING:
    from collections.abc import Sequence

GUTTER = 3
MARK_GUTTER = 4
GAP = 2

_VARIATION_SELECTORS = dict.fromkeys(range(0xFE00, 0xFE10))


@dataclass(frozen=True, slots=True)
class Column:
    """A column of at least `width` cells; `grow` takes what is left of the line.

    When the line is too narrow, the column with the lowest `priority` goes first, of equal ones
    the one most to the right.
    """

    key: str
    title: str
    width: int
    grow: bool = False
    priority: int = 0
    align: Literal["left", "right"] = "left"


@dataclass(frozen=True, slots=True)
class Place:
    """A column that is drawn: its index among all columns and its width in cells."""

    index: int
    width: int
    align: Literal["left", "right"]


def place_columns(columns: Sequence[Column], width: int, gutter: int = GUTTER) -> tuple[Place, ...]:
    """Give the columns that a line of this width holds, at least one if there is any room."""
    room = width - gutter
    kept = list(enumerate(columns))
    while len(kept) > 1 and _needed(kept) > room:
        kept.remove(min(kept, key=lambda item: (item[1].priority, -item[0])))
    if not kept or room <= 0:
        return ()
    spare = room - _needed(kept)
    growing = [index for index, column in kept if column.grow]
    places = []
    for index, column in kept:
        wide = column.width
        if index in growing and spare > 0:
            wide += _share(spare, growing.index(index), len(growing))
        places.append(Place(index, min(wide, room), column.align))
    return tuple(places)


def fit(text: str, width: int, align: Literal["left", "right"] = "left") -> str:
    """Give the text in exactly `width` cells, cut with an ellipsis or padded with blanks.

    Nothing that could steer a terminal passes, even if the text was not cleaned before.
    """
    if width <= 0:
        return ""
    if not text.isascii():
        text = text.translate(_VARIATION_SELECTORS)  # terminals disagree on their width
    if not text.isprintable():
        text = clean(text)
    cells = cell_len(text)
    if cells > width:
        return set_cell_size(text, width - 1) + ELLIPSIS
    blanks = " " * (width - cells)
    return blanks + text if align == "right" else text + blanks


def _needed(columns: Sequence[tuple[int, Column]]) -> int:
    return sum(column.width for _, column in columns) + GAP * (len(columns) - 1)


def _share(spare: int, position: int, among: int) -> int:
    return spare // among + (position < spare % among)
