"""The KKP adapter passes the contract suite against installations of today and of old."""

from __future__ import annotations

import gc
import itertools
import re
from typing import TYPE_CHECKING

import pytest

from kubermatic_connection import connected, connection_to
from simulator_fixtures import start_simulator
from tokentui.providers.kubermatic import PROVIDER
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.simulator.kubermatic.world import MAIN
from tokentui.testing import ProviderContract

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping
    from pathlib import Path

    from tokentui.domain.model import FieldValue, Offer
    from tokentui.providers.base import Provider, ProviderPlugin
    from tokentui.simulator.server import Simulator
    from tokentui.testing import World

MINT = "/tokens$|/kubeconfig$"
CHANGE = "/tokens/[^/]+$|/token$|/viewertoken$"
_MINTS = re.compile(r"POST .*/tokens|PUT .*/tokens/[^/]+|GET .*/kubeconfig")
_CHANGES = re.compile(r"DELETE .*/tokens/[^/]+|PUT .*/(viewer)?token")

# A connection that was being opened when its listing was cancelled is left to the collector by
# the HTTP library; it is collected within the test that made it.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    yield
    gc.collect()


class SimulatedWorld:
    """The simulator as the contract suite drives it."""

    def __init__(self, sim: Simulator, server: str) -> None:
        self._sim = sim
        self._server = sim.world.kubermatic.servers[server]

    def mint_requests(self) -> int:
        return self._count(_MINTS)

    def mints(self) -> int:
        return self._server.mints + self._server.downloads

    def cut_next_mint(self) -> None:
        self._sim.faults.add(Fault(kind=FaultKind.CUT, path=MINT, times=1, acts=True))

    def refuse_next_mint(self) -> None:
        refusal = Fault(kind=FaultKind.STATUS, status=409, path=MINT, times=1, body="{}")
        self._sim.faults.add(refusal)

    def change_requests(self) -> int:
        return self._count(_CHANGES)

    def cut_next_change(self) -> None:
        self._sim.faults.add(Fault(kind=FaultKind.CUT, path=CHANGE, times=1, acts=True))

    def hold_lists(self) -> None:
        self._sim.faults.add(Fault(kind=FaultKind.HOLD, path="/projects$"))

    def held(self) -> int:
        return self._sim.held

    def _count(self, wanted: re.Pattern[str]) -> int:
        asked = (f"{one.method} {one.path}" for one in self._sim.requests.all())
        return sum(bool(wanted.fullmatch(one)) for one in asked)


class KubermaticContract(ProviderContract):
    server = MAIN

    def values(self, offer: Offer) -> Mapping[str, FieldValue]:
        """Give each token a name of its own: an account has each name once."""
        return {field.key: f"contract-{next(self._numbers)}" for field in offer.fields}

    _numbers = itertools.count(1)

    @pytest.fixture
    def sim(self) -> Iterator[Simulator]:
        with start_simulator() as sim:
            yield sim

    @pytest.fixture
    def world(self, sim: Simulator) -> World:
        return SimulatedWorld(sim, self.server)

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


class TestKubermatic(KubermaticContract):
    pass


class TestKubermatic223(KubermaticContract):
    server = f"{MAIN}-2.23"


class TestKubermatic221(KubermaticContract):
    """Without service accounts inside clusters, and with lists that are bare arrays."""

    server = f"{MAIN}-2.21"


class TestKubermatic222(KubermaticContract):
    """With service accounts inside clusters, and with lists that are bare arrays."""

    server = f"{MAIN}-2.22"
