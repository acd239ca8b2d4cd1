"""Open the terminal interface."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING

from tokentui.bootstrap import Wiring
from tokentui.domain.errors import UsageError
from tokentui.hygiene import has_terminal, prepare_textual

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping


def open_interface(options: argparse.Namespace) -> int:
    """Run the interface on this user's configuration."""
    del options
    return run_interface(os.environ)


def run_interface(environ: Mapping[str, str]) -> int:
    """Run the interface until it is left; raises `UsageError` without a terminal."""
    if not has_terminal():
        raise UsageError(
            "the interface needs a terminal on standard input, standard output and standard error",
            "see 'tokentui --help' for commands that work without one",
        )
    gc.disable()  # until the first frame is drawn; the interface switches it on again
    prepare_textual()
    # Imported after the environment is prepared: Textual reads it once, at import.
    from tokentui.services.crash_report import write_report
    from tokentui.services.engine import Engine
    from tokentui.ui.app import TokentuiApp
    from tokentui.ui.run import run
    from tokentui.ui.session import Session

    troubles: list[str] = []
    wiring = Wiring(environ, terminal_write=lambda data: app.write_terminal(data))
    session = Session(wiring, Engine(troubles.append), clock=wiring.clock, zone=wiring.zone)
    app = TokentuiApp(session)
    try:
        return run(app)
    finally:
        for trouble in troubles:
            write_report(trouble)
