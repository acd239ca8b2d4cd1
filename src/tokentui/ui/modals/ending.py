"""The question before a credential is ended, switched off or regenerated."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Static

from tokentui.domain.text import clean
from tokentui.services.verbs import Verb
from tokentui.ui.modals.act import ActModal
from tokentui.ui.modals.asking import Stage, row
from tokentui.ui.modals.confirm import YES_KEY
from tokentui.ui.widgets.line_input import LineInput
from tokentui.ui.widgets.text_part import TextPart
from tokentui.ui.wishes import Wish

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from tokentui.services.held import Held
    from tokentui.ui.session import Session
    from tokentui.ui.wishes import Doer

_LONGEST_NAME = 300


class EndingModal(ActModal):
    """Names the object, its place and the consequence; Enter is the safe answer, F10 the other.

    `must_type` has to be typed first where `why_type` says of the profile why.
    """

    DEFAULT_CSS = "EndingModal { & > #box { border: round $warning; } }"
    AUTO_FOCUS = "#typed"  # there is none where nothing has to be typed
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,q", "cancel", show=False)]

    def __init__(
        self,
        session: Session,
        doer: Doer,
        verb: Verb,
        held: Held,
        word: str,
        *,
        consequence: Sequence[str],
        must_type: str,
        why_type: str,
    ) -> None:
        super().__init__(session, doer, verb, held, word)
        self._must_type = must_type
        self._why_type = why_type
        self._consequence = "\n".join(map(clean, consequence))
        self._typed = LineInput(longest=_LONGEST_NAME, id="typed")
        self._purpose = LineInput(held.purpose, placeholder="kept in the ledger", id="purpose")

    @property
    def keys_in_field(self) -> tuple[tuple[str, str], ...]:
        return ((YES_KEY.upper(), self.word), ("Esc", "changes nothing"))

    @property
    def answers(self) -> str:
        return f"[ Enter go back ]   [ {YES_KEY.upper()} {self.word} ]"

    def compose_box(self) -> ComposeResult:
        yield self._facts
        yield Static("", classes="gap")
        yield TextPart("consequence")

    def compose_foot(self) -> ComposeResult:
        if self.verb is Verb.REGENERATE:
            yield row("Purpose", self._purpose)
        if self._must_type:
            yield TextPart("must-type")
            yield row("Name", self._typed)
        yield from super().compose_foot()

    def draw(self) -> None:
        super().draw()
        self.query_one("#consequence", TextPart).show(self._consequence)
        if self._must_type:
            told = f"Profile {self.held.profile} {self._why_type}: type {self._must_type}"
            self.query_one("#must-type", TextPart).show(told, "$text-warning")

    def problem(self) -> str:
        if self._must_type and self._typed.value != self._must_type:
            return f"type {self._must_type} to {self.word} it"
        return ""

    def wish(self) -> Wish:
        purpose = self._purpose.value if self.verb is Verb.REGENERATE else ""
        return Wish(self.verb, self.held, text=purpose, typed=self._typed.value)

    def why_stay(self) -> str:
        """Say that a new secret has arrived which was not shown yet."""
        arrived = self.stage is Stage.OVER or not self.session.in_flight
        waiting = self.stage in {Stage.ASKING, Stage.OVER}
        is_secret = self.verb is Verb.REGENERATE and waiting and arrived
        return "the answer has just arrived" if is_secret else ""

    def submitted(self) -> None:
        """Change nothing: a terminal that does not mark a paste types its line end too."""
        self.say(self.problem() or f"{YES_KEY.upper()} does it", "$text-muted")

    def on_input_changed(self) -> None:
        if self.stage is Stage.OPEN:
            self.say("")
