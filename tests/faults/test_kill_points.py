"""Kill -9 at every point between the plan and the hand-over: the ledger tells the truth."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from command import environment, tokentui
from kill_child import METHOD_OF
from simulator_fixtures import start_simulator, wait_until
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.simulator.home import write_home
from tokentui.simulator.server import Simulator

CHILD = Path(__file__).parent.parent / "kill_child.py"
WAITING = "while waiting for the answer"

EXPECTED = {
    "before the plan": (None, 0, "nothing was asked"),
    "after the plan": ("unknown", 0, "ended before the answer came"),
    WAITING: ("unknown", 1, "ended before the answer came"),
    "after the answer": ("unknown", 1, "ended before the answer came"),
    "after the record": ("lost", 1, "hand-over"),
    "after the hand-over": ("lost", 1, "hand-over"),
    "after its record": ("live", 1, ""),
}


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as simulator:
        yield simulator


@pytest.fixture
def home(sim: Simulator, tmp_path: Path) -> Path:
    return write_home(sim, tmp_path / "home")


@pytest.mark.parametrize("point", EXPECTED)
def test_the_ledger_tells_the_truth_after_a_kill(sim: Simulator, home: Path, point: str) -> None:
    if point == WAITING:
        sim.faults.add(Fault(kind=FaultKind.SLOW, path=r"/instances/[^/]+/token$", seconds=1.0))
    child = subprocess.Popen(
        [sys.executable, str(CHILD), point],
        env=environment(home),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    if point == WAITING:
        wait_until(lambda: sim.world.stackit.mint_count() == 1)
        child.kill()
    out, err = child.communicate(timeout=60)
    assert child.returncode == -signal.SIGKILL, err.decode()

    state, mints, note = EXPECTED[point]
    assert sim.world.stackit.mint_count() == mints
    entries = tokentui(home, "token", "list", "--all", "-o", "json").json["items"]
    assert [entry["state"] for entry in entries] == ([] if state is None else [state])
    assert bool(out) == (point in {"after the hand-over", "after its record"})
    for entry in entries:
        assert note in entry["note"]
        assert 0 < entry["secondsLeft"] <= 600


def test_every_point_is_covered() -> None:
    assert set(EXPECTED) == {*METHOD_OF, WAITING}
