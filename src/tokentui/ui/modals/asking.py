"""What the dialogs share that send one request: its waiting and its outcome."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from tokentui.ui.actions import Place, bindings
from tokentui.ui.modals.dialog import Dialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.timer import Timer
    from textual.widget import Widget
    from textual.widgets import Input

    from tokentui.ui.session import Session

_UNDER_WAY = "the request is under way and cannot be called back; its answer will be shown"
_LOST = "nobody knows what became of it: Esc closes, the list tells"


class Stage(Enum):
    """Where the dialog is in its life."""

    OPEN = "nothing was sent yet"
    ASKING = "the request is under way"
    LOST = "its answer was lost"
    OVER = "closes as soon as nothing covers it"


class AskingModal(Dialog[None]):
    """One key sends one request; Esc before that changes nothing."""

    PLACE = Place.ACT
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.ACT)]
    DOING: ClassVar[str]
    """What is said while the request is under way: "deleting"."""
    ESC_IN_FIELD: ClassVar[str] = "changes nothing"
    """What Esc does while a text field has the focus."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.stage = Stage.OPEN
        self._seconds = 0
        self._ticking: Timer | None = None
        self._then: Callable[[], None] | None = None

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
        self.stage = Stage.ASKING
        self._seconds = 0
        self._ticking = self.set_interval(1, self._tick)
        self._tell_waiting()
        self.send()

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
        text = f"{self.DOING}..{waited}"
        self.say(f"{text} - {more}" if more else text, "$text-primary")

    def _close(self) -> None:
        if self.stage is Stage.OVER and self.is_active and self._then is not None:
            with self.app.batch_update():
                self.dismiss()
                self._then()

    def _field_words(self) -> Content:
        told = (("Enter", self.ENTER_IN_FIELD), ("Esc", self.ESC_IN_FIELD), ("F1", "help"))
        parts = [part for key, label in told for part in ((key, "bold"), f" {label}  ")]
        return Content.assemble(" ", *parts)


def row(label: str, body: Widget) -> Horizontal:
    """Put a label in front of a part."""
    return Horizontal(Static(Content(label), classes="label"), body, classes="field")
