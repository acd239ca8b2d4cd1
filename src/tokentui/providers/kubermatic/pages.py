"""Pages of a list as the parts of it arrive."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from tokentui.domain.errors import ProviderError
from tokentui.domain.model import Page

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

T = TypeVar("T")

SIDE_BY_SIDE = 8
"""Lists in flight at once."""


async def page_of(page: Awaitable[Page[T]]) -> Page[T]:
    """Give a page that holds the error if its call fails."""
    try:
        return await page
    except ProviderError as error:
        return Page(failed=(error,))


async def side_by_side(
    lists: Sequence[Callable[[], Awaitable[Page[T]]]],
) -> AsyncIterator[Page[T]]:
    """Give each list's page as it comes; leaving ends what is under way."""
    gate = asyncio.Semaphore(SIDE_BY_SIDE)

    async def behind(read: Callable[[], Awaitable[Page[T]]]) -> Page[T]:
        async with gate:
            return await page_of(read())

    tasks = [asyncio.create_task(behind(one)) for one in lists]
    try:
        for next_page in asyncio.as_completed(tasks):
            yield await next_page
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
