"""What needs a person: everything that lives or may live, the most urgent first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum, StrEnum
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from tokentui.domain.ledger import EntryState
from tokentui.domain.model import Ability, CredentialState
from tokentui.domain.urgency import SOON, Urgency, urgency

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tokentui.domain.ledger import Entry
    from tokentui.domain.model import ProfileName
    from tokentui.services.held import Held
    from tokentui.services.ports import Connections, Ledger

STAYS_VISIBLE = timedelta(days=7)
LONG_LIFE = timedelta(days=1)

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_STATE_WORDS = {
    EntryState.PLANNED: "planned",
    EntryState.ISSUED: "live",
    EntryState.REFUSED: "refused",
    EntryState.UNKNOWN: "unknown",
    EntryState.LOST: "lost",
    EntryState.ENDED: "ended",
}


class Worry(StrEnum):
    """Why a credential needs a person; what is off, ended or `NONE` does not."""

    UNKNOWN = "unknown"
    LOST = "lost"
    EXPIRED = "expired"
    INVALID = "invalid"
    SOON = "soon"
    LATER = "later"
    OFF = "off"
    ENDED = "ended"
    NONE = ""


_ALARMS = frozenset({Worry.UNKNOWN, Worry.LOST, Worry.EXPIRED, Worry.INVALID, Worry.SOON})
_BY_END = {
    Urgency.EXPIRED: Worry.EXPIRED,
    Urgency.SOON: Worry.SOON,
    Urgency.LATER: Worry.LATER,
}
_SAID = (_ALARMS - {Worry.SOON}) | {Worry.OFF, Worry.ENDED}


class Row(NamedTuple):  # a data class is three times as slow to make
    """One credential as it is now. `left` None: it never ends; `age` None: nobody knows it."""

    held: Held
    worry: Worry
    left: timedelta | None
    age: timedelta | None


def in_sight(ledger: Ledger, now: datetime) -> tuple[Entry, ...]:
    """Read every entry that `rows` may show, and the newest ones: what lists say may be over."""
    return ledger.in_sight(now - STAYS_VISIBLE)


def rows(helds: Iterable[Held], now: datetime, *, everything: bool = False) -> tuple[Row, ...]:
    """Place every credential that lives, may live, or ended lately after a long life.

    With `everything` also what was refused, was ended or expired long ago. The soonest end comes
    first.
    """
    placed = (row_of(held, now) for held in helds if everything or is_shown(held, now))
    return tuple(sorted(placed, key=lambda row: order(row.held)))


def living(helds: Iterable[Held], now: datetime) -> tuple[Held, ...]:
    """Give every credential that lives or may live, in the order that they came."""
    return tuple(
        held
        for held in helds
        if is_shown(held, now) and (held.ends_at is None or held.ends_at > now)
    )


def state_word(row: Row) -> str:
    """Say in a word how a credential is."""
    if row.worry in _SAID:
        return row.worry
    entry = row.held.entry
    return "live" if entry is None or row.held.credential else _STATE_WORDS[entry.state]


def needs_attention(row: Row) -> bool:
    """Say whether a row belongs above the fold."""
    return row.worry in _ALARMS


def order(held: Held) -> tuple[bool, float, str, str, str]:
    """Give what the soonest end comes first by; of what never ends, the youngest does."""
    if held.ends_at is not None:
        at = held.ends_at.timestamp()
    else:
        at = -inf if held.begun is None else -held.begun.timestamp()
    return held.ends_at is None, at, held.profile, held.target_name, held.name


def row_of(held: Held, now: datetime) -> Row:
    """Judge one credential."""
    left = None if held.ends_at is None else held.ends_at - now
    age = None if held.begun is None else now - held.begun
    return Row(held, _worry(held, now), left, age)


def _worry(held: Held, now: datetime) -> Worry:
    is_over = held.ends_at is not None and held.ends_at <= now
    judged = _of_entry(held, is_over)
    if judged is None:
        judged = _of_credential(held, is_over)
    if judged is None:
        # A life of unknown length counts as a long one.
        judged = _BY_END.get(urgency(held.begun or _LONG_AGO, held.ends_at, now), Worry.NONE)
    return judged


def _of_entry(held: Held, is_over: bool) -> Worry | None:
    """Judge what the ledger alone can tell; None: its end decides."""
    if held.entry is None:
        return None
    match held.entry.state:
        case EntryState.REFUSED:
            return Worry.NONE
        case EntryState.ENDED:
            return Worry.ENDED
        case EntryState.UNKNOWN | EntryState.PLANNED if not is_over:
            return Worry.UNKNOWN
        case EntryState.LOST if not is_over:
            return Worry.LOST
    return None


def _of_credential(held: Held, is_over: bool) -> Worry | None:
    """Take the provider's word; None: its end decides."""
    if held.credential is None or is_over:
        return None
    match held.credential.state:
        case CredentialState.SWITCHED_OFF:
            return Worry.OFF
        case CredentialState.INVALID:
            return Worry.INVALID
    return None


def is_shown(held: Held, now: datetime) -> bool:
    """Say whether it lives, may live, or ended lately after a long life."""
    state = held.entry.state if held.entry else EntryState.ISSUED
    if state in {EntryState.REFUSED, EntryState.ENDED}:
        return False
    end = held.ends_at
    if end is None or end > now:
        return True
    if state is not EntryState.ISSUED and held.credential is None:
        return False
    lived_long = end - (held.begun or _LONG_AGO) > LONG_LIFE
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


@dataclass(frozen=True, slots=True)
class Listed:
    """When a profile's credentials were all listed last on this host; `at` None: never."""

    profile: ProfileName
    at: datetime | None


def last_listed(
    connections: Connections, ledger: Ledger, profiles: Iterable[ProfileName]
) -> tuple[Listed, ...]:
    """Say when credentials were listed; a profile whose kinds cannot be listed is left out."""
    seen = {known.profile: known.credentials_at for known in ledger.last_known()}
    return tuple(
        Listed(name, seen.get(name))
        for name in profiles
        if any(Ability.LIST in kind.abilities for kind in connections.about(name).kinds)
    )


def check(
    helds: Iterable[Held], now: datetime, warn: timedelta = SOON, crit: timedelta = LONG_LIFE
) -> tuple[Finding, ...]:
    """Judge every credential that is shown on the first screen, the worst first."""
    findings = [Finding(row, _level(row, warn, crit)) for row in rows(helds, now)]
    return tuple(sorted(findings, key=lambda f: -_RANK.index(f.level)))


def worst(findings: Sequence[Finding], lists: Sequence[Listed] = ()) -> Level:
    """Give the level of the whole check: critical before warning before unknown.

    Where a profile's credentials were never listed, nobody knows how they are.
    """
    levels = [finding.level for finding in findings]
    levels += [Level.UNKNOWN for one in lists if one.at is None]
    return max(levels, key=_RANK.index, default=Level.OK)


def _level(row: Row, warn: timedelta, crit: timedelta) -> Level:
    """Judge one row; what was made for a day at most is meant to end and raises no alarm."""
    if row.worry is Worry.UNKNOWN:
        return Level.UNKNOWN
    if row.worry in {Worry.LOST, Worry.INVALID}:
        return Level.WARNING
    if row.left is None or row.worry is Worry.OFF or _is_short(row):
        return Level.OK
    if row.left < crit:
        return Level.CRITICAL
    return Level.WARNING if row.left < warn else Level.OK


def _is_short(row: Row) -> bool:
    return row.left is not None and row.age is not None and row.left + row.age <= LONG_LIFE
