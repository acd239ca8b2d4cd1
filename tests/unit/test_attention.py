from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tokentui.domain.ledger import Entry, EntryNumber, EntryState, Plan
from tokentui.services.attention import Level, Worry, check, needs_attention, rows, worst
from world import MONDAY, OWNER, PROFILE, PROVIDER, TOKEN

DAY = timedelta(days=1)


def entry(
    life: timedelta | None,
    age: timedelta = timedelta(),
    state: EntryState = EntryState.ISSUED,
    number: int = 1,
) -> Entry:
    """Make an entry issued `age` ago that lives `life` in all; None: for ever."""
    begun = MONDAY - age
    end: datetime | None = None if life is None else begun + life
    plan = Plan(
        profile=PROFILE,
        provider=PROVIDER,
        kind=TOKEN.key,
        noun=TOKEN.noun,
        form=TOKEN.form,
        target_id="ops-prod/eu01/demo",
        target_name="demo",
        scope="ops-prod",
        asked="10m",
        latest_end=end,
    )
    issued = state in {EntryState.ISSUED, EntryState.LOST}
    return Entry(
        number=EntryNumber(number),
        plan=plan,
        owner=OWNER,
        planned_at=begun,
        state=state,
        issued_at=begun if issued else None,
        ends_at=end if issued else None,
    )


@pytest.mark.parametrize(
    ("made", "worry", "level"),
    [
        (entry(DAY * 180, DAY), Worry.NONE, Level.OK),
        (entry(DAY * 180, DAY * 155), Worry.LATER, Level.OK),
        (entry(DAY * 3, DAY * 0.1), Worry.LATER, Level.WARNING),
        (entry(DAY * 180, DAY * 174), Worry.SOON, Level.WARNING),
        (entry(DAY * 180, DAY * 179.5), Worry.SOON, Level.CRITICAL),
        (entry(DAY * 180, DAY * 181), Worry.EXPIRED, Level.CRITICAL),
        (entry(DAY * 10, DAY * 7), Worry.LATER, Level.WARNING),
        (entry(DAY * 10, DAY * 8.1), Worry.SOON, Level.WARNING),
        (entry(timedelta(minutes=10), timedelta(minutes=1)), Worry.LATER, Level.OK),
        (entry(timedelta(minutes=10), timedelta(minutes=9)), Worry.SOON, Level.OK),
        (entry(None, DAY * 400), Worry.NONE, Level.OK),
        (entry(DAY, state=EntryState.UNKNOWN), Worry.UNKNOWN, Level.UNKNOWN),
        (entry(DAY, state=EntryState.PLANNED), Worry.UNKNOWN, Level.UNKNOWN),
        (entry(DAY, state=EntryState.LOST), Worry.LOST, Level.WARNING),
    ],
)
def test_each_state_has_its_sign_and_its_level(made: Entry, worry: Worry, level: Level) -> None:
    (row,) = rows([made], MONDAY)
    (finding,) = check([made], MONDAY)

    assert (row.worry, finding.level) == (worry, level)


@pytest.mark.parametrize(
    "over",
    [
        entry(timedelta(minutes=10), timedelta(minutes=11)),
        entry(DAY * 30, DAY * 38),
        entry(DAY, DAY * 2, EntryState.UNKNOWN),
        entry(DAY, DAY * 2, EntryState.LOST),
        entry(DAY * 30, state=EntryState.REFUSED),
    ],
)
def test_what_is_over_leaves_the_first_screen_but_not_the_whole_list(over: Entry) -> None:
    assert rows([over], MONDAY) == ()
    assert len(rows([over], MONDAY, everything=True)) == 1


def test_a_long_life_that_ended_stays_in_sight_for_a_week() -> None:
    (row,) = rows([entry(DAY * 30, DAY * 36)], MONDAY)

    assert row.worry is Worry.EXPIRED
    assert needs_attention(row)


def test_the_soonest_end_comes_first_and_the_endless_last() -> None:
    made = [entry(None, number=1), entry(DAY * 9, number=2), entry(DAY, number=3)]

    assert [row.entry.number for row in rows(made, MONDAY)] == [3, 2, 1]


def test_the_worst_level_is_critical_then_warning_then_unknown() -> None:
    fine, unknown = entry(None), entry(DAY, state=EntryState.UNKNOWN)
    warning, critical = entry(DAY * 180, DAY * 174), entry(DAY * 180, DAY * 179.9)

    assert worst(check([], MONDAY)) is Level.OK
    assert worst(check([fine, unknown], MONDAY)) is Level.UNKNOWN
    assert worst(check([fine, unknown, warning], MONDAY)) is Level.WARNING
    findings = check([fine, unknown, warning, critical], MONDAY)
    assert [f.level for f in findings] == [
        Level.CRITICAL,
        Level.WARNING,
        Level.UNKNOWN,
        Level.OK,
    ]


def test_the_limits_of_a_check_can_be_moved() -> None:
    made = entry(DAY * 180, DAY * 160)

    assert worst(check([made], MONDAY, warn=DAY * 30)) is Level.WARNING
    assert worst(check([made], MONDAY, warn=DAY * 2)) is Level.OK
