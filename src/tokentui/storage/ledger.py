"""The local record of everything issued: an SQLite file of metadata, never a secret."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from tokentui.domain.ledger import EntryNumber, EntryState, EventType
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

    from tokentui.domain.ledger import Entry, Event, LastKnown, Outlook, Owner, Plan, QuickTarget
    from tokentui.storage.ledger_codec import Column

    Opened = Callable[[Path], tuple[sqlite3.Connection, str]]

_OF_LATE = timedelta(days=90)
_ENDED_EARLY = "the program ended before the answer came"
_NO_HAND_OVER = "the program ended before a hand-over was recorded"

_MADE = frozenset(EntryState) - {EntryState.REFUSED}
_UNDECIDED = frozenset({EntryState.PLANNED, EntryState.UNKNOWN})
# A process may learn more about its entry after another one settled it: only a refusal, which is
# certain, and a second issue of one entry are contradictions. Delivery is recorded even where
# the issue could not be, as on a full disk.
_BEFORE = {
    EventType.ISSUED: _UNDECIDED,
    EventType.REFUSED: _UNDECIDED,
    EventType.UNKNOWN: _UNDECIDED,
    EventType.VERIFIED: _MADE,
    EventType.DELIVERED: _MADE,
    EventType.DISCARDED: _MADE,
    EventType.LOST: _MADE,
}


class LedgerFile:
    """The ledger in one file; each call is one committed transaction.

    Several processes and several `LedgerFile`s may use the same file, and several threads the
    same `LedgerFile`. A call waits at most 5 s for others. Every method may raise `StorageError`;
    what it was to write is then not written at all. `opened` connects to the file.
    """

    def __init__(self, path: Path, owner: Owner, opened: Opened = open_ledger) -> None:
        self._path = path
        self._owner = owner
        self._turn = threading.Lock()
        self._connection, self._damage = opened(path)

    def plan(self, plan: Plan, at: datetime) -> EntryNumber:
        """Write down a request before it leaves."""
        with self._transaction() as connection:
            values = codec.plan_values(plan, self._owner, at)
            connection.execute(schema.PLAN, values)
            (row,) = connection.execute("select last_insert_rowid()").fetchone()
            number = EntryNumber(row)
            entry = _existing(connection, number)
            _append(connection, entry, EventType.PLANNED, plan.asked, at)
        return number

    def issued(self, number: EntryNumber, outlook: Outlook, at: datetime) -> None:
        """Record that the credential exists and its secret was received."""
        with self._change(number, EventType.ISSUED, _end_in_words(outlook), at) as (connection, _):
            values = (
                codec.stored(at),
                codec.stored_or_none(outlook.ends_at),
                outlook.end_source.value,
                outlook.remote_id,
                outlook.fingerprint,
                number,
            )
            connection.execute(schema.SET_ISSUED, values)

    def refused(self, number: EntryNumber, why: str, at: datetime) -> None:
        """Record that certainly nothing was made."""
        with self._change(number, EventType.REFUSED, why, at) as (connection, _):
            _set_state(connection, number, EntryState.REFUSED, why)

    def unknown(self, number: EntryNumber, why: str, at: datetime) -> None:
        """Record that a credential may exist that nobody has."""
        with self._change(number, EventType.UNKNOWN, why, at) as (connection, _):
            _set_state(connection, number, EntryState.UNKNOWN, why)

    def verified(self, number: EntryNumber, *, ok: bool, detail: str, at: datetime) -> None:
        """Record what a call with the new secret showed."""
        with self._change(number, EventType.VERIFIED, detail, at) as (connection, _):
            connection.execute(schema.SET_VERIFIED, (int(ok), number))

    def delivered(self, number: EntryNumber, destination: str, at: datetime) -> None:
        """Record where the secret went; one that counted as lost is found by that."""
        with self._change(number, EventType.DELIVERED, destination, at) as (connection, entry):
            was_lost = entry.state is EntryState.LOST
            values = (
                EntryState.ISSUED.value if was_lost else entry.state.value,
                "" if was_lost else entry.note,
                codec.destinations(dict.fromkeys((*entry.delivered_to, destination))),
                number,
            )
            connection.execute(schema.SET_DELIVERED, values)

    def discarded(self, number: EntryNumber, at: datetime) -> None:
        """Record that the secret was thrown away on purpose."""
        with self._change(number, EventType.DISCARDED, "", at) as (connection, _):
            connection.execute(schema.SET_DISCARDED, (number,))

    def lost(self, number: EntryNumber, why: str, at: datetime) -> None:
        """Record that the secret is gone though the credential lives."""
        with self._change(number, EventType.LOST, why, at) as (connection, _):
            _set_state(connection, number, EntryState.LOST, why)

    def settle(self, is_alive: Callable[[Owner], bool], at: datetime) -> tuple[Entry, ...]:
        """Tell the truth about entries of this host's processes that died; gives the changed.

        What was planned becomes unknown, what was issued and not handed over becomes lost.
        Entries of other hosts stay as they are: nobody here can know whether their process runs.
        """
        with self._transaction() as connection:
            planned = self._of_the_dead(connection, schema.PLANNED_HERE, is_alive)
            for entry in planned:
                _set_state(connection, entry.number, EntryState.UNKNOWN, _ENDED_EARLY)
                _append(connection, entry, EventType.UNKNOWN, _ENDED_EARLY, at)
            held = self._of_the_dead(connection, schema.UNDELIVERED_HERE, is_alive)
            for entry in held:
                _set_state(connection, entry.number, EntryState.LOST, _NO_HAND_OVER)
                _append(connection, entry, EventType.LOST, _NO_HAND_OVER, at)
            return tuple(_existing(connection, entry.number) for entry in (*planned, *held))

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

    def remember(self, known: LastKnown) -> None:
        """Keep a profile's instances as last seen; what was seen earlier replaces nothing."""
        with self._transaction() as connection:
            connection.execute(schema.REMEMBER, codec.last_known_values(known))

    def last_known(self) -> tuple[LastKnown, ...]:
        """Give all profiles' instances as last seen."""
        return tuple(codec.last_known(row) for row in self._read(schema.LAST_KNOWN))

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
            entry = _existing(connection, number)
            if entry.state not in _BEFORE[event]:
                raise ValueError(f"entry {number} is {entry.state} and cannot become {event}")
            yield connection, entry
            _append(connection, entry, event, detail, at)

    def _of_the_dead(
        self, connection: sqlite3.Connection, query: str, is_alive: Callable[[Owner], bool]
    ) -> list[Entry]:
        rows = connection.execute(query, (self._owner.host,)).fetchall()
        entries = [codec.entry(row) for row in rows]
        return [entry for entry in entries if not is_alive(entry.owner)]

    def _read(self, query: str, *values: Column) -> list[sqlite3.Row]:
        with self._turn, in_words(self._path):
            return self._connection.execute(query, values).fetchall()

    def _number(self, query: str) -> int:
        (number,) = self._read(query)[0]
        return int(number)


def _existing(connection: sqlite3.Connection, number: EntryNumber) -> Entry:
    row = connection.execute(schema.ENTRY, (number,)).fetchone()
    if row is None:
        raise ValueError(f"the ledger has no entry {number}")
    return codec.entry(row)


def _set_state(
    connection: sqlite3.Connection, number: EntryNumber, state: EntryState, note: str
) -> None:
    connection.execute(schema.SET_STATE, (state.value, note, number))


def _append(
    connection: sqlite3.Connection, entry: Entry, event: EventType, detail: str, at: datetime
) -> None:
    plan = entry.plan
    what = (codec.stored(at), entry.number, event.value, detail)
    chain.append(connection, (*what, plan.noun, plan.target_name, plan.profile))


def _end_in_words(outlook: Outlook) -> str:
    if outlook.ends_at is None:
        return "never ends"
    return f"ends {outlook.ends_at:%Y-%m-%d %H:%M:%S} UTC"
