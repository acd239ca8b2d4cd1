"""A question that only its own key answers with yes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tokentui.domain.text import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult


class Confirm(ModalScreen[bool]):
    """Says what would happen; Enter and Esc are the safe answer.

    `yes` is the key of the other one, a single character, and `yes_label` names it.
    """

    DEFAULT_CSS = """
    Confirm {
        align: center middle;
        background: $background;
        & > Vertical {
            width: 90%; max-width: 76; height: auto; max-height: 100%;
            border: round $warning; padding: 0 1;
        }
        & VerticalScroll { height: auto; max-height: 100%; }
        & #answers { height: auto; margin-top: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,escape,q", "answer(False)", "No", id="confirm.no"),
    ]
    AUTO_FOCUS = "VerticalScroll"

    def __init__(
        self, title: str, lines: Sequence[str], *, yes: str, yes_label: str, no_label: str
    ) -> None:
        super().__init__()
        self._title = title
        self._lines = lines
        self._yes = yes
        self._answers = f"[ Enter {no_label} ]   [ {yes} {yes_label} ]"

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = Content(self._title)
            with VerticalScroll():
                yield Static(Content("\n".join(map(clean, self._lines))), id="text")
            yield Static(Content(self._answers), id="answers")

    def on_key(self, event: events.Key) -> None:
        if event.character == self._yes:
            event.stop()
            self.action_answer(True)

    def action_answer(self, yes: bool) -> None:
        if self.is_active:
            self.dismiss(yes)
