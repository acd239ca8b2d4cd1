"""What became of a copy, in words that promise no more than is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Route(StrEnum):
    """The way that a secret takes to the clipboard."""

    TMUX = "tmux"
    SCREEN = "screen"
    OSC52 = "osc52"
    LOCAL = "local"
    NONE = "none"


class Certainty(StrEnum):
    """What is known of a copy: read back, handed to a terminal, or not made."""

    PROVED = "proved"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Receipt:
    """One copy: `sentence` is for the user, `bytes_sent` counts UTF-8 before any encoding.

    `can_clear` says that `Clipboard.clear` has something to do. `tool` and `digest` find the
    text again on a local desktop and are empty elsewhere.
    """

    route: Route
    certainty: Certainty
    sentence: str
    bytes_sent: int = 0
    limit_bytes: int | None = None
    can_clear: bool = False
    tool: str = ""
    digest: bytes = field(default=b"", repr=False)


def failed(route: Route, trouble: str, limit_bytes: int | None = None) -> Receipt:
    """Say why nothing was copied, and what works instead."""
    sentence = f"not copied: {trouble}; save it to a file instead"
    return Receipt(route, Certainty.FAILED, sentence, limit_bytes=limit_bytes)
