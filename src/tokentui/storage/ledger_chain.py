"""The chain over the ledger's events: each carries a hash over itself and the one before.

It shows changes made around the program and damage to single rows. It is no signature: whoever
can write the file can also compute a new chain.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from tokentui.storage import ledger_schema as schema

if TYPE_CHECKING:
    import sqlite3

    from tokentui.storage.ledger_codec import Column


def link(previous: str, fields: tuple[Column, ...]) -> str:
    """Give the hash of an event from the previous hash and the event's columns but its own."""
    canonical = json.dumps([previous, *fields], ensure_ascii=False, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()


def append(connection: sqlite3.Connection, fields: tuple[Column, ...]) -> None:
    """Add an event; `fields` are its columns between number and hash.

    The caller has begun the transaction.
    """
    (last,) = connection.execute(schema.LAST_EVENT).fetchone()
    (previous,) = connection.execute(schema.LAST_HASH).fetchone()
    numbered = ((last or 0) + 1, *fields)
    own = link(previous, numbered)
    connection.execute(schema.APPEND_EVENT, (*numbered, own))
    connection.execute(schema.SET_LAST_HASH, (own,))


def first_broken(connection: sqlite3.Connection) -> int | None:
    """Give the number of the first event that does not fit, None if all do.

    Where events are missing at the end, that is the number of the first missing one.
    """
    previous, expected = "", 1
    for row in connection.execute(schema.ALL_EVENTS):
        number, *rest, own = row
        if number != expected or own != link(previous, (number, *rest)):
            return expected
        previous, expected = own, expected + 1
    (last_hash,) = connection.execute(schema.LAST_HASH).fetchone()
    return None if previous == last_hash else expected
