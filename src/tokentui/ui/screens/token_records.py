"""What the list of tokens shows of each credential."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from tokentui.domain.ledger import EntryState
from tokentui.domain.model import Ability
from tokentui.services.attention import STAYS_VISIBLE, Worry, is_shown, state_word
from tokentui.ui import present
from tokentui.ui.widgets.record_filter_terms import APART, ENDS
from tokentui.ui.widgets.record_list import Cell, Column, Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from tokentui.domain.about import About
    from tokentui.domain.ledger import Entry
    from tokentui.domain.model import Credential, Kind, KindKey, ProviderKey
    from tokentui.services.attention import Row
    from tokentui.services.held import Held
    from tokentui.ui.present import TimeStyle, When
    from tokentui.ui.widgets.record_list import Tone
    from tokentui.ui.widgets.record_model import SortKey

FIELDS = ("kind", "profile", "where", "role", "state", "name", "owner", ENDS)
"""What the list's filter can be asked for by name."""

NONE = "-"
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_NEVER_ENDS_S = float("inf")
_STATE_CELL = 4
_LONGEST_CHOSEN_NAME = 40  # user names of STACKIT Observability are generated and twice as long
_STATES = frozenset(Worry) - {Worry.SOON, Worry.LATER, Worry.NONE}
"""The worries that the column of the states names."""
_SHORT = {
    Ability.SWITCH: "off",
    Ability.RENAME: "ren",
    Ability.MOVE_END: "mov",
    Ability.REGENERATE: "reg",
}

Kinds = dict[tuple["ProviderKey", "KindKey"], "Kind"]


def columns(style: TimeStyle) -> tuple[Column, ...]:
    """Give the columns; the end stands in the first one as it was chosen, and once more apart."""
    end, other = (10, "ENDS") if style is style.LEFT else (12, "LEFT")
    return (
        Column("left", style.value, end, priority=9),
        Column("kind", "KIND", 13, priority=5),
        Column("name", "NAME", 14, grow=True, priority=8),
        Column("where", "WHERE", 10, grow=True, priority=7),
        Column("state", "STATE", 7, priority=6),
        Column("roles", "ROLES/SCOPE", 12, grow=True, priority=3),
        Column("end", other, 12, priority=2),
        Column("ledger", "LEDGER", 6, priority=4),
        Column("can", "CAN", 11, priority=1),
        Column("profile", "PROFILE", 10),
    )


def kinds_of(abouts: Iterable[About]) -> Kinds:
    """Give all kinds by their provider and key."""
    return {(about.key, kind.key): kind for about in abouts for kind in about.kinds}


class Facts(NamedTuple):  # a data class is three times as slow to make
    """Everything beside the time that a row is made of; not how lately it was listed."""

    credential: Credential | None
    entry: Entry | None
    noun: str
    is_old: bool
    worry: Worry
    kind: Kind | None
    style: TimeStyle


def record(row: Row, facts: Facts, when: When) -> Record:
    """Make a list's row of a credential."""
    held = row.held
    sign, tone = present.worry_sign(row.worry)
    state = state_word(row)
    number = NONE if held.number is None else f"#{held.number}"
    texts = (
        left(row, when),
        held.noun,
        _told_name(held),
        held.target_name or NONE,
        state,
        ", ".join(held.roles) or held.scope or NONE,
        _other_end(row, when),
        number,
        " ".join(_can(held, facts.kind)) or NONE,
        held.profile,
    )
    tones: dict[int, Tone] = {0: tone, _STATE_CELL: tone if row.worry in _STATES else ""}
    cells = tuple(
        Cell(text, "muted" if facts.is_old else tones.get(i, "")) for i, text in enumerate(texts)
    )
    end = _NEVER_ENDS_S if held.ends_at is None else held.ends_at.timestamp()
    lowered = [text.lower() for text in texts]
    sort: tuple[SortKey, ...] = (end, *lowered[1:6], end, float(held.number or 0), *lowered[8:])
    fields = _fields(held, state, facts.kind)
    haystack = " ".join((*lowered, *fields.values(), *_more_to_find(held)))
    ends_at_s = None if held.ends_at is None else end
    return Record(held.key, cells, haystack, sort, Cell(sign, tone), fields, ends_at_s)


def name_of(held: Held) -> str:
    """Name a credential; one that its provider gives no name is called by what it is for."""
    return held.name or held.purpose or (NONE if held.number is None else f"#{held.number}")


def _told_name(held: Held) -> str:
    """Name a credential in its row; a generated name comes after what a person said of it."""
    name = name_of(held)
    description = held.credential.description if held.credential else ""
    return f"{description}  {name}" if description and len(name) > _LONGEST_CHOSEN_NAME else name


def _more_to_find(held: Held) -> Iterator[str]:
    """Give the lower-case texts by which it is found, too, though no column shows them."""
    yield held.purpose.lower()
    yield held.remote_id.lower()
    if held.credential is not None:
        yield held.credential.description.lower()
        yield held.credential.state_text.lower()
        yield from (value.lower() for _, value in held.credential.facts)
    if held.entry is not None:
        yield held.entry.note.lower()


def left(row: Row, when: When) -> str:
    """Word the end in the chosen style; what never ends shows its age as well."""
    if row.worry is Worry.ENDED:
        return "ended"
    if row.held.ends_at is not None:
        return when.end(row.held.ends_at)
    if present.is_end_unknown(row.held):
        return NONE
    return "never" if row.held.begun is None else f"never {when.age(row.held.begun)}"


def _other_end(row: Row, when: When) -> str:
    end = row.held.ends_at
    if end is None:
        return NONE
    return when.moment(end) if when.style is when.style.LEFT else present.time_left(end - when.now)


def _can(held: Held, kind: Kind | None) -> Iterator[str]:
    """Name in three letters what can be done with it."""
    credential = held.credential
    if kind is None or credential is None:
        return
    if Ability.REVOKE in kind.abilities and Ability.REVOKE not in credential.cannot:
        yield kind.end_verb[:3]
    for ability, word in _SHORT.items():
        if ability in kind.abilities and ability not in credential.cannot:
            yield word


def _fields(held: Held, state: str, kind: Kind | None) -> dict[str, str]:
    texts = {
        "kind": APART.join((held.noun, held.kind, kind.label if kind else "")),
        "profile": f"{held.profile}{APART}{held.provider}",
        "where": f"{held.target_name}{APART}{held.scope}",
        "role": APART.join(held.roles),
        "state": state,
        "name": APART.join((held.name, held.credential.description if held.credential else "")),
        "owner": f"{held.entry.owner.user}@{held.entry.owner.host}" if held.entry else "",
    }
    return {name: text.lower() for name, text in texts.items()}


def reads_until(row: Row, when: When) -> datetime:
    """Give the moment from which a row reads differently, or a minute from now."""
    end, now = row.held.ends_at, when.now
    is_far = end is not None and end - now > _DAY + _HOUR and when.style is when.style.LEFT
    if end is not None and end > now:
        return now + ((end - now) % (_HOUR if is_far else _MINUTE) or _MINUTE)
    return now + _MINUTE


def stands_last(held: Held, now: datetime) -> bool:
    """Say whether it was ended lately, or is over and still in its provider's list."""
    if held.credential is None:
        return _was_ended_lately(held, now)
    return held.ends_at is not None and held.ends_at <= now and not is_shown(held, now)


def _was_ended_lately(held: Held, now: datetime) -> bool:
    entry = held.entry
    if entry is None or entry.state is not EntryState.ENDED or entry.ended_at is None:
        return False
    return now - entry.ended_at < STAYS_VISIBLE
