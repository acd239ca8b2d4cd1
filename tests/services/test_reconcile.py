from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tokentui.domain.ledger import Entry, EntryNumber, EntryState, Outlook, Plan
from tokentui.domain.model import Credential, CredentialId, EndSource, Kind, Page
from tokentui.services.inventory import EVERYTHING, Inventory, Listing, What
from tokentui.services.reconcile import Reconciling
from tokentui.storage.ledger import LedgerFile
from world import MONDAY, OWNER, PROFILE, PROVIDER, TOKEN, Clock, InventedConnections, instance
from world_managed import SERVICE_TOKEN, ManagedProvider, credential, robot

HOUR = timedelta(hours=1)
PLAN = Plan(
    profile=PROFILE,
    provider=PROVIDER,
    kind=SERVICE_TOKEN.key,
    noun=SERVICE_TOKEN.noun,
    form=SERVICE_TOKEN.form,
    target_id=robot().id,
    target_name=robot().name,
    scope="ops-prod",
    asked="30d",
    latest_end=MONDAY + timedelta(days=30),
    name="deploy",
)


class Bench:
    """A real ledger and a real inventory over an invented provider."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.provider = ManagedProvider(self.clock)
        self.ledger = LedgerFile(folder / "ledger.db", OWNER)
        self.connections = InventedConnections(self.provider)
        self.reconciling = Reconciling(self.connections, self.ledger, self.clock)

    def issued(
        self, remote_id: str, plan: Plan = PLAN, at: datetime = MONDAY - HOUR
    ) -> EntryNumber:
        number = self.ledger.plan(plan, at)
        outlook = Outlook(plan.latest_end, EndSource.ANSWER, remote_id, "f")
        self.ledger.issued(number, outlook, at)
        return number

    def unknown(self, plan: Plan = PLAN, at: datetime = MONDAY - HOUR) -> EntryNumber:
        number = self.ledger.plan(plan, at)
        self.ledger.unknown(number, "the answer was lost", at)
        return number

    async def listing(self, what: frozenset[What] = EVERYTHING) -> Listing:
        inventory = Inventory(self.connections, self.ledger, self.clock)
        return [listing async for listing in inventory.refresh([PROFILE], what)][-1]

    async def settle(self) -> None:
        await self.reconciling.settle(await self.listing())

    def entry(self, number: EntryNumber) -> Entry:
        entry = self.ledger.entry(number)
        assert entry is not None
        return entry

    def state(self, number: EntryNumber) -> EntryState:
        return self.entry(number).state


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.ledger.close()


def listed(name: str, made_at: datetime | None, kind: Kind = SERVICE_TOKEN) -> Credential:
    return credential(name, kind, made_at=made_at)


async def test_what_is_listed_no_more_was_deleted_elsewhere(bench: Bench) -> None:
    there, gone = bench.issued("id-deploy"), bench.issued("id-gone")
    bench.ledger.lost(there, "the terminal was closed", MONDAY)

    await bench.settle()

    assert bench.state(there) is EntryState.LOST
    entry = bench.entry(gone)
    assert (entry.state, entry.note) == (EntryState.ENDED, "deleted elsewhere")


async def test_what_cannot_be_listed_is_left_alone(bench: Bench) -> None:
    number = bench.issued("id-x", replace(PLAN, kind=TOKEN.key, target_id=instance().id))
    without_id = bench.issued("")

    await bench.settle()

    assert bench.state(number) is bench.state(without_id) is EntryState.ISSUED


async def test_what_was_just_made_may_not_be_in_the_list_yet(bench: Bench) -> None:
    number = bench.issued("id-new", at=MONDAY - timedelta(seconds=59))

    await bench.settle()

    assert bench.state(number) is EntryState.ISSUED


async def test_a_list_that_is_not_complete_proves_nothing(bench: Bench) -> None:
    number, doubt = bench.issued("id-gone"), bench.unknown()
    bench.provider.listed = [listed("deploy", MONDAY)]
    whole = await bench.listing()

    for listing in (
        replace(whole, complete=False),
        await bench.listing(frozenset({What.INSTANCES, What.ACCOUNTS})),
    ):
        await bench.reconciling.settle(listing)

    assert bench.state(number) is EntryState.ISSUED
    assert bench.state(doubt) is EntryState.UNKNOWN
    await bench.reconciling.settle(whole)
    assert bench.state(number) is EntryState.ENDED


async def test_a_target_that_is_gone_takes_its_credentials_with_it(bench: Bench) -> None:
    number = bench.issued("id-x", replace(PLAN, target_id="ops-prod/old-robot"))

    await bench.settle()

    assert bench.state(number) is EntryState.ENDED


async def test_a_scope_that_is_out_of_sight_proves_nothing(bench: Bench) -> None:
    plan = replace(PLAN, target_id="other/robot", scope="another project")
    number = bench.issued("id-x", plan)

    await bench.settle()

    assert bench.state(number) is EntryState.ISSUED


@pytest.mark.parametrize("made_at", [MONDAY - HOUR - timedelta(seconds=30), MONDAY, None])
async def test_what_was_in_doubt_is_found_by_its_name(
    bench: Bench, made_at: datetime | None
) -> None:
    number = bench.unknown()
    bench.provider.listed = [listed("deploy", made_at)]

    await bench.settle()

    entry = bench.entry(number)
    assert (entry.state, entry.remote_id) == (EntryState.LOST, "id-deploy")


async def test_an_older_one_of_that_name_is_another_one(bench: Bench) -> None:
    number = bench.unknown()
    bench.provider.listed = [listed("deploy", MONDAY - 2 * HOUR), listed("other", MONDAY)]

    await bench.settle()

    assert bench.state(number) is EntryState.UNKNOWN


async def test_one_that_belongs_to_another_entry_is_not_found_again(bench: Bench) -> None:
    bench.issued("id-deploy")
    number = bench.unknown()
    bench.provider.listed = [listed("deploy", MONDAY)]

    await bench.settle()

    assert bench.state(number) is EntryState.UNKNOWN


async def test_of_two_in_doubt_each_finds_its_own(bench: Bench) -> None:
    first, second = bench.unknown(), bench.unknown()
    bench.provider.listed = [
        replace(listed("deploy", MONDAY), id=CredentialId("id-1")),
        replace(listed("deploy", MONDAY), id=CredentialId("id-2")),
    ]

    await bench.settle()

    assert [bench.entry(number).remote_id for number in (first, second)] == ["id-1", "id-2"]


async def test_a_nameless_one_in_doubt_stays_so(bench: Bench) -> None:
    number = bench.unknown(replace(PLAN, name=""))
    bench.provider.listed = [listed("", MONDAY)]

    await bench.settle()

    assert bench.state(number) is EntryState.UNKNOWN


async def test_a_second_look_changes_nothing(bench: Bench) -> None:
    bench.issued("id-gone")
    bench.unknown()
    bench.provider.listed = [listed("deploy", MONDAY)]
    await bench.settle()
    events = bench.ledger.events()

    await bench.settle()

    assert bench.ledger.events() == events


async def test_a_slow_list_says_nothing_of_what_was_made_meanwhile(bench: Bench) -> None:
    bench.provider.pages = (Page((instance(),)),)
    whole = await bench.listing()
    number = bench.issued("id-new", at=MONDAY + timedelta(minutes=2))
    later = replace(whole.source, seen_at=MONDAY + timedelta(minutes=5), took=timedelta(minutes=4))

    await bench.reconciling.settle(replace(whole, source=later))

    assert bench.state(number) is EntryState.ISSUED
