"""What every place has: two lines above, two lines below, and the list in between."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Vertical
from textual.css.scalar import Scalar
from textual.screen import Screen

from tokentui.ui import frame
from tokentui.ui.actions import Place
from tokentui.ui.messages import CopyRequested, PlaceResumed
from tokentui.ui.widgets.bar import Bar
from tokentui.ui.widgets.record_list import RecordList

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from textual.app import ComposeResult
    from textual.widget import Widget

    from tokentui.ui.flows import Flows
    from tokentui.ui.session import Session


class PlaceScreen(Screen[None]):
    """A place; `draw` brings it up to date with the session whenever something changed.

    The lines around it stay where they are: a body that is too high is cut, nothing scrolls.
    `flows` are the ways out of it.
    """

    DEFAULT_CSS = """
    PlaceScreen {
        overflow: hidden;
        & #top { background: $panel; }
        & #body { height: 1fr; overflow: hidden; }
    }
    """
    PLACE: ClassVar[Place]
    AUTO_FOCUS = "RecordList"

    def __init__(self, session: Session, flows: Flows) -> None:
        super().__init__()
        self.session = session
        self.flows = flows
        self._said: tuple[str, str] | None = None
        self._filter_at_first = ""

    @property
    def places(self) -> Sequence[Place]:
        """The groups of actions that work here, the most special first."""
        return (self.PLACE, Place.LIST, Place.ANYWHERE)

    def compose(self) -> ComposeResult:
        yield Bar(id="top")
        yield Bar(id="views")
        with Vertical(id="body"):
            yield from self.compose_body()
        yield Bar(id="state")
        yield Bar(id="keys")

    def compose_body(self) -> ComposeResult:
        """Give what stands between the lines."""
        raise NotImplementedError

    def draw_body(self) -> None:
        """Bring it up to date."""
        raise NotImplementedError

    def counts(self) -> str:
        """Say how much is shown, for the right end of the second line."""
        raise NotImplementedError

    def state(self) -> str:
        """Say how things are, for the line above the keys."""
        raise NotImplementedError

    def ends(self) -> list[datetime]:
        """Give the ends whose remaining time is on the screen."""
        raise NotImplementedError

    def row_texts(self, key: str) -> tuple[str, str]:
        """Give the id and the name of a row, as they are copied."""
        raise NotImplementedError

    def step_back(self) -> bool:
        """Go back within the place; False: there is nowhere to go but out of it."""
        return False

    def draw(self) -> None:
        """Show what is known now."""
        if not (self._has_its_parts and self.is_mounted and self.size):
            return
        with self.app.batch_update():
            self.draw_body()
            self.draw_frame()

    @property
    def _has_its_parts(self) -> bool:
        """While the application ends, messages still arrive but the widgets go."""
        return self.is_attached and self.app.is_running

    def filter_by(self, text: str) -> None:
        """Filter the list as if the text had been typed, as soon as there is a list."""
        if self.query(RecordList):
            self.focused_list.set_filter(text)
        else:
            self._filter_at_first = text

    def draw_frame(self) -> None:
        """Show the lines above and below."""
        width = self.size.width
        self._bar("top").show(frame.top_line(self.session, width))
        self._bar("views").show(
            frame.views_line(self.PLACE, self.counts(), width, self.session.keys)
        )
        self._draw_state(width)
        self._bar("keys").show(frame.keys_line(self.places[:-1], width, self.session.keys))

    def _draw_state(self, width: int) -> None:
        """Show how things are, or in full what is said."""
        if self._said is None:
            shown = frame.state_line(self.state(), width)
        else:
            shown = frame.said_lines(self._said[0], width, self._said[1])
        state = self._bar("state")
        set_shown(state, True, len(shown.split("\n")))
        state.show(shown)

    def say(self, text: str, style: str = "$text-warning") -> None:
        """Put a sentence above the keys; it stays until another key is pressed."""
        self._said = (text, style)
        if self.is_mounted:
            self.draw_frame()

    def hush(self) -> None:
        """Take the sentence away again."""
        if self._said is not None:
            self._said = None
            self.draw_frame()

    def on_mount(self) -> None:
        if self._filter_at_first:
            self.focused_list.set_filter(self._filter_at_first)
        self.draw()

    def on_resize(self) -> None:
        self.draw()

    def on_screen_resume(self) -> None:
        self.draw()
        self.post_message(PlaceResumed())

    def on_record_list_filter_changed(self) -> None:
        self.draw_frame()

    def action_filter(self) -> None:
        self.focused_list.focus()
        self.focused_list.action_filter()

    def action_sort(self) -> None:
        self.focused_list.action_sort()

    def action_copy_id(self) -> None:
        self._copy(0, "id")

    def action_copy_name(self) -> None:
        self._copy(1, "name")

    @property
    def focused_list(self) -> RecordList:
        """The list that keys go to, the first one if none has the focus."""
        if isinstance(self.focused, RecordList):
            return self.focused
        return self.query(RecordList).first()

    def _compositor_refresh(self) -> None:
        """Paint nothing while a dialog covers all of it.

        Textual 8.2 takes what a dialog covers for visible and repaints the dialog with it.
        """
        if self.app.screen is self:
            super()._compositor_refresh()
        else:
            self._dirty_widgets.clear()

    def _copy(self, which: int, what: str) -> None:
        key = self.focused_list.cursor_key
        if key is None:
            self.say("there is no row to copy from")
            return
        self.post_message(CopyRequested(self.row_texts(key)[which], what))

    def _bar(self, name: str) -> Bar:
        return self.query_one(f"#{name}", Bar)


def set_shown(widget: Widget, shown: bool, height: int | None = None) -> None:
    """Show or hide a part of a screen, and give it a height in lines."""
    widget.display = shown
    if shown and height is not None and widget.styles.height != Scalar.from_number(height):
        widget.styles.height = height
