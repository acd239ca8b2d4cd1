from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from tokentui.ui.widgets.record_list import Order
from ui.list_app import HEIGHT, CountingList, ListApp, pressed, record


async def test_every_filter_key_is_one_frame_and_letters_are_text() -> None:
    app = ListApp(10_000)
    async with app.run_test(size=(80, HEIGHT)) as pilot:
        assert await pressed(pilot, app, "slash") == [HEIGHT - 1]
        for key in ("j", "s", "slash"):
            assert len(await pressed(pilot, app, key)) <= HEIGHT
        assert app.records.filter_text == "js/"
        assert "Nothing matches" in app.screen_text[1]
        assert app.screen_text[-1].rstrip().endswith("0 of 10,000")
        await pilot.press("backspace", "backspace", "backspace", *"99 eu")
        assert app.screen_text[-1].startswith(" /99 eu_")
        assert app.records.shown_count == 280
        await pilot.press("enter", "j")
        assert app.records.filter_text == "99 eu"
        assert app.records.cursor_key == "k199"
        assert app.opened == []
        await pilot.press("escape")
        assert (app.records.filter_text, app.records.shown_count) == ("", 10_000)
        assert app.records.cursor_key == "k199"
    assert app.filters[-1] == ("", 10_000, 10_000)


async def test_typing_a_filter_leads_to_the_first_hit() -> None:
    app = ListApp(1000)
    async with app.run_test(size=(80, HEIGHT)) as pilot:
        assert app.records.move_to("k575")
        await pilot.press("slash", *"75", "enter", "enter")
        assert app.opened == ["k75"]
        await pilot.press("slash", "ctrl+u")
        await pilot.pause()
        assert app.records.cursor_key == "k75"
        assert app.records.shown_count == 1000


async def test_an_entered_filter_says_what_typing_does_to_it() -> None:
    app = ListApp(1000)
    async with app.run_test(size=(80, HEIGHT)) as pilot:
        await pressed(pilot, app, "slash", *"75", "enter", "slash")
        assert app.screen_text[-1].startswith(" /75_   typing replaces it, Backspace edits it")
        await pressed(pilot, app, "9")
        assert app.records.filter_text == "9"
        assert "typing replaces" not in app.screen_text[-1]


async def test_backspace_on_an_empty_filter_closes_it() -> None:
    app = ListApp(3)
    async with app.run_test(size=(80, HEIGHT)) as pilot:
        await pilot.press("f", "left", "right", "backspace", "j")
        assert app.records.filter_text == ""
        assert app.records.cursor_key == "k1"
        assert app.opened == []


async def test_escape_without_a_filter_is_left_to_the_screen() -> None:
    class Escaped(ListApp):
        BINDINGS: ClassVar[list[BindingType]] = [("escape", "note", "")]
        left = False

        def action_note(self) -> None:
            self.left = True

    app = Escaped(3)
    async with app.run_test() as pilot:
        await pilot.press("slash", "x", "escape")
        assert not app.left
        await pilot.press("escape")
        assert app.left


async def test_sorting_steps_through_the_columns() -> None:
    app = ListApp(0)
    async with app.run_test(size=(80, HEIGHT)) as pilot:
        app.records.set_records([record(2, "b"), record(10, "a"), record(1, "c")])
        await pilot.press("s")
        await pilot.pause()
        assert "NAME↑" in app.screen_text[0]
        assert [row.split()[0] for row in app.screen_text[1:3]] == ["a", ">"]
        await pilot.press("s", "s", "S")
        await pilot.pause()
        assert "LEFT↓" in app.screen_text[0]
        assert app.screen_text[1].startswith("   a")
        app.records.sort_by(Order(1))
        await pilot.press("s", "s")
        await pilot.pause()
        assert app.screen_text[1].startswith(" > b")


async def test_enter_and_mouse_open_rows() -> None:
    app = ListApp(100)
    async with app.run_test(size=(80, HEIGHT)) as pilot:
        await pilot.press("down", "enter", "l", "right")
        assert app.opened == ["k1"] * 3
        await pilot.click(CountingList, offset=(5, 5))
        assert app.records.cursor_key == "k4"
        await pilot.click(CountingList, offset=(5, 0))
        assert app.records.cursor_key == "k4"
        await pilot.click(CountingList, offset=(5, 6), times=2)
        assert app.opened[3:] == ["k5"]
