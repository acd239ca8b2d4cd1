"""What the list of instances shows, as rows and as the lines about one of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tokentui.domain.errors import Forbidden, NotSignedIn, Unreachable
from tokentui.domain.ledger import EntryState
from tokentui.domain.model import Ability, InstanceState
from tokentui.services.inventory import Phase
from tokentui.ui import present
from tokentui.ui.fitting import cut
from tokentui.ui.widgets.record_list import Cell, Column, Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tokentui.domain.about import About
    from tokentui.domain.ledger import Entry
    from tokentui.domain.model import Instance
    from tokentui.services.held import Held
    from tokentui.services.inventory import Listing, Source
    from tokentui.ui.present import When
    from tokentui.ui.session import Session
    from tokentui.ui.widgets.record_list import Tone
    from tokentui.ui.widgets.record_model import SortKey

_SEPARATOR = "\n"
_IN_FULL = " - press !"
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_WORTH_KNOWING = (Ability.LIST, Ability.REVOKE)  # the rest is said to whoever tries

COLUMNS = (
    Column("profile", "PROFILE", 10, priority=5),
    Column("name", "NAME", 14, grow=True, priority=9),
    Column("scope", "PROJECT", 12, grow=True, priority=2),
    Column("region", "REGION", 6, priority=4),
    Column("state", "STATE", 11, priority=8),
    Column("plan", "PLAN", 8, priority=1),
    Column("live", "LIVE", 4, priority=6, align="right"),
    Column("next", "NEXT EXPIRY", 14, priority=7),
    Column("created", "CREATED", 11, priority=3),
)


def key_of(instance: Instance) -> str:
    """Give what identifies an instance among those of all profiles."""
    return f"{instance.profile}{_SEPARATOR}{instance.id}"


def target_key(entry: Entry) -> str:
    """Give the key of the instance that an entry was made for."""
    return f"{entry.plan.profile}{_SEPARATOR}{entry.plan.target_id}"


def held_key(held: Held) -> str:
    """Give the key of the instance that a credential was made for."""
    return f"{held.profile}{_SEPARATOR}{held.target_id}"


class Records:
    """Makes the rows of a long list, and keeps those that no time and no ledger changes."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Instance, bool, Record]] = {}

    def make(
        self, instance: Instance, living: Sequence[Held], when: When, *, stale: bool
    ) -> Record:
        """Give the row of an instance; `living` are its credentials that live or may live."""
        if living:
            return record(instance, living, when, stale=stale)
        key = key_of(instance)
        kept = self._kept.get(key)
        if kept is None or kept[1] is not stale or kept[0] != instance:
            kept = self._kept[key] = instance, stale, record(instance, (), when, stale=stale)
        return kept[2]


def record(instance: Instance, living: Sequence[Held], when: When, *, stale: bool) -> Record:
    """Make a list's row of an instance; `living` are its credentials that live or may live."""
    ends = sorted(held.ends_at for held in living if held.ends_at is not None)
    state, tone = present.instance_state(instance)
    endless = any(held.ends_at is None and not present.is_end_unknown(held) for held in living)
    soonest = when.end(ends[0]) if ends else ("never" if endless else "-")
    texts = (
        instance.profile,
        instance.name,
        instance.scope or "-",
        instance.region or "-",
        state,
        _plan_name(instance),
        str(len(living)),
        soonest,
        when.date(instance.created_at) if instance.created_at else "-",
    )
    tones: dict[int, Tone] = {4: tone}
    cells = tuple(
        Cell(text, "muted" if stale else tones.get(i, "")) for i, text in enumerate(texts)
    )
    haystack = f"{' '.join(texts)} {instance.provider} {instance.native_id} {instance.description}"
    lowered = [text.lower() for text in texts]
    created = instance.created_at.timestamp() if instance.created_at else 0.0
    soon = ends[0].timestamp() if ends else float("inf")
    sort: tuple[SortKey, ...] = (*lowered[:6], len(living), soon, created)
    return Record(key_of(instance), cells, haystack.lower(), sort)


def first_comes(instance: Instance, issued: Sequence[Entry]) -> tuple[bool, int, str]:
    """Give the place of an instance in the list: active ones first, most used first, by name."""
    return instance.state is not InstanceState.ACTIVE, -len(issued), instance.name.lower()


def source_line(listing: Listing, when: When, width: int) -> str | None:
    """Say of a source in one line why it is not fresh, and what tells it in full; None: it is."""
    source = listing.source
    if source.phase in {Phase.OK, Phase.LOADING}:
        return None
    error = source.errors[-1].sentence if source.errors else "no answer"
    line = f" x {source.profile} {_how_it_went(source)}, {_what_is_known(listing, when)}: {error}"
    return cut(line, width - len(_IN_FULL)) + _IN_FULL


def detail(session: Session, instance: Instance, issued: Sequence[Entry], room: int) -> list[str]:
    """Say what is known of an instance: ids, link, abilities, what was issued last.

    Of what was issued, as much is told as `room` lines hold, one at least.
    """
    when = session.when
    facts = [*_facts(instance, when), *_abilities(session, instance)]
    facts += _issued(issued, when, max(1, room - len(facts) - 1))
    return [f"   {label:<9} {text}" for label, text in facts]


def _what_is_known(listing: Listing, when: When) -> str:
    """Say what came this time, and how old the rest is."""
    came = [
        present.counted(number, noun)
        for number, noun in (
            (len(listing.answered), "instance"),
            (len(listing.answered_accounts), "account"),
            (len(listing.answered_credentials), "credential"),
        )
        if number
    ]
    seen_at = listing.source.seen_at
    age = "" if seen_at is None else f"{when.age(seen_at)} old"
    if not came:
        return f"data {age}" if age else "nothing is known of it"
    return ", ".join([*came, *([f"the rest {age}"] if age else [])])


def _how_it_went(source: Source) -> str:
    if source.phase is Phase.PARTLY:
        return "answered in part"
    match source.errors[-1:]:
        case () | (Unreachable(),):
            return "did not answer"
        case (NotSignedIn() | Forbidden(),):
            return "refused"
        case _:
            return "failed"


def _plan_name(instance: Instance) -> str:
    """Give a plan's name for a column; an id tells nothing there, the detail has it."""
    return "-" if _UUID.fullmatch(instance.plan) else instance.plan or "-"


def _facts(instance: Instance, when: When) -> Iterator[tuple[str, str]]:
    scope = f"   project  {instance.scope}" if instance.scope else ""
    yield "id", f"{instance.native_id}  (c copies it){scope}"
    created = f"   created {when.date(instance.created_at)}" if instance.created_at else ""
    plan = f"   plan  {instance.plan}" if instance.plan else ""
    yield "UI", f"{instance.ui_url or 'none'}{plan}{created}"
    if instance.description:
        yield "about", instance.description


def _abilities(session: Session, instance: Instance) -> Iterator[tuple[str, str]]:
    about = about_of(session, instance)
    if about is None:
        return
    kinds = [kind for kind in about.kinds if kind.fits(instance)]
    yield "can", ", ".join(kind.label for kind in kinds) or "nothing can be made for it"
    reasons = dict.fromkeys(
        kind.cannot[ability]
        for ability in _WORTH_KNOWING
        for kind in kinds
        if ability in kind.cannot
    )
    yield from zip(("cannot", *[""] * len(reasons)), reasons, strict=False)


def _issued(issued: Sequence[Entry], when: When, most: int) -> Iterator[tuple[str, str]]:
    if not issued:
        yield "issued", "nothing from this host yet"
        return
    live = [entry for entry in issued if _may_live(entry, when)]
    for label, entry in zip(("issued", *[""] * most), live[:most], strict=False):
        end = entry.may_live_until
        left = "never ends" if end is None else when.end(end)
        left += " left" if end is not None and when.style is when.style.LEFT else ""
        purpose = f"  {entry.plan.purpose}" if entry.plan.purpose else ""
        state = "" if entry.state is EntryState.ISSUED else f"  {entry.state}"
        yield (
            label,
            f"#{entry.number} {entry.plan.noun}  {left}{state}  {present.note(entry)}{purpose}",
        )
    rest = len(live) - most
    ended = len(issued) - len(live)
    more = [f"{rest} more live"] if rest > 0 else []
    if ended or more:
        yield "" if live else "issued", ", ".join([*more, *([f"{ended} ended"] if ended else [])])


def about_of(session: Session, instance: Instance) -> About | None:
    """Give what an instance's provider says of itself; None before the workbench is open."""
    abouts = () if session.workbench is None else session.workbench.abouts
    return next((about for about in abouts if about.key == instance.provider), None)


def _may_live(entry: Entry, when: When) -> bool:
    end = entry.may_live_until
    return entry.state is not EntryState.REFUSED and (end is None or end > when.now)
