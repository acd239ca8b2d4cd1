"""Runs a clipboard program with a time limit; what it reads and writes stays out of logs."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from tokentui.domain.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LIMIT = timedelta(seconds=3)
NOTHING = Secret("")
_COULD_NOT_START = 127
_NEEDED = frozenset(
    {"PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TERM"}
    | {"DISPLAY", "XAUTHORITY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR"}
    | {"TMUX", "TMUX_PANE", "TMUX_TMPDIR"}
)


@dataclass(frozen=True, slots=True)
class Finished:
    """A program's end; `status` is None if it was killed at the time limit."""

    status: int | None
    output: bytes = field(default=b"", repr=False)

    @property
    def trouble(self) -> str:
        """What went wrong, as the end of a sentence that begins with the program's name."""
        if self.status is None:
            return f"did not answer within {LIMIT.total_seconds():g} s"
        if self.status == _COULD_NOT_START:
            return "could not be started"
        return f"failed with status {self.status}" if self.status else ""


class Run(Protocol):
    """Runs `argv` with `feed` on its standard input; the output is kept only with `capture`."""

    async def __call__(
        self,
        argv: Sequence[str],
        environ: Mapping[str, str],
        *,
        feed: Secret = NOTHING,
        capture: bool = False,
    ) -> Finished: ...


async def run(
    argv: Sequence[str],
    environ: Mapping[str, str],
    *,
    feed: Secret = NOTHING,
    capture: bool = False,
) -> Finished:
    """Run a program to its end or to `LIMIT`, with only the environment that it needs.

    Its own session keeps a clipboard owner such as xclip alive when our terminal closes.
    """
    pipe, null = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    try:
        process = await asyncio.create_subprocess_exec(
            *argv,
            stdin=pipe,
            # A clipboard owner stays in the background and would hold a pipe open for ever.
            stdout=pipe if capture else null,
            stderr=null,
            env={name: value for name, value in environ.items() if name in _NEEDED},
            start_new_session=True,
        )
    except OSError:
        return Finished(_COULD_NOT_START)
    try:
        async with asyncio.timeout(LIMIT.total_seconds()):
            output, _ = await process.communicate(feed.reveal().encode())
    except TimeoutError:
        return Finished(None)
    finally:
        await _end(process)
    return Finished(process.returncode, output or b"")


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
