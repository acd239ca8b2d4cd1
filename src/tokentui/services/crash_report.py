"""What an unexpected error leaves behind: types and places, never messages or local variables."""

from __future__ import annotations

import contextlib
import sys
import threading
from typing import TYPE_CHECKING

from tokentui.services.trouble import describe

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

_HEADING = "tokentui: internal error"
_ADVICE = (
    "Report these lines to the project: they hold no secret.\n"
    "What was made until now: tokentui token list --all"
)
_NO_ERROR = "no exception is known; the terminal may be unreadable"


def crash_report(error: BaseException | None) -> str:
    """Give the text that an unexpected error leaves on the terminal."""
    what = _NO_ERROR if error is None else describe(error)
    return f"{_HEADING}\n  {what}\n{_ADVICE}"


def write_report(report: str) -> None:
    """Write to standard error as the process got it; where it takes nothing, nothing is said."""
    if sys.__stderr__ is not None:
        with contextlib.suppress(OSError):
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
