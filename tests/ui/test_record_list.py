from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from tokentui.ui.widgets.record_list import RecordList
from ui.list_app import BODY, COLUMNS, HEIGHT, CountingList, ListApp, pressed, record


async def test_shows_header_rows_and_position() -> None:
    app = ListApp(1000)
    async with app.run_test(size=(60, HEIGHT)) as pilot:
        await pilot.pause()
        text = app.screen_text
    assert text[0].split() == ["NAME", "REGION", "LEFT"]
    assert text[1].startswith(" > instance-00000")
    assert text[2].startswith("   instance-00001")
    assert text[-1].endswith("1-10 of 1,000 ")


async def test_a_move_renders_exactly_the_two_rows() -> None:
    app = ListApp(10_000)
    async with app.run_test(size=(80, HEIGHT)) as pilot:
        assert await pressed(pilot, app, "down") == [1, 2]
        assert await pressed(pilot, app, "j") == [2, 3]
        assert await pressed(pilot, app, "k") == [2, 3]
        assert app.records.cursor_key == "k1"


async def test_a_page_renders_every_line_once() -> None:
    app = ListApp(10_000)
    async with app.run_test(size=(80, HEIGHT)) as pilot:
        rendered = await pressed(pilot, app, "pagedown")
        assert len(rendered) <= HEIGHT
        assert rendered == list(range(1, HEIGHT))  # the header stays
        assert app.records.cursor_key == f"k{BODY}"
        await pilot.press("end")
        assert app.records.cursor_key == "k9999"
        await pilot.press("pageup", "home", "up")
        assert app.records.cursor_key == "k0"


async def test_nothing_is_rendered_without_a_change() -> None:
    app = ListApp(1000)
    async with app.run_test(size=(80, HEIGHT)) as pilot:
        assert await pressed(pilot, app, "up") == []
        await pilot.hover(CountingList, offset=(5, 5))
        await pilot.hover(CountingList, offset=(6, 7))
        await pilot.pause()
        assert app.records.rendered == []
        assert not app.records._timers
        app.records.set_records(record(number) for number in range(1000))
        await pilot.pause()
        assert app.records.rendered == []


async def test_an_update_renders_only_the_rows_that_changed() -> None:
    app = ListApp(1000)
    async with app.run_test(size=(80, HEIGHT)) as pilot:
        await pressed(pilot, app)
        app.records.upsert([record(3, "renamed"), record(500, "out of view")])
        await pilot.pause()
        assert app.records.rendered == [4]
        assert "renamed" in app.screen_text[4]


async def test_rows_and_filter_may_be_set_before_the_list_is_mounted() -> None:
    class EarlyApp(App[None]):
        def compose(self) -> ComposeResult:
            records = RecordList(COLUMNS)
            records.set_records(record(number) for number in range(100))
            records.set_filter("instance-00042")
            yield records

    app = EarlyApp()
    async with app.run_test(size=(80, HEIGHT)) as pilot:
        await pilot.pause()
        assert app.query_one(RecordList).cursor_key == "k42"
        assert "instance-00042" in app.screen._compositor.render_strips()[1].text


async def test_columns_can_be_exchanged() -> None:
    app = ListApp(3)
    async with app.run_test(size=(80, HEIGHT)) as pilot:
        app.records.set_columns(COLUMNS[:1])
        await pilot.pause()
        assert app.screen_text[0].split() == ["NAME"]


async def test_a_list_of_automatic_height_grows_with_its_rows() -> None:
    app = ListApp(0)
    async with app.run_test(size=(80, HEIGHT)) as pilot:
        app.records.styles.height = "auto"
        await pilot.pause()
        assert app.records.size.height == 2
        app.records.set_records(record(number) for number in range(5))
        await pilot.pause()
        assert app.records.size.height == 6
        assert app.screen_text[5].startswith("   instance-00004")


async def test_the_cursor_stays_with_its_row() -> None:
    app = ListApp(100)
    async with app.run_test(size=(80, HEIGHT)) as pilot:
        assert app.records.move_to("k50")
        await pilot.pause()
        line = next(y for y, text in enumerate(app.screen_text) if text.startswith(" > "))
        app.records.set_records(record(number) for number in (*range(1000, 1020), *range(100)))
        await pilot.pause()
        assert app.records.cursor_key == "k50"
        assert app.screen_text[line].startswith(" > instance-00050")
        app.records.remove_records(["k50", "unknown"])
        assert app.records.cursor_key == "k51"
        app.records.set_records([])
        await pilot.pause()
        assert app.records.cursor_key is None
        assert "Nothing here yet." in app.screen_text[1]
    assert app.highlighted == ["k0", "k50", "k51", ""]


async def test_rows_that_arrive_above_do_not_scroll_a_view_at_the_top() -> None:
    app = ListApp(3)
    async with app.run_test(size=(80, HEIGHT)) as pilot:
        app.records.set_records(record(number) for number in (90, 91, *range(3)))
        await pilot.pause()
        assert app.screen_text[1].startswith("   instance-00090")
        assert app.screen_text[3].startswith(" > instance-00000")


async def test_state_and_empty_text_take_one_line_each() -> None:
    app = ListApp(2)
    async with app.run_test(size=(80, HEIGHT)) as pilot:
        await pressed(pilot, app)
        app.records.state_line = "data 3 h old"
        await pilot.pause()
        assert app.records.rendered == [HEIGHT - 1]
        assert app.screen_text[-1].strip() == "data 3 h old"


@pytest.mark.parametrize("width", [1, 4, 20, 60, 200])
@pytest.mark.parametrize("height", [1, 2, 3, 24])
async def test_every_size_draws_full_lines(width: int, height: int) -> None:
    app = ListApp(50)
    async with app.run_test(size=(width, height)) as pilot:
        app.records.state_line = "loading"
        await pilot.press("down", "slash", "1")
        await pilot.pause()
        widths = {strip.cell_length for strip in app.screen._compositor.render_strips()}
    assert widths == {width}


async def test_narrow_lines_drop_the_least_important_columns() -> None:
    app = ListApp(5)
    async with app.run_test(size=(30, HEIGHT)) as pilot:
        await pilot.pause()
        assert app.screen_text[0].split() == ["NAME", "LEFT"]
        await pilot.resize_terminal(20, HEIGHT)
        await pilot.pause()
        assert app.screen_text[0].split() == ["NAME"]
        await pilot.resize_terminal(80, HEIGHT)
        await pilot.pause()
        assert app.screen_text[0].split() == ["NAME", "REGION", "LEFT"]


async def test_focus_and_theme_change_the_cursor_row() -> None:
    app = ListApp(5)
    async with app.run_test(size=(60, HEIGHT)) as pilot:
        await pilot.pause()
        styles = [app.records.render_line(1)._segments[0].style]
        app.screen.set_focus(None)
        await pilot.pause()
        styles.append(app.records.render_line(1)._segments[0].style)
        app.theme = "textual-light"
        await pilot.pause()
        styles.append(app.records.render_line(1)._segments[0].style)
    assert len({str(style) for style in styles}) == 3
