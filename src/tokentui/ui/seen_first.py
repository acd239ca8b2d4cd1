"""Drops keys that were typed before the dialog that they would act on could be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual import events
from textual._time import get_time

from tokentui.ui.crash import QuietCrash

if TYPE_CHECKING:
    from textual.driver import Driver
    from textual.screen import Screen


class SeenFirst(QuietCrash):
    """An app in which dialogs may open that no key asked for."""

    def __init__(self, driver_class: type[Driver] | None = None) -> None:
        super().__init__(driver_class=driver_class)
        self._unseen: Screen[Any] | None = None
        self._seen_since = 0.0

    def hold_keys_for(self, dialog: Screen[Any]) -> None:
        """Drop what was typed before a dialog is drawn that was opened just now."""
        self._unseen = dialog

    def post_display_hook(self) -> None:
        dialog = self._unseen
        if dialog is not None and dialog is self.screen and dialog.is_mounted and dialog.size:
            self._unseen = None
            self._seen_since = get_time()

    async def on_event(self, event: events.Event) -> None:
        is_typed = isinstance(event, events.Key | events.Paste) and not event.is_forwarded
        if not (is_typed and self._is_too_early(event)):
            await super().on_event(event)

    def _is_too_early(self, event: events.Event) -> bool:
        is_waited_for = self._unseen is not None and self._unseen in self.screen_stack
        return is_waited_for or event.time < self._seen_since


def unasked(dialog: Screen[Any]) -> None:
    """Say of a dialog that was opened just now that no key asked for it."""
    if isinstance(dialog.app, SeenFirst):
        dialog.app.hold_keys_for(dialog)
