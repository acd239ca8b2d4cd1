"""Takes a secret out of the clipboard again after its time, also when its dialog is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.domain.errors import TokentuiError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

    from textual.timer import Timer

    from tokentui.domain.receipt import Receipt
    from tokentui.services.workbench import Workbench
    from tokentui.ui.app import TokentuiApp
    from tokentui.ui.session import Session

LEFT_THERE = "stays in the clipboard until you copy something else"


class ClipboardKeeper:
    """Holds the receipt of the last copy; one for the whole program.

    `latest` is that receipt, also after the copy was cleared. `clears_at` is None unless it will
    be cleared by itself. `sentence` says what became of it.
    `on_change` is called whenever either changes, on the interface's loop.
    """

    def __init__(self, app: TokentuiApp, session: Session) -> None:
        self._app = app
        self._session = session
        self._receipt: Receipt | None = None
        self._timer: Timer | None = None
        self.latest: Receipt | None = None
        self.clears_at: datetime | None = None
        self.sentence = ""
        self.on_change: Callable[[], None] | None = None

    @property
    def holds_something(self) -> bool:
        """Whether a copy is out there that was neither cleared nor left on purpose."""
        return self._receipt is not None

    def hold(self, receipt: Receipt, clear_after: timedelta) -> None:
        """Clear this copy after its time, in place of any earlier one."""
        self._stop()
        self._receipt = self.latest = receipt
        self.sentence = ""
        self.clears_at = self._session.now() + clear_after
        self._timer = self._app.set_timer(clear_after.total_seconds(), self._time_is_up)
        self._changed()

    def keep(self) -> bool:
        """Leave it there; False if nothing is held."""
        held = self._receipt is not None
        self._stop()
        self._receipt = None
        self.sentence = LEFT_THERE if held else self.sentence
        self._changed()
        return held

    async def clear(self) -> None:
        """Clear it now; `sentence` says what is known of that."""
        receipt = self._receipt
        self._stop()
        if receipt is None:
            return
        self._receipt = None

        async def take_out(bench: Workbench) -> str:
            return await bench.delivering.clear_clipboard(receipt)

        try:
            self.sentence = await self._session.call(take_out)
        except TokentuiError as error:
            self.sentence = f"not cleared: {error.sentence}"
        self._changed()

    def _time_is_up(self) -> None:
        self._app.run_worker(self._expire(), group="clipboard", description="clear the clipboard")

    async def _expire(self) -> None:
        await self.clear()
        if self.on_change is None:
            self._app.say(f"clipboard: {self.sentence}", "$text-muted")

    def _stop(self) -> None:
        self.clears_at = None
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _changed(self) -> None:
        if self.on_change is not None:
            self.on_change()
