"""Sends the requests of verbs and says in a sentence what became of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.domain.errors import Outcome, ProviderError, StorageError, TokentuiError
from tokentui.domain.lifetime import Term
from tokentui.services.gone import WAS_GONE
from tokentui.services.verbs import Verb, title
from tokentui.ui import credential_words
from tokentui.ui import verb_words as words
from tokentui.ui.wishes import Fate, Report, Wish

if TYPE_CHECKING:
    from pathlib import Path

    from tokentui.domain.secret import Secret
    from tokentui.services.held import Held
    from tokentui.services.issue import Result
    from tokentui.services.managing import Tried
    from tokentui.services.workbench import Workbench
    from tokentui.ui.session import Session


async def attempt(session: Session, wish: Wish) -> Report:
    """Do once what is wished; the engine ends it even if nobody waits for it."""

    async def send(bench: Workbench) -> Result | Term | str | None:
        return await _send(bench, wish)

    try:
        came = await session.keep(send)
    except TokentuiError as error:
        session.last_error = error
        return Report(_fate(wish, error), await _failure(session, wish, error))
    if isinstance(came, str):
        return Report(Fate.DONE, came)
    if isinstance(came, Term):
        return Report(Fate.DONE, words.moved(wish, came.ends_at, session.when))
    return Report(Fate.DONE, words.said(wish, words.kind_of(session, wish.held)), came)


async def try_out(session: Session, held: Held, secret: Secret) -> tuple[str, str]:
    """Try a secret: what its system answered, and whether it is the one in the ledger."""

    async def verify(bench: Workbench) -> Tried:
        return await bench.managing.verify(held, secret)

    try:
        tried = await session.call(verify)
    except TokentuiError as error:
        session.last_error = error
        return f"x {error.sentence}", ""
    sign = "x " if tried.verification.ok is False else ""
    answer = sign + credential_words.verification_words(tried.verification)
    return answer, _recognition(held, tried.is_ours)


async def _send(bench: Workbench, wish: Wish) -> Result | Term | str | None:
    """Send it; gives words where they are not those of what is usually done."""
    managing, held, typed = bench.managing, wish.held, wish.typed
    match wish.verb:
        case Verb.END:
            how = await managing.end(held, typed)
            return f"{title(held)} of {held.profile} {how}" if how == WAS_GONE else None
        case Verb.RENAME:
            await managing.rename(held, wish.text)
        case Verb.MOVE_END:
            return await managing.move_end(held, wish.text, typed)
        case Verb.SWITCH_OFF | Verb.SWITCH_ON:
            await managing.switch(held, active=wish.verb is Verb.SWITCH_ON, typed=typed)
        case Verb.REGENERATE:
            return await managing.regenerate(held, wish.text, typed)
        case Verb.VERIFY:
            raise ValueError("a secret is tried with try_out")
    return None


def _fate(wish: Wish, error: TokentuiError) -> Fate:
    if isinstance(error, ProviderError) and error.outcome is Outcome.UNKNOWN:
        return Fate.UNKNOWN
    # What makes a secret is planned in the ledger first: without that nothing is sent.
    if isinstance(error, StorageError) and wish.verb is not Verb.REGENERATE:
        return Fate.UNRECORDED
    return Fate.FAILED


async def _failure(session: Session, wish: Wish, error: TokentuiError) -> str:
    """Say what went wrong; an answer that could not be read is kept, it may hold a secret."""
    raw = error.raw if isinstance(error, ProviderError) else None
    if raw is None:
        return error.sentence
    name = f"{wish.held.target_name}-{wish.held.kind}"

    async def keep(bench: Workbench) -> Path:
        return await bench.delivering.rescue(raw, name)

    try:
        path = await session.keep(keep)
    except TokentuiError as trouble:
        return f"{error.sentence} - the answer could not be kept: {trouble.sentence}"
    return f"{error.sentence} - the answer is kept in {path}, readable by you alone"


def _recognition(held: Held, is_ours: bool | None) -> str:
    """Say whether the ledger knows the secret."""
    if held.number is None:
        return "not made here, so there is nothing to compare it with"
    if is_ours is None:
        return f"nobody can tell whether it is the one of #{held.number}"
    if is_ours:
        return f"it is the very one of #{held.number}: its fingerprint is the same"
    return f"x it was not recognized as the one of #{held.number}"
