"""A real terminal for end-to-end tests: one tmux server for each, killed at the end."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType

_Found = TypeVar("_Found")

DEADLINE_S = 20.0
_POLL_S = 0.03
_TMUX_LIMIT_S = 10.0
_UNSET = ("TMUX", "TMUX_PANE")
_OPTIONS = {
    "remain-on-exit": "on",
    "status": "off",
    "set-clipboard": "on",
    "escape-time": "0",
    "history-limit": "5000",
    "default-terminal": "tmux-256color",
}


def require(tool: str) -> str:
    """Give the path of `tool`; without it, fail in CI (`CI` is set) and skip elsewhere."""
    path = shutil.which(tool)
    if path is not None:
        return path
    if os.environ.get("CI"):
        pytest.fail(f"{tool} is not installed")
    pytest.skip(f"{tool} is not installed")


def wait_until(
    probe: Callable[[], _Found | None], what: str, deadline_s: float = DEADLINE_S
) -> _Found:
    """Call `probe` until it gives something true, and give that."""
    end = time.monotonic() + deadline_s
    while not (found := probe()):
        if time.monotonic() > end:
            raise AssertionError(f"not within {deadline_s:g} s: {what}")
        time.sleep(_POLL_S)
    return found


class Terminal:
    """A command in a detached tmux pane of a given size; use it as a context manager.

    The command sees `env` and what tmux adds to it. TMUX and TMUX_PANE are taken away again,
    as if tmux were an ordinary terminal, unless `inside_tmux` is set. `options` are tmux's own
    and replace the defaults; the clipboard of this terminal is tmux's newest buffer. `socket`
    is for `tmux -S`.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        env: Mapping[str, str] | None = None,
        columns: int = 80,
        lines: int = 24,
        inside_tmux: bool = False,
        options: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        self._tmux_path = require("tmux")
        self._command = [str(word) for word in command]
        self._env = plain_env() | dict(env or {})
        self._size = (columns, lines)
        self._inside_tmux = inside_tmux
        self._options = _OPTIONS | dict(options or {})
        self._cwd = cwd
        # Below /tmp, because the path of a socket holds at most 107 bytes.
        self._folder = tempfile.TemporaryDirectory(prefix="tt-", dir="/tmp")
        self.socket = Path(self._folder.name) / "socket"

    def __enter__(self) -> Self:
        config = self.socket.with_name("tmux.conf")
        config.write_text("".join(f"set -g {k} '{v}'\n" for k, v in self._options.items()))
        try:
            self._start(config)
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()

    def _start(self, config: Path) -> None:
        columns, lines = self._size
        unset = [] if self._inside_tmux else [word for name in _UNSET for word in ("-u", name)]
        where = [] if self._cwd is None else ["-c", str(self._cwd)]
        size = ["-x", str(columns), "-y", str(lines)]
        self.tmux(
            *("-f", str(config), "-u", "new-session", "-d", *size, *where),
            *("--", "env", *unset, *self._command),
        )

    def tmux(self, *words: str, stdin: str = "", fails: bool = False) -> str:
        """Run one tmux command on this server and give its output.

        With `fails`, a failure is an empty answer instead of an AssertionError.
        """
        done = subprocess.run(
            [self._tmux_path, "-S", str(self.socket), *words],
            env=self._env,
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            timeout=_TMUX_LIMIT_S,
            check=False,
        )
        if done.returncode == 0:
            return done.stdout
        if fails:
            return ""
        raise AssertionError(f"tmux {words[0]}: {done.stderr.strip()}")

    def _ask(self, name: str) -> str:
        return self.tmux("display-message", "-p", f"#{{{name}}}").rstrip("\n")

    def send_keys(self, *keys: str) -> None:
        """Press keys by tmux's names: Enter, Escape, Down, C-c, F1."""
        self.tmux("send-keys", "--", *map(_word, keys))

    def send_text(self, text: str) -> None:
        """Type `text` literally."""
        self.tmux("send-keys", "-l", "--", _word(text))

    def paste(self, text: str) -> None:
        """Paste `text` as a terminal does: bracketed, if the program asked for it."""
        self.tmux("load-buffer", "-b", "paste", "-", stdin=text)
        self.tmux("paste-buffer", "-d", "-p", "-b", "paste")

    def capture(self, *, colours: bool = False, history: bool = False) -> str:
        """Give the screen as text; `colours` keeps SGR codes, `history` adds what scrolled off."""
        extra = (["-e"] if colours else []) + (["-S", "-"] if history else [])
        return self.tmux("capture-pane", "-p", *extra)

    def wait_for(self, wanted: str | Callable[[str], bool], deadline_s: float = DEADLINE_S) -> str:
        """Wait for a text, or for a screen that `wanted` accepts, and give that screen.

        Fails with the last screen, at once if the command has ended.
        """
        end = time.monotonic() + deadline_s
        while True:
            ended = self.pane_dead
            screen = self.capture()
            if wanted in screen if isinstance(wanted, str) else wanted(screen):
                return screen
            if ended or time.monotonic() > end:
                state = "the command has ended" if ended else f"not within {deadline_s:g} s"
                raise AssertionError(f"{state}, no {wanted!r} on the screen:\n{screen}")
            time.sleep(_POLL_S)

    def wait_exit(self, deadline_s: float = DEADLINE_S) -> int:
        """Wait for the command's end and give its exit status, 128 + n after signal n."""
        wait_until(lambda: self.pane_dead, "the end of the command", deadline_s)
        return self.status

    @property
    def pane_dead(self) -> bool:
        """Whether the command has ended; its last screen stays."""
        return self._ask("pane_dead") == "1"

    @property
    def status(self) -> int:
        """The exit status of a command that has ended, 128 + n after signal n."""
        # tmux sees the closed terminal first and learns the status a moment later.
        signal, status = wait_until(self._how_it_ended, "the status of the command")
        return 128 + int(signal) if signal else int(status)

    def _how_it_ended(self) -> tuple[str, str] | None:
        # A signal of the child's end can get lost on some kernels; the next child's brings both.
        self.tmux("run-shell", "true", fails=True)
        signal, status = self._ask("pane_dead_signal"), self._ask("pane_dead_status")
        return (signal, status) if signal or status else None

    @property
    def pid(self) -> int:
        """The process id of the command."""
        return int(self._ask("pane_pid"))

    @property
    def title(self) -> str:
        """The title that the command has set."""
        return self._ask("pane_title")

    @property
    def alternate_screen(self) -> bool:
        """Whether the command draws on the alternate screen."""
        return self._ask("alternate_on") == "1"

    def clipboard(self) -> str:
        """Give what this terminal's clipboard holds, nothing if it was never set."""
        return self.tmux("show-buffer", fails=True)

    def resize(self, columns: int, lines: int) -> None:
        """Give the terminal another size, as a person who drags its window."""
        self.tmux("resize-window", "-x", str(columns), "-y", str(lines))

    def kill(self) -> None:
        """End the server and everything in it; harmless if it has ended."""
        self.tmux("kill-server", fails=True)
        self._folder.cleanup()


def plain_env() -> dict[str, str]:
    """Give the environment of a person on a bare machine: no display, no SSH, no multiplexer."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | {"LANG": "C.UTF-8", "COLORTERM": "truecolor", "SHELL": "/bin/sh"}


def _word(text: str) -> str:
    """Keep tmux from reading a last semicolon as the end of its command."""
    return f"{text[:-1]}\\;" if text.endswith(";") else text
