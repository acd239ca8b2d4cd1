from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tokentui.domain.ledger import Entry, EntryNumber, EntryState, Outlook, Plan
from tokentui.domain.model import Credential, CredentialId, EndSource, Kind, Page, ProviderKey
from tokentui.services.held import held
from tokentui.services.inventory import EVERYTHING, Inventory, Listing, What
from tokentui.services.reconcile import MAY_BE_LISTED, Reconciling
from tokentui.storage.ledger import LedgerFile
from world import MONDAY, OWNER, PROFILE, PROVIDER, TOKEN, Clock, InventedConnections, instance
from world_managed import KEY, MANAGED_ABOUT, SERVICE_TOKEN, ManagedProvider, credential, robot

HOUR = timedelta(hours=1)
MADE = MONDAY - HOUR
"""When the benches' requests left."""
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


async def test_of_two_secrets_of_one_credential_the_newer_one_counts(bench: Bench) -> None:
    old, of_another, new = (bench.issued(f"id-{name}") for name in ("deploy", "x", "deploy"))
    bench.provider.listed.append(credential("x"))

    await bench.settle()

    entry = bench.entry(old)
    assert (entry.state, entry.note) == (EntryState.ENDED, f"replaced by #{new}")
    assert bench.state(of_another) is bench.state(new) is EntryState.ISSUED


async def test_two_secrets_of_what_was_deleted_elsewhere_are_both_over(bench: Bench) -> None:
    old, new = bench.issued("id-gone"), bench.issued("id-gone")

    await bench.settle()

    told = f"replaced by #{new}", "deleted elsewhere"
    assert (bench.entry(old).note, bench.entry(new).note) == told


ANEW = replace(PLAN, remote_id="id-deploy")
"""What a regeneration would have put in its place."""


async def test_a_lost_regeneration_is_over_once_its_credential_is_gone(bench: Bench) -> None:
    number = bench.unknown(replace(ANEW, remote_id="id-gone"))

    await bench.settle()

    entry = bench.entry(number)
    assert (entry.state, entry.note) == (EntryState.ENDED, "deleted elsewhere")


async def test_a_lost_regeneration_stays_in_doubt_while_its_credential_is_there(
    bench: Bench,
) -> None:
    old, doubt = bench.issued("id-deploy"), bench.unknown(ANEW)

    await bench.settle()

    assert (bench.state(old), bench.state(doubt)) == (EntryState.ISSUED, EntryState.UNKNOWN)
    helds = held([await bench.listing()], bench.ledger.entries(), [MANAGED_ABOUT])
    (found,) = [one.number for one in helds if one.credential and one.number]
    assert found == old


async def test_the_next_regeneration_settles_a_lost_one(bench: Bench) -> None:
    doubt, new = bench.unknown(ANEW), bench.issued("id-deploy")

    await bench.settle()

    assert bench.entry(doubt).note == f"replaced by #{new}"


async def test_a_refused_regeneration_leaves_the_listed_one_to_its_entry(bench: Bench) -> None:
    old = bench.issued("id-deploy")
    bench.ledger.refused(bench.ledger.plan(ANEW, MADE), "not now", MADE)

    helds = held([await bench.listing()], bench.ledger.entries(), [MANAGED_ABOUT])

    (found,) = [one.number for one in helds if one.credential and one.number]
    assert found == old


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


async def test_one_target_s_list_says_nothing_of_another(bench: Bench) -> None:
    gone_target = bench.issued("id-x", replace(PLAN, target_id="ops-prod/old-robot"))
    other_scope = bench.issued("id-y", replace(PLAN, target_id="other/robot", scope="another"))

    await bench.settle()

    assert bench.state(gone_target) is bench.state(other_scope) is EntryState.ISSUED


async def test_what_is_listed_as_another_kind_is_there(bench: Bench) -> None:
    number = bench.issued("id-deploy", replace(PLAN, kind=KEY.key))

    await bench.settle()

    assert bench.state(number) is EntryState.ISSUED


async def test_another_provider_of_that_profile_says_nothing(bench: Bench) -> None:
    number = bench.issued("id-gone", replace(PLAN, provider=ProviderKey("former")))

    await bench.settle()

    assert bench.state(number) is EntryState.ISSUED


async def test_a_list_says_nothing_of_kinds_that_it_is_silent_of(bench: Bench) -> None:
    hidden, gone = bench.issued("id-gone"), bench.issued("id-key", replace(PLAN, kind=KEY.key))
    bench.provider.silent = frozenset({SERVICE_TOKEN.key})
    bench.provider.listed = []

    await bench.settle()

    assert bench.state(hidden) is EntryState.ISSUED
    assert bench.state(gone) is EntryState.ENDED


@pytest.mark.parametrize("after", [-timedelta(seconds=30), timedelta(), timedelta(minutes=15)])
@pytest.mark.parametrize("name", ["deploy", ""])
async def test_what_was_in_doubt_is_found_by_the_time_that_it_was_made(
    bench: Bench, after: timedelta, name: str
) -> None:
    number = bench.unknown(replace(PLAN, name=name))
    bench.provider.listed = [listed("deploy", MONDAY - HOUR + after)]

    await bench.settle()

    entry = bench.entry(number)
    assert (entry.state, entry.remote_id) == (EntryState.LOST, "id-deploy")


@pytest.mark.parametrize("name", ["deploy", ""])
@pytest.mark.parametrize("after", [-timedelta(seconds=61), timedelta(minutes=16)])
async def test_one_made_at_another_time_is_another_one(
    bench: Bench, after: timedelta, name: str
) -> None:
    number = bench.unknown(replace(PLAN, name=name))
    bench.provider.listed = [listed("deploy", MONDAY - HOUR + after)]

    await bench.settle()

    entry = bench.entry(number)
    assert (entry.state, entry.note) == (EntryState.UNKNOWN, "the answer was lost")


async def test_a_name_alone_proves_nothing_and_is_told_once(bench: Bench) -> None:
    number = bench.unknown()
    bench.provider.listed = [listed("deploy", None)]

    await bench.settle()
    events = bench.ledger.events()
    await bench.settle()

    entry = bench.entry(number)
    assert (entry.state, entry.remote_id) == (EntryState.UNKNOWN, "")
    assert entry.note == f"the answer was lost; {MAY_BE_LISTED}"
    assert bench.ledger.events() == events


async def test_a_nameless_one_without_a_time_is_nothing(bench: Bench) -> None:
    number = bench.unknown(replace(PLAN, name=""))
    bench.provider.listed = [listed("", None)]

    await bench.settle()

    assert bench.entry(number).note == "the answer was lost"


async def test_another_name_is_another_one(bench: Bench) -> None:
    number = bench.unknown()
    bench.provider.listed = [listed("other", MADE)]

    await bench.settle()

    assert bench.state(number) is EntryState.UNKNOWN


@pytest.mark.parametrize("is_over", [False, True])
async def test_one_that_belongs_to_another_entry_is_not_found_again(
    bench: Bench, is_over: bool
) -> None:
    other = bench.issued("id-deploy")
    if is_over:
        bench.ledger.ended(other, "deleted", MONDAY)
    number = bench.unknown()
    bench.provider.listed = [listed("deploy", MADE)]

    await bench.settle()

    assert bench.state(number) is EntryState.UNKNOWN


@pytest.mark.parametrize("name", ["deploy", ""])
async def test_of_two_that_it_may_be_neither_is_taken(bench: Bench, name: str) -> None:
    number = bench.unknown(replace(PLAN, name=name))
    bench.provider.listed = [
        replace(listed("deploy", MADE), id=CredentialId("id-1")),
        replace(listed("deploy", MADE), id=CredentialId("id-2")),
    ]

    await bench.settle()

    assert bench.state(number) is EntryState.UNKNOWN


async def test_of_two_that_may_be_it_neither_takes_it(bench: Bench) -> None:
    doubt, without_id = bench.unknown(), bench.issued("")
    bench.provider.listed = [listed("deploy", MADE)]

    await bench.settle()

    assert bench.state(doubt) is EntryState.UNKNOWN
    assert bench.entry(without_id).remote_id == ""


async def test_a_second_look_changes_nothing(bench: Bench) -> None:
    bench.issued("id-gone")
    bench.unknown()
    bench.provider.listed = [listed("deploy", MADE)]
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


async def test_copies_of_what_all_share_are_all_there(bench: Bench) -> None:
    shared = replace(SERVICE_TOKEN, shared=True)
    bench.provider.about = replace(bench.provider.about, kinds=(shared,))
    copies = [bench.issued("id-deploy"), bench.issued("id-deploy")]

    await bench.settle()

    assert [bench.state(one) for one in copies] == [EntryState.ISSUED, EntryState.ISSUED]
