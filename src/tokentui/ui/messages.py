"""What screens ask of the application."""

from __future__ import annotations

from textual.message import Message


class PlaceResumed(Message):
    """A place is on top again; what was done meanwhile may stand in the ledger."""


class CopyRequested(Message):
    """Someone wants a text that is no secret on the clipboard; `what` names it."""

    def __init__(self, text: str, what: str) -> None:
        super().__init__()
        self.text = text
        self.what = what
