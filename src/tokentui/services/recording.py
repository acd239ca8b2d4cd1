"""Sends what a verb asks for and writes down what became of it."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from tokentui.domain.errors import StorageError
from tokentui.domain.ledger import Deed, EventType
from tokentui.services.judging import Judging
from tokentui.services.outcomes import recorded, told
from tokentui.services.verb_records import deed_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from tokentui.domain.ledger import Entry, EntryNumber
    from tokentui.domain.model import KindKey, ProfileName
    from tokentui.services.held import Held
    from tokentui.services.ports import Clock, Connections, Ledger
    from tokentui.services.verbs import Verb


class Recording(Judging):
    """Judges, and knows the ledger."""

    def __init__(self, connections: Connections, ledger: Ledger, clock: Clock) -> None:
        super().__init__(connections, clock)
        self._ledger = ledger

    async def _send(self, held: Held, verb: Verb, call: Awaitable[None]) -> None:
        await told(self._what(held, verb, "was"), call, partial(self._note_lost, held))

    def _note_doubt(self, held: Held) -> None:
        """Write down that an old secret may have died with a lost answer."""
        number = f"#{held.number} " if held.number else ""
        with suppress(StorageError):  # the error itself is worth more than its record
            self._note_lost(held, f"{number}may be dead: nobody knows whether it was regenerated")

    def _note_lost(self, held: Held, detail: str) -> None:
        self._ledger.did(deed_of(held, EventType.UNKNOWN, detail), self._clock())

    def _record_end(self, held: Held, verb: Verb, how: str) -> None:
        self._record(
            held,
            verb,
            deed_of(held, EventType.ENDED, how),
            lambda number, at: self._ledger.ended(number, how, at),
        )
        for number in self._copies(held):
            with suppress(StorageError):  # the first record is the one that counts
                self._ledger.ended(number, how, self._clock())

    def _copies(self, held: Held) -> list[EntryNumber]:
        """Give the entries of what ended with it: other copies of what all share."""
        kind = self._kind(held)
        if kind is None or not kind.shared:
            return []
        place = held.profile, held.kind, held.target_id, held.remote_id
        return [
            entry.number
            for entry in self._ledger.live(self._clock())
            if entry.number != held.number and _place_of(entry) == place
        ]

    def _record(
        self,
        held: Held,
        verb: Verb,
        deed: Deed,
        change: Callable[[EntryNumber, datetime], None],
    ) -> None:
        """Write down what was done: in its entry, or as a deed where it has none."""

        def write() -> None:
            if held.entry is not None:
                change(held.entry.number, self._clock())
            else:
                self._ledger.did(deed, self._clock())

        recorded(self._what(held, verb, "was"), write)


def _place_of(entry: Entry) -> tuple[ProfileName, KindKey, str, str]:
    return entry.plan.profile, entry.plan.kind, entry.plan.target_id, entry.remote_id
