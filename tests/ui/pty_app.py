"""Runs a program on a pty whose far side answers as a terminal does, and counts what it writes."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

DEADLINE_S = 30.0
QUIET_S = 0.2
FRAME_END = b"\x1b[?2026l"
DOWN, UP, PAGE_DOWN = b"\x1b[B", b"\x1b[A", b"\x1b[6~"
CTRL_Q = b"\x11"

_SOURCE = Path(__file__).resolve().parents[2] / "src"
_READ_SIZE = 65536
_ANSWERS = {
    b"\x1b[c": b"\x1b[?62;22c",
    b"\x1b[>c": b"\x1b[>0;10;1c",
    b"\x1b[6n": b"\x1b[1;1R",
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",
    b"\x1b[?2048$p": b"\x1b[?2048;0$y",
    b"\x1b[?u": b"\x1b[?0u",
    b"\x1b]11;?\x1b\\": b"\x1b]11;rgb:0000/0000/0000\x1b\\",
}


@dataclass(frozen=True, slots=True)
class Written:
    """What a program wrote because of one key."""

    size: int
    frames: int


class PtyApp:
    """One program on a pty of fixed size; a context manager that ends it by its own pid."""

    def __init__(
        self, argv: Sequence[str], *, columns: int = 80, lines: int = 24, **variables: str
    ) -> None:
        self.output = b""
        self._answered = 0
        self._side, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self._process = subprocess.Popen(
            argv,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=_environment() | variables,
            start_new_session=True,
        )
        os.close(theirs)

    @classmethod
    def of_code(cls, code: str, *, columns: int = 80, lines: int = 24, **variables: str) -> Self:
        """Run Python code."""
        argv = [sys.executable, "-c", code]
        return cls(argv, columns=columns, lines=lines, **variables)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait(DEADLINE_S)
        os.close(self._side)

    def settle(self, shown: bytes) -> None:
        """Wait until a text is shown and then until nothing more is written."""
        self._read_until(lambda: FRAME_END in self.output and shown in self.output)
        self._read_until_quiet()

    def press(self, key: bytes) -> Written:
        """Type a key and take all that is written because of it."""
        start = len(self.output)
        os.write(self._side, key)
        self._read_until(lambda: FRAME_END in self.output[start:])
        self._read_until_quiet()
        answer = self.output[start:]
        return Written(len(answer), answer.count(FRAME_END))

    def type(self, key: bytes) -> None:
        """Type a key without waiting for anything."""
        os.write(self._side, key)

    def quiet_for(self, seconds: float) -> bool:
        """Tell whether nothing is written for that long."""
        return not select.select([self._side], [], [], seconds)[0]

    def finish(self) -> int:
        """Read until the program ends; gives its exit code."""
        deadline = time.monotonic() + DEADLINE_S
        while self._read(max(0.0, deadline - time.monotonic())):
            pass
        return self._process.wait(max(0.0, deadline - time.monotonic()))

    def _read_until(self, reached: Callable[[], bool]) -> None:
        deadline = time.monotonic() + DEADLINE_S
        while not reached():
            if not self._read(deadline - time.monotonic()):
                raise AssertionError(f"no such output, but {self.output[-2000:]!r}")

    def _read_until_quiet(self) -> None:
        while self._read(QUIET_S):
            pass

    def _read(self, wait_s: float) -> bool:
        """Take what is written within that time; gives False if nothing is, or at the end."""
        if wait_s <= 0 or not select.select([self._side], [], [], wait_s)[0]:
            return False
        try:
            data = os.read(self._side, _READ_SIZE)
        except OSError:
            return False  # Linux reports EIO when the last holder of the other side is gone
        self.output += data
        self._answer()
        return bool(data)

    def _answer(self) -> None:
        """Answer each query once, in the order they were asked."""
        asked = []
        for query, answer in _ANSWERS.items():
            place = self.output.find(query, self._answered)
            while place >= 0:
                asked.append((place, query, answer))
                place = self.output.find(query, place + 1)
        for place, query, answer in sorted(asked):
            os.write(self._side, answer)
            self._answered = place + len(query)


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | {
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(_SOURCE),
        "TEXTUAL_FPS": "120",
        "TEXTUAL_ANIMATIONS": "none",
    }
