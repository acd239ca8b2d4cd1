"""Literal text that is redrawn only when it reads differently."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static


class Text(Static):
    """Some lines of text, cut at the right edge; `show` does nothing if they are there already."""

    DEFAULT_CSS = "Text { width: 1fr; height: auto; text-wrap: nowrap; text-overflow: ellipsis; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(Content(""), id=id, markup=False)
        self._shown = Content("")

    def show(self, content: Content) -> None:
        """Put these lines here."""
        if not content.is_same(self._shown):
            taller = content.plain.count("\n") != self._shown.plain.count("\n")
            self._shown = content
            self.update(content, layout=taller)


class Bar(Text):
    """One line of text."""

    DEFAULT_CSS = "Bar { height: 1; }"
