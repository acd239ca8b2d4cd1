"""Several requests at once, but not all at once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

T = TypeVar("T")

AT_ONCE = 8


async def side_by_side(calls: Sequence[Callable[[], Awaitable[T]]]) -> AsyncIterator[T]:
    """Give each answer as it comes; the first error, or leaving, ends what is under way."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def behind(call: Callable[[], Awaitable[T]]) -> T:
        async with gate:
            return await call()

    tasks = [asyncio.create_task(behind(one)) for one in calls]
    try:
        for answer in asyncio.as_completed(tasks):
            yield await answer
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
