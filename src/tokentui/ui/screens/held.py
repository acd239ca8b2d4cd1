"""Everything that is known of one credential."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.domain.ledger import EntryState
from tokentui.ui import present
from tokentui.ui.screens.info import InfoDialog

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tokentui.domain.ledger import Entry
    from tokentui.domain.model import Credential
    from tokentui.services.held import Held
    from tokentui.ui.present import When


class HeldDialog(InfoDialog):
    """What its provider's list and the ledger say of a credential, in words."""

    def __init__(self, held: Held, when: When) -> None:
        lines = [f"{label:<9} {text}" for label, text in _facts(held, when)]
        source = "Listed" if held.number is None else f"Ledger #{held.number}"
        super().__init__(f"{source} - {held.noun}", lines)


def _facts(held: Held, when: When) -> Iterator[tuple[str, str]]:
    if held.name:
        yield "name", held.name
    if held.credential is not None:
        yield "state", held.credential.state_text or str(held.credential.state)
    elif held.entry is not None:
        yield "state", present.entry_state(held.entry, when.now)
    yield "where", f"{held.target_name}, profile {held.profile} ({held.provider})"
    if held.purpose:
        yield "purpose", held.purpose
    if held.entry is not None:
        yield from _asked(held.entry, when)
    elif held.begun is not None:
        yield "made", when.exact(held.begun)
    yield from _end(held, when)
    if held.remote_id:
        yield "id", held.remote_id
    if held.credential is not None:
        yield from _listed(held, held.credential, when)
    if held.entry is not None:
        yield from _recorded(held.entry)


def _asked(entry: Entry, when: When) -> Iterator[tuple[str, str]]:
    yield "asked", f"{when.exact(entry.planned_at)}, by {entry.owner.user}@{entry.owner.host}"
    yield "lifetime", present.asked(entry.plan.asked, when.zone)


def _end(held: Held, when: When) -> Iterator[tuple[str, str]]:
    entry = held.entry
    if entry is not None and entry.ended_at is not None:
        yield "ended", when.exact(entry.ended_at)
    elif held.ends_at is None:
        yield "ends", "unknown" if present.is_end_unknown(held) else "never"
    else:
        is_certain = held.credential is not None or (entry and entry.state is EntryState.ISSUED)
        source = f", {entry.end_source}" if entry and entry.end_source else ""
        yield "ends", f"{'' if is_certain else 'at the latest '}{when.exact(held.ends_at)}"
        yield "left", f"{present.time_left(held.ends_at - when.now)}{source}"


def _listed(held: Held, credential: Credential, when: When) -> Iterator[tuple[str, str]]:
    if held.roles:
        yield "roles", ", ".join(held.roles)
    if credential.description:
        yield "about", credential.description
    yield from credential.facts
    if held.is_stale and held.seen_at is not None:
        yield "listed", f"{when.age(held.seen_at)} ago, not named since"


def _recorded(entry: Entry) -> Iterator[tuple[str, str]]:
    if entry.verified is not None:
        yield "verified", "yes" if entry.verified else "no, the call with it failed"
    yield (
        "went to",
        ", ".join(entry.delivered_to) or ("discarded on purpose" if entry.discarded else "nowhere"),
    )
    if entry.note:
        yield "note", entry.note
