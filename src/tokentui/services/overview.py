"""What the first screen shows: all from the ledger, so that it never waits for a network."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from tokentui.domain.ledger import QuickTarget
from tokentui.domain.model import InstanceState
from tokentui.services.attention import STAYS_VISIBLE, in_sight

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from tokentui.domain.about import About
    from tokentui.domain.ledger import Entry, Event, LastKnown
    from tokentui.domain.model import Instance, Kind
    from tokentui.services.ports import Ledger

MOST_QUICK_TARGETS = 9
MOST_AT_FIRST = 200
"""Remembered credentials that the first frame waits for; more than any screen has lines."""


@dataclass(frozen=True, slots=True)
class Overview:
    """The ledger at a glance, newest entries first: all that live, and the last that ended.

    `damage` says what was wrong with its file, empty: nothing. `last_known` is what profiles
    listed, for a first look alone; `unread` counts the credentials of these lists that end later.
    """

    at: datetime
    entries: tuple[Entry, ...]
    quick_targets: tuple[QuickTarget, ...]
    events: tuple[Event, ...]
    count: int
    undelivered: int
    damage: str = ""
    last_known: tuple[LastKnown, ...] = ()
    unread: int = 0


def overview(ledger: Ledger, now: datetime) -> Overview:
    """Read what screens need of the ledger; three indexed queries."""
    glance = ledger.glance(MOST_QUICK_TARGETS)
    return Overview(
        at=now,
        entries=in_sight(ledger, now),
        quick_targets=glance.quick_targets,
        events=ledger.events(),
        count=glance.count,
        undelivered=glance.undelivered,
        damage=ledger.damage(),
    )


def first_look(ledger: Ledger, now: datetime, most: int = MOST_AT_FIRST) -> Overview:
    """Read what can be shown before anybody is asked, with `most` of the remembered credentials."""
    known, unread = ledger.soonest_known(now - STAYS_VISIBLE, most)
    return replace(overview(ledger, now), last_known=known, unread=unread)


def quick_targets(
    used: Sequence[QuickTarget], instances: Iterable[Instance], abouts: Sequence[About]
) -> tuple[QuickTarget, ...]:
    """Give what is used most, then active instances that were never used, nine at most.

    An empty `asked` stands for the offer's own default.
    """
    kinds = {about.key: about.kinds for about in abouts}
    seen = {(target.profile, target.target_id) for target in used}
    fresh = (
        QuickTarget(
            profile=instance.profile,
            provider=instance.provider,
            kind=kind.key,
            noun=kind.noun,
            target_id=instance.id,
            target_name=instance.name,
            asked="",
        )
        for instance in instances
        if instance.state is InstanceState.ACTIVE
        and (instance.profile, instance.id) not in seen
        and (kind := _first_kind(kinds.get(instance.provider, ()), instance)) is not None
    )
    return (*used, *islice(fresh, max(0, MOST_QUICK_TARGETS - len(used))))[:MOST_QUICK_TARGETS]


def _first_kind(kinds: Sequence[Kind], instance: Instance) -> Kind | None:
    return next((kind for kind in kinds if kind.fits(instance)), None)
