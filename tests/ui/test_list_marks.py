from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.strip import Strip

from tokentui.ui.widgets.mark_list import MarkList
from tokentui.ui.widgets.record_marks import Marks
from ui.list_app import COLUMNS, HEIGHT, record


class CountingMarkList(MarkList):
    def __init__(self) -> None:
        super().__init__(COLUMNS)
        self.rendered: list[int] = []

    def render_line(self, y: int) -> Strip:
        self.rendered.append(y)
        return super().render_line(y)


class MarkApp(App[None]):
    def __init__(self, count: int) -> None:
        super().__init__()
        self.records = CountingMarkList()
        self.count = count
        self.changes = 0

    def compose(self) -> ComposeResult:
        yield self.records

    def on_mount(self) -> None:
        self.records.set_records(record(number) for number in range(self.count))
        self.records.focus()

    def on_mark_list_marks_changed(self) -> None:
        self.changes += 1

    @property
    def screen_text(self) -> list[str]:
        return [strip.text for strip in self.screen._compositor.render_strips()]


def marked(app: MarkApp) -> list[str]:
    return list(app.records.marked)


async def rendered(pilot: Pilot[None], app: MarkApp, *keys: str) -> list[int]:
    await pilot.pause()
    app.records.rendered.clear()
    await pilot.press(*keys)
    await pilot.pause()
    return app.records.rendered


async def test_space_marks_and_steps_down() -> None:
    app = MarkApp(5)
    async with app.run_test(size=(60, HEIGHT)) as pilot:
        await pilot.press("space", "down", "space")
        await pilot.pause()
        assert marked(app) == ["k0", "k2"]
        assert [text[:17] for text in app.screen_text[1:5]] == [
            " *  instance-0000",
            "    instance-0000",
            " *  instance-0000",
            ">   instance-0000",
        ]
        await pilot.press("up", "space")
        assert marked(app) == ["k0"]
        assert app.changes == 3


async def test_a_mark_renders_the_two_rows_and_nothing_else() -> None:
    app = MarkApp(5_000)
    async with app.run_test(size=(80, HEIGHT)) as pilot:
        assert await rendered(pilot, app, "space") == [1, 2]
        assert await rendered(pilot, app, "down") == [2, 3]
        assert await rendered(pilot, app, "a") == list(range(2, HEIGHT - 1))  # one was marked
        assert app.records.marked_count == 5_000
        assert await rendered(pilot, app, "a") == []


async def test_marks_stay_while_rows_come_and_order_changes() -> None:
    app = MarkApp(10)
    async with app.run_test(size=(80, HEIGHT)) as pilot:
        await pilot.press("space", "space")
        app.records.set_records(record(number, "renamed") for number in (20, 1, 0, 5))
        assert marked(app) == ["k1", "k0"]
        app.records.set_records(record(number) for number in (1, 7))
        assert marked(app) == ["k1"]
        app.records.remove_records(["k1"])
        await pilot.pause()
        assert marked(app) == []
        assert app.changes == 4


async def test_all_and_invert_are_about_what_the_filter_shows() -> None:
    app = MarkApp(100)
    async with app.run_test(size=(80, HEIGHT)) as pilot:
        await pilot.press("space", "slash", *"0009", "enter", "a")
        assert app.records.marked_count == 12
        assert app.records.hidden_count == 1
        await pilot.press("space", "i")
        assert marked(app) == ["k0", "k9"]
        await pilot.press("escape")
        assert app.records.hidden_count == 0
        await pilot.press("N")
        assert marked(app) == []


async def test_letters_of_the_filter_mark_nothing() -> None:
    app = MarkApp(10)
    async with app.run_test(size=(80, HEIGHT)) as pilot:
        await pilot.press("slash", "a", "space", "i", "N")
        assert marked(app) == []
        assert app.records.filter_text == "a iN"


async def test_an_empty_list_takes_the_keys() -> None:
    app = MarkApp(0)
    async with app.run_test(size=(80, HEIGHT)) as pilot:
        await pilot.press("space", "a", "i", "N")
        assert marked(app) == []


@pytest.mark.parametrize("width", [1, 4, 20, 60])
async def test_every_width_draws_full_lines(width: int) -> None:
    app = MarkApp(50)
    async with app.run_test(size=(width, HEIGHT)) as pilot:
        await pilot.press("space", "a")
        await pilot.pause()
        assert {strip.cell_length for strip in app.screen._compositor.render_strips()} == {width}


def test_marks_are_keys() -> None:
    marks = Marks()
    marks.toggle("k1")
    marks.invert([record(1), record(2)])
    assert "k2" in marks
    assert "k1" not in marks
    marks.add([record(3)])
    marks.keep(["k3"])
    assert len(marks) == 1
