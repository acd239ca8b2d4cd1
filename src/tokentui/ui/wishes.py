"""What is wished of a credential that exists, what came of it, and who carries it out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokentui.domain.secret import Secret
    from tokentui.services.held import Held
    from tokentui.services.issue import Result
    from tokentui.services.verbs import Verb
    from tokentui.ui.modals.act import ActModal
    from tokentui.ui.modals.preview import PreviewModal
    from tokentui.ui.modals.verify_secret import VerifyModal


@dataclass(frozen=True, slots=True)
class Wish:
    """One verb for one credential.

    `text` is the new name, the new end or the purpose, in the user's words; `typed` is what had
    to be typed.
    """

    verb: Verb
    held: Held
    text: str = ""
    typed: str = ""


class Fate(Enum):
    """What is certain about a wish once its request is over."""

    DONE = "done"
    UNRECORDED = "done, not recorded"
    FAILED = "failed"
    UNKNOWN = "unknown"


DONE = frozenset({Fate.DONE, Fate.UNRECORDED})


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a wish, in a sentence; `result` holds a secret that was made by it."""

    fate: Fate
    sentence: str
    result: Result | None = None


class Doer(Protocol):
    """Carries out what dialogs wish, whatever becomes of the dialogs."""

    def do(self, modal: ActModal, wish: Wish) -> None:
        """Send one request; the dialog is told how it went."""

    def do_all(self, modal: PreviewModal, wishes: Sequence[Wish]) -> None:
        """Send one request after the other until the dialog is closed."""

    def verify(self, modal: VerifyModal, held: Held, secret: Secret) -> None:
        """Try a secret; the dialog is told what that showed."""
