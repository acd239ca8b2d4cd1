"""Reads files that hold a secret, and refuses those that others can read."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from tokentui.domain.errors import NotSignedIn
from tokentui.domain.secret import Secret
from tokentui.domain.text import clean

if TYPE_CHECKING:
    from pathlib import Path

_LARGEST = 1_000_000
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def read_private_text(path: Path) -> Secret:
    """Give a file's text. Raises `NotSignedIn`, naming the file and what is wrong with it."""
    shown = clean(str(path), 200)
    try:
        with open(path, "rb", opener=_open_without_waiting) as file:
            _check(os.fstat(file.fileno()), shown)
            content = file.read(_LARGEST + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it cannot be opened"
        raise NotSignedIn(f"cannot read the file {shown}: {why}", "check auth.path") from None
    if len(content) > _LARGEST:
        raise NotSignedIn(f"the file {shown} is larger than 1 MB", "check auth.path")
    try:
        return Secret(content.decode())
    except UnicodeDecodeError:
        raise NotSignedIn(f"the file {shown} is not UTF-8 text", "check auth.path") from None


def _open_without_waiting(path: str, flags: int) -> int:
    """Open a file; opening a pipe that nobody writes to would otherwise wait for ever."""
    return os.open(path, flags | os.O_NONBLOCK)


def _check(facts: os.stat_result, shown: str) -> None:
    if not stat.S_ISREG(facts.st_mode):
        raise NotSignedIn(f"{shown} is not a regular file", "check auth.path")
    mode = stat.S_IMODE(facts.st_mode)
    if mode & _OTHERS:
        raise NotSignedIn(
            f"the file {shown} can be used by others, its mode is {mode:04o}",
            f"run chmod 600 {shown}",
        )
