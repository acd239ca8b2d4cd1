"""What `NO_COLOR` leaves of the bytes for the terminal."""

from __future__ import annotations

import re
from pathlib import Path

from ui.pty_app import DOWN, PtyApp
from ui.test_screen_bytes import ESCAPE, PROGRAM

STYLE = re.compile(rb"\x1b\[([0-9;:]*)m")
WITHOUT_COLOUR = {b"0", b"1", b"2", b"3", b"4", b"7"}
KEYS = (b"I", DOWN, b"/", b"s", b"\r", b"g", ESCAPE, b"?", ESCAPE, b"T", b" ", b"A", b":")


def attributes(folder: Path, no_color: str) -> set[bytes]:
    """Open every place and some dialogs; gives what any style is made of."""
    with PtyApp.of_code(PROGRAM, WORLD=str(folder), NO_COLOR=no_color) as app:
        app.settle(b"invented ok")
        for key in KEYS:
            app.press(key)
        return {part for codes in STYLE.findall(app.output) for part in codes.split(b";")}


def test_no_colour_is_sent_and_the_cursor_is_seen(tmp_path: Path) -> None:
    sent = attributes(tmp_path, "1")
    assert sent <= WITHOUT_COLOUR
    assert b"7" in sent


def test_an_empty_value_asks_for_nothing(tmp_path: Path) -> None:
    assert {b"38", b"48"} <= attributes(tmp_path, "")
