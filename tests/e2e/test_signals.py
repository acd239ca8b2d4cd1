"""How the interface ends when somebody else asks for it, and what it then says."""

from __future__ import annotations

import fcntl
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from command import argv, environment, tokentui
from simulator_fixtures import small_home, start_simulator
from terminal import Terminal, wait_until
from tokentui.domain.errors import ExitCode
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.simulator.server import Simulator

MINT = r"/instances/[^/]+/(token|kubeconfig)$"
INTERRUPTED = 128 + signal.SIGINT


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as simulator:
        yield simulator


@pytest.fixture
def home(sim: Simulator, tmp_path: Path) -> Path:
    return small_home(sim, tmp_path / "home")


def opened(home: Path) -> Terminal:
    return Terminal(argv(), env=environment(home), columns=160, lines=40)


def ask(terminal: Terminal, sim: Simulator) -> None:
    """Begin a request that the simulator does not answer."""
    sim.faults.add(Fault(kind=FaultKind.HOLD, path=MINT))
    terminal.wait_for("1  demo")
    terminal.send_keys("1", "Enter")
    wait_until(lambda: sim.held == 1, "the request")


def test_an_interrupt_from_outside_leaves_no_secret_on_the_terminal(home: Path) -> None:
    with opened(home) as terminal:
        terminal.wait_for("1  demo")
        terminal.send_keys("1", "Enter")
        terminal.wait_for("Token created")
        token = wait_until(terminal.clipboard, "a token in the clipboard")
        terminal.send_keys("Space")
        terminal.wait_for(token[5:35])
        os.kill(terminal.pid, signal.SIGINT)

        assert terminal.wait_exit() == INTERRUPTED
        assert not terminal.alternate_screen
        assert token[5:35] not in terminal.capture(history=True)


def test_an_interrupt_from_outside_lets_the_request_end(sim: Simulator, home: Path) -> None:
    with opened(home) as terminal:
        ask(terminal, sim)
        os.kill(terminal.pid, signal.SIGINT)
        sim.release()

        assert terminal.wait_exit() == INTERRUPTED
    found = tokentui(home, "token", "list", "--offline", "--all", "-o", "json").json["items"]
    (entry,) = [one for one in found if one["number"] is not None]
    assert entry["state"] == "lost" or entry["deliveredTo"]


def test_quitting_twice_says_which_answer_is_missing(sim: Simulator, home: Path) -> None:
    with opened(home) as terminal:
        ask(terminal, sim)
        terminal.send_keys("C-q", "C-q")

        assert terminal.wait_exit() == ExitCode.OUTCOME_UNKNOWN
        left = terminal.capture(history=True)
        assert "tokentui: #1 edge token for demo: the answer did not come, so it may" in left
        assert "internal error" not in left


def test_the_first_frame_does_not_wait_for_a_program_that_holds_the_ledger(home: Path) -> None:
    assert tokentui(home, "token", "create", "--instance", "demo", "--stdout").code == 0
    (lock,) = home.rglob("ledger.db.lock")
    with lock.open("wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with opened(home) as terminal:
            terminal.wait_for("#1")
