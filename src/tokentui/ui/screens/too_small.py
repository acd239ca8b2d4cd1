"""What stands on a screen that is too small for anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen

from tokentui.ui.widgets.bar import Bar

if TYPE_CHECKING:
    from textual.app import App, ComposeResult
    from textual.geometry import Size

LEAST_WIDTH = 60
LEAST_HEIGHT = 15


def is_too_small(size: Size) -> bool:
    """Say whether a screen of this size shows one line only."""
    return size.width < LEAST_WIDTH or size.height < LEAST_HEIGHT


class TooSmall(ModalScreen[None]):
    """Covers everything, so that no secret stands where nothing can explain it.

    `Cover` takes it away again; a dialog beneath waits with its `dismiss` until then.
    """

    DEFAULT_CSS = "TooSmall { background: $background; }"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("q", "app.quit", "Quit", id="small.quit")]

    def compose(self) -> ComposeResult:
        yield Bar(id="too-small")

    def on_mount(self) -> None:
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def say(self, text: str, style: str = "") -> None:
        """Show a sentence instead, until the size changes."""
        self.query_one(Bar).show(Content.styled(text, style))

    def _draw(self) -> None:
        width, height = self.app.size
        self.query_one(Bar).show(Content(_sentence(width, height)))


def _sentence(width: int, height: int) -> str:
    least = f"{LEAST_WIDTH}x{LEAST_HEIGHT}"
    sentences = (
        f"tokentui needs {least} (now {width}x{height}). q quits.",
        f"needs {least}, now {width}x{height} - q quits",
        f"needs {least} - q quits",
        f"{least} - q quits",
    )
    return next((text for text in sentences if len(text) <= width), "q quits")


class Cover:
    """Keeps a `TooSmall` on top of everything as long as the screen is too small."""

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self._is_needed = False

    def fit(self, size: Size) -> None:
        """Cover or uncover everything, as a screen of this size needs."""
        self._is_needed = is_too_small(size)
        if self._is_needed:
            self.renew()
        else:
            self._lift()

    def renew(self) -> None:
        """Cover what was opened meanwhile: a request may be answered at any time."""
        stack = self._app._screen_stack  # Textual itself moves no screen
        if not (self._is_needed and stack) or isinstance(stack[-1], TooSmall):
            return
        cover = next((screen for screen in stack if isinstance(screen, TooSmall)), None)
        if cover is None:
            self._app.push_screen(TooSmall())
            return
        stack[-1].post_message(events.ScreenSuspend())
        stack.remove(cover)
        stack.append(cover)
        cover.post_message(events.ScreenResume())

    def _lift(self) -> None:
        if isinstance(self._app.screen, TooSmall):
            self._app.pop_screen()
        for stack in self._app._screen_stacks.values():
            for cover in [screen for screen in stack if isinstance(screen, TooSmall)]:
                stack.remove(cover)
                cover.remove()
