"""What became of a request that changes something, in words about its object."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from tokentui.domain.errors import Outcome, OutcomeUnknown, ProviderError, StorageError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")


async def told(what: str, call: Awaitable[T]) -> T:
    """Wait for a request; `what` is what it does: "service token ci was deleted".

    Raises `OutcomeUnknown` with what to do if the answer was lost, else the provider's error.
    """
    try:
        return await call
    except ProviderError as error:
        if error.outcome is not Outcome.UNKNOWN:
            raise
        raise OutcomeUnknown(
            f"nobody knows whether {what}: {error.message}",
            "list again: the list tells",
            trace_id=error.trace_id,
        ) from None


def recorded(what: str, write: Callable[[], None]) -> None:
    """Write down what was done; raises `StorageError`, which says that it was done."""
    try:
        write()
    except StorageError as error:
        raise StorageError(
            f"{what}, but that is not recorded: {error.message}", error.next_step
        ) from None
