"""A field to paste into, which compares and forgets."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from tokentui.domain.secret import Secret
from tokentui.ui.widgets.line_input import LineInput

if TYPE_CHECKING:
    from textual import events
    from textual.timer import Timer
    from textual.widgets import Input

_ALL_TYPED_S = 0.3


class PasteCheck(LineInput):
    """Never shows or keeps what is pasted; passes it on as a secret and gives the focus back.

    Terminals that do not mark a paste type it: after Enter, everything counts that still follows.
    """

    DEFAULT_CSS = "PasteCheck { width: 10; }"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    class Pasted(Message):
        """Something was pasted, or typed and entered where terminals do not mark a paste."""

        def __init__(self, text: Secret) -> None:
            super().__init__()
            self.text = text

    def __init__(self) -> None:
        super().__init__(password=True, longest=100_000, id="paste")
        self._typed = ""
        self._until_all_typed: Timer | None = None

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.pass_on(event.text)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._typed += event.value + "\n"
        self.value = ""
        self._wait()

    def on_input_changed(self) -> None:
        if self._typed:
            self._wait()

    def on_blur(self) -> None:
        self._forget()

    def action_leave(self) -> None:
        self._forget()
        self.screen.set_focus(None)

    def pass_on(self, text: str) -> None:
        """Forget what stands in the field, leave it, and tell what was pasted."""
        self.action_leave()
        if text.strip("\r\n"):
            self.post_message(self.Pasted(Secret(text)))

    def _wait(self) -> None:
        if self._until_all_typed is not None:
            self._until_all_typed.stop()
        self._until_all_typed = self.set_timer(
            _ALL_TYPED_S, lambda: self.pass_on(self._typed + self.value)
        )

    def _forget(self) -> None:
        if self._until_all_typed is not None:
            self._until_all_typed.stop()
        self._typed = ""
        self.value = ""


def compare(pasted: Secret, wanted: Secret) -> tuple[bool, str]:
    """Say whether a paste is the secret, and in words what it is otherwise."""
    got, all_ = _plain(pasted), _plain(wanted)
    if got == all_:
        return True, f"the clipboard holds it: {len(all_)} of {len(all_)} characters"
    if len(got) < len(all_) and all_.reveal().startswith(got.reveal()):
        return False, f"got {len(got)} of {len(all_)} characters: your terminal cut it off"
    return False, f"got {len(got)} characters of something else: the clipboard does not hold it"


def _plain(text: Secret) -> Secret:
    """Level what terminals do to a paste: carriage returns for line feeds, none at its end."""
    return Secret(text.reveal().replace("\r\n", "\n").replace("\r", "\n").rstrip("\n"))
