"""Stands in for tmux and the desktop's clipboard tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.delivery.clipboard_process import NOTHING, Finished

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tokentui.domain.secret import Secret

TOKEN = "eyJ-canary-token"
TMUX = {"TMUX": "/run/tmux-1/default,1,0", "TERM": "tmux-256color"}
TERMINALS = "Terminal 0: xterm for /dev/pts/7, flags=0x31:\n 192: Ms: (string) 52\n"
DEAF = TERMINALS.replace("(string) 52", "[missing]")


class Programs:
    """Plays tmux and the desktop's tools: answers by a fragment of argv, and keeps the calls."""

    def __init__(self, **answers: Finished) -> None:
        self.answers = answers
        self.calls: list[tuple[str, str]] = []
        self.clipboard = ""

    async def __call__(
        self,
        argv: Sequence[str],
        environ: Mapping[str, str],
        *,
        feed: Secret = NOTHING,
        capture: bool = False,
    ) -> Finished:
        line = " ".join(argv)
        self.calls.append((line, feed.reveal()))
        for fragment, answer in self.answers.items():
            if fragment.replace("_", "-") in line:
                return answer
        if capture:
            return Finished(0, self.clipboard.encode())
        self.clipboard = feed.reveal()
        return Finished(0)

    @property
    def lines(self) -> list[str]:
        return [line for line, _ in self.calls]


def tmux_answer(attached: int = 1, term: str = "xterm", terminals: str = TERMINALS) -> Finished:
    client = f"/dev/pts/7 {term}" if attached else " "
    text = f"{attached} {client}\n-DISPLAY\nSSH_CONNECTION=10.0.0.1 1 10.0.0.2 22\n{terminals}"
    return Finished(0, text.encode())


def desktop_with_xclip(folder: Path) -> dict[str, str]:
    """Give the environment of a desktop whose only tool is an xclip that nothing runs."""
    tool = folder / "xclip"
    tool.write_text("")
    tool.chmod(0o700)
    return {"DISPLAY": ":9", "PATH": str(folder), "TERM": "xterm"}


def no_terminal(data: bytes) -> None:
    raise AssertionError(f"{len(data)} bytes went to the terminal")
