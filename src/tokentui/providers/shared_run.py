"""One run for many callers: a sign-in is fetched once, however many requests wait for it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

T = TypeVar("T")


class SharedRun(Generic[T]):
    """Runs a coroutine function; calls that come while it runs get the same result or error.

    A caller that is cancelled leaves the run to the others.
    """

    def __init__(self, run: Callable[[], Coroutine[None, None, T]]) -> None:
        self._run = run
        self._task: asyncio.Task[T] | None = None

    async def __call__(self) -> T:
        if self._task is None:
            self._task = asyncio.create_task(self._run())
            self._task.add_done_callback(self._done)
        return await asyncio.shield(self._task)

    @property
    def is_under_way(self) -> bool:
        """Whether it runs now."""
        return self._task is not None

    async def aclose(self) -> None:
        """Cancel a run that is under way."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    def _done(self, task: asyncio.Task[T]) -> None:
        self._task = None
        if not task.cancelled():
            task.exception()  # marks it as seen, even if every caller has left
