"""From domain to text: the only place that words dates, states, signs, ids and ages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import TYPE_CHECKING

from tokentui.domain.errors import ProviderError, UsageError
from tokentui.domain.ledger import EntryState
from tokentui.domain.lifetime import parse, spell, spell_lifetime
from tokentui.domain.model import CredentialState, InstanceState
from tokentui.services.attention import Worry
from tokentui.services.inventory import Phase

if TYPE_CHECKING:
    from tokentui.domain.errors import TokentuiError
    from tokentui.domain.ledger import Entry
    from tokentui.domain.model import Instance
    from tokentui.services.attention import Row
    from tokentui.services.held import Held
    from tokentui.services.inventory import Source
    from tokentui.ui.widgets.record_model import Tone

MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_JUST_AFTER = timedelta(milliseconds=1)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class TimeStyle(StrEnum):
    """How an end is shown; the value is the title of its column."""

    LEFT = "LEFT"
    LOCAL = "ENDS"
    UTC = "ENDS (UTC)"

    def following(self) -> TimeStyle:
        """Give the next one round."""
        styles = list(TimeStyle)
        return styles[(styles.index(self) + 1) % len(styles)]


@dataclass(frozen=True, slots=True)
class When:
    """The moment at which a text is true, and how times are shown in it."""

    now: datetime
    zone: tzinfo
    style: TimeStyle = TimeStyle.LEFT

    def clock(self, *, with_date: bool = False) -> str:
        """Word the time now: "14:22 CEST" or "Mon 5 Oct 14:22 CEST"."""
        local = self.now.astimezone(self.zone)
        text = f"{local:%H:%M} {local.tzname()}"
        return f"{_WEEKDAYS[local.weekday()]} {_day(local)} {text}" if with_date else text

    def moment(self, at: datetime) -> str:
        """Word an instant in local time, as shortly as it stays clear."""
        local, today = at.astimezone(self.zone), self.now.astimezone(self.zone)
        if local.date() == today.date():
            return f"{local:%H:%M}"
        if local.year == today.year:
            return f"{_day(local)} {local:%H:%M}"
        return f"{_day(local)} {local.year}"

    def date(self, at: datetime) -> str:
        """Word the day of an instant: "12 Mar 2026"."""
        local = at.astimezone(self.zone)
        return f"{_day(local)} {local.year}"

    def exact(self, at: datetime) -> str:
        """Word an instant in local time and, where that differs, in UTC."""
        local, utc = at.astimezone(self.zone), at.astimezone(UTC)
        there = f"{_day(local)} {local.year} {local:%H:%M:%S} {local.tzname()}"
        if not local.utcoffset():
            return there
        utc_day = "" if utc.date() == local.date() else f"{_day(utc)} "
        return f"{there} ({utc_day}{utc:%H:%M:%S} UTC)"

    def end(self, ends_at: datetime) -> str:
        """Word an end in the chosen style."""
        if self.style is TimeStyle.LEFT:
            return time_left(ends_at - self.now)
        zone = self.zone if self.style is TimeStyle.LOCAL else UTC
        return replace(self, zone=zone).moment(ends_at)

    def age(self, since: datetime) -> str:
        """Word how old something is: "3h", "2d", "0m" for less than a minute."""
        return spell(_whole(self.now - since, MINUTE), 1).replace("0s", "0m")


def time_left(span: timedelta) -> str:
    """Word the time until an end, rounded down: "3d 4h", "6m", "<1m", "expired"."""
    if span <= timedelta():
        return "expired"
    if span < MINUTE:
        return "<1m"
    return spell(_whole(span, _HOUR if span >= _DAY else MINUTE))


def next_change(ends: list[datetime], now: datetime) -> timedelta:
    """Give the time until the clock's minute or the text of any end changes, 1 s at least."""
    soonest = MINUTE - (now - now.replace(second=0, microsecond=0))
    for end in ends:
        span = end - now
        if span > timedelta():
            step = _HOUR if span >= _DAY + _HOUR else MINUTE
            soonest = min(soonest, span % step + _JUST_AFTER)
    return max(soonest, _SECOND)


def is_end_unknown(held: Held) -> bool:
    """Say whether no end is named of what is invalid, and so does not live for ever."""
    credential = held.credential
    is_invalid = credential is not None and credential.state is CredentialState.INVALID
    return is_invalid and held.ends_at is None


def row_end(row: Row, when: When) -> str:
    """Word the first column of a credential's row; what never ends shows its age."""
    end = row.held.ends_at
    if end is not None:
        return when.end(end)
    if is_end_unknown(row.held):
        return "-"
    return "never" if row.age is None else f"{when.age(when.now - row.age)} old"


_WORRIES: dict[Worry, tuple[str, Tone]] = {
    Worry.EXPIRED: ("x", "error"),
    Worry.INVALID: ("x", "error"),
    Worry.SOON: ("!", "warning"),
    Worry.LOST: ("!", "warning"),
    Worry.LATER: ("~", "info"),
    Worry.UNKNOWN: ("?", "unknown"),
    Worry.OFF: ("-", "muted"),
    Worry.ENDED: ("-", "muted"),
    Worry.NONE: ("", ""),
}


def worry_sign(worry: Worry) -> tuple[str, Tone]:
    """Give the sign of a worry and its tone."""
    return _WORRIES[worry]


def held_note(held: Held) -> str:
    """Say in a few words what a list must tell of a credential, its provider's words first."""
    credential, entry = held.credential, held.entry
    if credential is not None and credential.state is not CredentialState.ACTIVE:
        return credential.state_text or f"is {credential.state}"
    if entry is not None:
        return note(entry)
    return credential.description if credential else ""


def note(entry: Entry) -> str:
    """Say in a few words what a list must tell of an entry."""
    match entry.state:
        case EntryState.PLANNED:
            return "asked, no answer yet"
        case EntryState.UNKNOWN:
            return "answer lost, may exist"
        case EntryState.LOST:
            return "secret lost"
        case EntryState.REFUSED:
            return "refused"
        case EntryState.ENDED:
            return entry.note or "ended"
    if entry.delivered_to:
        return entry.delivered_to[-1]
    return "discarded" if entry.discarded else "not handed over"


def entry_state(entry: Entry, now: datetime) -> str:
    """Word the state of an entry: live, expired, ended, unknown, lost, refused."""
    end = entry.may_live_until
    if entry.state in {EntryState.REFUSED, EntryState.ENDED}:
        return str(entry.state)
    if end is not None and end <= now:
        return "expired"
    return "live" if entry.state is EntryState.ISSUED else str(entry.state)


_STATES: dict[InstanceState, Tone] = {
    InstanceState.ACTIVE: "",
    InstanceState.BUSY: "info",
    InstanceState.ENDING: "warning",
    InstanceState.FAILED: "error",
    InstanceState.OTHER: "unknown",
}


def instance_state(instance: Instance) -> tuple[str, Tone]:
    """Give the provider's word for an instance's state and its tone."""
    return instance.state_text or str(instance.state), _STATES[instance.state]


def source_word(source: Source) -> tuple[str, Tone]:
    """Say in one word how a profile's source is doing."""
    match source.phase:
        case Phase.LOADING:
            return "…", "muted"
        case Phase.FAILED:
            return "failed", "error"
        case Phase.PARTLY:
            return "partly", "warning"
    slow = source.took is not None and source.took >= _SECOND
    return (spell(source.took, 1).replace("s", " s") if slow and source.took else "ok"), ""


def asked(text: str, zone: tzinfo) -> str:
    """Word a lifetime that a person typed: "10m" is "10 min"; empty is the offer's default."""
    if not text:
        return "default"
    try:
        return spell_lifetime(parse(text, zone))
    except UsageError:
        return text


def error_lines(error: TokentuiError) -> list[str]:
    """Say an error in full: what happened, what to do, the provider's support id."""
    lines = [f"what   {error.message}"]
    if isinstance(error, ProviderError) and error.said:
        lines.append(f"said   {error.said}")
    if error.next_step:
        lines.append(f"next   {error.next_step}")
    if isinstance(error, ProviderError) and error.trace_id:
        lines.append(f"trace  {error.trace_id}")
    return lines


def counted(count: int, noun: str) -> str:
    """Word a number of things: "1 instance", "3 instances"."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _day(local: datetime) -> str:
    return f"{local.day} {_MONTHS[local.month - 1]}"


def _whole(span: timedelta, unit: timedelta) -> timedelta:
    return span - span % unit
