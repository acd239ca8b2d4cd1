"""The STACKIT adapter passes the contract suite against the simulator."""

from __future__ import annotations

import gc
import re
from typing import TYPE_CHECKING, Any

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

    Rules = tuple[tuple[str, str], ...]

MINTS = (
    ("GET", "/edge/.*/(token|kubeconfig)$"),
    ("POST", "/observability/.*/credentials$"),
    ("POST", "/service-account/.*/(keys|access-tokens)$"),
)
CHANGES = (
    ("DELETE", "/observability/.*/credentials/"),
    ("DELETE", "/service-account/.*/(keys|access-tokens)/"),
    ("PATCH", "/service-account/.*/keys/"),
)
LISTS = "/(instances|service-accounts)$"

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
        self._waiting: list[int] = []

    def mint_requests(self) -> int:
        return self._count(MINTS)

    def mints(self) -> int:
        return self._sim.stackit.mints()

    def cut_next_mint(self) -> None:
        self._meet_next(MINTS, kind=FaultKind.CUT, acts=True)

    def refuse_next_mint(self) -> None:
        self._meet_next(MINTS, kind=FaultKind.STATUS, status=409, body="{}")

    def change_requests(self) -> int:
        return self._count(CHANGES)

    def cut_next_change(self) -> None:
        self._meet_next(CHANGES, kind=FaultKind.CUT, acts=True)

    def hold_lists(self) -> None:
        self._sim.faults.add(Fault(kind=FaultKind.HOLD, path=LISTS))

    def held(self) -> int:
        return self._sim.held

    def _count(self, rules: Rules) -> int:
        return sum(
            any(one.method == method and re.search(path, one.path) for method, path in rules)
            for one in self._sim.requests.all()
        )

    def _meet_next(self, rules: Rules, **what: Any) -> None:  # noqa: ANN401  # fields of a fault
        """Let a fault meet the next request of one of the rules, and no other after it."""
        for number in self._waiting:
            self._sim.faults.remove(number)
        self._waiting = [
            self._sim.faults.add(Fault(method=method, path=path, times=1, **what))
            for method, path in rules
        ]


class TestStackit(ProviderContract):
    has_tokens = False

    @pytest.fixture
    def sim(self) -> Iterator[Simulator]:
        with start_simulator() as sim:
            sim.world.stackit.accounts.legacy_on = self.has_tokens
            yield sim

    @pytest.fixture
    def world(self, sim: Simulator) -> World:
        return SimulatedWorld(sim)

    @pytest.fixture
    def plugin(self) -> ProviderPlugin:
        return PROVIDER

    @pytest.fixture
    async def provider(self, sim: Simulator, tmp_path: Path) -> AsyncIterator[Provider]:
        async with connected(
            connection_to(sim, tmp_path, legacy_tokens=self.has_tokens)
        ) as provider:
            yield provider

    @pytest.fixture
    async def hostile_provider(self, tmp_path: Path) -> AsyncIterator[Provider]:
        with start_simulator("hostile") as sim:
            sim.world.stackit.accounts.legacy_on = self.has_tokens
            async with connected(
                connection_to(sim, tmp_path / "hostile", legacy_tokens=self.has_tokens)
            ) as provider:
                yield provider


class TestStackitWithLegacyTokens(TestStackit):
    """The same of a server that still has access tokens, and a profile that asks for them."""

    has_tokens = True
