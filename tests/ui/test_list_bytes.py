from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ui.pty_app import DOWN, PAGE_DOWN, PtyApp

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES_OF_A_MOVE = 3 * 205  # three times a key of a bare Textual app
MOST_BYTES_OF_A_PAGE = 8_700
IDLE_S = 1.0

PROGRAM = """
from textual.app import App
from tokentui.ui.widgets.record_list import Cell, Column, Record, RecordList

class ListApp(App[None]):
    AUTO_FOCUS = "RecordList"
    def compose(self):
        yield RecordList((
            Column("left", "LEFT", 9), Column("name", "NAME", 16, grow=True),
            Column("roles", "ROLES", 20), Column("ledger", "LEDGER", 6, align="right"),
        ))
    def on_mount(self):
        self.query_one(RecordList).set_records(
            Record(
                str(number),
                (Cell("6d 11h", "warning"), Cell(f"nightly-report-{number:05}"),
                 Cell("k8s-troubleshooter", "muted"), Cell(f"#{number % 100}")),
                f"nightly-report-{number:05}",
                sign=Cell("!", "warning"),
            )
            for number in range(10_000)
        )
ListApp().run()
"""


@pytest.fixture
def app() -> Iterator[PtyApp]:
    with PtyApp.of_code(PROGRAM) as running:
        running.settle(b"1-22 of 10,000")
        yield running


def test_a_move_is_one_small_frame(app: PtyApp) -> None:
    written = app.press(DOWN)
    assert written.frames == 1
    assert written.size <= MOST_BYTES_OF_A_MOVE
    assert app.press(DOWN).size == pytest.approx(written.size, abs=16)


def test_a_page_is_one_frame(app: PtyApp) -> None:
    written = app.press(PAGE_DOWN)
    assert written.frames == 1
    assert written.size <= MOST_BYTES_OF_A_PAGE


def test_a_filter_key_is_one_frame(app: PtyApp) -> None:
    opened = app.press(b"/")
    typed = app.press(b"7")
    assert opened.frames == 1
    assert opened.size <= MOST_BYTES_OF_A_MOVE
    assert typed.frames == 1
    assert typed.size <= MOST_BYTES_OF_A_PAGE


def test_the_mouse_over_rows_writes_nothing(app: PtyApp) -> None:
    for line in range(3, 9):
        app.type(b"\x1b[<35;10;%dM" % line)
    assert app.quiet_for(IDLE_S)
    assert app.press(DOWN).frames == 1


def test_nothing_is_written_while_nothing_happens(app: PtyApp) -> None:
    assert app.quiet_for(IDLE_S)
