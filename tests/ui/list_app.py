"""An app with one list that counts what it renders and keeps the messages it sends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import App, ComposeResult

from tokentui.ui.widgets.record_list import Cell, Column, Record, RecordList

if TYPE_CHECKING:
    from textual.pilot import Pilot
    from textual.strip import Strip

COLUMNS = (
    Column("name", "NAME", 14, grow=True, priority=9),
    Column("region", "REGION", 6, priority=1),
    Column("left", "LEFT", 8, priority=5, align="right"),
)
HEIGHT = 12
BODY = HEIGHT - 2  # header and foot


def record(number: int, name: str = "") -> Record:
    name = name or f"instance-{number:05}"
    cells = (Cell(name), Cell("eu01", "muted"), Cell(f"{number} d"))
    return Record(f"k{number}", cells, f"{name} eu01".lower(), (name, "eu01", number))


class CountingList(RecordList):
    def __init__(self) -> None:
        super().__init__(COLUMNS, empty_text="Nothing here yet.")
        self.rendered: list[int] = []

    def render_line(self, y: int) -> Strip:
        self.rendered.append(y)
        return super().render_line(y)


class ListApp(App[None]):
    def __init__(self, count: int = 0) -> None:
        super().__init__()
        self.records = CountingList()
        self.count = count
        self.opened: list[str] = []
        self.highlighted: list[str] = []
        self.filters: list[tuple[str, int, int]] = []

    def compose(self) -> ComposeResult:
        yield self.records

    def on_mount(self) -> None:
        self.records.set_records(record(number) for number in range(self.count))
        self.records.focus()

    def on_record_list_opened(self, message: RecordList.Opened) -> None:
        self.opened.append(message.key)

    def on_record_list_highlighted(self, message: RecordList.Highlighted) -> None:
        self.highlighted.append(message.key)

    def on_record_list_filter_changed(self, message: RecordList.FilterChanged) -> None:
        self.filters.append((message.text, message.shown, message.total))

    @property
    def screen_text(self) -> list[str]:
        return [strip.text for strip in self.screen._compositor.render_strips()]


async def pressed(pilot: Pilot[None], app: ListApp, *keys: str) -> list[int]:
    """Give the lines that were rendered because of the keys."""
    await pilot.pause()
    app.records.rendered.clear()
    await pilot.press(*keys)
    await pilot.pause()
    return app.records.rendered
