"""Runs the application and ends it in good order, whatever it was doing."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING

from tokentui.ui.crash import install_hooks, install_loop_handler, write_report
from tokentui.ui.leaving import GRACE_S

if TYPE_CHECKING:
    from tokentui.ui.app import TokentuiApp

_SIGNALS = (signal.SIGTERM, signal.SIGHUP)


def run(app: TokentuiApp) -> int:
    """Run the application until it is left; gives the exit code, 128+n after signal n."""
    reports: list[str] = []  # told after the screen is given back
    install_hooks(reports.append)
    loop = asyncio.new_event_loop()
    install_loop_handler(loop, reports.append)
    try:
        return loop.run_until_complete(_run(app))
    finally:
        loop.close()  # unlike `asyncio.run`, waits for no thread: a resolver may hang
        install_hooks(write_report)
        for report in reports:
            write_report(report)


async def _run(app: TokentuiApp) -> int:
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, app.end_by_signal, number)
    app.session.start()
    try:
        # Over SSH every move of the mouse would cost kilobytes.
        await app.run_async(mouse="SSH_CONNECTION" not in os.environ)
    finally:
        await app.session.close(GRACE_S)
    return app.return_code or 0
