"""What the first screen shows: all from the ledger, so that it never waits for a network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokentui.domain.ledger import QuickTarget
from tokentui.domain.model import InstanceState
from tokentui.services.attention import in_sight, rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from tokentui.domain.about import About
    from tokentui.domain.ledger import Entry, Event, LastKnown
    from tokentui.domain.model import Instance
    from tokentui.services.attention import Row
    from tokentui.services.ports import Ledger

MOST_QUICK_TARGETS = 9


@dataclass(frozen=True, slots=True)
class Overview:
    """The ledger at a glance, newest entries first: all that live, and the last that ended.

    `damage` says what was wrong with its file, empty: nothing.
    """

    at: datetime
    rows: tuple[Row, ...]
    entries: tuple[Entry, ...]
    quick_targets: tuple[QuickTarget, ...]
    events: tuple[Event, ...]
    last_known: tuple[LastKnown, ...]
    count: int
    undelivered: int
    damage: str = ""


def overview(ledger: Ledger, now: datetime) -> Overview:
    """Read everything that the first screen needs; a handful of indexed queries."""
    visible = in_sight(ledger, now)
    by_number = {entry.number: entry for entry in (*visible, *ledger.entries())}
    return Overview(
        at=now,
        rows=rows(visible, now),
        entries=tuple(by_number[number] for number in sorted(by_number, reverse=True)),
        quick_targets=ledger.quick_targets(MOST_QUICK_TARGETS),
        events=ledger.events(),
        last_known=ledger.last_known(),
        count=ledger.count(),
        undelivered=ledger.undelivered(),
        damage=ledger.damage(),
    )


def quick_targets(
    used: Sequence[QuickTarget], instances: Iterable[Instance], abouts: Sequence[About]
) -> tuple[QuickTarget, ...]:
    """Give what is used most, then active instances that were never used, nine at most.

    An empty `asked` stands for the offer's own default.
    """
    first_kind = {about.key: about.kinds[0] for about in abouts if about.kinds}
    seen = {(target.profile, target.target_id) for target in used}
    fresh = (
        QuickTarget(
            profile=instance.profile,
            provider=instance.provider,
            kind=first_kind[instance.provider].key,
            noun=first_kind[instance.provider].noun,
            target_id=instance.id,
            target_name=instance.name,
            asked="",
        )
        for instance in instances
        if instance.state is InstanceState.ACTIVE
        and instance.provider in first_kind
        and (instance.profile, instance.id) not in seen
    )
    return (*used, *fresh)[:MOST_QUICK_TARGETS]
