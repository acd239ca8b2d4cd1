"""What can be read of the ledger."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from tokentui.domain.ledger import Glance
from tokentui.storage import ledger_codec as codec
from tokentui.storage import ledger_known as known
from tokentui.storage import ledger_schema as schema
from tokentui.storage.ledger_access import LedgerAccess

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable
    from datetime import datetime

    from tokentui.domain.ledger import Entry, EntryNumber, Event, LastKnown

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

    def events(self, limit: int = 20) -> tuple[Event, ...]:
        """Give the newest events, newest first."""
        return tuple(codec.event(row) for row in self._read(schema.EVENTS, limit))

    def glance(self, limit: int = 9) -> Glance:
        """Count the entries, and give what was issued most often of late.

        That is in the 90 days before the newest issue; of equals, the one used last comes first.
        """
        rows = self._read(schema.GLANCE, _OF_LATE_US, limit)
        quick = tuple(codec.quick_target(row) for row in rows if row["profile"] is not None)
        return Glance(rows[0]["recorded"], rows[0]["undelivered"], quick)

    def last_known(self) -> tuple[LastKnown, ...]:
        """Give what all profiles listed when they were last asked."""
        profiles = self._read(schema.LAST_KNOWN)
        return _with_credentials(profiles, self._read(schema.KNOWN_CREDENTIALS))

    def soonest_known(self, since: datetime, most: int) -> tuple[tuple[LastKnown, ...], int]:
        """Give the same with those credentials alone that end next after an instant.

        `most` of all profiles; the number says how many more there are.
        """
        after = codec.stored(since)
        rows = self._read(schema.SOONEST_KNOWN, after, after, most)
        profiles = [row for row in rows if row["credential"] is None]
        credentials = [row for row in rows if row["credential"] is not None]
        unread = profiles[0]["in_sight"] - len(credentials) if profiles else 0
        return _with_credentials(profiles, credentials), unread


def _with_credentials(
    profiles: Iterable[sqlite3.Row], credentials: Iterable[sqlite3.Row]
) -> tuple[LastKnown, ...]:
    listed: defaultdict[str, list[str]] = defaultdict(list)
    for row in credentials:
        listed[row["profile"]].append(row["credential"])
    return tuple(known.last_known(row, listed[row["profile"]]) for row in profiles)
