"""What became of a request that changes something, in words about its object."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from tokentui.domain.errors import (
    Outcome,
    OutcomeUnknown,
    ProviderError,
    StorageError,
    TokentuiError,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")


async def told(what: str, call: Awaitable[T], note_lost: Callable[[str], None]) -> T:
    """Wait for a request; `what` is what it does: "service token ci was deleted".

    Where nobody knows what became of it, `note_lost` is called to write that down. Raises
    `OutcomeUnknown` with what to do if the answer was lost, else the provider's error.
    """
    try:
        return await call
    except BaseException as error:
        if not is_lost(error):
            raise
        lost = _lost(what, error)
        with suppress(StorageError):  # the error itself is worth more than its record
            note_lost(lost.message)
        if not isinstance(error, ProviderError):
            raise
        raise lost from None


def is_lost(error: BaseException) -> bool:
    """Say whether nobody knows what became of a request that ended so."""
    if isinstance(error, ProviderError):
        return error.outcome is Outcome.UNKNOWN
    return not isinstance(error, TokentuiError)


def _lost(what: str, error: BaseException) -> OutcomeUnknown:
    doubt = f"nobody knows whether {what}"
    if not isinstance(error, ProviderError):
        return OutcomeUnknown(f"{doubt}, as it was stopped before the answer came")
    return OutcomeUnknown(f"{doubt}, as {error.why}", "list again to see", trace_id=error.trace_id)


def recorded(what: str, write: Callable[[], None]) -> None:
    """Write down what was done; raises `StorageError`, which says that it was done."""
    try:
        write()
    except StorageError as error:
        raise StorageError(
            f"{what}, but that is not recorded: {error.message}", error.next_step
        ) from None
