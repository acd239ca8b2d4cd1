"""The clipboard of the desktop that we run on, where a copy can be read back.

`wl-copy` 2.1 keeps what it serves in a folder of its own below /tmp, with mode 0700, until the
clipboard changes. pyperclip is asked only on macOS: on Linux it ignores the exit status of the
same tools, and may hand the text to `qdbus` as an argument (pyperclip 1.11).
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tokentui.delivery.clipboard_process import Run
    from tokentui.domain.secret import Secret

_READS = 25
_BETWEEN_READS_S = 0.02


@dataclass(frozen=True, slots=True)
class Tool:
    """A program's commands to set, read and empty the clipboard; text comes on stdin.

    `limit_bytes` is the most that it serves to every other program.
    """

    name: str
    write: tuple[str, ...]
    read: tuple[str, ...]
    wipe: tuple[str, ...]
    limit_bytes: int | None = None


WL_COPY = Tool(
    "wl-copy",
    ("wl-copy", "--type", "text/plain"),
    ("wl-paste", "--no-newline", "--type", "text/plain"),
    ("wl-copy", "--clear"),
)
XCLIP = Tool(
    "xclip",
    ("xclip", "-selection", "clipboard", "-in"),
    ("xclip", "-selection", "clipboard", "-out", "-target", "UTF8_STRING"),
    ("xclip", "-selection", "clipboard", "-in"),
)
XSEL = Tool(
    "xsel",
    ("xsel", "--clipboard", "--input"),
    ("xsel", "--clipboard", "--output"),
    ("xsel", "--clipboard", "--clear"),
    # xsel 1.2 reads its own longer texts back, but xclip gets most of them late or never
    # (measured with 1184, 3900, 8000 and 60 000 bytes).
    limit_bytes=3900,
)
_PYPERCLIP = (sys.executable, "-P", "-X", "utf8", "-m", "pyperclip")
PYPERCLIP = Tool(
    "pyperclip", (*_PYPERCLIP, "--copy"), (*_PYPERCLIP, "--paste"), (*_PYPERCLIP, "--copy")
)
_BY_NAME = {tool.name: tool for tool in (WL_COPY, XCLIP, XSEL, PYPERCLIP)}


def at_desktop(environ: Mapping[str, str]) -> bool:
    """Whether the user sits at this machine and it has a desktop."""
    if environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"):
        return False
    displays = environ.get("WAYLAND_DISPLAY") or environ.get("DISPLAY")
    return sys.platform == "darwin" or bool(displays)


def tools(environ: Mapping[str, str]) -> list[Tool]:
    """Give the installed tools that fit this desktop, the best first."""
    if sys.platform == "darwin":
        return [PYPERCLIP]
    fitting = [WL_COPY] if environ.get("WAYLAND_DISPLAY") else []
    if environ.get("DISPLAY"):
        fitting += [XCLIP, XSEL]
    path = environ.get("PATH")
    return [tool for tool in fitting if shutil.which(tool.write[0], path=path)]


class Desktop:
    """Sets, reads back and empties a desktop's clipboard.

    Keeps no text: a copy is known again by its digest, keyed by `key`.
    """

    def __init__(self, run: Run, environ: Mapping[str, str], key: bytes) -> None:
        self._run = run
        self._environ = environ
        self._key = key

    def digest(self, text: bytes) -> bytes:
        """Give what identifies `text` to this process and tells nobody else anything."""
        return hashlib.blake2b(text, key=self._key, digest_size=32).digest()

    async def put(self, tool: Tool, text: Secret) -> str:
        """Copy with `tool` and read back; give what went wrong, nothing if it is proved."""
        if tool.limit_bytes is not None and len(text.reveal().encode()) > tool.limit_bytes:
            return f"{tool.name} is not reliable beyond {tool.limit_bytes} bytes"
        done = await self._run(tool.write, self._environ, feed=text)
        if done.trouble:
            return f"{tool.name} {done.trouble}"
        digest = self.digest(text.reveal().encode())
        try:
            proved = await self._settles(tool, digest, holding=True)
        except asyncio.CancelledError:
            await self._run(tool.wipe, self._environ)
            raise
        if proved:
            return ""
        await self._run(tool.wipe, self._environ)
        return f"{tool.name} did not give the text back"

    async def clear(self, name: str, digest: bytes) -> str:
        """Empty the clipboard if it still holds the text of `digest`; say what happened."""
        tool = _BY_NAME[name]
        if not await self._holds(tool, digest):
            return "left alone: the clipboard no longer gives our text"
        done = await self._run(tool.wipe, self._environ)
        if done.trouble:
            return f"not cleared: {tool.name} {done.trouble}; copy something else over it"
        if not await self._settles(tool, digest, holding=False):
            return "not cleared: the clipboard still gives our text; copy something else over it"
        return "cleared"

    async def _settles(self, tool: Tool, digest: bytes, *, holding: bool) -> bool:
        """Read until the clipboard holds the text, or no longer does.

        A tool goes to the background before it owns the clipboard, so a first read may be old.
        """
        for _ in range(_READS):
            held = await self._holds(tool, digest)
            if held is None:
                return False
            if held == holding:
                return True
            await asyncio.sleep(_BETWEEN_READS_S)
        return False

    async def _holds(self, tool: Tool, digest: bytes) -> bool | None:
        """Read once; None if the tool hangs, because asking again would only cost time."""
        done = await self._run(tool.read, self._environ, capture=True)
        if done.status is None:
            return None
        return not done.trouble and hmac.compare_digest(self.digest(done.output), digest)
