"""The program on a terminal of which every byte is looked at."""

from __future__ import annotations

import base64
import re
import unicodedata
from typing import TYPE_CHECKING

from command import argv, environment
from ui.pty_app import CTRL_Q, DOWN, PtyApp

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

ENTER, ESCAPE, F5, F10, HOME = b"\r", b"\x1b", b"\x1b[15~", b"\x1b[21~", b"\x1b[H"
CTRL_U = b"\x15"
CORNER = "╭".encode()
"""Begins every dialog."""

# All that Textual 8.2 was seen to write here: colours in full, the cursor's place, modes, queries,
# the pointer's shape and kitty's keys. Erasing, other colours and titles are never its own.
OWN = re.compile(
    r"""
    \x1b\[ (?: 0 | (?:\d;)* [34]8;2;[\d;]+ ) m
  | \x1b\[ \d+;\d+ H
  | \x1b\[ \? (?:\d+;)* \d+ [hl]
  | \x1b\[ \? (?:2026|2048) \$p
  | \x1b\[ (?: >\d+ | < ) u
  | \x1b\]22;default\x07
  | \r\n
    """,
    re.VERBOSE,
)
COPY = re.compile(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")
UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def foreign(stream: bytes, copies: Collection[str] = ()) -> list[str]:
    """Give the surroundings of each character that could steer a terminal and is not our own."""

    def unless_ours(match: re.Match[str]) -> str:
        text = base64.b64decode(match[1]).decode(errors="replace")
        return "" if text in copies else match[0]

    text = COPY.sub(unless_ours, stream.decode(errors="surrogateescape"))
    text = OWN.sub("", text)
    return [
        text[max(0, place - 20) : place + 20]
        for place, char in enumerate(text)
        if unicodedata.category(char) in UNSAFE
    ]


def copies_in(stream: bytes) -> list[str]:
    return [base64.b64decode(text).decode() for text in COPY.findall(stream.decode())]


def opened(home: Path) -> PtyApp:
    return PtyApp(argv(), columns=120, lines=40, **environment(home))


def go(app: PtyApp, key: bytes, shown: str) -> None:
    """Type a key and wait for a text that was never shown before."""
    assert shown.encode() not in app.output, shown
    app.type(key)
    app.settle(shown.encode())


def back(app: PtyApp) -> None:
    app.press(ESCAPE)


def leave(app: PtyApp) -> None:
    app.type(CTRL_Q)
    assert app.finish() == 0


def walk(app: PtyApp, rows: int, *keys: bytes) -> None:
    """Press keys on every row of a list, and close the dialogs that they open."""
    app.type(HOME)
    app.settle(b"")
    for _ in range(rows):
        for key in keys:
            start = len(app.output)
            app.type(key)
            app.settle(b"")
            if CORNER in app.output[start:]:
                back(app)
        app.type(DOWN)
        app.settle(b"")


def search(app: PtyApp, text: bytes) -> None:
    app.type(b"/")
    app.settle(b"")
    for keys in (CTRL_U, text, ENTER):
        app.type(keys)
        app.settle(b"")
