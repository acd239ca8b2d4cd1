"""The STACKIT adapter passes the contract suite against the simulator."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

from simulator_fixtures import start_simulator
from stackit_connection import connected, connection_to
from tokentui.providers.stackit import PROVIDER
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.testing import ProviderContract

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from tokentui.providers.base import Provider, ProviderPlugin
    from tokentui.simulator.server import Simulator
    from tokentui.testing import World

MINT = "/(token|kubeconfig)$"
LISTS = "/instances$"

# A connection that was being opened when its listing was cancelled is left to the collector by
# the HTTP library; it is collected within the test that made it.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    yield
    gc.collect()


class SimulatedWorld:
    """The simulator as the contract suite drives it."""

    def __init__(self, sim: Simulator) -> None:
        self._sim = sim

    def mint_requests(self) -> int:
        edge = [one for one in self._sim.requests.all() if one.path.startswith("/stackit/edge/")]
        return sum(one.path.endswith(("/token", "/kubeconfig")) for one in edge)

    def mints(self) -> int:
        return self._sim.stackit.mints()

    def cut_next_mint(self) -> None:
        self._sim.faults.add(Fault(kind=FaultKind.CUT, path=MINT, times=1, acts=True))

    def refuse_next_mint(self) -> None:
        refusal = Fault(kind=FaultKind.STATUS, status=409, path=MINT, times=1, body="{}")
        self._sim.faults.add(refusal)

    def hold_lists(self) -> None:
        self._sim.faults.add(Fault(kind=FaultKind.HOLD, path=LISTS))

    def held(self) -> int:
        return self._sim.held


class TestStackit(ProviderContract):
    @pytest.fixture
    def sim(self) -> Iterator[Simulator]:
        with start_simulator() as sim:
            yield sim

    @pytest.fixture
    def world(self, sim: Simulator) -> World:
        return SimulatedWorld(sim)

    @pytest.fixture
    def plugin(self) -> ProviderPlugin:
        return PROVIDER

    @pytest.fixture
    async def provider(self, sim: Simulator, tmp_path: Path) -> AsyncIterator[Provider]:
        async with connected(connection_to(sim, tmp_path)) as provider:
            yield provider

    @pytest.fixture
    async def hostile_provider(self, tmp_path: Path) -> AsyncIterator[Provider]:
        with start_simulator("hostile") as sim:
            async with connected(connection_to(sim, tmp_path / "hostile")) as provider:
                yield provider
