from __future__ import annotations

import asyncio
import gc
import threading
import time
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING

import pytest

from tokentui.services.engine import Engine, EngineClosed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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


def ignore(_trouble: str) -> None:
    """Take a report that the test does not look at."""


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


async def test_call_gives_results_and_errors_from_its_own_thread(running: Running) -> None:
    async def where() -> str:
        return threading.current_thread().name

    async def fail() -> None:
        raise ValueError(CANARY)

    assert running.engine.call(where).result(DEADLINE_S) == "tokentui-engine"
    with pytest.raises(ValueError, match=CANARY):
        running.engine.call(fail).result(DEADLINE_S)
    assert running.troubles == []


async def test_cancelling_a_call_cancels_its_work(running: Running) -> None:
    started, cancelled = threading.Event(), threading.Event()

    async def wait() -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise

    future = running.engine.call(wait)
    assert started.wait(DEADLINE_S)
    assert future.cancel()
    assert cancelled.wait(DEADLINE_S)


def test_close_awaits_kept_work_and_cancels_calls() -> None:
    engine = Engine(ignore)
    engine.start()
    release = threading.Event()

    async def mint() -> str:
        while not release.is_set():
            await asyncio.sleep(0.005)
        return "made"

    async def read() -> None:
        await asyncio.Event().wait()

    kept, call = engine.keep(mint), engine.call(read)
    assert not kept.cancel()
    closed: list[bool] = []
    closer = threading.Thread(target=lambda: closed.append(engine.close(DEADLINE_S)))
    closer.start()
    wait_until(lambda: _refuses(engine))
    assert not kept.done()
    release.set()
    closer.join(DEADLINE_S)
    assert closed == [True]
    assert kept.result() == "made"
    with pytest.raises(EngineClosed):
        call.result(DEADLINE_S)
    assert not any(thread.name == "tokentui-engine" for thread in threading.enumerate())


def _refuses(engine: Engine) -> bool:
    async def nothing() -> None:
        return None

    try:
        engine.call(nothing)
    except EngineClosed:
        return True
    return False


def test_close_cuts_off_what_outlives_the_grace() -> None:
    engine = Engine(ignore)
    engine.start()

    async def hang() -> None:
        await asyncio.Event().wait()

    kept = engine.keep(hang)
    assert engine.close(0.01) is False
    with pytest.raises(EngineClosed):
        kept.result(DEADLINE_S)
    assert engine.close(0.01) is True


def test_close_returns_although_the_loop_is_blocked() -> None:
    engine = Engine(ignore)
    engine.start()
    release = threading.Event()

    async def block() -> None:
        release.wait(DEADLINE_S)

    engine.call(block)
    assert engine.close(0.01) is False
    release.set()


def test_an_engine_that_never_started_closes() -> None:
    assert Engine(ignore).close(1.0) is True


async def test_errors_that_nobody_awaits_are_reported_without_their_message(
    running: Running,
) -> None:
    async def fail() -> None:
        secret = CANARY  # noqa: F841  # a local that must not be shown
        raise ValueError(CANARY)

    async def forget() -> None:
        task = asyncio.get_running_loop().create_task(fail())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        del task
        gc.collect()

    running.engine.call(forget).result(DEADLINE_S)
    wait_until(lambda: bool(running.troubles))
    (trouble,) = running.troubles
    assert trouble.startswith("ValueError at ")
    assert "test_engine.py:" in trouble
    assert CANARY not in trouble


def test_a_cancelled_future_says_so() -> None:
    running = Running()

    async def hang() -> None:
        await asyncio.Event().wait()

    future = running.engine.call(hang)
    future.cancel()
    with pytest.raises(CancelledError):
        future.result(DEADLINE_S)
    assert running.engine.close(1.0)
