"""A question that only F10 answers with yes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tokentui.domain.text import clean
from tokentui.ui.modals.box import BoxModal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

# A terminal that does not mark a paste types it: yes is a key that no printable text holds.
YES_KEY = "f10"


class Confirm(BoxModal[bool]):
    """Says what would happen; Enter and Esc are the safe answer, F10 is the other one."""

    DEFAULT_CSS = """
    Confirm {
        & > #box { border: round $warning; }
        & VerticalScroll { height: auto; max-height: 100%; }
        & #foot { dock: bottom; height: auto; padding-top: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,escape,q", "answer(False)", "No", id="confirm.no"),
        Binding(YES_KEY, "answer(True)", "Yes"),
    ]
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, title: str, lines: Sequence[str], *, yes_label: str, no_label: str) -> None:
        super().__init__()
        self.title_with(title)
        self._lines = lines
        self._answers = f"[ Enter {no_label} ]   [ {YES_KEY.upper()} {yes_label} ]"

    def compose(self) -> ComposeResult:
        with self._box:
            with VerticalScroll():
                yield Static(Content("\n".join(map(clean, self._lines))), id="text")
            with Vertical(id="foot"):
                yield self._said
                yield Static(Content(self._answers), id="answers")

    def action_answer(self, yes: bool) -> None:
        if self.is_active:
            self.dismiss(yes)
