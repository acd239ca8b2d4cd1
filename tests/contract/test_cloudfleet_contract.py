"""The Cloudfleet adapter passes the contract suite in several dialects of the wire format."""

from __future__ import annotations

import gc
import re
from typing import TYPE_CHECKING

import pytest

from cloudfleet_connection import connected, connection_to
from simulator_fixtures import start_simulator
from tokentui.providers.cloudfleet import PROVIDER
from tokentui.simulator.cloudfleet.dialect import BASIC, GUESS, OTHER, Operation
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.testing import ProviderContract

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping
    from pathlib import Path

    from tokentui.domain.model import FieldValue, Offer
    from tokentui.providers.base import Provider, ProviderPlugin
    from tokentui.simulator.server import Simulator
    from tokentui.testing import World

MINTING = (Operation.CREATE_TOKEN, Operation.REGENERATE_TOKEN)

# A connection that was being opened when its listing was cancelled is left to the collector by
# the HTTP library; it is collected within the test that made it.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    yield
    gc.collect()


class SimulatedWorld:
    """The simulator as the contract suite drives it, in the dialect that it speaks."""

    def __init__(self, sim: Simulator) -> None:
        self._sim = sim

    def mint_requests(self) -> int:
        return sum(map(self._count, MINTING))

    def mints(self) -> int:
        return self._sim.cloudfleet.mints()

    def cut_next_mint(self) -> None:
        self._add(Operation.CREATE_TOKEN, FaultKind.CUT, acts=True)

    def refuse_next_mint(self) -> None:
        self._add(Operation.CREATE_TOKEN, FaultKind.STATUS, status=409, body="{}")

    def change_requests(self) -> int:
        return self._count(Operation.DELETE_TOKEN)

    def cut_next_change(self) -> None:
        self._add(Operation.DELETE_TOKEN, FaultKind.CUT, acts=True)

    def hold_lists(self) -> None:
        _, path = self._call(Operation.ORGANIZATION)
        self._sim.faults.add(Fault(kind=FaultKind.HOLD, path=path))

    def held(self) -> int:
        return self._sim.held

    def _count(self, operation: Operation) -> int:
        method, path = self._call(operation)
        requests = self._sim.requests.all()
        return sum(one.method == method and bool(re.search(path, one.path)) for one in requests)

    def _call(self, operation: Operation) -> tuple[str, str]:
        call = self._sim.world.cloudfleet.dialect.calls[operation]
        return call.method, "/v1" + call.path.replace("{token_id}", "[^/]+") + "$"

    def _add(
        self,
        operation: Operation,
        kind: FaultKind,
        *,
        acts: bool = False,
        status: int | None = None,
        body: str = "",
    ) -> None:
        method, path = self._call(operation)
        self._sim.faults.add(
            Fault(kind=kind, method=method, path=path, times=1, acts=acts, status=status, body=body)
        )


class CloudfleetContract(ProviderContract):
    dialect = GUESS

    def values(self, offer: Offer) -> Mapping[str, FieldValue]:
        return {field.key: field.default for field in offer.fields} | {"name": "contract"}

    @pytest.fixture
    def sim(self) -> Iterator[Simulator]:
        with start_simulator() as sim:
            sim.world.cloudfleet.dialect = self.dialect
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
            sim.world.cloudfleet.dialect = self.dialect
            async with connected(connection_to(sim, tmp_path / "hostile")) as provider:
                yield provider


class TestCloudfleet(CloudfleetContract):
    pass


class TestCloudfleetInAnotherDialect(CloudfleetContract):
    """Other requests and names, bare secrets, lists in an envelope, and renaming."""

    dialect = OTHER


class TestCloudfleetWithBasicAuthentication(CloudfleetContract):
    dialect = BASIC
