"""Runs the application and ends it in good order, whatever it was doing."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING

from tokentui.domain.errors import ExitCode
from tokentui.domain.ledger import EntryState
from tokentui.services.crash_report import install_hooks, install_loop_handler, write_report
from tokentui.ui.leaving import GRACE_S, left_behind

if TYPE_CHECKING:
    from tokentui.domain.ledger import Entry
    from tokentui.ui.app import TokentuiApp

# No key of the terminal sends one meanwhile, so SIGINT too is somebody else's wish.
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(app: TokentuiApp) -> int:
    """Run the application until it is left; gives the exit code, 128+n after signal n.

    What was made or asked for and is now without a known end or a holder is told on standard
    error; an unknown outcome turns success into `OUTCOME_UNKNOWN`.
    """
    reports: list[str] = []  # told after the screen is given back
    install_hooks(reports.append)
    loop = asyncio.new_event_loop()
    install_loop_handler(loop, reports.append)
    try:
        left = loop.run_until_complete(_run(app))
    finally:
        loop.close()  # unlike `asyncio.run`, waits for no thread: a resolver may hang
        install_hooks(write_report)
        for report in reports:
            write_report(report)
    for entry in left:
        write_report(f"tokentui: {left_behind(entry, app.session.when)}")
    return _exit_code(app.return_code or 0, left)


async def _run(app: TokentuiApp) -> tuple[Entry, ...]:
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, app.end_by_signal, number)
    app.session.start()
    try:
        # Over SSH every move of the mouse would cost kilobytes.
        await app.run_async(mouse="SSH_CONNECTION" not in os.environ)
    finally:
        left = await app.session.close(GRACE_S)
    return left


def _exit_code(code: int, left: tuple[Entry, ...]) -> int:
    is_unknown = any(entry.state is EntryState.UNKNOWN for entry in left)
    return ExitCode.OUTCOME_UNKNOWN if is_unknown and not code else code
