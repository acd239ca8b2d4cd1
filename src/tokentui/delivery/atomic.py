"""Private files that are either the old or the new one, whatever happens in between."""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tokentui.domain.errors import DeliveryError
from tokentui.domain.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

PRIVATE_FILE = 0o600
PRIVATE_DIRECTORY = 0o700
OTHERS = stat.S_IRWXG | stat.S_IRWXO

_TEMPORARY = re.compile(r"\.tokentui-(?P<pid>[0-9]+)-[0-9a-f]{16}\.tmp")
_YOUNGEST_STALE_S = 10.0  # a process of another host or container has a pid unknown here

_WORDS = {
    errno.EACCES: ("needs rights that you do not have", "check the file and its folder"),
    errno.EPERM: ("needs rights that you do not have", "check the owner of file and folder"),
    errno.EROFS: ("is on a read-only file system", "choose another file"),
    errno.ENOSPC: ("does not fit: the disk is full", "free some space and try again"),
    errno.EDQUOT: ("does not fit: your quota is used up", "free some space and try again"),
    errno.ENOENT: ("is in a folder that does not exist", "make the folder first"),
    errno.ENOTDIR: ("is below something that is not a folder", "choose another file"),
    errno.EISDIR: ("is a folder", "name a file in it"),
    errno.EEXIST: ("exists already", "choose another name, or say that it may be replaced"),
    errno.ELOOP: ("is a symbolic link that leads nowhere", "name the file itself"),
    errno.ENAMETOOLONG: ("has too long a name", "choose a shorter one"),
    errno.EBUSY: ("is mounted by itself and cannot be replaced", "name another file"),
    errno.EXDEV: ("is mounted by itself and cannot be replaced", "name another file"),
}


def in_words(error: OSError, path: Path) -> DeliveryError:
    """Give the sentence for a failed file operation on `path`."""
    what, next_step = _WORDS.get(
        error.errno or 0, (f"cannot be written ({os.strerror(error.errno or 0)})", "try another")
    )
    return DeliveryError(f"{shown(path)} {what}", next_step)


def shown(path: Path) -> str:
    """Give a path as text that is safe to draw."""
    return clean(str(path))


def replace_file(path: Path, data: bytes, *, keep: os.stat_result | None = None) -> None:
    """Write a file that only its owner can read, in place of whatever is there.

    Symbolic links are followed and stay. `keep` is the state of the file that is replaced: its
    owner stays, and of its mode what concerns the owner. Raises `DeliveryError`.
    """
    real = Path(os.path.realpath(path))
    try:
        with _temporary(real.parent, data, keep) as temporary:
            temporary.replace(real)
            _sync_directory(real.parent)
    except OSError as error:
        raise in_words(error, path) from None


def create_file(path: Path, data: bytes) -> None:
    """Write a new file that only its owner can read; an existing one is an error.

    Raises `DeliveryError`, also on file systems that know no hard links.
    """
    try:
        with _temporary(path.parent, data, None) as temporary:
            path.hardlink_to(temporary)
            _sync_directory(path.parent)
    except OSError as error:
        raise in_words(error, path) from None


def make_directory(path: Path) -> None:
    """Make a folder and its missing parents, for their owner alone. Raises `DeliveryError`."""
    try:
        for directory in (*reversed(path.parents), path):
            if not directory.exists():
                directory.mkdir(mode=PRIVATE_DIRECTORY, exist_ok=True)
    except OSError as error:
        raise in_words(error, path) from None


def remove_stale(directory: Path) -> int:
    """Delete the temporary files that killed processes of ours left behind; they hold secrets.

    Gives their number. Files of processes that live, or that are seconds old, stay.
    """
    try:
        names = os.listdir(directory)
    except OSError:
        return 0
    return sum(_remove_if_stale(directory / name) for name in names)


@contextmanager
def _temporary(directory: Path, data: bytes, keep: os.stat_result | None) -> Iterator[Path]:
    """Hold a complete and synced file in a directory; it is gone afterwards unless moved."""
    path = directory / f".tokentui-{os.getpid()}-{secrets.token_hex(8)}.tmp"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(path, flags, PRIVATE_FILE)
    try:
        with open(descriptor, "wb") as file:
            _own(descriptor, keep)
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        yield path
    finally:
        path.unlink(missing_ok=True)


def _own(descriptor: int, keep: os.stat_result | None) -> None:
    if keep is None:
        os.fchmod(descriptor, PRIVATE_FILE)
        return
    made = os.fstat(descriptor)
    if (made.st_uid, made.st_gid) != (keep.st_uid, keep.st_gid):
        os.fchown(descriptor, keep.st_uid, keep.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(keep.st_mode) & ~OTHERS)


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_if_stale(path: Path) -> bool:
    match = _TEMPORARY.fullmatch(path.name)
    if match is None or _is_alive(int(match["pid"])):
        return False
    try:
        state = path.lstat()
        if not stat.S_ISREG(state.st_mode) or time.time() - state.st_mtime < _YOUNGEST_STALE_S:
            return False
        path.unlink()
    except OSError:
        return False
    return True


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
