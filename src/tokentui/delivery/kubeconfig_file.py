"""Kubeconfig files: found as client-go finds them, and changed without losing anything."""

from __future__ import annotations

import os
import stat
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tokentui.delivery.atomic import OTHERS, in_words, make_directory, replace_file, shown
from tokentui.delivery.kubeconfig_backup import back_up
from tokentui.delivery.kubeconfig_lock import locked
from tokentui.delivery.kubeconfig_splice import rewrite
from tokentui.domain import kubeconfig
from tokentui.domain.errors import DeliveryError
from tokentui.kubeconfigs.read import parse
from tokentui.kubeconfigs.tree import decode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tokentui.domain.kubeconfig import Change, Entry, Merge

_VARIABLE = "KUBECONFIG"
_DEFAULT = Path(".kube", "config")
_LARGEST_BYTES = 5 * 1024 * 1024
_EMPTY_WAIT_S = 1.0
_EMPTY_PAUSE_S = 0.05
_MOST_TRIES = 10


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge did: the file, the context's name in it, and the copy from before."""

    path: Path
    context: str
    changed: bool
    changes: tuple[Change, ...]
    backup: Path | None
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Content:
    """A file as it was read; `state` None: there is no file."""

    data: bytes = field(repr=False)
    state: os.stat_result | None


class KubeconfigFile:
    """Merges entries into kubeconfig files; `lock_wait_s` is the longest wait for other writers.

    Calls block; the interface makes them in a thread.
    """

    def __init__(self, backup_dir: Path, *, lock_wait_s: float = 5.0) -> None:
        self._backup_dir = backup_dir
        self._lock_wait_s = lock_wait_s

    def default_path(self, environ: Mapping[str, str], home: Path) -> Path:
        """Give the file that kubectl writes new entries to.

        Of the files in $KUBECONFIG the first that exists, else the last; `~` and quotes in it
        mean nothing. Source: client-go 32ce75a, tools/clientcmd/config.go.
        """
        paths = [Path(part) for part in environ.get(_VARIABLE, "").split(os.pathsep) if part]
        if not paths:
            return home / _DEFAULT
        return next((path for path in paths if os.path.exists(path)), paths[-1])

    def check(self, path: Path) -> None:
        """Read the file, or look for the folder that it would be made in; changes nothing.

        Raises `DeliveryError` if nothing could be merged into it.
        """
        content = _read(path)
        parse(decode(content.data, path), path)
        folder = path.parent
        while not folder.exists():
            folder = folder.parent
        if not folder.is_dir() or not os.access(folder, os.W_OK):
            raise DeliveryError(
                f"{shown(path)} cannot be made: {shown(folder)} cannot be written to",
                "name another file",
            )

    def merge(self, entry: Entry, path: Path, *, make_current: bool = False) -> Merged:
        """Put an entry into exactly this file; makes the file and its folder if need be.

        If nothing changes, nothing is written. Raises `DeliveryError`; then the file is as it
        was before.
        """
        if not os.path.islink(path):
            make_directory(path.parent)
        with locked(path, self._lock_wait_s):
            for _ in range(_MOST_TRIES):
                merged = self._merge_once(entry, path, make_current)
                if merged is not None:
                    return merged
        raise DeliveryError(
            f"{shown(path)} keeps being changed by another program", "try again in a moment"
        )

    def _merge_once(self, entry: Entry, path: Path, make_current: bool) -> Merged | None:
        """Merge, or give None if the file was changed meanwhile by a program without lock."""
        content = _read(path)
        parsed = parse(decode(content.data, path), path)
        merge = kubeconfig.merge(parsed.document, entry, make_current=make_current)
        backup = None
        comments_lost = False
        if merge.changed:
            text, comments_lost = rewrite(parsed, merge, path)
            if content.data:
                backup = back_up(self._backup_dir, path, content.data)
            if _identity(_state(path)) != _identity(content.state):
                return None
            replace_file(path, text.encode(), keep=content.state)
        warnings = (
            *_left_out(entry),
            *_warnings(path, merge, content, comments_lost=comments_lost),
        )
        return Merged(path, merge.context, merge.changed, merge.changes, backup, warnings)


def _read(path: Path) -> _Content:
    """Read a file; one that is empty gets a second to fill, as kubectl empties before it writes."""
    deadline = time.monotonic() + _EMPTY_WAIT_S
    while True:
        state = _state(path)
        if state is None:
            return _Content(b"", None)
        _check_kind(path, state)
        try:
            data = path.read_bytes()
        except OSError as error:
            raise in_words(error, path) from None
        if data or time.monotonic() >= deadline:
            return _Content(data, state)
        time.sleep(_EMPTY_PAUSE_S)


def _state(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise in_words(error, path) from None


def _identity(state: os.stat_result | None) -> tuple[int, ...]:
    if state is None:
        return ()
    return state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns


def _check_kind(path: Path, state: os.stat_result) -> None:
    if stat.S_ISDIR(state.st_mode):
        raise DeliveryError(f"{shown(path)} is a folder", "name a file in it")
    if not stat.S_ISREG(state.st_mode):
        raise DeliveryError(f"{shown(path)} is not an ordinary file", "name another file")
    if state.st_size > _LARGEST_BYTES:
        raise DeliveryError(
            f"{shown(path)} is larger than {_LARGEST_BYTES >> 20} MiB", "name another file"
        )


def _left_out(entry: Entry) -> Iterator[str]:
    if entry.left_out:
        yield f"the server also sent {', '.join(entry.left_out)}: not taken over"


def _warnings(path: Path, merge: Merge, content: _Content, *, comments_lost: bool) -> Iterator[str]:
    wanted = merge.changes[-1].wanted
    if wanted != merge.context:
        yield f"The context is called {merge.context}, because {wanted} was taken."
    if comments_lost:
        yield f"The comments in {shown(path)} could not be kept; the backup has them."
    mode = stat.S_IMODE(content.state.st_mode) if content.state else 0
    if mode & OTHERS and merge.changed:
        yield f"{shown(path)} was open to others (mode {mode:04o}); now it is yours alone."
    elif mode & OTHERS:
        yield f"{shown(path)} is open to others (mode {mode:04o}): chmod 600 {shown(path)}"
