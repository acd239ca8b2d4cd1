"""Keeps Textual from showing messages and local variables when it crashes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import App

from tokentui.services.crash_report import crash_report, write_report

if TYPE_CHECKING:
    from rich.console import RenderableType


class QuietCrash(App[None]):
    """An app whose crash shows no message and no locals.

    It overrides three methods of Textual 8.2, which print both.
    """

    _crash: str | None = None

    def _fatal_error(self) -> None:
        self._stop_with(self._exception)

    def panic(self, *renderables: RenderableType) -> None:
        """Stop; Textual passes errors that draw themselves, and tracebacks of its threads."""
        errors = [item for item in renderables if isinstance(item, BaseException)]
        self._stop_with(errors[0] if errors else self._exception)

    def _print_error_renderables(self) -> None:
        if self._crash is None:
            super()._print_error_renderables()
            return
        self._exit_renderables.clear()
        write_report(self._crash)
        self._crash = None

    def _stop_with(self, error: BaseException | None) -> None:
        self._return_code = 1
        if self._crash is None:
            self._crash = crash_report(error)
        self._close_messages_no_wait()
