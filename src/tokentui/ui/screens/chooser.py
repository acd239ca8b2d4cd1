"""Choosing which profile the lists show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from tokentui.domain.model import ProfileName
from tokentui.ui import present
from tokentui.ui.widgets.record_list import Cell, Column, Record, RecordList

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual import events
    from textual.app import ComposeResult

    from tokentui.ui.session import Session

_ALL = ""
_COLUMNS = (
    Column("name", "PROFILE", 16, grow=True, priority=9),
    Column("provider", "PROVIDER", 12, priority=1),
    Column("guard", "GUARD", 10, priority=2),
    Column("state", "STATE", 8, priority=3),
)


class ChoiceList(RecordList):
    """A list in which letters narrow at once and Enter takes the row, whatever was typed."""

    def on_mount(self) -> None:
        self.action_filter()

    def on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self.action_open()


class ProfileChooser(ModalScreen["ProfileChooser.Choice | None"]):
    """All profiles or one; None: nothing was chosen."""

    @dataclass(frozen=True, slots=True)
    class Choice:
        """What was chosen; `profile` None: all of them."""

        profile: ProfileName | None

    DEFAULT_CSS = """
    ProfileChooser {
        align: center middle;
        background: $background;
        & > Vertical {
            width: 90%; max-width: 72; height: 80%; max-height: 20;
            border: round $primary; padding: 0 1;
        }
        & #title { text-style: bold; height: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "choose_nothing", "Cancel", id="profile.cancel", priority=True)
    ]
    AUTO_FOCUS = "ChoiceList"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static("Show which profile? Type to choose, Enter takes it.", id="title")
            yield ChoiceList(_COLUMNS)

    def on_mount(self) -> None:
        choices = self.query_one(ChoiceList)
        choices.set_records(self._records())
        choices.move_to(self._session.scope or _ALL)

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        if self.is_active:
            self.dismiss(self.Choice(ProfileName(event.key) if event.key else None))

    def action_choose_nothing(self) -> None:
        if self.is_active:
            self.dismiss(None)

    def _records(self) -> Iterator[Record]:
        yield Record(_ALL, (Cell("all profiles"),), "all profiles")
        profiles = {profile.name: profile for profile in self._session.profiles}
        for name, listing in self._session.listings.items():
            profile = profiles.get(name)
            provider = profile.provider if profile else ""
            guard = "protected" if profile and profile.guard.protected else ""
            word, tone = present.source_word(listing.source)
            cells = (Cell(name), Cell(provider), Cell(guard, "warning"), Cell(word, tone))
            yield Record(name, cells, f"{name} {provider}".lower())
