from __future__ import annotations

from collections.abc import Sequence

import pytest

from tokentui.ui.widgets.record_filter_terms import APART, EndTerm, Terms, exactly, terms
from tokentui.ui.widgets.record_list import RecordList
from tokentui.ui.widgets.record_model import Cell, Record, RecordSet
from ui.list_app import COLUMNS, HEIGHT, ListApp

FIELDS = ("kind", "profile", "where", "state", "ends")
NOW_S, DAY_S = 1_000_000.0, 86_400.0


class Clock:
    def __init__(self) -> None:
        self.at = NOW_S

    def __call__(self) -> float:
        return self.at


def record(key: str, ends_in_days: float | None = None, **fields: str) -> Record:
    ends_at_s = None if ends_in_days is None else NOW_S + ends_in_days * DAY_S
    haystack = f"{key} {' '.join(fields.values())}".lower()
    return Record(key, (Cell(key),), haystack, fields=fields, ends_at_s=ends_at_s)


ROWS = (
    record("ci-ingest", 3, kind="service token", profile="sts-prod", state="live"),
    record("deploy", 40, kind="sa key", profile="stackit", where="ops prod", state="off"),
    record("sts-copy", None, kind="sa key", profile="stackit", where="ops dev", state="live"),
    record("old", -2, kind="service token", profile="sts-prod", state="expired"),
)


QUOTED = record("quoted", kind="a=b", where=f'say "hi"{APART}other project{APART}a=b')


def hits(text: str, clock: Clock | None = None, rows: Sequence[Record] = ROWS) -> list[str]:
    records = RecordSet(FIELDS, clock or Clock())
    records.replace(rows)
    records.filter(text)
    return [row.key for row in records.shown]


ALL = [row.key for row in ROWS]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("sts", ["ci-ingest", "sts-copy", "old"]),
        ("profile:sts", ["ci-ingest", "old"]),
        ("Kind:SA", ["deploy", "sts-copy"]),
        ("kind:key live", ["sts-copy"]),
        ("kind:sa state:off", ["deploy"]),
        ('where:"ops dev"', ["sts-copy"]),
        ('where:"ops d', ["sts-copy"]),
        ('"service token"', ["ci-ingest", "old"]),
        ("ends:<7d", ["ci-ingest", "old"]),
        ("ends:<7d state:live", ["ci-ingest"]),
        ("ends:>30d", ["deploy", "sts-copy"]),
        ("ends:>1M", ["deploy", "sts-copy"]),
        ("ends:>2M", ["sts-copy"]),
        ("ends:<4w", ["ci-ingest", "old"]),
        ("ends:<70h", ["old"]),
        ("ends:<4320m", ["old"]),
        ("ends:<4321m", ["ci-ingest", "old"]),
        ("ends:never", ["sts-copy"]),
        ("ends:NEVER", ["sts-copy"]),
        ("kind:nothing", []),
    ],
)
def test_terms_pick_rows(text: str, found: list[str]) -> None:
    assert hits(text) == found


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("kind:", "kind: of what?"),
        ('kind:"', "kind: of what?"),
        ("kind:=", "kind: of what?"),
        ('kind:="', "kind: of what?"),
        ("ends:", "ends: takes <7d, >30d or never"),
        ("ends:<", "ends: takes <7d, >30d or never"),
        ("ends:<7", "ends: takes <7d, >30d or never"),
        ("ends:<7y", "ends: takes <7d, >30d or never"),
        ("ends:soon", "ends: takes <7d, >30d or never"),
        ("ends:<99999999d", "ends: takes <7d, >30d or never"),
    ],
)
def test_what_is_half_typed_hides_nothing_and_is_said(text: str, remark: str) -> None:
    assert hits(text) == ALL
    assert terms(text, FIELDS).remark == remark


def test_an_unknown_field_is_text() -> None:
    assert hits("sts:prod") == []
    assert terms("urn:x", FIELDS) == Terms(("urn:x",), remark="urn: is no field, taken as text")
    assert terms('"kind:x"', FIELDS) == Terms(("kind:x",))


def test_a_list_without_fields_takes_everything_as_words() -> None:
    assert terms('kind:"x Y" ends:<7d', ()) == Terms(('kind:"x', 'y"', "ends:<7d"))


def test_every_end_counts() -> None:
    wanted = terms("ends:>1d ends:<7d", FIELDS)
    assert wanted.ends == (EndTerm(over_s=DAY_S), EndTerm(under_s=7 * DAY_S))
    assert hits("ends:>1d ends:<7d") == ["ci-ingest"]


def test_typing_on_never_loses_rows() -> None:
    records = RecordSet(FIELDS, Clock())
    records.replace(ROWS)
    text = 'kind:sa profile:sts- where:"ops prod" ends:>1d'
    for length in range(1, len(text) + 1):
        records.filter(text[:length])
        assert [row.key for row in records.shown] == hits(text[:length])


def test_ends_are_counted_from_the_time_of_each_look() -> None:
    clock = Clock()
    records = RecordSet(FIELDS, clock)
    records.replace(ROWS)
    records.filter("ends:<30d")
    assert len(records.shown) == 2
    clock.at += 11 * DAY_S
    records.replace(ROWS)
    assert [row.key for row in records.shown] == ["ci-ingest", "deploy", "old"]


async def test_the_filter_line_says_what_can_be_typed_and_what_is_not_understood() -> None:
    class FieldsApp(ListApp):
        def on_mount(self) -> None:
            self.records.remove()
            found = RecordList(COLUMNS, fields=FIELDS)
            found.set_records(ROWS)
            self.mount(found)
            found.focus()

    app = FieldsApp()
    async with app.run_test(size=(80, HEIGHT)) as pilot:
        await pilot.press("slash")
        await pilot.pause()
        assert "kind: profile: where: state: ends: as in ends:<7d" in app.screen_text[-1]
        await pilot.press(*"kind:")
        await pilot.pause()
        assert app.screen_text[-1].startswith(" /kind:_   kind: of what?")
        await pilot.press(*"sa", "enter")
        await pilot.pause()
        assert app.screen_text[-1].split() == ["/kind:sa", "2", "of", "4"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("profile:=sts", []),
        ("profile:=STS-prod", ["ci-ingest", "old"]),
        ('where:="ops dev"', ["sts-copy"]),
        ('where:="ops d', []),
        ('where:="other project"', ["quoted"]),
        ("where:=say", []),
        ('where:="say ""hi"""', ["quoted"]),
        ('where:"y ""h', ["quoted"]),
        ('where:"=b"', ["quoted"]),
        ("where:=a=b", ["quoted"]),
        ("where:==b", []),
        ('"say ""hi"""', ["quoted"]),
    ],
)
def test_all_of_a_text_can_be_asked_for_and_texts_with_quotes(text: str, found: list[str]) -> None:
    assert hits(text, rows=(*ROWS, QUOTED)) == found


@pytest.mark.parametrize("text", ["ops dev", 'say "hi"', '"', '""', "a:b", "=b"])
def test_a_text_is_asked_for_exactly(text: str) -> None:
    assert terms(exactly("where", text), FIELDS) == Terms(exact=(("where", text),))
