"""Sentences made to fit: cut where they say least, or broken into lines."""

from __future__ import annotations

import textwrap

from rich.cells import cell_len, chop_cells, set_cell_size

from tokentui.domain.text import ELLIPSIS

_SHORTEST_WORD = 12


def shortened(text: str, cells: int) -> str:
    """Give the text in at most so many cells.

    The longest word, mostly an id or a path, loses its middle; what is still too long, its end.
    """
    excess = cell_len(text) - cells
    if excess <= 0:
        return text
    word = max(text.split(" "), key=cell_len)
    kept = max(_SHORTEST_WORD, cell_len(word) - excess)
    return cut(text.replace(word, _without_middle(word, kept), 1), cells)


def cut(text: str, cells: int) -> str:
    """Give the text in at most so many cells; an ellipsis stands for the rest."""
    if cell_len(text) <= cells:
        return text
    return set_cell_size(text, cells - 1) + ELLIPSIS if cells > 0 else ""


def wrapped(text: str, cells: int, most: int) -> list[str]:
    """Break the text into at most `most` lines, between words as long as there is room for it."""
    lines = textwrap.wrap(text, cells, break_on_hyphens=False)
    if len(lines) <= most and all(cell_len(line) <= cells for line in lines):
        return lines
    return chop_cells(shortened(text, cells * most), cells)[:most]


def _without_middle(word: str, cells: int) -> str:
    if cell_len(word) <= cells:
        return word
    end = (cells - 1) // 2
    return set_cell_size(word, cells - 1 - end) + ELLIPSIS + set_cell_size(word[::-1], end)[::-1]
