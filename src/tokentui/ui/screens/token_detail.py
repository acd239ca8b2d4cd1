"""What is told of one credential beneath the list of tokens."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tokentui.domain.ledger import EntryState
from tokentui.domain.model import Ability
from tokentui.services.attention import Worry, state_word
from tokentui.ui import present

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tokentui.domain.ledger import Entry
    from tokentui.domain.model import Credential, Kind
    from tokentui.services.attention import Row
    from tokentui.ui.present import When

Line = tuple[str, str]

_VERBS = (
    Ability.REVOKE,
    Ability.SWITCH,
    Ability.RENAME,
    Ability.MOVE_END,
    Ability.REGENERATE,
    Ability.VERIFY,
)


def detail(row: Row, kind: Kind | None, when: When) -> list[str]:
    """Say what is known of a credential: what tells it apart first, then what can be done."""
    held = row.held
    facts = [*_identity(row), *_end(row, when)]
    if held.credential is not None:
        facts += _listed(held.credential)
    if held.entry is not None:
        facts += _recorded(held.entry, when)
    elif held.begun is not None:
        facts.append(("made", f"{when.exact(held.begun)}, not with tokentui on this host"))
    if kind is not None:
        facts += _abilities(kind, held.credential)
    if held.is_stale and held.seen_at is not None:
        facts.append(("listed", f"{when.age(held.seen_at)} ago, not named since"))
    return [f"   {label:<9} {text}" for label, text in facts]


def _identity(row: Row) -> Iterator[Line]:
    held = row.held
    yield "id", f"{held.remote_id}  (c copies it)" if held.remote_id else "its provider gives none"
    place = " ".join(filter(None, (held.target_noun, held.target_name)))
    scope = f", project {held.scope}" if held.scope else ""
    yield "where", f"{place or 'unknown'}{scope}, profile {held.profile} ({held.provider})"
    if held.roles:
        yield "roles", ", ".join(held.roles)
    words = held.credential.state_text if held.credential else ""
    state = state_word(row)
    if row.worry not in {Worry.NONE, Worry.SOON, Worry.LATER} or words.lower() not in {"", state}:
        yield "state", f"{state}: {words}" if words and words != state else state


def _end(row: Row, when: When) -> Iterator[Line]:
    held, entry = row.held, row.held.entry
    if row.worry is Worry.ENDED and held.ends_at is not None:
        yield "ended", when.exact(held.ends_at)
        return
    if held.ends_at is None:
        yield "ends", "unknown" if present.is_end_unknown(held) else "never"
        return
    is_known = held.credential is not None or (entry and entry.state is EntryState.ISSUED)
    certain = "" if is_known else "at the latest "
    span = held.ends_at - when.now
    left = f"{present.time_left(span)} left, " if span > timedelta() else ""
    yield "ends", f"{left}{certain}{when.exact(held.ends_at)}"


def _listed(credential: Credential) -> Iterator[Line]:
    if credential.is_own:
        yield "own", "this profile is signed in with it"
    if credential.also_ends:
        yield "also ends", credential.also_ends
    if credential.description:
        yield "about", credential.description
    yield from credential.facts


def _recorded(entry: Entry, when: When) -> Iterator[Line]:
    by = f"{entry.owner.user}@{entry.owner.host}"
    purpose = f"  {entry.plan.purpose}" if entry.plan.purpose else ""
    made = when.moment(entry.issued_at or entry.planned_at)
    yield "made", f"#{entry.number} by {by}, {made}{purpose}"
    went = ", ".join(entry.delivered_to) or ("discarded" if entry.discarded else "nowhere")
    verified = {None: "", True: "   verified", False: "   the call with it failed"}
    yield "went to", f"{went}{verified[entry.verified]}"
    if entry.note:
        yield "note", entry.note


def _abilities(kind: Kind, credential: Credential | None) -> Iterator[Line]:
    """Say what can be done, in the provider's word for ending, and why the rest cannot."""
    reasons = dict(kind.cannot) | dict(credential.cannot if credential else {})
    can = [a for a in _VERBS if a in kind.abilities and a not in reasons]
    yield "can", ", ".join(_word(kind, ability) for ability in can) or "nothing"
    cannot = [(a, reasons[a]) for a in _VERBS if a in reasons]
    labels = ("cannot", *[""] * len(cannot))
    for label, (ability, reason) in zip(labels, cannot, strict=False):
        yield label, f"{_word(kind, ability)}: {reason}"


def _word(kind: Kind, ability: Ability) -> str:
    return kind.end_verb if ability is Ability.REVOKE else ability.value
