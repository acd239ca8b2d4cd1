from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tokentui.domain.errors import Forbidden, Unreachable
from tokentui.domain.ledger import LastKnown
from tokentui.domain.model import Page, ProfileName
from tokentui.services.inventory import Inventory, Listing, Phase
from tokentui.storage.ledger import LedgerFile
from world import (
    MONDAY,
    OWNER,
    PROFILE,
    Clock,
    InventedConnections,
    InventedProvider,
    instance,
)


class Bench:
    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.provider = InventedProvider(self.clock)
        self.connections = InventedConnections(self.provider)
        self.ledger = LedgerFile(folder / "ledger.db", OWNER)
        self.inventory = Inventory(self.connections, self.ledger, self.clock)

    async def refresh(self) -> list[Listing]:
        names = [profile.name for profile in self.connections.profiles()]
        return [listing async for listing in self.inventory.refresh(names)]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.ledger.close()


async def test_pages_arrive_one_by_one_and_are_remembered(bench: Bench) -> None:
    bench.provider.pages = (Page((instance("demo"),)), Page((instance("labs"),)))

    listings = await bench.refresh()

    assert [[i.name for i in listing.instances] for listing in listings] == [
        [],
        ["demo"],
        ["demo", "labs"],
        ["demo", "labs"],
    ]
    assert [listing.source.phase for listing in listings] == [Phase.LOADING] * 3 + [Phase.OK]
    (known,) = bench.ledger.last_known()
    assert [i.name for i in known.instances] == ["demo", "labs"]


async def test_what_is_gone_disappears_only_after_a_whole_answer(bench: Bench) -> None:
    old = LastKnown(PROFILE, MONDAY - timedelta(hours=3), (instance("old"),))
    bench.ledger.remember(old)
    bench.provider.pages = (Page((instance("demo"),), (Forbidden("eu02 says no"),)),)

    partly = (await bench.refresh())[-1]
    assert partly.source.phase is Phase.PARTLY
    assert {i.name for i in partly.instances} == {"old", "demo"}
    assert [error.message for error in partly.source.errors] == ["eu02 says no"]

    bench.provider.pages = (Page((instance("demo"),)),)
    whole = (await bench.refresh())[-1]
    assert whole.source.phase is Phase.OK
    assert {i.name for i in whole.instances} == {"demo"}


async def test_a_dead_source_keeps_what_was_known_with_its_age(bench: Bench) -> None:
    seen_at = MONDAY - timedelta(hours=3)
    bench.ledger.remember(LastKnown(PROFILE, seen_at, (instance("demo"),)))
    bench.provider.pages = ()
    bench.provider.listing_error = Unreachable("no answer")

    last = (await bench.refresh())[-1]

    assert last.source.phase is Phase.FAILED
    assert last.source.seen_at == seen_at
    assert [i.name for i in last.instances] == ["demo"]
    (known,) = bench.ledger.last_known()
    assert known.seen_at == seen_at


async def test_a_hanging_source_delays_no_other(bench: Bench) -> None:
    hanging = InventedProvider(bench.clock, hold_listing=asyncio.Event())
    bench.connections.add("ops-dev", hanging)
    names = [profile.name for profile in bench.connections.profiles()]
    done: list[ProfileName] = []

    async for listing in bench.inventory.refresh(names):
        if listing.source.phase is Phase.OK:
            done.append(listing.source.profile)
            break

    assert done == [PROFILE]


async def test_leaving_the_stream_leaves_nothing_running(bench: Bench) -> None:
    bench.provider.hold_listing = asyncio.Event()
    stream = bench.inventory.refresh([PROFILE])
    await anext(stream)

    await stream.aclose()  # type: ignore[attr-defined]  # an async generator
    await asyncio.sleep(0)

    assert asyncio.all_tasks() == {asyncio.current_task()}
