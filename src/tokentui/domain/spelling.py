"""Spans of time in words: how long is left, and how long a limit is."""

from __future__ import annotations

from datetime import datetime, timedelta

_SECOND = timedelta(seconds=1)
_SHORT = (("y", 365 * 86_400), ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))
_LONG = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def left(ends_at: datetime, now: datetime) -> timedelta:
    """Return the time until `ends_at`, rounded down to whole seconds; negative once it is over."""
    remaining = ends_at - now
    return remaining - remaining % _SECOND


def spell(span: timedelta, parts: int = 2) -> str:
    """Spell a span in at most `parts` neighbouring units, rounded down: "6m 12s", "2y 108d".

    A year is 365 days; a negative span has a minus sign before its size; `parts` is at least 1.
    """
    rest = abs(span) // _SECOND
    counts: list[tuple[int, str]] = []
    for unit, size in _SHORT:
        count, rest = divmod(rest, size)
        if counts or count:
            counts.append((count, unit))
    words = [f"{count}{unit}" for count, unit in counts[:parts] if count]
    sign = "-" if words and span < timedelta() else ""
    return sign + (" ".join(words) or "0s")


def spell_long(span: timedelta) -> str:
    """Spell a limit exactly in its largest whole unit: "10 min", "36 h", "90 s", "180 d".

    Parts of a second are dropped; `span` is not negative.
    """
    seconds = span // _SECOND
    for unit, size in _LONG:
        if seconds and seconds % size == 0:
            return f"{seconds // size} {unit}"
    return "0 s"
