"""An event loop of its own in a background thread, for everything that talks to the outside.

The interface's loop never waits for JSON, TLS or a slow secret store, and closing a screen or
quitting cannot cancel a request that makes something.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import TypeVar

from tokentui.domain.errors import TokentuiError
from tokentui.services.trouble import describe

T = TypeVar("T")
Work = Callable[[], Coroutine[object, object, T]]
"""Makes a coroutine; it is called on the engine's thread."""

_CANCEL_GRACE_S = 1.0
_THREAD_GRACE_S = 1.0


class EngineClosed(TokentuiError):
    """The program is ending, so nothing new is started."""

    def __init__(self) -> None:
        super().__init__("The program is closing", "start it again to go on")


class Engine:
    """Runs coroutines on its own loop; `start` it once, `close` it once.

    `call` and `keep` may be called from any thread. `on_trouble` is told, on the engine's
    thread, the type and the place of every error that nobody awaits.
    """

    def __init__(self, on_trouble: Callable[[str], None]) -> None:
        self._on_trouble = on_trouble
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(self._loop_trouble)
        self._thread = threading.Thread(target=self._run, name="tokentui-engine", daemon=True)
        self._gate = threading.Lock()
        self._open = False
        self._tasks: set[asyncio.Task[object]] = set()
        self._kept: set[asyncio.Task[object]] = set()

    def start(self) -> None:
        """Start the thread; calls are accepted from now on."""
        with self._gate:
            self._open = True
        self._thread.start()

    def call(self, factory: Work[T]) -> Future[T]:
        """Run work that may be cancelled: through its future, or when the engine closes.

        Raises `EngineClosed`.
        """
        future: Future[T] = Future()
        self._submit(lambda: self._begin_call(factory, future))
        return future

    def keep(self, factory: Work[T]) -> Future[T]:
        """Run work that nothing cancels and that `close` awaits: a request that makes something.

        The future refuses `cancel`. Raises `EngineClosed`.
        """
        future: Future[T] = Future()
        future.set_running_or_notify_cancel()
        self._submit(lambda: self._begin_kept(factory, future))
        return future

    def report_unheard(self, future: Future[T]) -> None:
        """Report the error of a finished future whose caller has gone."""
        if not future.cancelled():
            self._report(future.exception())

    def close(self, grace_s: float) -> bool:
        """Wait for kept work, at most `grace_s`, cancel the rest and end the thread.

        Gives False if kept work was cut off or the thread did not end.
        """
        with self._gate:
            if not self._open:
                self._close_unstarted()
                return True
            self._open = False
            ended = asyncio.run_coroutine_threadsafe(self._wind_down(grace_s), self._loop)
        try:
            all_kept_done = ended.result(grace_s + _CANCEL_GRACE_S + _THREAD_GRACE_S)
        except TimeoutError:
            return False  # something blocks the loop; the daemon thread dies with the process
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_THREAD_GRACE_S)
        return all_kept_done and not self._thread.is_alive()

    def _close_unstarted(self) -> None:
        if self._thread.ident is None:
            self._loop.close()

    def _submit(self, begin: Callable[[], None]) -> None:
        with self._gate:
            if not self._open:
                raise EngineClosed
            self._loop.call_soon_threadsafe(begin)

    def _begin_call(self, factory: Work[T], future: Future[T]) -> None:
        if future.cancelled():
            return
        task = self._begin(factory, future)

        def cancel_task(_: Future[T]) -> None:
            if future.cancelled() and not self._loop.is_closed():
                self._loop.call_soon_threadsafe(task.cancel)

        future.add_done_callback(cancel_task)

    def _begin_kept(self, factory: Work[T], future: Future[T]) -> None:
        task = self._begin(factory, future)
        self._kept.add(task)
        task.add_done_callback(self._kept.discard)

    def _begin(self, factory: Work[T], future: Future[T]) -> asyncio.Task[T]:
        task = self._loop.create_task(_started(factory))
        self._tasks.add(task)  # the loop itself holds tasks weakly
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda done: self._hand_over(done, future))
        return task

    def _hand_over(self, task: asyncio.Task[T], future: Future[T]) -> None:
        error = EngineClosed() if task.cancelled() else task.exception()
        if not future.running() and not future.set_running_or_notify_cancel():
            self._report(error)
        elif error is not None:
            future.set_exception(error)
        else:
            future.set_result(task.result())

    def _report(self, error: BaseException | None) -> None:
        if error is not None and not isinstance(error, TokentuiError):
            self._on_trouble(describe(error))

    async def _wind_down(self, grace_s: float) -> bool:
        cut_off: set[asyncio.Task[object]] = set()
        if self._kept:
            _, cut_off = await asyncio.wait(self._kept, timeout=grace_s)
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        if rest:
            await asyncio.wait(rest, timeout=_CANCEL_GRACE_S)
        await self._loop.shutdown_asyncgens()
        return not cut_off

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
        finally:
            self._loop.close()

    def _loop_trouble(self, _loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        error = context.get("exception")
        if isinstance(error, BaseException):
            self._on_trouble(describe(error))
        else:
            self._on_trouble("the engine's event loop reported an error without an exception")


async def _started(factory: Work[T]) -> T:
    """Call the factory inside the task, so that its own error ends there too."""
    return await factory()
