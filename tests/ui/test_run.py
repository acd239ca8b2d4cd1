"""The program as a process on a pty: how it starts, idles and ends."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tokentui.domain.errors import ExitCode
from ui.pty_app import CTRL_Q, DEADLINE_S, PtyApp

TESTS = Path(__file__).resolve().parents[1]

PRELUDE = f"""
import asyncio, os, sys, time
from pathlib import Path
sys.path.insert(0, {str(TESTS)!r})
folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(os.environ["WORLD"])
from ui.fakes import BERLIN, busy_monday
from tokentui.services.engine import Engine
from tokentui.ui.app import TokentuiApp
from tokentui.ui.run import run
from tokentui.ui.session import Session
world = busy_monday(folder)
session = Session(world, Engine(lambda text: None), clock=world.clock, zone=BERLIN)
"""

PLAIN = (
    PRELUDE
    + """
os._exit(run(TokentuiApp(session)))
"""
)

FIRST_PAINT = (
    PRELUDE
    + """
calls = []
WATCHED = ("subprocess.Popen", "os.posix_spawn", "os.fork", "os.exec", "socket.connect")
sys.addaudithook(lambda event, _: calls.append(event) if event in WATCHED else None)
world.hold_opening = asyncio.Event()

class Watching(TokentuiApp):
    def on_ready(self):
        self.call_after_refresh(self.report)

    def report(self):
        for name in ("httpx", "httpcore", "keyring", "yaml", "pyperclip", "cryptography", "jwt"):
            if name in sys.modules:
                calls.append(f"import {name}")
        (folder / "report").write_text("\\n".join(calls) or "nothing")
        self.exit()

os._exit(run(Watching(session)))
"""
)

MINTING = (
    PRELUDE
    + """
from ui.fakes import DEMO
from tokentui.services.issue import Request
world.provider.hold = asyncio.Event()
import tokentui.ui.run
tokentui.ui.run.GRACE_S = 0.1

async def use(workbench):
    (offer, *_) = await workbench.issuing.offers(DEMO)
    lifetime, _ = workbench.issuing.term(offer, "10m")
    await workbench.issuing.issue(Request(offer, lifetime, "10m"))

class Minting(TokentuiApp):
    async def _open(self):
        await super()._open()
        self.run_worker(session.keep(use), exit_on_error=False)
        while not world.provider.orders:
            await asyncio.sleep(0.01)
        (folder / "asking").touch()

os._exit(run(Minting(session)))
"""
)

HUNG = (
    PRELUDE
    + """
def hang():
    (folder / "hanging").touch()
    time.sleep(60)
    (folder / "came back").touch()

async def use(workbench):
    await asyncio.to_thread(hang)

class Hanging(TokentuiApp):
    async def _open(self):
        await super()._open()
        self.run_worker(session.call(use))

os._exit(run(Hanging(session)))
"""
)


class Program(PtyApp):
    """A program on a pty that can be sent a signal, and that leaves files behind."""

    def send_signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def until_exists(self, file: Path) -> None:
        end = time.monotonic() + DEADLINE_S
        while not file.exists():
            assert time.monotonic() < end, f"{file} does not appear"
            self.quiet_for(0.02)


@pytest.fixture
def started(tmp_path: Path) -> Program:
    return Program.of_code(PLAIN, WORLD=str(tmp_path))


def test_the_first_frame_needs_no_back_end_no_process_and_no_network(tmp_path: Path) -> None:
    with Program.of_code(FIRST_PAINT, WORLD=str(tmp_path)) as app:
        assert app.finish() == 0
    assert (tmp_path / "report").read_text() == "nothing"


def test_an_idle_screen_writes_nothing(started: Program) -> None:
    with started as app:
        app.settle(b"invented ok")
        assert app.quiet_for(2.0)


def test_ctrl_q_ends_it_and_gives_the_screen_back(started: Program) -> None:
    with started as app:
        app.settle(b"invented ok")
        app.type(CTRL_Q)
        assert app.finish() == 0
        assert b"\x1b[?1049l" in app.output


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_in_order(started: Program, number: signal.Signals) -> None:
    with started as app:
        app.settle(b"invented ok")
        app.send_signal(number)
        assert app.finish() == 128 + number
        assert b"\x1b[?1049l" in app.output


def test_an_answer_that_nobody_waited_for_is_told_on_the_terminal(tmp_path: Path) -> None:
    with Program.of_code(MINTING, columns=200, WORLD=str(tmp_path)) as app:
        app.settle(b"invented ok")
        app.until_exists(tmp_path / "asking")
        app.type(CTRL_Q + CTRL_Q)
        assert app.finish() == ExitCode.OUTCOME_UNKNOWN
        shell = app.output[app.output.rindex(b"\x1b[?1049l") :]
    (line,) = [text for text in shell.splitlines() if b"tokentui: " in text]
    assert b"#13 edge token for demo: the answer did not come, so it may exist" in line


def test_a_hung_thread_does_not_keep_it_alive(tmp_path: Path) -> None:
    with Program.of_code(HUNG, WORLD=str(tmp_path)) as app:
        app.settle(b"invented ok")
        app.until_exists(tmp_path / "hanging")
        app.type(CTRL_Q)
        assert app.finish() == 0
    assert not (tmp_path / "came back").exists()


def test_importing_the_command_line_imports_no_interface() -> None:
    code = "import sys, tokentui.cli.main; print('textual' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
