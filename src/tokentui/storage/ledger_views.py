"""What can be read of the ledger."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tokentui.storage import ledger_codec as codec
from tokentui.storage import ledger_known as known
from tokentui.storage import ledger_schema as schema
from tokentui.storage.ledger_access import LedgerAccess

if TYPE_CHECKING:
    from datetime import datetime

    from tokentui.domain.ledger import Entry, EntryNumber, Event, LastKnown, QuickTarget

_OF_LATE = timedelta(days=90)


class LedgerViews(LedgerAccess):
    """The reading half of the ledger."""

    def entries(self, limit: int = 500) -> tuple[Entry, ...]:
        """Give the newest entries, newest first."""
        return tuple(codec.entry(row) for row in self._read(schema.ENTRIES, limit))

    def entry(self, number: EntryNumber) -> Entry | None:
        """Give one entry."""
        rows = self._read(schema.ENTRY, number)
        return codec.entry(rows[0]) if rows else None

    def live(self, now: datetime) -> tuple[Entry, ...]:
        """Give what is or may be valid at `now`, the soonest end first, the endless last."""
        return tuple(codec.entry(row) for row in self._read(schema.LIVE, codec.stored(now)))

    def count(self) -> int:
        """Count all entries."""
        return self._number(schema.COUNT)

    def undelivered(self) -> int:
        """Count what was issued and then neither delivered nor discarded; the lost is not in it."""
        return self._number(schema.COUNT_UNDELIVERED)

    def events(self, limit: int = 20) -> tuple[Event, ...]:
        """Give the newest events, newest first."""
        return tuple(codec.event(row) for row in self._read(schema.EVENTS, limit))

    def quick_targets(self, limit: int = 9) -> tuple[QuickTarget, ...]:
        """Give what was issued most often in the 90 days before the newest issue.

        The most used comes first; of equals, the one used last.
        """
        (newest,) = self._read(schema.NEWEST_ISSUE)[0]
        if newest is None:
            return ()
        since = codec.stored(codec.instant(newest) - _OF_LATE)
        rows = self._read(schema.QUICK_TARGETS, since, limit)
        return tuple(codec.quick_target(row) for row in rows)

    def last_known(self) -> tuple[LastKnown, ...]:
        """Give what all profiles listed when they were last asked."""
        return tuple(known.last_known(row) for row in self._read(schema.LAST_KNOWN))
