"""Drops keys that were typed before the dialog that they would act on could be seen."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from textual import events
from textual._time import get_time

from tokentui.ui.crash import QuietCrash

if TYPE_CHECKING:
    from textual.driver import Driver
    from textual.widget import Widget


class SeenFirst(QuietCrash):
    """An app in which dialogs may open that no key asked for."""

    def __init__(self, driver_class: type[Driver] | None = None) -> None:
        super().__init__(driver_class=driver_class)
        self._seen_since = 0.0

    def hold_keys_for(self, dialog: Widget) -> None:
        """Drop what was typed before a dialog is drawn that was opened just now."""
        self._seen_since = math.inf
        dialog.call_after_refresh(self._seen)

    async def on_event(self, event: events.Event) -> None:
        is_typed = isinstance(event, events.Key | events.Paste) and not event.is_forwarded
        if not is_typed or event.time >= self._seen_since:
            await super().on_event(event)

    def _seen(self) -> None:
        self._seen_since = get_time()


def unasked(dialog: Widget) -> None:
    """Say of a dialog that was opened just now that no key asked for it."""
    if isinstance(dialog.app, SeenFirst):
        dialog.app.hold_keys_for(dialog)
