from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest

from tokentui.domain.errors import TokentuiError
from tokentui.services.engine import Engine, EngineClosed
from tokentui.ui.bridge import BATCH_INTERVAL_S, Bridge

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

CANARY = "canary-5f2b91"
DEADLINE_S = 10.0


class Running:
    """An engine with what it reported."""

    def __init__(self) -> None:
        self.troubles: list[str] = []
        self.engine = Engine(self.troubles.append)
        self.engine.start()


@pytest.fixture
def running() -> Iterator[Running]:
    it = Running()
    yield it
    it.engine.close(DEADLINE_S)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while not condition():
            await asyncio.sleep(0.005)


async def test_leaving_a_wait_leaves_the_work_running(running: Running) -> None:
    bridge = Bridge(running.engine)
    started, release, finished = threading.Event(), threading.Event(), threading.Event()

    async def work() -> None:
        started.set()
        while not release.is_set():
            await asyncio.sleep(0.005)
        finished.set()
        raise ValueError(CANARY)

    waiting = asyncio.create_task(bridge.call(work))
    await until(started.is_set)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    release.set()
    await until(finished.is_set)
    await until(lambda: bool(running.troubles))
    assert running.troubles[0].startswith("ValueError at ")


async def test_bridge_passes_results_and_our_errors(running: Running) -> None:
    bridge = Bridge(running.engine)

    async def answer() -> int:
        return 42

    async def refuse() -> None:
        raise TokentuiError("no", "ask")

    assert await bridge.call(answer) == 42
    assert await bridge.keep(answer) == 42
    with pytest.raises(TokentuiError, match="no: ask"):
        await bridge.call(refuse)
    running.engine.close(DEADLINE_S)
    with pytest.raises(EngineClosed):
        await bridge.call(answer)


class Sink:
    """Takes what a stream brings, with the loop's time of each batch."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.times: list[float] = []
        self.ends: list[BaseException | None] = []

    def on_batch(self, batch: list[int]) -> None:
        self.batches.append(batch)
        self.times.append(asyncio.get_running_loop().time())

    def on_end(self, error: BaseException | None) -> None:
        self.ends.append(error)


async def test_a_stream_brings_batches_in_order(running: Running) -> None:
    async def numbers() -> AsyncIterator[int]:
        for number in range(200):
            yield number
            await asyncio.sleep(0.001)

    sink = Sink()
    Bridge(running.engine).stream(numbers, sink.on_batch, sink.on_end)
    await until(lambda: bool(sink.ends))
    assert [number for batch in sink.batches for number in batch] == list(range(200))
    assert sink.ends == [None]
    assert len(sink.batches[0]) < 200
    elapsed = sink.times[-1] - sink.times[0]
    assert len(sink.batches) <= elapsed / BATCH_INTERVAL_S + 2


async def test_the_first_items_do_not_wait_for_the_rest(running: Running) -> None:
    async def one_then_silence() -> AsyncIterator[int]:
        yield 1
        await asyncio.Event().wait()

    sink = Sink()
    stream = Bridge(running.engine).stream(one_then_silence, sink.on_batch, sink.on_end)
    await until(lambda: sink.batches == [[1]])
    assert sink.ends == []
    stream.cancel()


async def test_a_cancelled_stream_stops_its_source_and_is_silent(running: Running) -> None:
    stopped = threading.Event()

    async def endless() -> AsyncIterator[int]:
        try:
            while True:
                yield 1
                await asyncio.sleep(0.001)
        finally:
            stopped.set()

    sink = Sink()
    stream = Bridge(running.engine).stream(endless, sink.on_batch, sink.on_end)
    await until(lambda: bool(sink.batches))
    stream.cancel()
    seen = len(sink.batches)
    await until(stopped.is_set)
    await asyncio.sleep(0)
    assert (len(sink.batches), sink.ends) == (seen, [])


async def test_a_stream_ends_with_its_error_after_its_items(running: Running) -> None:
    async def breaks() -> AsyncIterator[int]:
        yield 1
        yield 2
        raise TokentuiError("gone")

    sink = Sink()
    Bridge(running.engine).stream(breaks, sink.on_batch, sink.on_end)
    await until(lambda: bool(sink.ends))
    assert [number for batch in sink.batches for number in batch] == [1, 2]
    assert isinstance(sink.ends[0], TokentuiError)


async def test_closing_the_engine_ends_its_streams() -> None:
    running = Running()

    async def silent() -> AsyncIterator[int]:
        await asyncio.Event().wait()
        yield 1

    sink = Sink()
    Bridge(running.engine).stream(silent, sink.on_batch, sink.on_end)
    await asyncio.to_thread(running.engine.close, 1.0)
    await until(lambda: bool(sink.ends))
    assert isinstance(sink.ends[0], EngineClosed)


def test_a_loop_that_ends_first_disturbs_nobody(caplog: pytest.LogCaptureFixture) -> None:
    running = Running()
    started, release = threading.Event(), threading.Event()

    async def work() -> str:
        started.set()
        while not release.is_set():
            await asyncio.sleep(0.005)
        return "made"

    async def leave() -> None:
        waiting = asyncio.create_task(Bridge(running.engine).keep(work))
        await until(started.is_set)
        waiting.cancel()

    asyncio.run(leave())
    release.set()
    assert running.engine.close(DEADLINE_S)
    assert (running.troubles, caplog.records) == ([], [])
