"""A button of one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Button

if TYPE_CHECKING:
    from textual.widgets.button import ButtonVariant


class DialogButton(Button):
    """A button that does not flash when it is pressed."""

    DEFAULT_CSS = "DialogButton { margin-left: 2; min-width: 10; width: auto; }"

    def __init__(self, label: str, name: str, variant: ButtonVariant = "default") -> None:
        super().__init__(Content(label), variant, id=name, compact=True)
        self.active_effect_duration = 0
