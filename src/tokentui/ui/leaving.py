"""How the program is left: never over a request that makes a credential without saying so."""

from __future__ import annotations

import asyncio
import contextlib
from functools import partial
from typing import TYPE_CHECKING

from tokentui.domain.ledger import EntryState
from tokentui.domain.text import clean
from tokentui.ui.holding import AsksToStay, HoldsSecret
from tokentui.ui.present import counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.screen import Screen

    from tokentui.domain.ledger import Entry
    from tokentui.ui.app import TokentuiApp
    from tokentui.ui.present import When

GRACE_S = 10.0
_CLIPBOARD_S = 3.0


class Leaving:
    """The first wish to quit waits for requests under way, the second does not."""

    def __init__(self, app: TokentuiApp) -> None:
        self._app = app
        self._asked = False

    def ask(self) -> None:
        """Leave, or say what is under way and leave once it is over."""
        in_flight = self._app.session.in_flight
        reason = next(filter(None, map(_why_stay, self._app.all_screens())), "")
        if self._asked or not (in_flight or reason):
            self.go(0)
            return
        self._asked = True
        if reason:
            self._app.say(f"{reason}; ^q again quits all the same")
            return
        self._app.say(
            f"{counted(in_flight, 'request')} under way that makes a credential: quitting once "
            f"the answer is here, ^q again waits {GRACE_S:g} s at most"
        )
        self._app.work(self._when_landed, "wait for requests")

    def forget(self) -> None:
        """Take back a wish to quit: something else was done meanwhile."""
        self._asked = False

    def go(self, return_code: int) -> None:
        """Leave now; secrets are painted over first, since terminals keep the last frame."""
        self._app.blank()
        self._app.work(partial(self._end, return_code), "end")

    async def end_by_signal(self, signal_number: int) -> None:
        """Leave as a signal asks, after requests under way had their time."""
        self._app.blank()
        # What is still under way after that is recorded by the end of the engine.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GRACE_S):
                await self._app.session.all_landed()
        await self._end(128 + signal_number)

    async def _end(self, return_code: int) -> None:
        """Clear the clipboard while the terminal can still be written to, and end."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_CLIPBOARD_S):
                await self._app.flow.keeper.clear()
        self._app.call_after_refresh(self._app.exit, None, return_code)

    async def _when_landed(self) -> None:
        await self._app.session.all_landed()
        # The answer opens its dialog in the same turn of the loop or the next one.
        await asyncio.sleep(0)
        reason = next(filter(None, map(_why_stay, self._app.all_screens())), "")
        if reason:
            self._asked = False
            self._app.say(reason)
        else:
            self.go(0)


def blank(screens: Iterable[Screen[object]]) -> None:
    """Take every secret off these screens."""
    for screen in screens:
        if isinstance(screen, HoldsSecret):
            screen.blank()


def left_behind(entry: Entry, when: When) -> str:
    """Say what became of an entry whose answer or secret nobody waited for."""
    plan, end = entry.plan, entry.may_live_until
    what = clean(f"#{entry.number} {plan.noun} for {plan.target_name}")
    if entry.state is EntryState.UNKNOWN:
        fate = "the answer did not come, so it may exist and live"
    else:
        fate = "it was made and its secret is gone, it may live"
    return f"{what}: {fate} {'for ever' if end is None else f'until {when.exact(end)}'}"


def _why_stay(screen: Screen[object]) -> str:
    return screen.why_stay() if isinstance(screen, AsksToStay) else ""
