"""What is said when a request may have made something that nobody holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.domain.errors import OutcomeUnknown
from tokentui.domain.model import Ability
from tokentui.ui import credential_words as words
from tokentui.ui.modals.confirm import Confirm

if TYPE_CHECKING:
    from tokentui.domain.errors import ProviderError
    from tokentui.domain.ledger import Entry
    from tokentui.services.issue import Request
    from tokentui.ui.present import When


class AnswerLost(Confirm):
    """Asks whether to leave it at that; asking again is only done on purpose.

    `kept` says where an answer went that came and could not be read.
    """

    def __init__(
        self,
        request: Request,
        error: ProviderError,
        entry: Entry | None,
        when: When,
        kept: str = "",
    ) -> None:
        noun, name = request.offer.kind.noun, request.offer.target.name
        became = "was lost" if isinstance(error, OutcomeUnknown) else "cannot be used"
        lines = [
            f'The answer to "create {noun}" for {name} {became}, as {_why(error)}.',
            "",
            *_unread(error, kept),
            f"The {noun} may exist, though nobody has seen it. It was NOT asked for again: "
            f"a second request could make a second one{_consequence(request)}.",
            "",
            _noted(entry, when),
        ]
        super().__init__(
            "Was it created?", lines, yes_label="ask again", no_label="leave it, note it"
        )


def _unread(error: ProviderError, kept: str) -> tuple[str, ...]:
    """Say where the secret may be after all, and how to get at it."""
    told = filter(None, (kept, error.next_step)) if kept else ()
    return tuple(line for clause in told for line in (f"{clause[0].upper()}{clause[1:]}.", ""))


def _why(error: ProviderError) -> str:
    return f"{error.why} (trace id {error.trace_id})" if error.trace_id else error.why


def _consequence(request: Request) -> str:
    revocable = Ability.REVOKE in request.offer.kind.abilities
    return "" if revocable else ", and neither can be revoked"


def _noted(entry: Entry | None, when: When) -> str:
    if entry is None:
        return "The ledger could not be read: 'tokentui token list' shows its entry."
    end = words.until(entry.may_live_until, when)
    return f"Ledger #{entry.number}: outcome unknown, it could be live {end}."
