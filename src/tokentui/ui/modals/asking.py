"""What the dialogs share that send one request: their keys, its waiting, its outcome."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from tokentui.ui.actions import Place, bindings
from tokentui.ui.modals.dialog import Dialog, field_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.timer import Timer
    from textual.widget import Widget
    from textual.widgets import Input

    from tokentui.ui.actions import Line
    from tokentui.ui.session import Session

ACT_LABEL = "do it"
"""What the table of actions calls the key that sends the request."""
FIELD_LABEL = "field"
"""What it calls the key that goes to the next field."""
_UNDER_WAY = "the request is under way and cannot be called back; its answer will be shown"
_LOST = "nobody knows what became of it: Esc closes, and the list is read anew"


class Stage(Enum):
    """Where the dialog is in its life."""

    OPEN = "nothing was sent yet"
    ASKING = "the request is under way"
    LOST = "its answer was lost"
    OVER = "closes as soon as nothing covers it"


class AskingModal(Dialog[None]):
    """One key sends one request; Esc before that changes nothing."""

    PLACE = Place.ACT
    ENTER_ACTS: ClassVar[bool] = False
    """Whether Enter sends the request, in a text field and outside."""
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.ACT)]
    doing: str
    """What is said while the request is under way: "deleting"."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.stage = Stage.OPEN
        self._seconds = 0
        self._ticking: Timer | None = None
        self._then: Callable[[], None] | None = None

    @property
    def key_lines(self) -> Sequence[Line]:
        told = super().key_lines
        if not self.enter_acts:
            return told
        return [self._by_enter(line) if line.label == ACT_LABEL else line for line in told]

    @property
    def enter_acts(self) -> bool:
        """Whether Enter sends the request as it stands."""
        return self.ENTER_ACTS

    @property
    def absent(self) -> frozenset[str]:
        return frozenset() if self.focus_chain else frozenset({FIELD_LABEL})

    @property
    def keys_in_field(self) -> tuple[tuple[str, str], ...]:
        """The keys that a text field leaves to the dialog, and what they do."""
        return (("Enter", self.ENTER_IN_FIELD), ("Esc", "changes nothing"))

    @property
    def answers(self) -> str:
        """The keys that answer, as they stand on the last line of the box."""
        raise NotImplementedError

    def problem(self) -> str:
        """Say why nothing can be sent as it stands; empty: it can."""
        return ""

    def send(self) -> None:
        """Send the request."""
        raise NotImplementedError

    def compose_foot(self) -> ComposeResult:
        yield Static("", classes="gap")
        yield Static(Content(self.answers), id="answers")

    # What the request's sender tells

    def refused(self, sentence: str) -> None:
        """Say why it was not done; it can be tried again."""
        self._stop_asking(Stage.OPEN)
        self.say(f"x {sentence}")

    def lost(self, sentence: str) -> None:
        """Say that nobody knows whether it was done."""
        self._stop_asking(Stage.LOST)
        self.say(f"? {sentence}", "$text-accent")

    def finish(self, then: Callable[[], None]) -> None:
        """Close, and call `then` in the same turn of the loop."""
        self._then = then
        self._stop_asking(Stage.OVER)
        self._close()

    def on_screen_resume(self) -> None:
        self._close()

    # What keys do

    def action_act(self) -> None:
        match self.stage:
            case Stage.ASKING:
                self._tell_waiting(_UNDER_WAY)
            case Stage.LOST:
                self.say(f"? {_LOST}", "$text-accent")
            case Stage.OPEN:
                self._ask()

    def action_cancel(self) -> None:
        if self.stage is Stage.ASKING:
            self._tell_waiting(_UNDER_WAY)
        elif self.is_active:
            self.dismiss()

    def submitted(self) -> None:
        """Do what Enter does in a text field."""
        self.action_act()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.submitted()

    # How it goes on

    def _ask(self) -> None:
        if problem := self.problem():
            self.say(f"x {problem}")
            return
        self.start_waiting()
        self.send()

    def start_waiting(self) -> None:
        """Say from now on how long the answer takes."""
        self.stage = Stage.ASKING
        self._seconds = 0
        self._ticking = self.set_interval(1, self._tick)
        self._tell_waiting()

    def _by_enter(self, line: Line) -> Line:
        return replace(line, shown="Enter", label=self.ENTER_IN_FIELD)

    def _stop_asking(self, then: Stage) -> None:
        self.stage = then
        if self._ticking is not None:
            self._ticking.stop()
            self._ticking = None

    def _tick(self) -> None:
        self._seconds += 1
        self._tell_waiting()

    def _tell_waiting(self, more: str = "") -> None:
        waited = f" {self._seconds} s" if self._seconds else ""
        text = f"{self.doing}..{waited}"
        self.say(f"{text} - {more}" if more else text, "$text-primary")

    def _close(self) -> None:
        if self.stage is Stage.OVER and self.is_active and self._then is not None:
            with self.app.batch_update():
                self.dismiss()
                self._then()

    def _field_words(self) -> Content:
        return field_words(self.keys_in_field)


def row(label: str, body: Widget) -> Horizontal:
    """Put a label in front of a part."""
    return Horizontal(Static(Content(label), classes="label"), body, classes="field")
