"""The program's entry: decides what to import before it imports anything."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING, NoReturn

from tokentui import __version__
from tokentui.domain.errors import ExitCode, Stopped, TokentuiError
from tokentui.hygiene import clean_process

if TYPE_CHECKING:
    from collections.abc import Sequence

INTERRUPTED = 130


def entry() -> NoReturn:
    """Run the command line and leave at once, whatever a thread still waits for."""
    code = main()
    with contextlib.suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    clean_process()
    if arguments in (["--version"], ["-V"]):
        print(f"tokentui {__version__}")
        return ExitCode.DONE
    try:
        return _run(arguments)
    except TokentuiError as error:
        print(f"tokentui: {error.sentence}", file=sys.stderr)
        return error.exit_code
    except Stopped as signal:
        return signal.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader went away; nothing more can be said on this stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.FAILED


def _run(arguments: list[str]) -> int:
    from tokentui.cli.parser import build_parser, command_of

    parser = build_parser()
    options = parser.parse_args(arguments)
    return command_of(options)(options)
