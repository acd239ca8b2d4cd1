"""Literal text of which only the lines are redrawn that read differently."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.geometry import Region
from textual.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Iterator


class Text(Widget):
    """Some lines of text, cut at the right edge; `show` does nothing if they are there already."""

    DEFAULT_CSS = "Text { width: 1fr; height: auto; text-wrap: nowrap; text-overflow: ellipsis; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown = Content("")

    def render(self) -> Content:
        return self._shown

    def show(self, content: Content) -> None:
        """Put these lines here."""
        if content.is_same(self._shown):
            return
        before, self._shown = self._shown.split("\n"), content
        after = content.split("\n")
        if len(before) == len(after):
            self.refresh(*_changed(before, after))
        else:
            self.refresh(layout=True)


class Bar(Text):
    """One line of text."""

    DEFAULT_CSS = "Bar { height: 1; }"


def _changed(before: list[Content], after: list[Content]) -> Iterator[Region]:
    """Give where lines differ, as far as either has text."""
    for y, (old, new) in enumerate(zip(before, after, strict=True)):
        if not new.is_same(old):
            yield Region(0, y, _changed_cells(old, new), 1)


def _changed_cells(old: Content, new: Content) -> int:
    """Give how far from the left a line differs; Textual writes whole pieces of a style."""
    if old.cell_length != new.cell_length:
        return max(old.cell_length, new.cell_length)
    pairs = zip(reversed(old.plain), reversed(new.plain), strict=False)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    is_same = old[len(old.plain) - same :].is_same(new[len(new.plain) - same :])
    return cell_len(new.plain[: len(new.plain) - same]) if is_same else new.cell_length
