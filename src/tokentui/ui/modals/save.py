"""Asks for the name of a file."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input, Static

from tokentui.ui.modals.box import BoxModal
from tokentui.ui.modals.confirm import Confirm
from tokentui.ui.widgets.line_input import LineInput

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from textual.app import App, ComposeResult

_LONGEST_PATH = 1000


def ask_file(
    app: App[None], proposal: str, exists: Callable[[Path], Awaitable[bool]]
) -> Coroutine[object, object, tuple[Path, bool] | None]:
    """Ask for a file, and whether it may be replaced if it exists; only a worker can wait for it.

    The field is there at once, so that what is typed ahead meets it. Gives None if there is to be
    no file.
    """
    return _answered(app, _ask(app, proposal), exists)


def _ask(app: App[None], proposal: str) -> asyncio.Future[Path | None]:
    answer: asyncio.Future[Path | None] = asyncio.get_running_loop().create_future()
    app.push_screen(AskFile(proposal), answer.set_result)
    return answer


async def _answered(
    app: App[None],
    answer: asyncio.Future[Path | None],
    exists: Callable[[Path], Awaitable[bool]],
) -> tuple[Path, bool] | None:
    while (path := await answer) is not None:
        if not await exists(path):
            return path, False
        question = Confirm(
            "Replace it?",
            [f"{path} exists already.", "What is in it would be gone."],
            yes_label="replace it",
            no_label="choose another name",
        )
        if await app.push_screen_wait(question):
            return path, True
        answer = _ask(app, str(path))
    return None


class AskFile(BoxModal[Path | None]):
    """A field with a proposal; Enter takes it, Esc takes none."""

    DEFAULT_CSS = "AskFile { & #remark { color: $text-muted; } }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", id="save.cancel"),
    ]
    AUTO_FOCUS = "LineInput"

    def __init__(self, proposal: str) -> None:
        super().__init__()
        self.title_with("Save to a file")
        self._proposal = proposal

    def compose(self) -> ComposeResult:
        with self._box:
            yield LineInput(self._proposal, longest=_LONGEST_PATH, id="path")
            yield self._said
            yield Static("readable by you alone (0600) - Enter save  Esc cancel", id="remark")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        name = event.value.strip()
        if not name or not self.is_active:
            return
        try:
            self.dismiss(Path(name).expanduser())
        except RuntimeError:
            self.say("x there is no such user's home")

    def action_cancel(self) -> None:
        if self.is_active:
            self.dismiss(None)
