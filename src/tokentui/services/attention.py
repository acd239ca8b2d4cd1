"""What needs a person: everything that lives or may live, the most urgent first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from tokentui.domain.ledger import EntryState
from tokentui.domain.urgency import SOON, Urgency, urgency

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tokentui.domain.ledger import Entry
    from tokentui.services.ports import Ledger

STAYS_VISIBLE = timedelta(days=7)
LONG_LIFE = timedelta(days=1)


_STATE_WORDS = {
    EntryState.PLANNED: "planned",
    EntryState.ISSUED: "live",
    EntryState.REFUSED: "refused",
    EntryState.UNKNOWN: "unknown",
    EntryState.LOST: "lost",
}


class Worry(StrEnum):
    """Why an entry needs a person; `NONE`: it does not."""

    UNKNOWN = "unknown"
    LOST = "lost"
    EXPIRED = "expired"
    SOON = "soon"
    LATER = "later"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One credential on the first screen. `left` None: it never ends, `age` is shown instead."""

    entry: Entry
    worry: Worry
    left: timedelta | None
    age: timedelta


def in_sight(ledger: Ledger, now: datetime) -> tuple[Entry, ...]:
    """Read every entry that `rows` may show: what lives or may live, and what ended lately."""
    return ledger.live(now - STAYS_VISIBLE)


def rows(entries: Sequence[Entry], now: datetime, *, everything: bool = False) -> tuple[Row, ...]:
    """Place every entry that lives, may live, or ended lately after a long life.

    With `everything` also what was refused or ended long ago. The soonest end comes first.
    """
    placed = (_row(entry, now) for entry in entries if everything or _is_shown(entry, now))
    return tuple(sorted(placed, key=lambda row: (row.left is None, row.left or row.age)))


def state_word(row: Row) -> str:
    """Say in a word how a credential is."""
    if row.worry in {Worry.EXPIRED, Worry.UNKNOWN, Worry.LOST}:
        return row.worry
    return _STATE_WORDS[row.entry.state]


def needs_attention(row: Row) -> bool:
    """Say whether a row belongs above the fold."""
    return row.worry in {Worry.UNKNOWN, Worry.LOST, Worry.EXPIRED, Worry.SOON}


def _row(entry: Entry, now: datetime) -> Row:
    end = entry.may_live_until
    begun = entry.issued_at or entry.planned_at
    return Row(entry, _worry(entry, now), None if end is None else end - now, now - begun)


def _worry(entry: Entry, now: datetime) -> Worry:
    if entry.state is EntryState.REFUSED:
        return Worry.NONE
    end = entry.may_live_until
    over = end is not None and end <= now
    if entry.state in {EntryState.UNKNOWN, EntryState.PLANNED} and not over:
        return Worry.UNKNOWN
    if entry.state is EntryState.LOST and not over:
        return Worry.LOST
    match urgency(entry.issued_at or entry.planned_at, end, now):
        case Urgency.EXPIRED:
            return Worry.EXPIRED
        case Urgency.SOON:
            return Worry.SOON
        case Urgency.LATER:
            return Worry.LATER
        case _:
            return Worry.NONE


def _is_shown(entry: Entry, now: datetime) -> bool:
    if entry.state is EntryState.REFUSED:
        return False
    end = entry.may_live_until
    if end is None or end > now:
        return True
    if entry.state is not EntryState.ISSUED:
        return False
    lived_long = end - (entry.issued_at or entry.planned_at) > LONG_LIFE
    return lived_long and now - end < STAYS_VISIBLE


class Level(IntEnum):
    """The convention of monitoring plug-ins; the numbers are the exit codes of `check`."""

    OK = 0
    WARNING = 1
    CRITICAL = 2
    UNKNOWN = 3


_RANK = (Level.OK, Level.UNKNOWN, Level.WARNING, Level.CRITICAL)


@dataclass(frozen=True, slots=True)
class Finding:
    """One credential as `check` judges it."""

    row: Row
    level: Level


def check(
    entries: Sequence[Entry], now: datetime, warn: timedelta = SOON, crit: timedelta = LONG_LIFE
) -> tuple[Finding, ...]:
    """Judge every entry that is shown on the first screen, the worst first."""
    findings = [Finding(row, _level(row, warn, crit)) for row in rows(entries, now)]
    return tuple(sorted(findings, key=lambda f: -_RANK.index(f.level)))


def worst(findings: Sequence[Finding]) -> Level:
    """Give the level of the whole check: critical before warning before unknown."""
    return max((f.level for f in findings), key=_RANK.index, default=Level.OK)


def _level(row: Row, warn: timedelta, crit: timedelta) -> Level:
    """Judge one row; what was made for a day at most is meant to end and raises no alarm."""
    if row.worry is Worry.UNKNOWN:
        return Level.UNKNOWN
    if row.worry is Worry.LOST:
        return Level.WARNING
    if row.left is None:
        return Level.OK
    life = row.left + row.age
    if life <= LONG_LIFE:
        return Level.OK
    if row.left < crit:
        return Level.CRITICAL
    return Level.WARNING if row.left < warn else Level.OK
