"""Questions to the person at the terminal, and what standard input brings instead."""

from __future__ import annotations

import asyncio
import sys
import termios
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tokentui.domain.errors import UsageError
from tokentui.domain.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_SECRET = 1 << 20
"""Characters, far more than any credential has."""
_ECHO_FLAGS = 3  # the place of the local flags in what termios gives


def has_person() -> bool:
    """Say whether somebody can answer."""
    return sys.stdin is not None and sys.stdin.isatty()


async def agrees(question: str) -> bool:
    """Ask yes or no; anything but yes is no."""
    return (await answer(f"{question} [y/N] ")).lower() in {"y", "yes"}


async def answer(question: str) -> str:
    """Ask for a line. A signal ends the waiting, as the loop does not block."""
    sys.stderr.write(question)
    sys.stderr.flush()
    loop, ready = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(sys.stdin.fileno(), ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(sys.stdin.fileno())
    return sys.stdin.readline().strip()


async def read_secret(question: str) -> Secret:
    """Ask for a secret without showing it, or take all of standard input.

    Raises `UsageError` if there is none, or nothing that can be one.
    """
    if has_person():
        with _without_echo():
            secret = Secret(await answer(question))
    else:
        secret = await asyncio.to_thread(_all_of_input)
    if not secret:
        raise UsageError("no secret was given", "give it on standard input")
    return secret


def _all_of_input() -> Secret:
    raw = sys.stdin.buffer.read(LONGEST_SECRET + 1)
    try:
        secret = Secret(raw.decode().strip())
    except UnicodeDecodeError:
        raise UsageError("standard input holds no text", "give the secret alone") from None
    if len(raw) > LONGEST_SECRET:
        raise UsageError("standard input holds no secret: it is too long", "give it alone")
    return secret


@contextmanager
def _without_echo() -> Iterator[None]:
    """Hide what is typed; the terminal is as before afterwards, whatever ends the waiting."""
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    hidden = termios.tcgetattr(terminal)
    hidden[_ECHO_FLAGS] &= ~termios.ECHO
    termios.tcsetattr(terminal, termios.TCSAFLUSH, hidden)
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSAFLUSH, before)
        sys.stderr.write("\n")
        sys.stderr.flush()
