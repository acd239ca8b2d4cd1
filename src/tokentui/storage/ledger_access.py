"""The ledger's file as transactions: one writer's turn, changes with their events, reads."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tokentui.domain.ledger import EntryState, EventType
from tokentui.storage import ledger_chain as chain
from tokentui.storage import ledger_codec as codec
from tokentui.storage import ledger_schema as schema
from tokentui.storage.ledger_errors import in_words
from tokentui.storage.ledger_file import open_ledger

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from tokentui.domain.ledger import Entry, EntryNumber, Owner
    from tokentui.storage.ledger_codec import Column

    Opened = Callable[[Path], tuple[sqlite3.Connection, str]]

_MADE = frozenset(EntryState) - {EntryState.REFUSED}
_UNDECIDED = frozenset({EntryState.PLANNED, EntryState.UNKNOWN})
# A process may learn more about its entry after another one settled or ended it: only a refusal,
# which is certain, and a second issue of one entry are contradictions. Delivery is recorded even
# where the issue could not be, as on a full disk.
_BEFORE = {
    EventType.ISSUED: _UNDECIDED,
    EventType.REFUSED: _UNDECIDED,
    EventType.UNKNOWN: _UNDECIDED,
    EventType.FOUND: _UNDECIDED,
    EventType.VERIFIED: _MADE,
    EventType.DELIVERED: _MADE,
    EventType.DISCARDED: _MADE,
    EventType.LOST: _MADE,
    EventType.ENDED: _MADE,
    EventType.RENAMED: _MADE,
    EventType.SWITCHED_OFF: _MADE,
    EventType.SWITCHED_ON: _MADE,
    EventType.END_MOVED: _MADE,
}


class LedgerAccess:
    """One open file; several threads may use it, one after the other."""

    def __init__(self, path: Path, owner: Owner, opened: Opened = open_ledger) -> None:
        self._path = path
        self._owner = owner
        self._turn = threading.Lock()
        self._connection, self._damage = opened(path)

    def verify_chain(self) -> int | None:
        """Give the number of the first event that was changed or is missing, None if all fit."""
        with self._turn, in_words(self._path):
            return chain.first_broken(self._connection)

    def damage(self) -> str:
        """Say what was wrong with the ledger's file when it was opened; empty: nothing."""
        return self._damage

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        with self._turn, in_words(self._path):
            self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        connection = self._connection
        with self._turn, in_words(self._path):
            connection.execute("begin immediate")
            try:
                yield connection
                connection.execute("commit")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("rollback")
                raise

    @contextmanager
    def _change(
        self, number: EntryNumber, event: EventType, detail: str, at: datetime
    ) -> Iterator[tuple[sqlite3.Connection, Entry]]:
        """Open a transaction on an entry that may take this event, and append the event."""
        with self._transaction() as connection:
            entry = existing(connection, number)
            if entry.state not in _BEFORE[event]:
                raise ValueError(f"entry {number} is {entry.state} and cannot become {event}")
            yield connection, entry
            append(connection, entry, event, detail, at)

    def _read(self, query: str, *values: Column) -> list[sqlite3.Row]:
        with self._turn, in_words(self._path):
            return self._connection.execute(query, values).fetchall()


def existing(connection: sqlite3.Connection, number: EntryNumber) -> Entry:
    """Give an entry; raises `ValueError` where there is none."""
    row = connection.execute(schema.ENTRY, (number,)).fetchone()
    if row is None:
        raise ValueError(f"the ledger has no entry {number}")
    return codec.entry(row)


def append(
    connection: sqlite3.Connection, entry: Entry, event: EventType, detail: str, at: datetime
) -> None:
    """Add an event of an entry; the caller has begun the transaction."""
    plan = entry.plan
    what = (codec.stored(at), entry.number, event.value, detail)
    chain.append(connection, (*what, plan.noun, plan.target_name, plan.profile))
