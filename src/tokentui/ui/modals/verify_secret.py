"""The dialog in which a secret is tried that one pastes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Static

from tokentui.ui.modals.act import ActModal
from tokentui.ui.modals.asking import ACT_LABEL, Stage, row
from tokentui.ui.widgets.paste_check import PasteCheck
from tokentui.ui.widgets.text_part import TextPart
from tokentui.ui.wishes import Wish

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from tokentui.services.held import Held
    from tokentui.services.verbs import Verb
    from tokentui.ui.session import Session
    from tokentui.ui.wishes import Doer

_HOW = "Paste the secret here: it is not shown, not kept, and sent nowhere but to its system."


class VerifyModal(ActModal):
    """A field that shows and keeps nothing; each paste is tried once."""

    AUTO_FOCUS = "PasteCheck"

    def __init__(self, session: Session, doer: Doer, verb: Verb, held: Held, word: str) -> None:
        super().__init__(session, doer, verb, held, word)
        self._how = TextPart("how", classes="muted")
        self._system = TextPart("system")
        self._match = TextPart("match")

    @property
    def keys_in_field(self) -> tuple[tuple[str, str], ...]:
        return (("Enter", "try it"), ("Esc", "leaves the field"))

    @property
    def absent(self) -> frozenset[str]:
        return super().absent | {ACT_LABEL}

    @property
    def answers(self) -> str:
        return "[ Esc close ]"

    def compose_box(self) -> ComposeResult:
        yield self._facts
        yield Static("", classes="gap")
        yield self._how
        yield row("Secret", PasteCheck())
        yield Static("", classes="gap")
        yield row("System", self._system)
        yield row("Ledger", self._match)

    def on_mount(self) -> None:
        self._show_answer("", "")

    def draw(self) -> None:
        super().draw()
        self._how.show(_HOW)

    def problem(self) -> str:
        return "paste the secret first"

    def wish(self) -> Wish:
        return Wish(self.verb, self.held)

    def tell(self, system: str, match: str) -> None:
        """Say what the system answered, and whether it is what the ledger recorded."""
        self._stop_asking(Stage.OPEN)
        self.say("")
        self._show_answer(system, match)
        self.query_one(PasteCheck).focus()

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self.query_one(PasteCheck).pass_on(event.text)

    def on_paste_check_pasted(self, event: PasteCheck.Pasted) -> None:
        event.stop()
        if self.stage is not Stage.OPEN:
            return
        self._show_answer("", "")
        self.start_waiting()
        self._doer.verify(self, self.held, event.text)

    def _show_answer(self, system: str, match: str) -> None:
        self._system.show(system)
        self._match.show(match)
