"""The local record of everything issued: an SQLite file of metadata, never a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.domain.ledger import EntryNumber, EntryState, EventType
from tokentui.domain.model import EndSource
from tokentui.storage import ledger_chain as chain
from tokentui.storage import ledger_codec as codec
from tokentui.storage import ledger_known as known_lists
from tokentui.storage import ledger_schema as schema
from tokentui.storage.ledger_access import append, existing
from tokentui.storage.ledger_views import LedgerViews

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from datetime import datetime

    from tokentui.domain.ledger import Deed, Entry, LastKnown, Outlook, Owner, Plan

_ENDED_EARLY = "the program ended before the answer came"
_NO_HAND_OVER = "the program ended before a hand-over was recorded"
_FOUND = "found in the provider's list, its secret is lost"


class LedgerFile(LedgerViews):
    """The ledger in one file; each call is one committed transaction.

    Several processes and several `LedgerFile`s may use the same file, and several threads the
    same `LedgerFile`. A call waits at most 5 s for others. Every method may raise `StorageError`;
    what it was to write is then not written at all. `opened` connects to the file.
    """

    def plan(self, plan: Plan, at: datetime) -> EntryNumber:
        """Write down a request before it leaves."""
        with self._transaction() as connection:
            values = codec.plan_values(plan, self._owner, at)
            connection.execute(schema.PLAN, values)
            (row,) = connection.execute("select last_insert_rowid()").fetchone()
            number = EntryNumber(row)
            entry = existing(connection, number)
            append(connection, entry, EventType.PLANNED, plan.asked, at)
        return number

    def issued(self, number: EntryNumber, outlook: Outlook, at: datetime) -> None:
        """Record that the credential exists and its secret was received."""
        with self._change(number, EventType.ISSUED, _end_in_words(outlook.ends_at), at) as (
            connection,
            entry,
        ):
            values = (
                codec.stored(at),
                codec.stored_or_none(outlook.ends_at),
                outlook.end_source.value,
                outlook.remote_id,
                outlook.fingerprint,
                outlook.name or entry.plan.name,
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
                codec.texts(dict.fromkeys((*entry.delivered_to, destination))),
                number,
            )
            connection.execute(schema.SET_DELIVERED, values)

    def discarded(self, number: EntryNumber, at: datetime) -> None:
        """Record that the secret was thrown away on purpose."""
        with self._change(number, EventType.DISCARDED, "", at) as (connection, _):
            connection.execute(schema.SET_DISCARDED, (number,))

    def lost(self, number: EntryNumber, why: str, at: datetime) -> None:
        """Record that the secret is gone; a credential that was ended stays so."""
        with self._change(number, EventType.LOST, why, at) as (connection, entry):
            if entry.state is not EntryState.ENDED:
                _set_state(connection, number, EntryState.LOST, why)

    def ended(self, number: EntryNumber, how: str, at: datetime) -> None:
        """Record that the credential is over before its time; `how` says by what.

        Of several records the first gives the instant and the last the words.
        """
        with self._change(number, EventType.ENDED, how, at) as (connection, _):
            connection.execute(schema.SET_ENDED, (codec.stored(at), how, number))

    def found(self, number: EntryNumber, remote_id: str, name: str, at: datetime) -> None:
        """Record that a credential whose answer was lost exists after all; its secret is lost."""
        with self._change(number, EventType.FOUND, name or remote_id, at) as (connection, _):
            connection.execute(schema.SET_FOUND, (remote_id, name, _FOUND, number))

    def renamed(self, number: EntryNumber, name: str, at: datetime) -> None:
        """Record the credential's new name."""
        with self._change(number, EventType.RENAMED, name, at) as (connection, _):
            connection.execute(schema.SET_NAME, (name, number))

    def switched(self, number: EntryNumber, *, active: bool, at: datetime) -> None:
        """Record that the credential was switched off or on."""
        event = EventType.SWITCHED_ON if active else EventType.SWITCHED_OFF
        with self._change(number, event, "", at):
            pass

    def end_moved(self, number: EntryNumber, ends_at: datetime | None, at: datetime) -> None:
        """Record the credential's new end; None: it never ends."""
        detail = _end_in_words(ends_at)
        with self._change(number, EventType.END_MOVED, detail, at) as (connection, _):
            end = codec.stored_or_none(ends_at)
            source = EndSource.ANSWER.value
            connection.execute(schema.SET_END, (end, end, source, number))

    def did(self, deed: Deed, at: datetime) -> None:
        """Record what was done to something that has no entry."""
        with self._transaction() as connection:
            what = (codec.stored(at), None, deed.type.value, deed.detail)
            chain.append(connection, (*what, deed.noun, deed.name, deed.profile))

    def settle(self, is_alive: Callable[[Owner], bool], at: datetime) -> tuple[Entry, ...]:
        """Tell the truth about entries of this host's processes that died; gives the changed.

        What was planned becomes unknown, what was issued and not handed over becomes lost.
        Entries of other hosts stay as they are: nobody here can know whether their process runs.
        """
        with self._transaction() as connection:
            planned = self._of_the_dead(connection, schema.PLANNED_HERE, is_alive)
            for entry in planned:
                _set_state(connection, entry.number, EntryState.UNKNOWN, _ENDED_EARLY)
                append(connection, entry, EventType.UNKNOWN, _ENDED_EARLY, at)
            held = self._of_the_dead(connection, schema.UNDELIVERED_HERE, is_alive)
            for entry in held:
                _set_state(connection, entry.number, EntryState.LOST, _NO_HAND_OVER)
                append(connection, entry, EventType.LOST, _NO_HAND_OVER, at)
            return tuple(existing(connection, entry.number) for entry in (*planned, *held))

    def remember(self, known: LastKnown) -> None:
        """Keep a profile's lists as last seen; what was seen earlier replaces nothing."""
        with self._transaction() as connection:
            kept = connection.execute(schema.REMEMBER, known_lists.last_known_values(known))
            if kept.rowcount:
                connection.execute(schema.FORGET_CREDENTIALS, (known.profile,))
                values = known_lists.credential_values(known)
                connection.executemany(schema.REMEMBER_CREDENTIAL, values)

    def _of_the_dead(
        self, connection: sqlite3.Connection, query: str, is_alive: Callable[[Owner], bool]
    ) -> list[Entry]:
        rows = connection.execute(query, (self._owner.host,)).fetchall()
        entries = [codec.entry(row) for row in rows]
        return [entry for entry in entries if not is_alive(entry.owner)]


def _set_state(
    connection: sqlite3.Connection, number: EntryNumber, state: EntryState, note: str
) -> None:
    connection.execute(schema.SET_STATE, (state.value, note, number))


def _end_in_words(ends_at: datetime | None) -> str:
    return "never ends" if ends_at is None else f"ends {ends_at:%Y-%m-%d %H:%M:%S} UTC"
