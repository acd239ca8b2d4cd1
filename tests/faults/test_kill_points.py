"""Kill -9 at every point between the plan and the end: the ledger tells the truth."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kill_child import LEDGER_POINTS
from killed import entries, start, wait_for_death
from simulator_fixtures import small_home, start_simulator, wait_until
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.simulator.server import Simulator

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
    return small_home(sim, tmp_path / "home")


@pytest.mark.parametrize("point", EXPECTED)
def test_the_ledger_tells_the_truth_after_a_kill(sim: Simulator, home: Path, point: str) -> None:
    if point == WAITING:
        sim.faults.add(Fault(kind=FaultKind.SLOW, path=r"/instances/[^/]+/token$", seconds=1.0))
    child = start(home, "stdout", point)
    if point == WAITING:
        wait_until(lambda: sim.world.stackit.mint_count() == 1)
        child.kill()
    out = wait_for_death(child)

    state, mints, note = EXPECTED[point]
    assert sim.world.stackit.mint_count() == mints
    found = entries(home)
    assert [entry["state"] for entry in found] == ([] if state is None else [state])
    assert bool(out) == (point in {"after the hand-over", "after its record"})
    for entry in found:
        assert note in entry["note"]
        assert 0 < entry["secondsLeft"] <= 600


def test_every_point_is_covered() -> None:
    assert set(EXPECTED) == {*LEDGER_POINTS, WAITING}
