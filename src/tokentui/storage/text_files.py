"""Reads text files that a person names."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from tokentui.domain.errors import UsageError
from tokentui.domain.text import clean

if TYPE_CHECKING:
    from typing import BinaryIO

LARGEST = 64 * 1024
_LONGEST_SHOWN = 200
_ANOTHER = "name another file"


class TextFiles:
    """Small UTF-8 files, by paths that may begin with a home folder's `~`."""

    def read(self, path: str) -> str:
        """Give a file's text. Raises `UsageError` naming the file and what is wrong with it."""
        shown = clean(path, _LONGEST_SHOWN)
        try:
            with open(Path(path).expanduser(), "rb", opener=_without_waiting) as file:
                content = _content(file, shown)
        except RuntimeError:
            raise UsageError(f"{shown}: there is no such user's home", _ANOTHER) from None
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or "it is no path"
            raise UsageError(f"cannot read the file {shown}: {why}", _ANOTHER) from None
        try:
            return content.decode()
        except UnicodeDecodeError:
            raise UsageError(f"the file {shown} is not UTF-8 text", _ANOTHER) from None


def _without_waiting(path: str, flags: int) -> int:
    """Open a file; opening a pipe that nobody writes to would otherwise wait for ever."""
    return os.open(path, flags | os.O_NONBLOCK)


def _content(file: BinaryIO, shown: str) -> bytes:
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        raise UsageError(f"{shown} is not a regular file", _ANOTHER)
    content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise UsageError(f"the file {shown} is larger than {LARGEST // 1024} kB", _ANOTHER)
    return content
