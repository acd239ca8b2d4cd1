from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulator_fixtures import edge_client, start_simulator

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from tokentui.simulator.server import Simulator


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as simulator:
        yield simulator


@pytest.fixture
def admin(sim: Simulator) -> Iterator[httpx.Client]:
    with edge_client(sim) as client:
        yield client


@pytest.fixture
def reader(sim: Simulator) -> Iterator[httpx.Client]:
    with edge_client(sim, may_write=False) as client:
        yield client
