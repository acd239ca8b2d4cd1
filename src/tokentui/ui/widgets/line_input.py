"""A text field of one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.widgets import Input

from tokentui.domain.text import clean

if TYPE_CHECKING:
    from textual import events


class LineInput(Input):
    """A field whose cursor stands still and into which nothing can be pasted but plain text."""

    TAKES_TEXT: ClassVar[bool] = True
    """Says to the order of keys that what can be printed does nothing but change its text."""
    DEFAULT_CSS = "LineInput { width: 1fr; background: $boost; }"

    def __init__(
        self,
        value: str = "",
        *,
        placeholder: str = "",
        password: bool = False,
        longest: int = 200,
        id: str | None = None,  # as in all of Textual
    ) -> None:
        super().__init__(
            value,
            placeholder=placeholder,
            password=password,
            max_length=longest,
            select_on_focus=False,
            compact=True,
            id=id,
        )
        self.cursor_blink = False

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        lines = event.text.splitlines()
        if lines:
            self.replace(clean(lines[0]), *self.selection)
