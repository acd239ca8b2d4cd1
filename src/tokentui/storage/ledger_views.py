"""What can be read of the ledger."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from tokentui.storage import ledger_codec as codec
from tokentui.storage import ledger_known as known
from tokentui.storage import ledger_schema as schema
from tokentui.storage.ledger_access import LedgerAccess

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable
    from datetime import datetime

    from tokentui.domain.ledger import Entry, EntryNumber, Event, LastKnown, QuickTarget

_OF_LATE_US = timedelta(days=90) // timedelta(microseconds=1)


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

    def in_sight(self, since: datetime, limit: int = 500) -> tuple[Entry, ...]:
        """Give what is or may be valid after an instant, and the newest, newest first."""
        rows = self._read(schema.IN_SIGHT, codec.stored(since), limit)
        return tuple(map(codec.entry, rows))

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
        rows = self._read(schema.QUICK_TARGETS, _OF_LATE_US, limit)
        return tuple(codec.quick_target(row) for row in rows)

    def last_known(self) -> tuple[LastKnown, ...]:
        """Give what all profiles listed when they were last asked."""
        return self._with_credentials(self._read(schema.KNOWN_CREDENTIALS))

    def soonest_known(self, since: datetime, most: int) -> tuple[tuple[LastKnown, ...], int]:
        """Give the same with those credentials alone that end next after an instant.

        `most` of all profiles; the number says how many more there are.
        """
        after = codec.stored(since)
        rows = self._read(schema.SOONEST_KNOWN, after, most)
        (total,) = self._read(schema.COUNT_KNOWN, after)[0]
        return self._with_credentials(rows), total - len(rows)

    def _with_credentials(self, rows: Iterable[sqlite3.Row]) -> tuple[LastKnown, ...]:
        listed: defaultdict[str, list[str]] = defaultdict(list)
        for row in rows:
            listed[row["profile"]].append(row["credential"])
        profiles = self._read(schema.LAST_KNOWN)
        return tuple(known.last_known(row, listed[row["profile"]]) for row in profiles)
