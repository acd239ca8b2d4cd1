from __future__ import annotations

import unicodedata

import pytest
from textual.app import App, ComposeResult

from tokentui.ui.widgets.record_list import Cell, Column, Record, RecordList

UNSAFE = {"Cc", "Cf", "Cs", "Zl", "Zp"}

HOSTILE = [
    "\x1b]52;c;ZXZpbA==\x1b\\",
    "\x1b]0;title\x07",
    "\x9b2J\x9d0;x\x9c",
    "\x1bP$q\x1b\\",
    "\x1b[6n",
    "[@click=app.quit]x[/]",
    "svc [/x]",
    "[PROD] api",
    "[$error]",
    "[link=http://evil]a[/link]",
    "\u202eevil\u2066",
    "zero\u200b\u200dwidth\ufeff",
    "a" + "\u0301" * 500,
    "\ud83d\ude00",
    "line\u2028para\u2029",
    "tab\tnew\nline\r",
    "\x00\x08\x7f",
    "名前" * 100,
    "👩\u200d👩\u200d👧\ufe0f",
    "\U000e0041\ue000\uffff",
    "",
]


class HostileApp(App[None]):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.quit_by_click = False

    def compose(self) -> ComposeResult:
        columns = (Column("a", self.text, 12, grow=True), Column("b", "B", 12))
        yield RecordList(columns, empty_text=self.text)

    def strips(self) -> list[str]:
        return [strip.text for strip in self.screen._compositor.render_strips()]


def assert_harmless(lines: list[str]) -> None:
    found = {unicodedata.category(char) for line in lines for char in line}
    assert not found & UNSAFE


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("width", [20, 80])
async def test_no_text_steers_the_terminal(text: str, width: int) -> None:
    app = HostileApp(text)
    async with app.run_test(size=(width, 8)) as pilot:
        records = app.query_one(RecordList)
        await pilot.pause()
        assert_harmless(app.strips())
        cell = Cell(text, "error")
        records.set_records([Record(text, (cell, cell), text.lower(), sign=Cell(text)), _plain()])
        records.state_line = text
        await pilot.pause()
        assert_harmless(app.strips())
        await pilot.press("down", "up", "s")
        await pilot.click(RecordList, offset=(5, 1))
        records.set_filter(text)
        await pilot.pause()
        assert_harmless(app.strips())
        assert {len(strip) > 0 for strip in app.strips()} == {True}
        assert app.is_running


@pytest.mark.parametrize("text", [text for text in HOSTILE if text.startswith(("[", "svc"))])
async def test_markup_is_shown_as_it_is(text: str) -> None:
    app = HostileApp("A")
    async with app.run_test(size=(100, 8)) as pilot:
        app.query_one(RecordList).set_records([Record("k", (Cell(text), Cell("")))])
        await pilot.pause()
        assert text in app.strips()[1]


async def test_an_unknown_tone_is_drawn_plain() -> None:
    app = HostileApp("A")
    async with app.run_test(size=(40, 8)) as pilot:
        odd = Cell("odd", "purple")  # type: ignore[arg-type]
        app.query_one(RecordList).set_records([_plain(), Record("k", (odd,))])
        await pilot.pause()
        assert "odd" in app.strips()[2]


async def test_the_cursor_is_seen_without_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = HostileApp("A")
    async with app.run_test(size=(40, 8)) as pilot:
        signed = Record("k", (Cell("soon"),), sign=Cell("!", "warning"))
        app.query_one(RecordList).set_records([_plain(), signed])
        await pilot.pause()
        assert [line[:6] for line in app.strips()[1:3]] == [" > pla", " ! soo"]
        await pilot.press("down")
        await pilot.pause()
        assert [line[:6] for line in app.strips()[1:3]] == ["   pla", ">! soo"]


def _plain() -> Record:
    return Record("plain", (Cell("plain"), Cell("row")), "plain row")
