"""What all dialogs share: a box with a title, and a line in it for what is said."""

from __future__ import annotations

from typing import TypeVar

from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from tokentui.ui.widgets.text_part import TextPart

T = TypeVar("T")


class BoxModal(ModalScreen[T]):
    """Covers everything with a box; who derives from it places `_said` in `_box`."""

    DEFAULT_CSS = """
    BoxModal {
        align: center middle;
        background: $background;
        & > #box {
            width: 90%; max-width: 76; height: auto; max-height: 100%;
            border: round $primary; padding: 0 1;
        }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        # Kept here because answers may still arrive while the dialog's children are removed.
        self._box = Vertical(id="box")
        self._said = TextPart("said")
        self._said.display = False

    def title_with(self, title: str) -> None:
        """Put a title into the border."""
        self._box.border_title = Content(title)

    def say(self, text: str, style: str = "$text-warning") -> None:
        """Put a sentence above the answers; an empty one takes it away."""
        self._said.show(text, style)
