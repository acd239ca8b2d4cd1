"""The thread that reads keys; Textual's private parts that it overrides are pinned here."""

import os
import queue
import selectors
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from textual import constants, events
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from tokentui.ui.driver import KeyDriver

DEADLINE_S = 20.0
ESC, H = b"\x1b", b"H"


class Collecting(KeyDriver):
    """Keeps what it would send to the application."""

    def __init__(self, app: App[None]) -> None:
        super().__init__(app)
        self.messages: queue.Queue[Message] = queue.Queue()

    def process_message(self, message: Message) -> None:
        self.messages.put(message)

    def key(self) -> str:
        """Wait for the next key; gives its name."""
        message = self.messages.get(timeout=DEADLINE_S)
        assert isinstance(message, events.Key)
        return message.key


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float | None]:
    """How long the thread was ready to wait, each time that it waited."""
    asked: list[float | None] = []

    class Recording(selectors.SelectSelector):
        def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
            asked.append(timeout)
            return super().select(timeout)

    monkeypatch.setattr(selectors, "SelectSelector", Recording)
    return asked


@contextmanager
def reading() -> Iterator[tuple[Collecting, int]]:
    """Run the thread on a pipe; gives the driver and where keys are written."""
    read, write = os.pipe()
    driver = Collecting(App())
    driver.fileno = read
    thread = threading.Thread(target=driver.run_input_thread)
    thread.start()
    try:
        yield driver, write
    finally:
        driver.exit_event.set()
        thread.join(DEADLINE_S)
        assert not thread.is_alive(), "the thread does not stop when it is told to"
        driver.close()
        os.close(read)
        os.close(write)


async def test_an_escape_alone_waits_for_the_rest_and_no_longer(waits: list[float | None]) -> None:
    with reading() as (driver, write):
        os.write(write, ESC)
        assert driver.key() == "escape"
        os.write(write, H)
        assert driver.key() == "H"
    half_read = [wait for wait in waits if wait is not None]
    assert half_read
    assert all(wait <= constants.ESCAPE_DELAY for wait in half_read)


async def test_a_thread_without_keys_does_not_wake_up(waits: list[float | None]) -> None:
    with reading() as (driver, write):
        os.write(write, H)
        assert driver.key() == "H"
    assert set(waits) == {None}


async def test_a_sequence_in_two_parts_is_one_key() -> None:
    with reading() as (driver, write):
        os.write(write, ESC)
        os.write(write, b"[B")
        assert driver.key() == "down"


async def test_half_a_character_is_no_error() -> None:
    with reading() as (driver, write):
        os.write(write, "ü".encode()[:1])
        os.write(write, "ü".encode()[1:] + H)
        assert [driver.key(), driver.key()] == ["ü", "H"]


async def test_a_terminal_that_is_gone_ends_the_thread() -> None:
    read, write = os.pipe()
    driver = Collecting(App())
    driver.fileno = read
    thread = threading.Thread(target=driver.run_input_thread)
    thread.start()
    os.close(write)
    thread.join(DEADLINE_S)
    assert not thread.is_alive()
    driver.close()
    os.close(read)


def test_what_is_overridden_exists() -> None:
    assert callable(LinuxDriver.run_input_thread)
    assert "exit_event" in LinuxDriver.__init__.__code__.co_names
