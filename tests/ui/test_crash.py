from __future__ import annotations

import asyncio
import re
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from tokentui.services.crash_report import crash_report, install_hooks, install_loop_handler
from ui.pty_app import PtyApp

if TYPE_CHECKING:
    from collections.abc import Iterator

CANARY = "canary-9c41d7"

PROGRAM = """
import sys
from textual.app import App
from textual.widgets import Label
from textual.drivers.linux_driver import LinuxDriver
from tokentui.ui.crash import QuietCrash

class DrawsItself(Exception):
    def __rich__(self):
        return "CANARY"

def fail(kind=RuntimeError):
    token = "CANARY"
    headers = {"Authorization": f"Bearer {token}"}
    try:
        raise KeyError(token, headers)
    except KeyError as error:
        raise kind(f"bad token {token}") from error

class CrashApp(BASE):
    BINDINGS = [("x", "crash", "Crash")]

    def compose(self):
        if PLACE == "start": fail()
        yield Label("ready")

    def on_mount(self):
        if PLACE == "worker": self.run_worker(self.work(), description="crash")
        if PLACE == "thread": self.run_worker(lambda: fail(), thread=True, description="crash")
        if PLACE == "rich": fail(DrawsItself)

    async def work(self):
        token = "CANARY"
        fail()

    def action_crash(self):
        token = "CANARY"
        fail()

PLACE = "@PLACE@"
if PLACE == "input": LinuxDriver.run_input_thread = lambda self: fail()
app = CrashApp()
app.run()
sys.exit(app.return_code or 0)
"""


def crash(place: str, base: str = "QuietCrash") -> tuple[int, str]:
    """Crash an app on a pty; gives its exit code and what it wrote."""
    code = PROGRAM.replace("BASE", base).replace("CANARY", CANARY).replace("@PLACE@", place)
    with PtyApp.of_code(code) as app:
        if place == "action":
            app.settle(b"ready")
            app.type(b"x")
        status = app.finish()
        return status, app.output.decode(errors="replace")


@pytest.mark.parametrize("place", ["action", "worker", "thread", "start", "rich"])
def test_a_crash_shows_type_and_place_only(place: str) -> None:
    status, output = crash(place)
    assert status == 1
    assert CANARY not in output
    kind = "DrawsItself" if place == "rich" else "RuntimeError"
    assert re.search(rf"{kind} at <string>:\d+", output)
    assert re.search(r"caused by KeyError at <string>:\d+", output)
    assert "Report these lines" in output
    left_the_screen = output.rindex("\x1b[?1049l")
    assert output.index("tokentui: internal error") > left_the_screen


def test_a_crash_of_the_input_thread_shows_no_message() -> None:
    status, output = crash("input")
    assert status == 1
    assert CANARY not in output
    assert "no exception is known" in output


@pytest.mark.parametrize("place", ["action", "thread", "input"])
def test_the_canary_shows_without_our_handling(place: str) -> None:
    _, output = crash(place, base="App")
    assert CANARY in output


def test_only_the_first_of_several_crashes_is_told() -> None:
    _, output = crash("worker")
    assert output.count("tokentui: internal error") == 1
    assert "textual run" not in output


@pytest.fixture
def reports() -> Iterator[list[str]]:
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    taken: list[str] = []
    install_hooks(taken.append)
    yield taken
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks


def fail() -> None:
    token = CANARY
    raise ValueError(token)


def test_the_main_hook_tells_type_and_place(reports: list[str]) -> None:
    try:
        fail()
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    assert "ValueError at ui/test_crash.py:" in reports[0]
    assert CANARY not in reports[0]


def test_the_thread_hook_tells_type_and_place(reports: list[str]) -> None:
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert "ValueError at " in reports[0]
    assert CANARY not in reports[0]


def test_the_destructor_hook_tells_type_and_place(reports: list[str]) -> None:
    class Broken:
        def __del__(self) -> None:
            fail()

    Broken()
    assert "ValueError at " in reports[0]
    assert CANARY not in reports[0]


async def test_the_loop_handler_tells_type_and_place() -> None:
    reports: list[str] = []
    loop = asyncio.get_running_loop()
    install_loop_handler(loop, reports.append)
    loop.call_soon(fail)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert "ValueError at " in reports[0]
    assert CANARY not in reports[0]


def test_a_crash_without_an_error_still_says_something() -> None:
    assert "no exception is known" in crash_report(None)
