"""What a crash shows: the types and places of the errors, never messages or local variables."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

from textual.app import App

from tokentui.services.trouble import describe

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from rich.console import RenderableType

_HEADING = "An error inside tokentui:"
_ADVICE = (
    "Report these lines to the project: they hold no secret.\n"
    "What was made until now: tokentui ledger list"
)
_NO_ERROR = "no exception is known; the terminal may be unreadable"


def crash_report(error: BaseException | None) -> str:
    """Give the text that a crash leaves on the terminal."""
    what = _NO_ERROR if error is None else describe(error)
    return f"{_HEADING}\n  {what}\n{_ADVICE}"


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


def write_report(report: str) -> None:
    """Write to standard error, past Textual's redirection."""
    if sys.__stderr__ is not None:
        sys.__stderr__.write(report + "\n")
        sys.__stderr__.flush()


def install_hooks(report: Callable[[str], None] = write_report) -> None:
    """Give `report` the types and places of errors that nothing catches, in any thread."""

    def in_main(_type: type[BaseException], error: BaseException, _traceback: object) -> None:
        report(crash_report(error))

    def in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            report(crash_report(args.exc_value))

    def in_destructor(args: sys.UnraisableHookArgs) -> None:
        if args.exc_value is not None:
            report(crash_report(args.exc_value))

    sys.excepthook = in_main
    threading.excepthook = in_thread
    sys.unraisablehook = in_destructor


def install_loop_handler(
    loop: asyncio.AbstractEventLoop, report: Callable[[str], None] = write_report
) -> None:
    """Give `report` the types and places of errors that a loop would log with their message."""

    def in_loop(_loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        error = context.get("exception")
        report(crash_report(error if isinstance(error, BaseException) else None))

    loop.set_exception_handler(in_loop)
