"""What is wished of an account, and who carries it out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tokentui.domain.model import ProfileName
    from tokentui.services.workbench import Workbench
    from tokentui.ui.modals.asking import AskingModal


@dataclass(frozen=True, slots=True)
class Change:
    """One request about an account.

    `done` says what was done once it is over, unless `work` gives other words for it.
    """

    profile: ProfileName
    work: Callable[[Workbench], Awaitable[object]]
    done: str


class Changer(Protocol):
    """Sends requests about accounts, whatever becomes of the dialogs."""

    def send(self, modal: AskingModal, change: Change) -> None:
        """Send one request; the dialog is told how it went."""
