"""Reads the terminal's keys without the waits of Textual's own input thread.

That one (Textual 8.2.8) looks every 100 ms whether an Escape stands alone, whatever `ESCDELAY`
says: a key typed meanwhile is taken for one with Alt, and both are lost. It also wakes up ten
times a second for nothing. Private parts are overridden here, which tests/ui/test_driver.py pins.
"""

from __future__ import annotations

import os
import selectors
import threading
from codecs import getincrementaldecoder
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from textual._parser import ParseError
from textual._time import get_time
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import App
    from textual.message import Message

_READ_BYTES = 4096


class KeyDriver(LinuxDriver):
    """Waits for keys, for the end of a half-read sequence, and to be told to stop."""

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self.exit_event = self._bell = _Bell()

    def run_input_thread(self) -> None:
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")(errors="replace").decode
        # As Textual does: on macOS the other selectors know no terminals.
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self._bell.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                is_ready = bool(selector.select(_wait_s(parser)))
                self._pass_on(parser.tick())
                if is_ready and not self.exit_event.is_set():
                    try:
                        read = os.read(self.fileno, _READ_BYTES)
                    except OSError:
                        break  # the terminal is gone; a signal says so to the program
                    if not read:
                        break
                    self._pass_on(parser.feed(decode(read)))
        with suppress(EOFError, ParseError):
            self._pass_on(parser.feed(""))

    def close(self) -> None:
        super().close()
        self._bell.close()

    def _pass_on(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.process_message(message)


class _Bell(threading.Event):
    """An event that also wakes up whoever waits in `select`."""

    def __init__(self) -> None:
        super().__init__()
        self.fileno, self._write = os.pipe()

    def set(self) -> None:
        super().set()
        os.write(self._write, b"\0")

    def clear(self) -> None:
        os.read(self.fileno, _READ_BYTES)
        super().clear()

    def close(self) -> None:
        os.close(self._write)
        os.close(self.fileno)


def _wait_s(parser: XTermParser) -> float | None:
    """Give how long a sequence that is half read may still take; None: nothing is half read."""
    due: float | None = parser._timeout_time
    return None if due is None else max(0.0, due - get_time())
