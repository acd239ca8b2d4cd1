"""A dialog that says something and is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult


class InfoDialog(ModalScreen[None]):
    """Literal lines under a title."""

    DEFAULT_CSS = """
    InfoDialog {
        align: center middle;
        background: $background;
        & > Vertical {
            width: 90%; max-width: 110; height: auto; max-height: 90%;
            border: round $primary; padding: 0 1;
        }
        & VerticalScroll { height: auto; max-height: 100%; }
        & #title { text-style: bold; height: 2; }
        & #close { color: $text-muted; dock: bottom; height: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter,h,left", "close", "Close", id="dialog.close"),
        Binding("j", "scroll(1)", show=False),
        Binding("k", "scroll(-1)", show=False),
    ]
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, title: str, lines: Sequence[str | Content]) -> None:
        super().__init__()
        self._title = title
        self._lines = lines

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(Content(self._title), id="title")
            with VerticalScroll():
                yield Static(Content("\n").join(_content(line) for line in self._lines), id="text")
            yield Static("Esc close", id="close")

    def action_close(self) -> None:
        if self.is_active:
            self.dismiss()

    def action_scroll(self, lines: int) -> None:
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)


def _content(line: str | Content) -> Content:
    return Content(line) if isinstance(line, str) else line
