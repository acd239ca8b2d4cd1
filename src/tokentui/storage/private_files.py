"""Files and folders that nobody else may read, made so that a kill never leaves half of one."""

from __future__ import annotations

import fcntl
import os
import stat
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from tokentui.domain.errors import StorageError
from tokentui.domain.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE_MODE = 0o600
FOLDER_MODE = 0o700
LONGEST_WAIT_S = 5.0

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_BETWEEN_TRIES_S = 0.01


def reason(error: OSError) -> str:
    """Give the system's words for an error, without paths."""
    return clean(error.strerror or type(error).__name__).lower()


def shown(path: Path) -> str:
    """Give a path as text that is safe to draw."""
    return clean(str(path))


def ensure(folder: Path) -> None:
    """Make a folder with mode 0700, or tighten the one that is there.

    Raises `StorageError` if it is no folder, belongs to someone else or cannot be made.
    """
    try:
        folder.mkdir(FOLDER_MODE, parents=True, exist_ok=True)
        _tighten(folder, folder.stat(), FOLDER_MODE)
    except FileExistsError:
        raise StorageError(
            f"{shown(folder)} is a file where a folder is needed",
            "move it away, or choose another place",
        ) from None
    except OSError as error:
        raise StorageError(
            f"the folder {shown(folder)} cannot be made: {reason(error)}",
            "make it writable for you, or set TOKENTUI_HOME to a folder that is",
        ) from None


def tighten(path: Path) -> None:
    """Take every right of others away from a file. Raises `StorageError` where that fails."""
    try:
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode):
            raise StorageError(f"{shown(path)} is no regular file", "move it away")
        _tighten(path, found, FILE_MODE)
    except OSError as error:
        raise StorageError(
            f"{shown(path)} cannot be read: {reason(error)}", "check its owner and its mode"
        ) from None


def write_new(path: Path, content: bytes, keep: os.stat_result | None = None) -> None:
    """Put a complete file in place; the caller holds the lock of `path`.

    Its owner and mode are those of `keep`, else it is ours with mode 0600. Raises
    `StorageError`; then nothing is left behind.
    """
    unfinished = path.with_name(f".{path.name}.tokentui-new")
    try:
        unfinished.unlink(missing_ok=True)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
        with os.fdopen(descriptor, "wb") as file:
            if keep is not None:
                _own(descriptor, keep)
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        put_in_place(unfinished, path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise StorageError(
            f"{shown(path)} cannot be written: {reason(error)}",
            "check the free space and the rights of its folder",
        ) from None


def _own(descriptor: int, keep: os.stat_result) -> None:
    """Give a file another one's owner and mode; the owner first, since that takes set-id bits."""
    made = os.fstat(descriptor)
    if (made.st_uid, made.st_gid) != (keep.st_uid, keep.st_gid):
        os.fchown(descriptor, keep.st_uid, keep.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(keep.st_mode))


def put_in_place(source: Path, path: Path) -> None:
    """Rename a finished file so that the rename itself survives a power cut."""
    source.replace(path)
    descriptor = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def locked(path: Path, wait_s: float = LONGEST_WAIT_S) -> Iterator[None]:
    """Keep other processes from making or replacing `path`.

    The lock is on a file beside it that stays: removing it would let two processes hold
    different files. The kernel frees it when its holder dies. Raises `StorageError` after
    `wait_s` seconds, or if the folder cannot be written.
    """
    lock = path.with_name(path.name + ".lock")
    try:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
    except OSError as error:
        raise StorageError(
            f"{shown(path)} cannot be used: {lock.name} beside it: {reason(error)}",
            "make its folder writable for you, or set TOKENTUI_HOME to one that is",
        ) from None
    try:
        _wait_for(descriptor, path, wait_s)
        yield
    finally:
        os.close(descriptor)


def _wait_for(descriptor: int, path: Path, wait_s: float) -> None:
    deadline = time.monotonic() + wait_s
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise StorageError(
                    f"another program has held {shown(path)} for more than {wait_s:g} s",
                    "end or resume that tokentui and try again",
                ) from None
        except OSError as error:
            raise StorageError(
                f"{shown(path)} cannot be locked: {reason(error)}",
                "set TOKENTUI_HOME to a folder on a file system with locks",
            ) from None
        else:
            return
        time.sleep(_BETWEEN_TRIES_S)


def _tighten(path: Path, found: os.stat_result, mode: int) -> None:
    user = os.geteuid()
    if user not in {0, found.st_uid}:
        raise StorageError(
            f"{shown(path)} belongs to another user (uid {found.st_uid})",
            "have it given to you, or set TOKENTUI_HOME to a folder of yours",
        )
    if stat.S_IMODE(found.st_mode) & _OTHERS:
        path.chmod(mode)
