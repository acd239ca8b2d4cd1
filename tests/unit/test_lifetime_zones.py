"""Dates and months where clocks change: of two instants the earlier one wins."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tokentui.domain.errors import UsageError
from tokentui.domain.lifetime import Until, parse
from tokentui.domain.local_time import add_months

NAMED = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Africa/Cairo",
    "Antarctica/Troll",
    "UTC",
)
zones = st.one_of(st.sampled_from(NAMED), st.sampled_from(sorted(available_timezones()))).map(
    ZoneInfo
)
moments = st.datetimes(
    datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2060-01-01")
).map(lambda moment: moment.replace(microsecond=0))
BERLIN = ZoneInfo("Europe/Berlin")


def shown(moment: datetime, zone: tzinfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def until(text: str, zone: tzinfo) -> datetime:
    parsed = parse(text, zone)
    assert isinstance(parsed, Until)
    return parsed.at


def instants_that_show(local: datetime, zone: tzinfo) -> list[datetime]:
    """Find by search, in steps of a quarter of an hour, as all offsets since 1972 are."""
    first = local.replace(tzinfo=UTC) - timedelta(hours=26)
    steps = (first + timedelta(minutes=15) * step for step in range(52 * 4 + 1))
    return [moment for moment in steps if shown(moment, zone) == local]


@settings(deadline=None)
@given(moments, zones)
@example(datetime.fromisoformat("2026-03-29 02:30"), BERLIN)
@example(datetime.fromisoformat("2026-10-25 02:30"), BERLIN)
def test_a_local_time_is_its_first_instant_or_refused(local: datetime, zone: tzinfo) -> None:
    instants = instants_that_show(local, zone)
    if instants:
        assert until(str(local), zone) == instants[0]
    else:
        with pytest.raises(UsageError, match="does not exist in"):
            parse(str(local), zone)


@settings(deadline=None)
@given(moments.map(datetime.date), zones)
@example(date(2026, 4, 24), ZoneInfo("Africa/Cairo"))
@example(date(2011, 12, 30), ZoneInfo("Pacific/Apia"))
def test_a_bare_date_is_the_first_instant_of_its_day(day: date, zone: tzinfo) -> None:
    try:
        start = until(day.isoformat(), zone)
    except UsageError as error:
        assert "skipped: choose another day" in str(error)  # noqa: PT017
        assert not instants_that_show(datetime.combine(day, time(12)), zone)
        return
    assert shown(start, zone).date() == day
    assert shown(start - timedelta(seconds=1), zone).date() < day


@pytest.mark.parametrize(
    ("text", "zone", "before", "after"),
    [
        ("2026-03-29 02:00", "Europe/Berlin", "02:00", "03:00"),
        ("2026-03-29 02:59:59", "Europe/Berlin", "02:00", "03:00"),
        ("2026-03-08 02:30", "America/New_York", "02:00", "03:00"),
        ("2026-10-04 02:15", "Australia/Lord_Howe", "02:00", "02:30"),
        ("2026-04-24 00:30", "Africa/Cairo", "00:00", "01:00"),
    ],
)
def test_a_skipped_time_is_refused_with_its_gap(
    text: str, zone: str, before: str, after: str
) -> None:
    with pytest.raises(UsageError) as caught:
        parse(text, ZoneInfo(zone))
    gap = f"does not exist in {zone}, where clocks go from {before} to {after}"
    assert caught.value.message == f'the expiration "{text}" {gap}'
    assert caught.value.next_step == "choose a time outside that gap"


@pytest.mark.parametrize(
    ("text", "zone", "utc"),
    [
        ("2026-03-29 01:59:59", "Europe/Berlin", "2026-03-29 00:59:59"),
        ("2026-03-29 03:00", "Europe/Berlin", "2026-03-29 01:00"),
        ("2026-10-25 02:30", "Europe/Berlin", "2026-10-25 00:30"),
        ("2026-10-25 03:00", "Europe/Berlin", "2026-10-25 02:00"),
        ("2026-11-01 01:30", "America/New_York", "2026-11-01 05:30"),
        ("2026-04-05 01:45", "Australia/Lord_Howe", "2026-04-04 14:45"),
        ("2026-04-24", "Africa/Cairo", "2026-04-23 22:00"),
    ],
)
def test_times_beside_and_inside_clock_changes(text: str, zone: str, utc: str) -> None:
    assert until(text, ZoneInfo(zone)) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-08-31", 6, "2027-03-03"),
        ("2027-08-31", 6, "2028-03-02"),
        ("2026-01-31", 1, "2026-03-03"),
        ("2026-11-30", 3, "2027-03-02"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-10-05", 12, "2027-10-05"),
        ("2028-02-29", 12, "2029-03-01"),
        ("2026-05-31", 1, "2026-07-01"),
        ("2026-12-31", 2, "2027-03-03"),
    ],
)
@pytest.mark.parametrize("zone", NAMED)
def test_months_run_over_as_in_go(start: str, count: int, end: str, zone: str) -> None:
    place = ZoneInfo(zone)
    noon = datetime.fromisoformat(f"{start} 12:00").replace(tzinfo=place)
    moved = add_months(noon, count, place)
    assert shown(moved, place) == datetime.fromisoformat(f"{end} 12:00")
    assert moved.tzinfo is UTC


def test_months_are_counted_in_the_given_zone() -> None:
    late = datetime(2026, 8, 31, 23, 30, tzinfo=UTC)
    assert add_months(late, 6, UTC) == datetime(2027, 3, 3, 23, 30, tzinfo=UTC)
    assert add_months(late, 6, BERLIN) == datetime(2027, 3, 1, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2026-02-28 02:30", "2026-03-28 01:30"),
        # 29 March 02:30 is skipped: the end is the earlier of the two readings.
        ("2026-01-29 02:30", "2026-03-29 00:30"),
        # 25 October 02:30 is shown twice.
        ("2026-08-25 02:30", "2026-10-25 00:30"),
    ],
)
def test_months_that_end_in_a_clock_change_end_early(local: str, utc: str) -> None:
    start = datetime.fromisoformat(local).replace(tzinfo=BERLIN)
    count = datetime.fromisoformat(utc).month - start.month
    assert add_months(start, count, BERLIN) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@settings(deadline=None)
@given(moments, st.integers(1, 600), zones)
def test_months_lie_between_their_shortest_and_longest(
    moment: datetime, count: int, zone: tzinfo
) -> None:
    start = moment.replace(tzinfo=UTC)
    days = (add_months(start, count, zone) - start) / timedelta(days=1)
    assert count * 30.4 - 4 < days < count * 30.5 + 4


def test_an_offset_is_a_zone_too() -> None:
    zone = timezone(timedelta(hours=5, minutes=45))
    assert until("2026-12-31", zone) == datetime(2026, 12, 30, 18, 15, tzinfo=UTC)
