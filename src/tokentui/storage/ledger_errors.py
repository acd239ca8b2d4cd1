"""SQLite's errors in words that a person can act on."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tokentui.domain.errors import StorageError
from tokentui.storage.private_files import shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FREE_SPACE = "free some space and try again"
_RIGHTS = "make the file and its folder writable for you, or set TOKENTUI_HOME to another folder"
_RESTART = "start tokentui again: the damaged file is then set aside and kept"
_LOCKED = "end or resume the program that holds it, and try again"

_WORDS = {
    sqlite3.SQLITE_FULL: ("cannot be written: no space is left", _FREE_SPACE),
    sqlite3.SQLITE_BUSY: ("has been locked by another program for more than 5 s", _LOCKED),
    sqlite3.SQLITE_LOCKED: ("has been locked by another program for more than 5 s", _LOCKED),
    sqlite3.SQLITE_READONLY: ("cannot be written: it is read-only", _RIGHTS),
    sqlite3.SQLITE_PERM: ("cannot be used: permission denied", _RIGHTS),
    sqlite3.SQLITE_CANTOPEN: ("cannot be opened", _RIGHTS),
    sqlite3.SQLITE_IOERR: (
        "cannot be read or written: the disk is full or reports an error",
        "check the disk and its free space",
    ),
    sqlite3.SQLITE_CORRUPT: ("is damaged", _RESTART),
    sqlite3.SQLITE_NOTADB: ("is damaged", _RESTART),
}
_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_PRIMARY = 0xFF


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Turn what the system did to the file into a `StorageError`; let our own mistakes pass."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = _code(error)
        if code not in _WORDS:
            raise
        words = _WORDS[code]
        raise StorageError(f"the ledger {shown(path)} {words[0]}", words[1]) from None


def means_damage(error: sqlite3.DatabaseError) -> bool:
    """Say whether an error means that the file's content is broken."""
    return _code(error) in _DAMAGE


def _code(error: sqlite3.DatabaseError) -> int:
    """Give the primary result code; errors of Python's own module have none and count as misuse."""
    extended: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_MISUSE)
    return extended & _PRIMARY
