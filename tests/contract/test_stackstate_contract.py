"""The StackState adapter passes the contract suite against servers of today and of old."""

from __future__ import annotations

import gc
import itertools
from typing import TYPE_CHECKING

import pytest

from simulator_fixtures import start_simulator
from stackstate_connection import connected, connection_to
from tokentui.providers.stackstate import PROVIDER
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.simulator.stackstate.model import ServerAge
from tokentui.simulator.stackstate.world import LAB, PROD
from tokentui.testing import ProviderContract

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping
    from pathlib import Path

    from tokentui.domain.model import FieldValue, Offer
    from tokentui.providers.base import Provider, ProviderPlugin
    from tokentui.simulator.server import Simulator
    from tokentui.testing import World

TOKENS = "/security/tokens"
MINT = f"{TOKENS}$"
CHANGE = f"{TOKENS}/[0-9]+$"
LISTS = "/server/info$"

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
        posts = [one for one in self._sim.requests.all() if one.method == "POST"]
        return sum(one.path.endswith(TOKENS) for one in posts)

    def mints(self) -> int:
        return self._sim.stackstate.mints()

    def cut_next_mint(self) -> None:
        cut = Fault(kind=FaultKind.CUT, method="POST", path=MINT, times=1, acts=True)
        self._sim.faults.add(cut)

    def refuse_next_mint(self) -> None:
        refusal = Fault(
            kind=FaultKind.STATUS, method="POST", status=409, path=MINT, times=1, body="{}"
        )
        self._sim.faults.add(refusal)

    def change_requests(self) -> int:
        return self._sim.requests.count("DELETE", f"{TOKENS}/")

    def cut_next_change(self) -> None:
        cut = Fault(kind=FaultKind.CUT, method="DELETE", path=CHANGE, times=1, acts=True)
        self._sim.faults.add(cut)

    def hold_lists(self) -> None:
        self._sim.faults.add(Fault(kind=FaultKind.HOLD, path=LISTS))

    def held(self) -> int:
        return self._sim.held


class StackstateContract(ProviderContract):
    server = PROD
    age = ServerAge.CURRENT

    def values(self, offer: Offer) -> Mapping[str, FieldValue]:
        """Give each a name of its own: an ingestion token has a role of that name."""
        number = next(self._numbers)
        values: dict[str, FieldValue] = {"name": f"contract-{number}"}
        if any(field.key == "roles" for field in offer.fields):
            values["roles"] = ("stackstate-guest",)
        return {field.key: field.default for field in offer.fields} | values

    _numbers = itertools.count(1)

    @pytest.fixture
    def sim(self) -> Iterator[Simulator]:
        with start_simulator() as sim:
            sim.world.stackstate.servers[self.server].age = self.age
            yield sim

    @pytest.fixture
    def world(self, sim: Simulator) -> World:
        return SimulatedWorld(sim)

    @pytest.fixture
    def plugin(self) -> ProviderPlugin:
        return PROVIDER

    @pytest.fixture
    async def provider(self, sim: Simulator, tmp_path: Path) -> AsyncIterator[Provider]:
        async with connected(connection_to(sim, tmp_path, server=self.server)) as provider:
            yield provider

    @pytest.fixture
    async def hostile_provider(self, tmp_path: Path) -> AsyncIterator[Provider]:
        with start_simulator("hostile") as sim:
            connection = connection_to(sim, tmp_path / "hostile", server=self.server)
            async with connected(connection) as provider:
                yield provider


class TestStackstate(StackstateContract):
    pass


class TestOldStackstate(StackstateContract):
    server = LAB
    age = ServerAge.OLD


class TestVeryOldStackstate(StackstateContract):
    server = LAB
    age = ServerAge.VERY_OLD
