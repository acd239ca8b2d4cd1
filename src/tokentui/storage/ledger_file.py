"""Opens the ledger's file: makes it, checks it, and sets a damaged one aside."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tokentui.domain.errors import StorageError
from tokentui.storage import ledger_schema as schema
from tokentui.storage.filesystems import is_remote
from tokentui.storage.ledger_errors import in_words, means_damage
from tokentui.storage.private_files import (
    ensure,
    locked,
    put_in_place,
    reason,
    shown,
    tighten,
    write_new,
)

if TYPE_CHECKING:
    from pathlib import Path

_BUSY_TIMEOUT_S = 5.0
_TABLES = frozenset({"entries", "events", "last_known", "meta"})
_COMPANIONS = ("-wal", "-shm", "-journal")


def open_ledger(path: Path) -> tuple[sqlite3.Connection, str]:
    """Open the ledger, making it if there is none.

    Gives the connection and a sentence about the file that was set aside, empty if none was.
    Raises `StorageError`, also for a file of a newer format, which then stays as it is.
    """
    ensure(path.parent)
    with in_words(path), locked(path):
        damage = _set_aside_if_damaged(path)
        if not path.exists():
            _make(path)
        _bring_up_to_date(path)
        return _connect_for_work(path), damage


def open_to_look(path: Path) -> tuple[sqlite3.Connection, str]:
    """Open the ledger for reading, as it is: nothing is waited for, checked, made or mended.

    Whoever opens it so must expect any error of reading, `sqlite3.Error` and `StorageError`.
    """
    with in_words(path):
        if not stat.S_ISREG(path.lstat().st_mode):  # another kind of file may block for ever
            raise _no_ledger(path)
        connection = _connect(path, mode="ro", busy_timeout_s=0.0)
        try:
            _check_format(connection, path)
        except BaseException:
            connection.close()
            raise
        connection.row_factory = sqlite3.Row
        return connection, ""


def _check_format(connection: sqlite3.Connection, path: Path) -> None:
    found = _pragma(connection, "application_id"), _pragma(connection, "user_version")
    if found != (schema.APPLICATION_ID, schema.VERSION):
        raise _no_ledger(path)


def _no_ledger(path: Path) -> StorageError:
    return StorageError(f"{shown(path)} is no ledger of this version", "open it to know more")


def _pragma(connection: sqlite3.Connection, name: str) -> object:
    return connection.execute(f"pragma {name}").fetchone()[0]


def _set_aside_if_damaged(path: Path) -> str:
    if not path.exists():
        # SQLite would replay a log that stayed behind into the new file.
        return _set_aside(path, "is missing, only its log was left") if _has_log(path) else ""
    tighten(path)
    fault = _fault(path)
    return _set_aside(path, fault) if fault else ""


def _fault(path: Path) -> str:
    """Say what is wrong with the file's content, nothing if it can be used."""
    if path.stat().st_size == 0:
        return "was empty"
    try:
        with closing(_connect(path)) as connection:
            return _fault_inside(connection, path)
    except sqlite3.DatabaseError as error:
        if means_damage(error):
            return "was damaged"
        raise


def _fault_inside(connection: sqlite3.Connection, path: Path) -> str:
    (application,) = connection.execute("pragma application_id").fetchone()
    (version,) = connection.execute("pragma user_version").fetchone()
    if application != schema.APPLICATION_ID or version < schema.OLDEST:
        return "was no ledger of tokentui"
    if version > schema.VERSION:
        raise StorageError(
            f"the ledger {shown(path)} was written by a newer tokentui (format {version}, this one "
            f"knows {schema.VERSION})",
            "update tokentui, or set TOKENTUI_HOME to another folder",
        )
    (verdict,) = connection.execute("pragma quick_check(1)").fetchone()
    tables = {name for (name,) in connection.execute("select name from sqlite_master")}
    return "" if verdict == "ok" and tables >= _TABLES else "was damaged"


def _has_log(path: Path) -> bool:
    return any(_companion(path, suffix).exists() for suffix in _COMPANIONS)


def _companion(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _set_aside(path: Path, fault: str) -> str:
    """Rename the file and what belongs to it; as a whole it can still be opened and repaired."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    kept = path.with_name(f"{path.name}.damaged-{stamp}")
    try:
        for suffix in (*_COMPANIONS, ""):
            source = _companion(path, suffix)
            if source.exists():
                source.rename(_companion(kept, suffix))
    except OSError as error:
        raise StorageError(
            f"the ledger {shown(path)} {fault} and cannot be set aside: {reason(error)}",
            "make its folder writable for you, or move the file away",
        ) from None
    return (
        f"the ledger {shown(path)} {fault}: a new one was begun, "
        f"what was found is kept as {shown(kept)}"
    )


def _make(path: Path) -> None:
    """Make a ledger beside its place and rename it, so that no half-made one is ever seen."""
    unfinished = path.with_name(path.name + ".making")
    try:
        _remove(unfinished)
        write_new(unfinished, b"")
        with closing(_connect_for_work(unfinished)) as connection:
            connection.execute("begin immediate")
            for statement in schema.TABLES:
                connection.execute(statement)
            connection.execute(f"pragma application_id = {schema.APPLICATION_ID}")
            connection.execute(f"pragma user_version = {schema.VERSION}")
            connection.execute("commit")
        put_in_place(unfinished, path)
    except OSError as error:
        raise StorageError(
            f"the ledger {shown(path)} cannot be made: {reason(error)}",
            "check the free space and the rights of its folder",
        ) from None
    finally:
        with suppress(OSError):
            _remove(unfinished)


def _bring_up_to_date(path: Path) -> None:
    """Change an older file to the format of today; a kill on the way leaves a whole file."""
    with closing(_connect(path)) as connection:
        connection.execute("pragma synchronous = full")
        (found,) = connection.execute("pragma user_version").fetchone()
        for version in range(found, schema.VERSION):
            _upgrade(connection, version)


def _upgrade(connection: sqlite3.Connection, version: int) -> None:
    """Make the next format of this one, wholly or not at all."""
    connection.execute("begin immediate")
    try:
        for statement in schema.UPGRADES[version]:
            connection.execute(statement)
        connection.execute(f"pragma user_version = {version + 1}")
        connection.execute("commit")
    except BaseException:
        if connection.in_transaction:
            connection.execute("rollback")
        raise


def _remove(path: Path) -> None:
    for suffix in ("", *_COMPANIONS):
        _companion(path, suffix).unlink(missing_ok=True)


def _connect(
    path: Path, *, mode: str = "rw", busy_timeout_s: float = _BUSY_TIMEOUT_S
) -> sqlite3.Connection:
    """Connect to a file that exists; transactions are begun and ended by hand."""
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=busy_timeout_s,
        isolation_level=None,
        check_same_thread=False,
    )


def _connect_for_work(path: Path) -> sqlite3.Connection:
    """Connect so that a committed row survives a power cut."""
    connection = _connect(path)
    try:
        mode = "delete" if is_remote(path.parent) else "wal"
        connection.execute(f"pragma journal_mode = {mode}")
        connection.execute("pragma synchronous = full")
        connection.execute("pragma foreign_keys = on")
    except BaseException:
        connection.close()
        raise
    connection.row_factory = sqlite3.Row
    return connection
