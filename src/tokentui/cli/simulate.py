"""`tokentui simulator` and `tokentui demo`: the systems' APIs on loopback, for trying things."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tokentui.cli.output import note
from tokentui.domain.errors import ExitCode, UsageError

if TYPE_CHECKING:
    import argparse

_NEEDS_EXTRA = ("the simulator is not installed", "install it with: pip install 'tokentui[demo]'")


def serve(options: argparse.Namespace) -> int:
    """Serve the systems until Ctrl+C."""
    try:
        from tokentui.simulator.errors import SimulatorError
        from tokentui.simulator.server import serve as serve_until_stopped
    except ImportError:
        raise UsageError(*_NEEDS_EXTRA) from None
    home = Path(options.write_home) if options.write_home else None
    try:
        serve_until_stopped(
            note,
            seed=options.seed,
            port=options.port,
            home=home,
            start=_instant(options.clock) if options.clock else None,
        )
    except SimulatorError as error:
        raise UsageError(f"the simulator cannot start: {error}") from None
    return ExitCode.DONE


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise UsageError(
            f"--clock {text!r} is not an instant with a zone", "write it like 2026-10-05T12:22:00Z"
        )
    return at


def demo(options: argparse.Namespace) -> int:
    """Open the interface on a simulator of its own; nothing of the user's is touched."""
    del options
    try:
        from tokentui.bootstrap.demo import demo_world
    except ImportError:
        raise UsageError(*_NEEDS_EXTRA) from None
    from tokentui.cli.tui import run_interface

    with demo_world(os.environ) as environ:
        os.environ.update(environ)  # so that `~` is a place in the demo, too
        return run_interface(environ)
