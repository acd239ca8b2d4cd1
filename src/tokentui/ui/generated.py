"""What is asked for in the generate dialog, what came of it, and who sends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tokentui.services.issue import Request, Result
    from tokentui.ui.modals.generate import GenerateModal


@dataclass(frozen=True, slots=True)
class After:
    """What happens to a credential once it is here; `make_current` goes with `merge` only.

    `save` asks for a file first.
    """

    copy: bool
    merge: bool
    make_current: bool
    verify: bool
    save: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """Everything decided in the generate dialog."""

    request: Request
    after: After


@dataclass(frozen=True, slots=True)
class Generated:
    """A credential in our hands, how it came to be, and what is to happen to it."""

    result: Result
    after: After
    how: str = "created"


class Maker(Protocol):
    """Sends the request of a dialog and shows its result."""

    def make(self, modal: GenerateModal, wanted: Wanted) -> None:
        """Send it; call the dialog's `refused` or `finish` when it is over."""

    def show(self, generated: Generated) -> None:
        """Show what came of it."""
