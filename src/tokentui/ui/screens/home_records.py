"""What the first screen shows of credentials and events, as rows and lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import set_cell_size

from tokentui.domain.ledger import EntryState
from tokentui.services import attention
from tokentui.services.overview import quick_targets
from tokentui.ui import present
from tokentui.ui.fitting import cut
from tokentui.ui.widgets.record_list import Cell, Column, Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from tokentui.domain.ledger import Entry, Event, QuickTarget
    from tokentui.domain.model import Instance, ProfileName, Target
    from tokentui.services.attention import Row, Worry
    from tokentui.services.held import Held
    from tokentui.services.journal import Call
    from tokentui.ui.present import TimeStyle, When
    from tokentui.ui.session import Session
    from tokentui.ui.widgets.record_model import SortKey


_AROUND_A_NAME = 27  # number, kind and lifetime of a numbered target, with their gaps


def columns(style: TimeStyle) -> tuple[Column, ...]:
    """Give the columns of a list of credentials; all styles show the same ones at any width."""
    end, text = (10, 14) if style is style.LEFT else (12, 13)
    return (
        Column("left", style.value, end, priority=9),
        Column("kind", "KIND", 15, priority=6),
        Column("name", "NAME", text, grow=True, priority=8),
        Column("where", "WHERE", text, grow=True, priority=7),
        Column("by", "ISSUED BY", 16, priority=1),
        Column("made", "MADE", 13, priority=2),
        Column("note", "NOTE", 16, grow=True, priority=5),
    )


@dataclass(frozen=True, slots=True)
class Credentials:
    """The credentials within the scope: what ends or needs attention, and what never ends."""

    ending: tuple[Row, ...]
    endless: tuple[Row, ...]

    @property
    def worrying(self) -> int:
        return sum(attention.needs_attention(row) for row in self.ending)


def credentials(session: Session, now: datetime) -> Credentials:
    """Judge every credential anew: what needs attention first, then the rest by its end."""
    rows = attention.rows((h for h in session.helds if session.in_scope(h.profile)), now)
    ending = sorted(
        (row for row in rows if row.left is not None or attention.needs_attention(row)),
        key=lambda row: not attention.needs_attention(row),
    )
    endless = sorted(
        (row for row in rows if row.left is None and not attention.needs_attention(row)),
        key=lambda row: row.age or timedelta(),
        reverse=True,
    )
    return Credentials(tuple(ending), tuple(endless))


class Records:
    """Makes the rows of a long list, and keeps those that nothing has changed."""

    def __init__(self) -> None:
        self._kept: Mapping[str, _Kept] = {}

    def make(self, rows: Iterable[Row], when: When, with_profile: bool) -> list[Record]:
        """Give the records of these rows, and forget all others."""
        kept: dict[str, _Kept] = {}
        for row in rows:
            facts = (row.worry, row.held, with_profile, when.style)
            last = self._kept.get(row.held.key)
            if last is None or when.now >= last.until or last.facts != facts:
                last = _kept(last, row, facts, when)
            kept[row.held.key] = last
        self._kept = kept
        return [one.record for one in kept.values()]


class _Kept(NamedTuple):
    """A record, and the moment until which its times read the same."""

    facts: tuple[Worry, Held, bool, TimeStyle]
    times: tuple[object, ...]
    until: datetime
    record: Record


def _kept(
    last: _Kept | None, row: Row, facts: tuple[Worry, Held, bool, TimeStyle], when: When
) -> _Kept:
    """Word the times of a row, and make its record anew if anything reads differently."""
    _, held, with_profile, _ = facts
    end = present.row_end(row, when)
    times = (end, when.now.astimezone(when.zone).date())  # days of the past are worded by it
    until = when.now + present.next_change([held.ends_at] if held.ends_at else [], when.now)
    is_same = last is not None and last.facts == facts and last.times == times
    made = last.record if last and is_same else record(row, end, when, with_profile)
    return _Kept(facts, times, until, made)


def record(row: Row, end: str, when: When, with_profile: bool) -> Record:
    """Make a list's row of a credential; `end` is the text of its first column."""
    held, begun = row.held, row.held.begun
    sign, tone = present.worry_sign(row.worry)
    number = "" if held.number is None else f"#{held.number}"
    texts = (
        end,
        held.noun,
        " ".join(filter(None, (number, held.name, held.purpose))),
        f"{held.target_name}  {held.profile}" if with_profile else held.target_name,
        f"{held.entry.owner.user}@{held.entry.owner.host}" if held.entry else "",
        "" if begun is None else when.moment(begun),
        present.held_note(held),
    )
    cells = (Cell(texts[0], tone), *(Cell(text) for text in texts[1:]))
    made = 0.0 if begun is None else begun.timestamp()
    sort: tuple[SortKey, ...] = (
        made if held.ends_at is None else held.ends_at.timestamp(),
        *(text.lower() for text in texts[1:5]),
        made,
        texts[6].lower(),
    )
    haystack = " ".join((*texts, held.profile, held.provider, attention.state_word(row))).lower()
    return Record(held.key, cells, haystack, sort, Cell(sign, tone))


def known_targets(session: Session) -> tuple[QuickTarget, ...] | None:
    """Give the numbered targets; None: neither ledger nor configuration was read yet."""
    if session.overview is None and session.workbench is None:
        return None
    used = [] if session.overview is None else session.overview.quick_targets
    used = [
        target
        for target in used
        if session.in_scope(target.profile)
        and not is_gone(session, target.profile, target.target_id)
    ]
    abouts = () if session.workbench is None else session.workbench.abouts
    return quick_targets(used, instances(session), abouts)


def instances(session: Session) -> Iterator[Instance]:
    """Give every instance within the scope."""
    for listing in session.listings.values():
        if session.in_scope(listing.source.profile):
            yield from listing.instances


def find_target(session: Session, profile: ProfileName, target_id: str) -> Target | None:
    """Give the instance or account that an entry or a quick target names, if it is still listed."""
    listing = session.listings.get(profile)
    if listing is None:
        return None
    listed: tuple[Target, ...] = (*listing.instances, *listing.accounts)
    return next((target for target in listed if target.id == target_id), None)


def is_gone(session: Session, profile: ProfileName, target_id: str) -> bool:
    """Say whether a profile's list is known and no longer names this instance or account."""
    listing = session.listings.get(profile)
    if listing is None or listing.source.seen_at is None:
        return False
    return find_target(session, profile, target_id) is None


def last_made(session: Session) -> Entry | None:
    """Give the entry of the last credential that was received."""
    entries = () if session.overview is None else session.overview.entries
    made = (e for e in entries if e.state in {EntryState.ISSUED, EntryState.LOST})
    return next((e for e in made if session.in_scope(e.plan.profile)), None)


def quick_lines(
    targets: Sequence[QuickTarget], when: When, width: int, columns: int, rows: int
) -> list[str]:
    """Put numbered targets into columns, downwards first."""
    wide = (width - 3) // columns
    shown = targets[: rows * columns]
    name = max(8, wide - _AROUND_A_NAME)
    texts = [
        f"{number}  {_fit(target.target_name, name)}  {_fit(target.kind, 10)}  "
        f"{_fit(present.asked(target.asked, when.zone), 8)}  "
        for number, target in enumerate(shown, 1)
    ]
    return ["   " + "".join(texts[row::rows]).rstrip() for row in range(rows)]


def activity_lines(
    calls: Sequence[Call], events: Sequence[Event], when: When, most: int
) -> list[str]:
    """Word the last calls and events, newest first."""
    told = [*_calls(calls, when), *_events(events, when)]
    told.sort(key=lambda item: item[0], reverse=True)
    return [text for _, text in told[:most]]


def _calls(calls: Sequence[Call], when: When) -> Iterator[tuple[datetime, str]]:
    for call in calls:
        took = f"{call.took.total_seconds() * 1000:.0f} ms"
        yield (
            call.at,
            f"   {when.moment(call.at):<13} {_fit(call.what, 26)}  {_fit(call.profile, 16)}  "
            f"{_fit(call.outcome, 8)}  {took:>8}  {call.method} {call.path}",
        )


def _events(events: Sequence[Event], when: When) -> Iterator[tuple[datetime, str]]:
    for event in events:
        what = f"{event.noun} {event.type}"
        number = "" if event.number is None else f"#{event.number}"
        yield (
            event.at,
            f"   {when.moment(event.at):<13} {_fit(what, 26)}  {_fit(event.target_name, 16)}  "
            f"{number:<8}  {'':>8}  {event.detail}",
        )


def _fit(text: str, width: int) -> str:
    return set_cell_size(cut(text, width), width)
