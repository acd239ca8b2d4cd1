from __future__ import annotations

from datetime import UTC, timedelta

import pytest

from listed import DAY, listed, listing
from tokentui.services.held import Held, held
from tokentui.ui.present import TimeStyle, When
from tokentui.ui.screens.token_rows import TokenRows
from tokentui.ui.widgets.record_list import Record
from world import MONDAY, PROFILE

MOMENT = timedelta(microseconds=1)


def helds(*lives: timedelta | None) -> tuple[Held, ...]:
    """Credentials made a day ago, one for each life."""
    return held([listing(*(listed(f"k-{n}", life) for n, life in enumerate(lives)))], (), ())


def made(rows: TokenRows, known: tuple[Held, ...], after: timedelta = timedelta()) -> list[Record]:
    return rows.make(known, When(MONDAY + after, UTC), {}, set())


@pytest.mark.parametrize(
    ("life", "change", "signs"),
    [
        (60 * DAY, 59 * DAY - 30 * DAY, ("", "~")),
        (60 * DAY, 59 * DAY - 7 * DAY, ("~", "!")),
        (10 * DAY, 7 * DAY, ("~", "!")),  # a fifth of its life is left
        (10 * DAY + timedelta(minutes=7), 7 * DAY + timedelta(minutes=5, seconds=36), ("~", "!")),
        (10 * DAY, 9 * DAY - MOMENT, ("!", "x")),
    ],
)
def test_a_kept_row_is_judged_anew_when_it_becomes_more_urgent(
    life: timedelta, change: timedelta, signs: tuple[str, str]
) -> None:
    rows = TokenRows()
    known = helds(life)
    made(rows, known, change - timedelta(minutes=50))
    told = [made(rows, known, change + step)[0].sign.text for step in (timedelta(), MOMENT)]
    assert tuple(told) == signs


def test_the_soonest_end_comes_first_and_of_the_endless_the_youngest() -> None:
    endless = [
        listed("old", None, age=30 * DAY),
        listed("young", None, age=DAY),
        listed("unknown", None, age=None, made_at=None),
    ]
    known = held([listing(*endless, listed("late", 9 * DAY), listed("soon", 3 * DAY))], (), ())
    found = [record.key.rpartition("/")[2] for record in made(TokenRows(), known)]
    assert found == ["soon", "late", "unknown", "young", "old"]


def test_another_style_makes_every_row_anew() -> None:
    rows, known = TokenRows(), helds(10 * DAY, None)
    before = made(rows, known)
    assert all(one is two for one, two in zip(before, made(rows, known), strict=True))
    local = rows.make(known, When(MONDAY, UTC, TimeStyle.LOCAL), {}, set())
    assert [one.cells[0].text for one in local] != [one.cells[0].text for one in before]


def test_what_is_not_named_any_more_is_old_unless_it_is_still_asked_for() -> None:
    rows = TokenRows()
    stale = held([listing(listed(), answered_credentials=frozenset())], (), ())
    when = When(MONDAY, UTC)
    (asked,) = rows.make(stale, when, {}, {PROFILE})
    (old,) = rows.make(stale, when, {}, set())
    assert (asked.cells[2].tone, old.cells[2].tone) == ("", "muted")
