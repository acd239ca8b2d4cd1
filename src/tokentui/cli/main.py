"""The program's entry: decides what to import before it imports anything."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from typing import TYPE_CHECKING, NoReturn

from tokentui import __version__
from tokentui.domain.errors import ExitCode, Stopped, TokentuiError
from tokentui.hygiene import clean_process
from tokentui.services.crash_report import crash_report, install_hooks, write_report

if TYPE_CHECKING:
    from collections.abc import Sequence

INTERRUPTED = 130

# What the writing of output fails with; other errors of the system are named with their place.
_OUTPUT_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


def entry() -> NoReturn:
    """Run the command line and leave at once, whatever a thread still waits for."""
    code = main()
    with contextlib.suppress(OSError):
        _flush_output()
        sys.stderr.flush()
    os._exit(code)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    install_hooks()
    clean_process()
    try:
        return _run(list(sys.argv[1:] if argv is None else argv))
    except TokentuiError as error:
        _tell(error.sentence)
        return error.exit_code
    except Stopped as signal:
        return signal.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _discard_output()  # the reader went away; nothing more can be said on this stream
        return ExitCode.FAILED
    except Exception as error:  # noqa: BLE001  # a traceback would show messages, maybe secrets
        return _unexpected(error)


def _run(arguments: list[str]) -> int:
    if arguments in (["--version"], ["-V"]):
        print(f"tokentui {__version__}")
        code: int = ExitCode.DONE
    else:
        code = _command(arguments)
    _flush_output()
    return code


def _command(arguments: list[str]) -> int:
    from tokentui.cli.parser import command_of, parse

    try:
        options = parse(arguments)
    except SystemExit:
        _flush_output()
        raise
    return command_of(options)(options)


def _unexpected(error: Exception) -> int:
    if isinstance(error, OSError) and error.errno in _OUTPUT_ERRORS and error.filename is None:
        _tell(f"the output cannot be written: {os.strerror(error.errno)}: check where it goes")
        _discard_output()
    else:
        write_report(crash_report(error))
    return ExitCode.FAILED


def _flush_output() -> None:
    """Write what is buffered, while its errors can still be told and change the exit code."""
    if sys.stdout is not None:
        sys.stdout.flush()


def _discard_output() -> None:
    """Let what is still buffered go nowhere instead of failing again at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _tell(sentence: str) -> None:
    with contextlib.suppress(OSError):
        print(f"tokentui: {sentence}", file=sys.stderr)
