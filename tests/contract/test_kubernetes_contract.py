"""The Kubernetes adapter passes the contract suite on clusters of today and of 2020."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

from kubernetes_connection import connected, connection_to
from simulator_fixtures import start_simulator
from tokentui.providers.kubernetes import PROVIDER
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.testing import ProviderContract

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from tokentui.providers.base import Provider, ProviderPlugin
    from tokentui.simulator.server import Simulator
    from tokentui.testing import World

MINT = "/serviceaccounts/[^/]+/token$"
CHANGE = "/secrets/[^/]+$"
LISTS = "/(version|serviceaccounts)$"

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
        return sum(
            one.method == "POST" and one.path.endswith("/token") for one in self._sim.requests.all()
        )

    def mints(self) -> int:
        return self._sim.kubernetes.mints()

    def cut_next_mint(self) -> None:
        cut = Fault(kind=FaultKind.CUT, method="POST", path=MINT, times=1, acts=True)
        self._sim.faults.add(cut)

    def refuse_next_mint(self) -> None:
        refusal = Fault(
            kind=FaultKind.STATUS, method="POST", status=409, path=MINT, times=1, body="{}"
        )
        self._sim.faults.add(refusal)

    def change_requests(self) -> int:
        return self._sim.requests.count("DELETE", "/secrets/")

    def cut_next_change(self) -> None:
        cut = Fault(kind=FaultKind.CUT, method="DELETE", path=CHANGE, times=1, acts=True)
        self._sim.faults.add(cut)

    def hold_lists(self) -> None:
        self._sim.faults.add(Fault(kind=FaultKind.HOLD, path=LISTS))

    def held(self) -> int:
        return self._sim.held


class KubernetesContract(ProviderContract):
    context = "lab"

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
        async with connected(connection_to(sim, tmp_path, self.context)) as provider:
            yield provider

    @pytest.fixture
    async def hostile_provider(self, tmp_path: Path) -> AsyncIterator[Provider]:
        with start_simulator("hostile") as sim:
            connection = connection_to(sim, tmp_path / "hostile", self.context)
            async with connected(connection) as provider:
                yield provider


class TestKubernetes(KubernetesContract):
    pass


class TestOldKubernetes(KubernetesContract):
    context = "old"

    async def test_two_credentials_are_two(self, provider: Provider) -> None:
        """Tokens of a server this old have no id: those of one second differ by what binds them."""
        (offer,) = [
            one for one in await self._possible(provider) if one.kind.key == "revocable-token"
        ]
        one = await provider.issue(self._order(offer))
        other = await provider.issue(self._order(offer))
        assert one.secret != other.secret


class TestKubernetesWithCertificate(KubernetesContract):
    context = "lab-cert"
