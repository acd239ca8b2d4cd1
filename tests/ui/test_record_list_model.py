from __future__ import annotations

import unicodedata

import pytest
from rich.cells import cell_len

from tokentui.ui.widgets.record_columns import GAP, GUTTER, Column, fit, place_columns
from tokentui.ui.widgets.record_cursor import Cursor
from tokentui.ui.widgets.record_filter import MOST_CHARACTERS, FilterLine
from tokentui.ui.widgets.record_model import Cell, Order, Record, RecordSet, next_order, ordered


def record(key: str, *sort: str | float) -> Record:
    return Record(key, (Cell(key.upper()),), f"{key} prod", sort)


def keys(records: RecordSet) -> list[str]:
    return [record.key for record in records.shown]


def test_upsert_keeps_places_and_appends() -> None:
    records = RecordSet()
    records.replace([record("a"), record("b"), record("b")])
    records.upsert([record("c"), Record("a", (Cell("new"),), "new")])
    assert keys(records) == ["a", "b", "c"]
    assert records.shown[0].cells[0].text == "new"
    records.remove(["a", "nowhere"])
    assert (keys(records), len(records)) == (["b", "c"], 2)


def test_filter_wants_every_word_in_any_case() -> None:
    records = RecordSet()
    records.replace([record("ci-deploy"), record("ci-ingest"), record("grafana")])
    for needle, hits in (
        ("CI", ["ci-deploy", "ci-ingest"]),
        ("CI in", ["ci-ingest"]),
        ("ci", ["ci-deploy", "ci-ingest"]),
        ("prod gr", ["grafana"]),
        ("", ["ci-deploy", "ci-ingest", "grafana"]),
        ("  ", ["ci-deploy", "ci-ingest", "grafana"]),
    ):
        records.filter(needle)
        assert keys(records) == hits


def test_rows_that_arrive_are_filtered_and_sorted() -> None:
    records = RecordSet()
    records.filter("ci")
    records.sort(Order(0))
    records.upsert([record("ci-b"), record("other"), record("ci-a")])
    assert keys(records) == ["ci-a", "ci-b"]


def test_sort_takes_mixed_values_and_missing_ones() -> None:
    rows = [record("x", "text"), record("y", 2), record("z", 1.5), record("w"), Record("v", ())]
    assert [row.key for row in ordered(rows, Order(0))] == ["z", "y", "v", "x", "w"]
    assert [row.key for row in ordered(rows, Order(0, reverse=True))][-2:] == ["y", "z"]
    assert ordered(rows, Order(7))


def test_sort_order_goes_round() -> None:
    assert next_order(None, (0, 2)) == Order(0)
    assert next_order(Order(0, reverse=True), (0, 2)) == Order(2)
    assert next_order(Order(2), (0, 2)) is None
    assert next_order(None, ()) is None


def test_columns_go_by_priority_and_the_growing_fill_the_line() -> None:
    columns = (
        Column("a", "A", 10, grow=True, priority=3),
        Column("b", "B", 10, priority=1),
        Column("c", "C", 10, grow=True, priority=1),
    )
    for width in range(GUTTER + 1, 200):
        places = place_columns(columns, width)
        used = GUTTER + sum(place.width for place in places) + GAP * (len(places) - 1)
        assert places[0].index == 0
        assert used == width
    assert [place.index for place in place_columns(columns, 26)] == [0, 1]
    assert place_columns(columns, GUTTER) == ()
    assert place_columns((), 80) == ()


WIDE = [
    "名前",
    "e\u0301" * 8,
    "👩\u200d🚀 rocket",
    "\u2764\ufe0f love",
    "a\u0300\u0301\u0302b",
    "\uff57\uff49\uff44\uff45",
]
RAW = [
    "\x1b]52;c;eA==\x07",
    "\x9b31m",
    "a\nb\tc\r",
    "\ud800",
    "\u202etxt",
    "\u2028",
    "\x00",
    "\U000e0001",
]


@pytest.mark.parametrize("text", ["", "plain", "much too long for it", *WIDE, *RAW])
@pytest.mark.parametrize("width", [0, 1, 2, 3, 7, 20])
@pytest.mark.parametrize("align", ["left", "right"])
def test_fit_fills_its_width_with_harmless_text(text: str, width: int, align: str) -> None:
    fitted = fit(text, width, "right" if align == "right" else "left")
    assert cell_len(fitted) == width
    assert not {unicodedata.category(char) for char in fitted} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


def test_fit_cuts_with_an_ellipsis_and_aligns() -> None:
    assert fit("nightly-report", 8) == "nightly…"
    assert fit("42", 4, "right") == "  42"
    assert fit("名前名前", 4) == "名 …"


def test_cursor_stays_in_view_and_in_the_list() -> None:
    cursor = Cursor()
    cursor.resize(100, 10)
    for step in (1, 50, -3, 1000, -5, -1000):
        cursor.move_to(cursor.row + step)
        assert 0 <= cursor.row < 100
        assert cursor.top <= cursor.row < cursor.top + 10
    cursor.move_to(5)
    cursor.page(1)
    assert (cursor.row, cursor.top) == (15, 10)
    cursor.page(-5)
    assert (cursor.row, cursor.top) == (0, 0)
    cursor.resize(0, 10)
    assert (cursor.row, cursor.top) == (0, 0)


def test_cursor_follows_its_row_on_its_line() -> None:
    cursor = Cursor()
    cursor.resize(100, 10)
    cursor.move_to(50)
    line = cursor.row - cursor.top
    cursor.follow(70, 120, 10)
    assert (cursor.row, cursor.row - cursor.top) == (70, line)
    cursor.move_to(0)
    cursor.follow(4, 130, 10)
    assert (cursor.row, cursor.top) == (4, 0)


def test_filter_line_takes_text_until_it_is_kept() -> None:
    line = FilterLine()
    line.editing = True
    for key, character in (("a", "a"), ("space", " "), ("slash", "/"), ("j", "j")):
        assert line.press(key, character)
    assert line.text == "a /j"
    assert not line.press("down", None)
    assert not line.press("ctrl+q", "\x11")
    assert line.press("backspace", "\x08")
    assert line.press("enter", "\r")
    assert (line.text, line.editing) == ("a /", False)


def test_what_is_typed_into_an_entered_filter_replaces_it() -> None:
    line = FilterLine()
    line.insert("muc")
    line.open()
    assert line.press("h", "h")
    line.open()
    assert line.press("a", "a")
    assert line.text == "ha"
    assert line.press("enter", "\r")
    line.open()
    line.insert("pasted")
    assert line.text == "pasted"


@pytest.mark.parametrize(
    ("key", "left"), [("backspace", "mux"), ("left", "mucx"), ("right", "mucx")]
)
def test_an_entered_filter_can_be_edited(key: str, left: str) -> None:
    line = FilterLine()
    line.insert("muc")
    line.open()
    assert line.press(key, None)
    assert line.press("x", "x")
    assert line.text == left


@pytest.mark.parametrize("key", ["enter", "tab"])
def test_an_entered_filter_is_kept_by_what_enters_it(key: str) -> None:
    line = FilterLine()
    line.insert("muc")
    line.open()
    assert line.press(key, None)
    assert (line.text, line.editing) == ("muc", False)


def test_filter_line_takes_one_harmless_line_of_a_paste() -> None:
    line = FilterLine()
    line.insert("ci\x1b[31m\nsecond")
    assert line.text == "ci\N{REPLACEMENT CHARACTER}[31m"
    line.insert("x" * 1000)
    assert len(line.text) == MOST_CHARACTERS
    line.press("ctrl+u", "\x15")
    assert line.text == ""


def test_a_cursor_that_stays_first_follows_rows_once_it_was_moved() -> None:
    cursor = Cursor(stays_first=True)
    cursor.resize(3, 4)
    cursor.follow(5, 9, 4)
    assert (cursor.row, cursor.top) == (0, 0)
    cursor.move_to(1)
    cursor.follow(6, 12, 4)
    assert (cursor.row, cursor.top) == (6, 5)
