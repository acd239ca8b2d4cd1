"""A text within a dialog that is redrawn only when it reads differently."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from tokentui.domain.text import clean

if TYPE_CHECKING:
    from textual.widget import Widget

WRONG = "$text-error"


class TextPart(Static):
    """Literal lines; while there are none, neither they nor their label take any room."""

    DEFAULT_CSS = "TextPart { width: 1fr; height: auto; }"

    def __init__(self, name: str, *, classes: str = "") -> None:
        super().__init__("", id=name, classes=classes, markup=False)
        self._shown: tuple[str, str] | None = None

    def show(self, text: str, style: str = "") -> None:
        """Say something; what begins with an x went wrong."""
        if text.startswith("x "):
            style = WRONG
        if (text, style) == self._shown:
            return
        self._shown = (text, style)
        set_row_shown(self, bool(text))
        lines = map(clean, text.split("\n"))
        self.update(Content.styled("\n".join(lines), style))


def set_row_shown(part: Widget, shown: bool) -> None:
    """Show or hide a part, together with its label if it has one."""
    row = part.parent if isinstance(part.parent, Horizontal) else part
    row.display = shown
