"""OSC 52, the sequence with which a program sets its terminal's clipboard."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tokentui.domain.secret import Secret

# 100 000 bytes for a whole sequence (hterm, etc/osc52.sh, read 2026-11-22), less the eight
# around it, hold the base64 of this much text. Terminals drop or cut what is longer.
LIMIT_BYTES = 74_994
# GNU Screen 4.9 prints longer strings on the screen instead of passing them on (measured).
_PIECE = 76
_WITHOUT_CLIPBOARD = frozenset({"linux", "dumb", "vt100", "vt220"})


def sequence(text: Secret) -> bytes:
    """Encode `text` for a terminal that reads our output itself."""
    return b"\x1b]52;c;" + base64.b64encode(text.reveal().encode()) + b"\a"


def for_screen(text: Secret) -> bytes:
    """Encode `text` in pieces that GNU Screen passes on to its own terminal."""
    whole = sequence(text)
    starts = range(0, len(whole), _PIECE)
    return b"".join(b"\x1bP" + whole[start : start + _PIECE] + b"\x1b\\" for start in starts)


def terminal_without_clipboard(environ: Mapping[str, str]) -> str:
    """Name the terminal if it is of a kind that has no clipboard at all, else nothing."""
    term = environ.get("TERM", "")
    return term if term in _WITHOUT_CLIPBOARD else ""
