from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from listed import CI, OwningProvider, listed
from tokentui.domain.errors import Forbidden, StorageError, Unreachable
from tokentui.domain.ledger import LastKnown
from tokentui.domain.model import AccountId, Credential, Page, ProfileName, Target
from tokentui.services import inventory as inventories
from tokentui.services.inventory import Inventory, Listing, Phase, What
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

DEPLOY = replace(CI, id=AccountId("ops-prod/deploy@sa"), name="deploy")
DEMO = instance("demo")
EARLIER = MONDAY - timedelta(hours=3)


def of(target: Target, *ids: str) -> tuple[Credential, ...]:
    return tuple(listed(one, target_id=target.id, target_name=target.name) for one in ids)


class Bench:
    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.provider = OwningProvider(self.clock, account_pages=())
        self.connections = InventedConnections(self.provider)
        self.ledger = LedgerFile(folder / "ledger.db", OWNER)
        self.inventory = Inventory(self.connections, self.ledger, self.clock)

    async def refresh(self, what: frozenset[What] = inventories.EVERYTHING) -> list[Listing]:
        names = [profile.name for profile in self.connections.profiles()]
        return [listing async for listing in self.inventory.refresh(names, what)]

    async def last(self, what: frozenset[What] = inventories.EVERYTHING) -> Listing:
        return (await self.refresh(what))[-1]

    def known(self) -> LastKnown:
        (known,) = self.ledger.last_known()
        return known


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


async def test_accounts_and_credentials_of_every_target_are_listed_and_remembered(
    bench: Bench,
) -> None:
    bench.provider.account_pages = (Page((CI,)), Page((DEPLOY, CI)))
    bench.provider.credential_pages = {
        DEMO.id: (Page(of(DEMO, "t")),),
        CI.id: (Page(of(CI, "k-1")), Page(of(CI, "k-2"))),
    }

    whole = await bench.last()

    assert (whole.source.phase, whole.complete, whole.what) == (
        Phase.OK,
        True,
        inventories.EVERYTHING,
    )
    assert whole.accounts == (CI, DEPLOY)
    assert {one.id for one in whole.credentials} == {"t", "k-1", "k-2"}
    assert len(whole.answered_credentials) == 3
    assert whole.answered_accounts == {CI.id, DEPLOY.id}
    assert whole.answered_targets == {DEMO.id, CI.id, DEPLOY.id}
    assert sorted(bench.provider.asked) == sorted([DEMO.id, CI.id, DEPLOY.id])
    assert bench.known() == LastKnown(
        PROFILE, MONDAY, whole.instances, whole.accounts, whole.credentials, MONDAY
    )


async def test_what_is_gone_disappears_where_its_own_place_answered(bench: Bench) -> None:
    gone, elsewhere = (
        replace(CI, id=AccountId(name), name=name, scope=scope)
        for name, scope in (("gone", CI.scope), ("kept", "another"))
    )
    before = (*of(gone, "k-1"), *of(elsewhere, "k-2"))
    bench.ledger.remember(LastKnown(PROFILE, EARLIER, (DEMO,), (CI, gone, elsewhere), before))
    bench.provider.account_pages = (
        Page((CI,), whole_of=frozenset({(CI.noun, CI.scope)})),
        Page(failed=(Forbidden("another says no"),)),
    )

    partly = await bench.last()

    assert partly.source.phase is Phase.PARTLY
    assert {one.name for one in partly.accounts} == {CI.name, "kept"}
    assert {one.id for one in partly.credentials} == {"k-2"}


async def test_a_failing_target_keeps_what_was_remembered_of_it_alone(bench: Bench) -> None:
    bench.provider.account_pages = (Page((CI, DEPLOY)),)
    before = (*of(CI, "old-1"), *of(DEPLOY, "old-2"))
    bench.ledger.remember(LastKnown(PROFILE, EARLIER, (DEMO,), (CI, DEPLOY), before))
    bench.provider.credential_pages = {CI.id: (Page(of(CI, "k-1")),), DEPLOY.id: (Page(),)}
    bench.provider.credential_errors = {CI.id: Forbidden("ci says no")}

    partly = await bench.last()

    assert (partly.source.phase, partly.complete) == (Phase.PARTLY, False)
    assert [one.id for one in partly.credentials] == ["old-1", "k-1"]
    assert {one[-1] for one in partly.answered_credentials} == {"k-1"}
    assert partly.answered_targets == {DEMO.id, DEPLOY.id}
    assert bench.known().credentials == partly.credentials
    assert bench.known().seen_at == EARLIER

    bench.provider.credential_errors = {}
    whole = await bench.last()
    assert [one.id for one in whole.credentials] == ["k-1"]
    assert bench.known().seen_at == MONDAY


async def test_a_page_that_names_a_failure_replaces_nothing(bench: Bench) -> None:
    bench.ledger.remember(LastKnown(PROFILE, EARLIER, (DEMO,), (), of(DEMO, "old")))
    failed = Page(of(DEMO, "new"), (Forbidden("a part says no"),))
    bench.provider.credential_pages = {DEMO.id: (failed,)}

    partly = await bench.last()

    assert [one.id for one in partly.credentials] == ["old", "new"]
    assert partly.answered_targets == frozenset()


async def test_credentials_of_a_target_that_is_gone_are_forgotten(bench: Bench) -> None:
    bench.ledger.remember(LastKnown(PROFILE, EARLIER, (DEMO,), (CI,), of(CI, "old")))
    whole = await bench.last()
    assert (whole.accounts, whole.credentials) == ((), ())


async def test_targets_that_could_not_be_listed_keep_their_credentials(bench: Bench) -> None:
    bench.ledger.remember(LastKnown(PROFILE, EARLIER, (), (CI,), of(CI, "old")))
    bench.provider.account_error = Forbidden("no accounts for you")
    bench.provider.credential_pages = {DEMO.id: (Page(of(DEMO, "t")),)}

    partly = await bench.last()

    assert [one.message for one in partly.source.errors] == ["no accounts for you"]
    assert partly.accounts == (CI,)
    assert [one.id for one in partly.credentials] == ["old", "t"]
    assert bench.provider.asked == [DEMO.id]


async def test_the_same_error_is_told_once(bench: Bench) -> None:
    bench.provider.listing_error = bench.provider.account_error = Unreachable("no answer")
    last = await bench.last()
    assert [one.message for one in last.source.errors] == ["no answer"]


async def test_a_plug_in_that_fails_for_one_target_hides_no_other(bench: Bench) -> None:
    bench.provider.account_pages = (Page((CI, DEPLOY)),)
    bench.provider.credential_pages = {DEPLOY.id: (Page(of(DEPLOY, "k")),)}
    bench.provider.credential_errors = {CI.id: KeyError("secret")}

    last = await bench.last()

    assert [one.id for one in last.credentials] == ["k"]
    (error,) = last.source.errors
    assert "KeyError" in error.sentence
    assert "secret" not in error.sentence


async def test_a_slow_target_delays_no_other(bench: Bench) -> None:
    bench.provider.account_pages = (Page((CI, DEPLOY)),)
    bench.provider.holds = {CI.id: asyncio.Event()}
    bench.provider.credential_pages = {DEPLOY.id: (Page(of(DEPLOY, "k")),)}
    seen: list[str] = []

    async for listing in bench.inventory.refresh([PROFILE]):
        seen = [one.id for one in listing.credentials]
        if seen:
            break

    assert seen == ["k"]


async def test_a_list_that_never_ends_is_given_up_alone(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inventories, "LONGEST_LISTING_S", 0.05)
    bench.provider.account_pages = (Page((CI, DEPLOY)),)
    bench.provider.holds = {CI.id: asyncio.Event()}
    bench.provider.credential_pages = {DEPLOY.id: (Page(of(DEPLOY, "k")),)}

    last = await bench.last()

    assert (last.source.phase, [one.id for one in last.credentials]) == (Phase.PARTLY, ["k"])
    assert [type(one) for one in last.source.errors] == [Unreachable]


async def test_few_lists_are_asked_for_at_once_and_told_in_batches(bench: Bench) -> None:
    accounts = tuple(replace(CI, id=AccountId(f"a-{i}")) for i in range(100))
    bench.provider.account_pages = (Page(accounts),)
    bench.provider.credential_pages = {a.id: (Page(of(a, "k")),) for a in accounts}

    listings = await bench.refresh()

    assert len(listings[-1].credentials) == 100
    assert len(bench.provider.asked) == 101
    assert 1 < bench.provider.most_at_once <= inventories.AT_ONCE
    assert len(listings) < 20


async def test_what_is_not_asked_for_stays_remembered_with_its_age(bench: Bench) -> None:
    bench.ledger.remember(LastKnown(PROFILE, EARLIER, (), (CI,), of(CI, "old")))

    last = await bench.last(frozenset({What.INSTANCES}))

    assert bench.provider.asked == []
    assert (last.source.phase, last.complete) == (Phase.OK, True)
    assert last.what == frozenset({What.INSTANCES})
    assert last.source.seen_at == EARLIER
    assert bench.known() == LastKnown(PROFILE, EARLIER, (DEMO,), (CI,), of(CI, "old"))


async def test_asking_for_credentials_asks_for_what_owns_them(bench: Bench) -> None:
    bench.provider.account_pages = (Page((CI,)),)
    last = await bench.last(frozenset({What.CREDENTIALS}))
    assert (last.instances, last.accounts) == ((DEMO,), (CI,))
    assert last.what == inventories.EVERYTHING


async def test_a_full_disk_hides_no_list(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(known: LastKnown) -> None:
        raise StorageError("the disk is full")

    monkeypatch.setattr(bench.ledger, "remember", full)
    assert (await bench.last()).instances == (DEMO,)


@pytest.mark.parametrize(
    ("error", "says"),
    [(Forbidden("sign in first"), "sign in first"), (KeyError("secret"), "KeyError")],
)
async def test_a_profile_that_cannot_be_connected_fails_alone(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, error: Exception, says: str
) -> None:
    def broken(profile: ProfileName) -> InventedProvider:
        if profile == PROFILE:
            raise error
        return bench.connections.providers[profile]

    bench.connections.add("ops-dev", InventedProvider(bench.clock))
    monkeypatch.setattr(bench.connections, "provider", broken)

    last = {listing.source.profile: listing.source for listing in await bench.refresh()}

    assert last[PROFILE].phase is Phase.FAILED
    assert says in last[PROFILE].errors[0].sentence
    assert "secret" not in last[PROFILE].errors[0].sentence
    assert last[ProfileName("ops-dev")].phase is Phase.OK
