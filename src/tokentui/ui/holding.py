"""What a screen can promise the application."""

from __future__ import annotations

from typing import Protocol, runtime_checkable


@runtime_checkable
class HoldsSecret(Protocol):
    """A screen whose secret goes before the program does."""

    def blank(self) -> None:
        """Take every secret off the screen; what terminals keep after the end holds none."""


@runtime_checkable
class AsksToStay(Protocol):
    """A screen that is left on purpose only."""

    def why_stay(self) -> str:
        """Say why the program should not end now; empty: nothing speaks against it."""


@runtime_checkable
class Says(Protocol):
    """A screen with a line for what is to be said."""

    def say(self, text: str, style: str = ...) -> None:
        """Show a sentence; `style` is one of Textual's."""
