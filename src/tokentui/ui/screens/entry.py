"""Everything that the ledger knows of one credential."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.domain.ledger import EntryState
from tokentui.ui import present
from tokentui.ui.screens.info import InfoDialog

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tokentui.domain.ledger import Entry
    from tokentui.ui.present import When


class EntryDialog(InfoDialog):
    """One entry of the ledger in words."""

    def __init__(self, entry: Entry, when: When) -> None:
        lines = [f"{label:<9} {text}" for label, text in _facts(entry, when)]
        super().__init__(f"Ledger #{entry.number} - {entry.plan.noun}", lines)


def _facts(entry: Entry, when: When) -> Iterator[tuple[str, str]]:
    plan = entry.plan
    yield "state", present.entry_state(entry, when.now)
    yield "where", f"{plan.target_name}, profile {plan.profile} ({plan.provider})"
    if plan.purpose:
        yield "purpose", plan.purpose
    yield "asked", f"{when.exact(entry.planned_at)}, by {entry.owner.user}@{entry.owner.host}"
    yield "lifetime", present.asked(plan.asked, when.zone)
    end = entry.may_live_until
    if end is None:
        yield "ends", "never"
    else:
        certain = "" if entry.state is EntryState.ISSUED else "at the latest "
        source = f", {entry.end_source}" if entry.end_source else ""
        yield "ends", f"{certain}{when.exact(end)}"
        yield "left", f"{present.time_left(end - when.now)}{source}"
    if entry.remote_id:
        yield "id", entry.remote_id
    if entry.verified is not None:
        yield "verified", "yes" if entry.verified else "no, the call with it failed"
    yield (
        "went to",
        ", ".join(entry.delivered_to) or ("discarded on purpose" if entry.discarded else "nowhere"),
    )
    if entry.note:
        yield "note", entry.note
