"""The only way between the interface's loop and the engine's: single calls and batches."""

from __future__ import annotations

import asyncio
import contextlib
from contextvars import copy_context
from typing import TYPE_CHECKING, Generic, TypeVar

from tokentui.services.engine import EngineClosed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from concurrent.futures import Future

    from tokentui.services.engine import Engine, Work

T = TypeVar("T")

BATCH_INTERVAL_S = 0.1


class Bridge:
    """What screens hold of the engine; use it on the interface's loop only."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def call(self, factory: Work[T]) -> T:
        """Await work of the engine; cancelling the wait leaves the work running.

        Raises what the work raises, and `EngineClosed`.
        """
        return await self._wait(self._engine.call(factory))

    async def keep(self, factory: Work[T]) -> T:
        """Await work that the engine finishes even when the program ends meanwhile."""
        return await self._wait(self._engine.keep(factory))

    def stream(
        self,
        source: Callable[[], AsyncIterator[T]],
        on_batch: Callable[[list[T]], None],
        on_end: Callable[[BaseException | None], None],
    ) -> Stream[T]:
        """Bring a source's items over: the first at once, then batches ten times a second.

        `on_end` gets the source's error or None, after the last batch; both callbacks run on
        this loop, and neither after `Stream.cancel`.
        """
        stream = Stream(self._engine, source, on_batch, on_end)
        stream.start()
        return stream

    async def _wait(self, future: Future[T]) -> T:
        loop = asyncio.get_running_loop()
        done = asyncio.Event()

        def wake(_: Future[T]) -> None:
            with contextlib.suppress(RuntimeError):  # the interface's loop has closed
                loop.call_soon_threadsafe(done.set)

        future.add_done_callback(wake)
        try:
            await done.wait()
        except asyncio.CancelledError:
            future.add_done_callback(self._engine.report_unheard)
            raise
        return future.result()


class Stream(Generic[T]):
    """One running source; `Bridge.stream` makes it."""

    def __init__(
        self,
        engine: Engine,
        source: Callable[[], AsyncIterator[T]],
        on_batch: Callable[[list[T]], None],
        on_end: Callable[[BaseException | None], None],
    ) -> None:
        self._engine = engine
        self._source = source
        self._on_batch = on_batch
        self._on_end = on_end
        self._home = asyncio.get_running_loop()
        self._context = copy_context()  # Textual's active app, for the callbacks
        self._cancelled = False
        self._waiting: list[T] = []
        self._flush_planned = False
        self._next_flush_at = 0.0

    def start(self) -> None:
        """Begin to read the source."""
        self._future = self._engine.call(self._pump)
        self._future.add_done_callback(self._ended)

    def cancel(self) -> None:
        """Stop the source; no callback is called any more."""
        self._cancelled = True
        self._future.cancel()

    async def _pump(self) -> None:
        async for item in self._source():
            self._waiting.append(item)
            self._plan_flush()
        if self._waiting:
            await asyncio.sleep(self._next_flush_at - asyncio.get_running_loop().time())

    def _plan_flush(self) -> None:
        if self._flush_planned:
            return
        self._flush_planned = True
        loop = asyncio.get_running_loop()
        loop.call_at(max(self._next_flush_at, loop.time()), self._flush)

    def _flush(self) -> None:
        self._flush_planned = False
        self._next_flush_at = asyncio.get_running_loop().time() + BATCH_INTERVAL_S
        batch, self._waiting = self._waiting, []
        if batch:
            self._send(lambda: self._on_batch(batch))

    def _ended(self, future: Future[None]) -> None:
        error = EngineClosed() if future.cancelled() else future.exception()
        rest, self._waiting = self._waiting, []
        if rest:
            self._send(lambda: self._on_batch(rest))
        self._send(lambda: self._on_end(error))

    def _send(self, callback: Callable[[], None]) -> None:
        def unless_cancelled() -> None:
            if not self._cancelled:
                callback()

        with contextlib.suppress(RuntimeError):  # the interface's loop has closed
            self._home.call_soon_threadsafe(unless_cancelled, context=self._context)
