"""Run coroutines of the services for one command, and end in good order."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING, TypeVar

from tokentui.bootstrap import Wiring
from tokentui.domain.errors import Stopped, UsageError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from tokentui.domain.model import ProfileName
    from tokentui.services.workbench import Workbench

T = TypeVar("T")

WAIT_FOR_ANSWER_S = 10.0
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(use: Callable[[Workbench], Awaitable[T]]) -> T:
    """Open the workbench, use it, close it.

    A signal lets a request that is under way finish for `WAIT_FOR_ANSWER_S`, so that its outcome
    is on record, and then ends the command. Raises `Stopped` or what `use` raises.
    """
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(_run(use))
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()  # unlike `asyncio.run`, waits for no thread: a resolver may hang


async def _run(use: Callable[[Workbench], Awaitable[T]]) -> T:
    wiring = Wiring(os.environ)
    stopped = _on_signals()
    try:
        workbench = await wiring.open()
        using: asyncio.Future[T] = asyncio.ensure_future(use(workbench))
        both: set[asyncio.Future[T] | asyncio.Future[int]] = {using, stopped}
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        if stopped.done() and not using.done():
            await asyncio.wait({using}, timeout=WAIT_FOR_ANSWER_S)
            using.cancel()
            await asyncio.wait({using})
            raise Stopped(stopped.result())
        return using.result()
    finally:
        stopped.cancel()
        await wiring.close()


def _on_signals() -> asyncio.Future[int]:
    loop = asyncio.get_running_loop()
    stopped: asyncio.Future[int] = loop.create_future()

    def stop(number: int) -> None:
        if not stopped.done():
            stopped.set_result(number)

    for number in _SIGNALS:
        loop.add_signal_handler(number, stop, number)
    return stopped


def chosen(workbench: Workbench, names: Sequence[str]) -> tuple[ProfileName, ...]:
    """Give the profiles that `--profile` names, all without it; raises `UsageError`."""
    known = tuple(profile.name for profile in workbench.config.profiles)
    for name in names:
        if name not in known:
            raise UsageError(
                f"there is no profile {name!r} in {workbench.config.path}",
                f"known profiles: {', '.join(known) or 'none'}",
            )
    return tuple(name for name in known if not names or name in names)
