"""What stands on a screen that is too small for anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen

from tokentui.ui.widgets.bar import Bar

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.geometry import Size

LEAST_WIDTH = 60
LEAST_HEIGHT = 15


def is_too_small(size: Size) -> bool:
    """Say whether a screen of this size shows one line only."""
    return size.width < LEAST_WIDTH or size.height < LEAST_HEIGHT


class TooSmall(ModalScreen[None]):
    """Covers everything, so that no secret stands where nothing can explain it.

    The application takes it away again; a dialog beneath waits with its `dismiss` until then.
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
        text = f"tokentui needs {LEAST_WIDTH}x{LEAST_HEIGHT} (now {width}x{height}). q quits."
        self.query_one(Bar).show(Content(text))
