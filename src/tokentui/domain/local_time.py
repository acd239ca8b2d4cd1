"""What clocks show in a zone, and when: days without midnight, times skipped and times shown twice.

A time that clocks show twice means the earlier instant: of two ends the shorter life is safer.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta, tzinfo


def instant(shown: datetime, zone: tzinfo) -> datetime | None:
    """Return the UTC instant at which clocks in `zone` first show the naive `shown`, if ever."""
    found = shown.replace(tzinfo=zone, fold=0).astimezone(UTC)
    return found if _shown_at(found, zone) == shown else None


def clock_change(skipped: datetime, zone: tzinfo) -> datetime:
    """Return the UTC instant of the change by which clocks in `zone` skip the naive `skipped`."""
    latest = skipped.replace(tzinfo=zone, fold=0).astimezone(UTC)
    earliest = skipped.replace(tzinfo=zone, fold=1).astimezone(UTC)
    old_offset = earliest.astimezone(zone).utcoffset()

    def changed(seconds: int) -> bool:
        moment = earliest + timedelta(seconds=seconds)
        return moment.astimezone(zone).utcoffset() != old_offset

    candidates = range(int((latest - earliest).total_seconds()) + 1)
    return earliest + timedelta(seconds=bisect_left(candidates, True, key=changed))


def gap(skipped: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return the naive times that clocks in `zone` show before and after they skip `skipped`."""
    change = clock_change(skipped, zone)
    just_before = change - timedelta(seconds=1)
    return _shown_at(just_before, zone) + timedelta(seconds=1), _shown_at(change, zone)


def start_of_day(day: date, zone: tzinfo) -> datetime | None:
    """Return the first UTC instant of `day` in `zone`; None if the calendar there skips the day."""
    midnight = datetime.combine(day, time())
    found = instant(midnight, zone)
    if found is not None:
        return found
    change = clock_change(midnight, zone)
    return change if change.astimezone(zone).date() == day else None


def add_months(moment: datetime, count: int, zone: tzinfo) -> datetime:
    """Return `moment` moved by calendar months in `zone`, as aware UTC.

    A day that the month lacks runs over into the next one: 31 August and 6 months is 3 March
    (Go `time.Time.AddDate`, as the STACKIT SDK's `core/utils/duration.go` uses it).
    Raises ValueError or OverflowError after the year 9999.
    """
    local = moment.astimezone(zone)
    years, month = divmod(local.month - 1 + count, 12)
    first = local.replace(year=local.year + years, month=month + 1, day=1, tzinfo=None)
    shown = first + timedelta(days=local.day - 1)
    return min(shown.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))


def _shown_at(moment: datetime, zone: tzinfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)
