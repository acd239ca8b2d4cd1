"""The text in which a lifetime is typed: `90m`, `36h`, `3M`, `2026-12-31 18:00`, `never`.

Lengths follow the STACKIT command line (stackit-sdk-go `core/utils/duration.go`, read 2026-08-21):
one whole number and one unit, case matters. Weeks, dates and `never` come on top.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tokentui.domain.errors import UsageError
from tokentui.domain.local_time import gap, instant, start_of_day
from tokentui.domain.spelling import spell_long
from tokentui.domain.text import clean

NEVER: Final = "never"

_HOW = 'write it like 90m, 36h, 7d, 2w, 3M, 2026-12-31 or "2026-12-31 18:00"'
_MONTH = "M"
_UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_TYPED_UNITS = ("d", "h", "m", "s")
_MOST_YEARS = 1_000
_MOST_MONTHS = _MOST_YEARS * 12
_LONGEST = timedelta(days=_MOST_YEARS * 366)
_MOST_DIGITS = 12
_QUOTED = 60

_LENGTH = re.compile(r"([0-9]+)([A-Za-z]*)")
_MOMENT = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[ T](?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?)?"
    r"(?: ?(?P<offset>Z|UTC|[+-][01][0-9]:[0-5][0-9])| (?P<zone>[A-Za-z][A-Za-z0-9_+/-]*))?"
)


@dataclass(frozen=True, slots=True)
class Span:
    """An exact length; a day is 86,400 seconds."""

    delta: timedelta


@dataclass(frozen=True, slots=True)
class Months:
    """Calendar months from now in the user's zone."""

    count: int


@dataclass(frozen=True, slots=True)
class Until:
    """A moment; `at` is aware UTC."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Endless:
    """No end."""


Lifetime: TypeAlias = Span | Months | Until | Endless


def parse(text: str, zone: tzinfo) -> Lifetime:
    """Read a lifetime as a person types it; dates without a zone of their own are in `zone`.

    A bare date means the start of that day, so the day itself is not included.
    Raises UsageError, which names the text and the forms that fit.
    """
    typed_text = text.strip()
    if typed_text == NEVER:
        return Endless()
    if length := _LENGTH.fullmatch(typed_text):
        return _length(typed_text, length[1], length[2])
    if moment := _MOMENT.fullmatch(typed_text):
        return Until(_moment(typed_text, moment, zone))
    if not typed_text:
        raise UsageError("the expiration is empty", _HOW)
    raise _refused(typed_text, "is neither one number with one unit nor a date")


def typed(lifetime: Lifetime) -> str:
    """Return the text that `parse` reads as this lifetime; parts of a second are dropped."""
    match lifetime:
        case Span(delta):
            unit = next((u for u in _TYPED_UNITS if not delta % _UNITS[u]), "s")
            return f"{delta // _UNITS[unit]}{unit}"
        case Months(count):
            return f"{count}{_MONTH}"
        case Until(at):
            return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
        case Endless():
            return NEVER


def spell_lifetime(lifetime: Lifetime) -> str:
    """Spell a lifetime for a label or a sentence: "10 min", "3 y", "5 months", "never"."""
    match lifetime:
        case Span(delta):
            return spell_long(delta)
        case Months(count):
            years, rest = divmod(count, 12)
            return f"{count} {'month' if count == 1 else 'months'}" if rest else f"{years} y"
        case Until() | Endless():
            return typed(lifetime)


def _refused(typed_text: str, reason: str, next_step: str = _HOW) -> UsageError:
    return UsageError(f'the expiration "{clean(typed_text, _QUOTED)}" {reason}', next_step)


def _length(typed_text: str, digits: str, unit: str) -> Span | Months:
    if not unit:
        raise _refused(typed_text, "has no unit")
    if unit != _MONTH and unit not in _UNITS:
        raise _refused(typed_text, "has a unit that is none of s, m, h, d, w and M (months)")
    if not digits.strip("0"):
        raise _refused(typed_text, "is no time at all")
    if digits.startswith("0"):
        raise _refused(typed_text, "begins with a zero")
    count = int(digits) if len(digits) <= _MOST_DIGITS else None
    most = _MOST_MONTHS if unit == _MONTH else _LONGEST // _UNITS[unit]
    if count is None or count > most:
        raise _refused(typed_text, f"is longer than {_MOST_YEARS} years")
    return Months(count) if unit == _MONTH else Span(count * _UNITS[unit])


def _moment(typed_text: str, found: re.Match[str], zone: tzinfo) -> datetime:
    if name := found["offset"] or found["zone"]:
        zone = _zone(typed_text, name)
    try:
        day = date.fromisoformat(found["day"])
        clock = _clock(found)
    except ValueError:
        raise _refused(typed_text, "names a day or a time that no calendar has") from None
    try:
        return _instant(typed_text, day, clock, zone)
    except OverflowError:
        raise _refused(typed_text, "is too near the end of the calendar") from None


def _clock(found: re.Match[str]) -> time | None:
    if found["hour"] is None:
        return None
    return time(int(found["hour"]), int(found["minute"]), int(found["second"] or 0))


def _instant(typed_text: str, day: date, clock: time | None, zone: tzinfo) -> datetime:
    if clock is None:
        start = start_of_day(day, zone)
        if start is None:
            raise _refused(typed_text, f"is a day that {zone} skipped", "choose another day")
        return start
    shown = datetime.combine(day, clock)
    found = instant(shown, zone)
    if found is None:
        before, after = gap(shown, zone)
        reason = f"does not exist in {zone}, where clocks go from {before:%H:%M} to {after:%H:%M}"
        raise _refused(typed_text, reason, "choose a time outside that gap")
    return found


def _zone(typed_text: str, name: str) -> tzinfo:
    if name in ("Z", "UTC"):
        return UTC
    if name[0] in "+-":
        size = timedelta(hours=int(name[1:3]), minutes=int(name[4:6]))
        return timezone(-size if name[0] == "-" else size)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise _refused(
            typed_text, "names an unknown zone", "write it like Europe/Berlin, +02:00 or UTC"
        ) from None
