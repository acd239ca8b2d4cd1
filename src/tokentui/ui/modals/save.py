"""Asks for the name of a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tokentui.ui.modals.confirm import Confirm
from tokentui.ui.widgets.line_input import LineInput

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.app import App, ComposeResult

_LONGEST_PATH = 1000


async def ask_file(
    app: App[None], proposal: str, exists: Callable[[Path], Awaitable[bool]]
) -> tuple[Path, bool] | None:
    """Ask for a file, and whether it may be replaced if it exists; only a worker can wait for it.

    Gives None if there is to be none.
    """
    while (path := await app.push_screen_wait(AskFile(proposal))) is not None:
        if not await exists(path):
            return path, False
        question = Confirm(
            "Replace it?",
            [f"{path} exists already.", "What is in it would be gone."],
            yes="r",
            yes_label="replace it",
            no_label="choose another name",
        )
        if await app.push_screen_wait(question):
            return path, True
        proposal = str(path)
    return None


class AskFile(ModalScreen[Path | None]):
    """A field with a proposal; Enter takes it, Esc takes none."""

    DEFAULT_CSS = """
    AskFile {
        align: center middle;
        background: $background;
        & > Vertical {
            width: 90%; max-width: 76; height: auto; border: round $primary; padding: 0 1;
        }
        & #remark { color: $text-muted; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", id="save.cancel"),
    ]
    AUTO_FOCUS = "LineInput"

    def __init__(self, proposal: str) -> None:
        super().__init__()
        self._proposal = proposal

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = Content("Save to a file")
            yield LineInput(self._proposal, longest=_LONGEST_PATH, id="path")
            yield Static("readable by you alone (0600) - Enter save  Esc cancel", id="remark")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        name = event.value.strip()
        if not name or not self.is_active:
            return
        try:
            self.dismiss(Path(name).expanduser())
        except RuntimeError:
            self.query_one("#remark", Static).update("x there is no such user's home")

    def action_cancel(self) -> None:
        if self.is_active:
            self.dismiss(None)
