"""The dialog in which a credential is given another name."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from tokentui.domain.text import unprintable
from tokentui.ui.modals.act import ActModal
from tokentui.ui.modals.asking import Stage, row
from tokentui.ui.widgets.line_input import LineInput
from tokentui.ui.wishes import Wish

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tokentui.services.held import Held
    from tokentui.services.verbs import Verb
    from tokentui.ui.session import Session
    from tokentui.ui.wishes import Doer


class RenameModal(ActModal):
    """A field with the name as it is; Enter takes what it says then."""

    AUTO_FOCUS = "#name"
    ENTER_ACTS = True
    ENTER_IN_FIELD = "rename"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "act", show=False)]

    def __init__(self, session: Session, doer: Doer, verb: Verb, held: Held, word: str) -> None:
        super().__init__(session, doer, verb, held, word)
        self._new_name = LineInput(held.name, id="name")

    @property
    def answers(self) -> str:
        return "[ Esc leave it ]   [ Enter rename ]"

    def compose_box(self) -> ComposeResult:
        yield self._facts
        yield row("Name", self._new_name)

    def problem(self) -> str:
        name = self._new_name.value.strip()
        if not name:
            return "it needs a name"
        if unprintable(name):
            return "the name holds characters that cannot be shown"
        return "that is its name already" if name == self.held.name else ""

    def wish(self) -> Wish:
        return Wish(self.verb, self.held, text=self._new_name.value)

    def on_input_changed(self) -> None:
        if self.stage is Stage.OPEN:
            problem = self.problem()
            self.say(f"x {problem}" if problem and self._new_name.value != self.held.name else "")
