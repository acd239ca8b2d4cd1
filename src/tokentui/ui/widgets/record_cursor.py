"""Where the cursor stands in a list, and which rows are in view."""

from __future__ import annotations


class Cursor:
    """A row and the first row in view, both counted from 0; `count` rows, `height` in view.

    With `stays_first` it stays on the first row until it is moved, whatever comes above it.
    """

    def __init__(self, *, stays_first: bool = False) -> None:
        self._stays_first = stays_first
        self.row = 0
        self.top = 0
        self._count = 0
        self._height = 1

    def resize(self, count: int, height: int) -> None:
        """Take a new number of rows or lines; the cursor stays in view."""
        self._count = count
        self._height = max(1, height)
        self._clamp()

    def move_to(self, row: int) -> None:
        """Go to a row, or to the nearest that exists, scrolling no more than needed."""
        self._stays_first = False
        self.row = row
        self._clamp()

    def page(self, direction: int) -> None:
        """Go one view down (1) or up (-1), the cursor's line staying where it is."""
        self._stays_first = False
        self.top += direction * self._height
        self.row += direction * self._height
        self._clamp()

    def follow(self, row: int, count: int, height: int) -> None:
        """Take the row's new place after rows changed around it.

        A view at the top stays there while it holds the row; else the row keeps its line.
        """
        row = 0 if self._stays_first else row
        line = self.row - self.top
        if self.top > 0 or row >= height:
            self.top = row - line
        self.row = row
        self.resize(count, height)

    def _clamp(self) -> None:
        self.row = max(0, min(self.row, self._count - 1))
        self.top = max(self.row - self._height + 1, min(self.top, self.row))
        self.top = max(0, min(self.top, self._count - self._height))
