"""Run coroutines of the services for one command, and end in good order."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from tokentui.bootstrap import Wiring
from tokentui.cli.output import note
from tokentui.domain.errors import Stopped, StorageError, TokentuiError, UsageError
from tokentui.services.crash_report import install_loop_handler

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from tokentui.domain.model import ProfileName
    from tokentui.services.workbench import Workbench

T = TypeVar("T")

WAIT_FOR_ANSWER_S = 10.0
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(slots=True)
class UnderWay:
    """Whether a request that changes something is sent, and whether a signal asked to stop.

    `begun`: one was sent, or may have been. Once it is `stopping`, a command begins no other.
    """

    busy: bool = False
    begun: bool = False
    stopping: bool = False

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Let signals wait for what is done in here."""
        self.busy = self.begun = True
        try:
            yield
        finally:
            self.busy = False


def run(use: Callable[[Workbench], Awaitable[T]], under_way: UnderWay | None = None) -> T:
    """Open the workbench, use it, close it; problems of the configuration are said on the way.

    A signal ends the command at once, unless something is `under_way`: that has
    `WAIT_FOR_ANSWER_S` to finish, so that its outcome is on record. Raises `Stopped` or what
    `use` raises.
    """
    loop = asyncio.new_event_loop()
    install_loop_handler(loop)
    try:
        return loop.run_until_complete(_run(use, under_way or UnderWay()))
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()  # unlike `asyncio.run`, waits for no thread: a resolver may hang


async def _run(use: Callable[[Workbench], Awaitable[T]], under_way: UnderWay) -> T:
    wiring = Wiring(os.environ)
    stopped = _on_signals(under_way)
    try:
        workbench = await wiring.open()
        for problem in (*workbench.config.problems, *_damage(workbench)):
            note(f"tokentui: {problem.sentence}")
        using: asyncio.Future[T] = asyncio.ensure_future(use(workbench))
        both: set[asyncio.Future[T] | asyncio.Future[int]] = {using, stopped}
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        if stopped.done() and not using.done():
            if under_way.busy:
                note("tokentui: stopping as soon as the request under way is answered")
                await asyncio.wait({using}, timeout=WAIT_FOR_ANSWER_S)
            using.cancel()
            await asyncio.wait({using})
            error = None if using.cancelled() else using.exception()
            if isinstance(error, TokentuiError):
                note(f"tokentui: {error.sentence}")
            if not under_way.begun:
                note("tokentui: stopped; nothing was sent")
            raise Stopped(stopped.result())
        return using.result()
    finally:
        stopped.cancel()
        await wiring.close()


def _damage(workbench: Workbench) -> tuple[StorageError, ...]:
    damage = workbench.ledger.damage()
    return (StorageError(damage),) if damage else ()


def _on_signals(under_way: UnderWay) -> asyncio.Future[int]:
    loop = asyncio.get_running_loop()
    stopped: asyncio.Future[int] = loop.create_future()

    def stop(number: int) -> None:
        under_way.stopping = True  # at once: whoever waits for `stopped` wakes up later
        if not stopped.done():
            stopped.set_result(number)

    for number in _SIGNALS:
        loop.add_signal_handler(number, stop, number)
    return stopped


def chosen(workbench: Workbench, names: Sequence[str]) -> tuple[ProfileName, ...]:
    """Give the profiles that `--profile` names, all without it; raises `UsageError`."""
    known = tuple(profile.name for profile in workbench.config.profiles)
    if not known:
        raise UsageError(
            f"no profile can be used: {workbench.config.path} has none without a problem",
            "see 'tokentui profile list', or look around with 'tokentui demo'",
        )
    for name in names:
        if name not in known and any(f".{name}" in p.message for p in workbench.config.problems):
            raise UsageError(f"profile {name!r} has a problem and cannot be used", "see above")
        if name not in known:
            raise UsageError(
                f"there is no profile {name!r} in {workbench.config.path}",
                f"known profiles: {', '.join(known) or 'none'}",
            )
    return tuple(name for name in known if not names or name in names)
