from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tokentui.domain.account import AccountAbility
from tokentui.domain.errors import (
    GuardRail,
    NotFound,
    OutcomeUnknown,
    Refused,
    StorageError,
    Unreachable,
    UsageError,
)
from tokentui.domain.ledger import EntryState, EventType, Outlook, Plan
from tokentui.domain.model import Account, EndSource, FieldValue, ProfileName
from tokentui.domain.profile import Guard
from tokentui.services.accounts import Accounts
from tokentui.storage.ledger import LedgerFile
from tokentui.storage.text_files import TextFiles
from world import MONDAY, OWNER, PROFILE, PROVIDER, Clock, InventedConnections, InventedProvider
from world_managed import MANAGED_ABOUT, ROBOT, SERVICE_TOKEN, ManagedProvider, robot

Act = Callable[[Accounts, Account], Awaitable[object]]
ACTS: dict[str, Act] = {
    "rename_account": lambda accounts, account: accounts.rename(account, "other"),
    "regroup_account": lambda accounts, account: accounts.regroup(account, "Editor"),
    "delete_account": lambda accounts, account: accounts.delete(account),
}


class Bench:
    """The use-cases over a real ledger and an invented provider."""

    def __init__(self, folder: Path, guard: Guard | None = None) -> None:
        self.clock = Clock()
        self.provider = ManagedProvider(self.clock)
        self.ledger = LedgerFile(folder / "ledger.db", OWNER)
        self.connections = InventedConnections(self.provider, guard)
        self.accounts = Accounts(self.connections, self.ledger, TextFiles(), self.clock)

    async def create(self, **values: FieldValue) -> Account:
        (offer,) = (await self.accounts.offers([PROFILE])).offers
        return await self.accounts.create(offer, values)

    def last_event(self) -> tuple[EventType, str, str]:
        event = self.ledger.events()[0]
        return event.type, event.target_name, event.detail


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.ledger.close()


async def test_one_dead_profile_does_not_hide_the_places_of_the_others(bench: Bench) -> None:
    dead = ManagedProvider(bench.clock, profile=ProfileName("dead"))
    dead.errors["account_offers"] = Unreachable("no route")
    bench.connections.add("dead", dead)
    bench.connections.add("without", InventedProvider(bench.clock))

    places = await bench.accounts.offers([ProfileName("dead"), ProfileName("without"), PROFILE])

    assert [offer.profile for offer in places.offers] == [PROFILE]
    assert {name: str(error) for name, error in places.failed.items()} == {"dead": "no route"}


async def test_an_account_is_made_once_and_written_down(bench: Bench) -> None:
    account = await bench.create(name="bot", group="Editor")

    assert (account.name, account.group) == ("bot", "Editor")
    assert bench.provider.calls == [("create_account", "bot", "Editor")]
    assert bench.last_event() == (EventType.ACCOUNT, "bot", "created in ops-prod")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "robot needs Name"),
        ({"name": "  "}, "robot needs Name"),
        ({"name": "Bot"}, "Name of robot cannot be 'Bot'.*must match"),
        ({"name": "b" * 21}, "21 characters long: at most 20"),
        ({"name": ("a", "b")}, "takes one value"),
        ({"name": True}, "takes text"),
        ({"name": "bot", "group": "Owner"}, "cannot be 'Owner': choose from: Editor, Viewer"),
        ({"name": "bot", "colour": "red"}, "no field 'colour'"),
    ],
)
async def test_what_does_not_fit_is_not_sent(
    bench: Bench, values: dict[str, FieldValue], words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        await bench.create(**values)

    assert bench.provider.calls == []


async def test_an_impossible_place_says_why(bench: Bench) -> None:
    (offer,) = (await bench.accounts.offers([PROFILE])).offers

    with pytest.raises(Refused, match="no more than 20"):
        await bench.accounts.create(replace(offer, impossible="no more than 20"), {"name": "a"})


async def test_a_new_name_and_other_rights(bench: Bench) -> None:
    await bench.accounts.rename(robot(), " other ")
    assert bench.last_event() == (EventType.ACCOUNT, "ci", "renamed to other")

    await bench.accounts.regroup(bench.provider.robots[0], "Editor")
    assert bench.last_event() == (EventType.ACCOUNT, "other", "moved from Viewer to Editor")

    assert [(one.name, one.group) for one in bench.provider.robots] == [("other", "Editor")]


async def test_names_and_groups_that_are_none_are_not_sent(bench: Bench) -> None:
    for name in ("", "ci", "a\x07"):
        with pytest.raises(UsageError, match="cannot be called"):
            await bench.accounts.rename(robot(), name)
    with pytest.raises(UsageError, match="is in Viewer already"):
        await bench.accounts.regroup(robot(), "Viewer")
    with pytest.raises(UsageError, match="cannot be in 'Owner': choose from: Editor, Viewer"):
        await bench.accounts.regroup(robot(), "Owner")

    assert bench.provider.calls == []


async def test_deleting_ends_what_the_ledger_knows_of_it(bench: Bench) -> None:
    plan = Plan(
        profile=PROFILE,
        provider=PROVIDER,
        kind=SERVICE_TOKEN.key,
        noun=SERVICE_TOKEN.noun,
        form=SERVICE_TOKEN.form,
        target_id=robot().id,
        target_name="ci",
        scope="ops-prod",
        asked="never",
        latest_end=None,
    )
    outlook = Outlook(MONDAY + timedelta(days=1), EndSource.ANSWER, "id", "f")
    own, others = bench.ledger.plan(plan, MONDAY), bench.ledger.plan(plan, MONDAY)
    other = bench.ledger.plan(replace(plan, target_id="x"), MONDAY)
    bench.ledger.issued(own, outlook, MONDAY)
    bench.ledger.unknown(others, "the answer was lost", MONDAY)
    bench.ledger.issued(other, outlook, MONDAY)

    await bench.accounts.delete(robot())

    assert bench.provider.robots == []
    entries = {entry.number: (entry.state, entry.note) for entry in bench.ledger.entries()}
    assert entries[own] == entries[others] == (EntryState.ENDED, "deleted with robot ci")
    assert entries[other][0] is EntryState.ISSUED


async def test_a_deed_that_is_not_recorded_leaves_nothing_alive(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = Plan(
        profile=PROFILE,
        provider=PROVIDER,
        kind=SERVICE_TOKEN.key,
        noun=SERVICE_TOKEN.noun,
        form=SERVICE_TOKEN.form,
        target_id=robot().id,
        target_name="ci",
        scope="ops-prod",
        asked="never",
        latest_end=None,
    )
    own = bench.ledger.plan(plan, MONDAY)
    bench.ledger.issued(own, Outlook(None, EndSource.ANSWER, "id", "f"), MONDAY)

    def full(*_: object) -> None:
        raise StorageError("the disk is full")

    monkeypatch.setattr(bench.ledger, "did", full)

    with pytest.raises(StorageError, match="robot ci was deleted, but that is not recorded"):
        await bench.accounts.delete(robot())

    entry = bench.ledger.entry(own)
    assert entry is not None
    assert entry.state is EntryState.ENDED


async def test_what_is_gone_already_is_deleted_too(bench: Bench) -> None:
    bench.provider.robots = []

    how = await bench.accounts.delete(robot())

    assert how == "was gone already"
    assert bench.last_event() == (EventType.ACCOUNT, "ci", "was gone already")


async def test_deleting_says_so(bench: Bench) -> None:
    assert await bench.accounts.delete(robot()) == "deleted"


async def test_what_is_not_known_but_listed_was_not_deleted(bench: Bench) -> None:
    """A wrong path or a proxy answers 404 too."""
    bench.provider.errors["delete_account"] = NotFound("no such robot")

    with pytest.raises(NotFound, match="no such robot; the server does not know it .* lists it"):
        await bench.accounts.delete(robot())

    assert bench.ledger.events() == ()


@pytest.mark.parametrize("verb", ACTS)
async def test_a_lost_answer_says_that_the_list_will_tell(bench: Bench, verb: str) -> None:
    bench.provider.errors[verb] = OutcomeUnknown("no answer in 8 s")

    with pytest.raises(OutcomeUnknown, match="nobody knows whether robot ci was .*list again"):
        await ACTS[verb](bench.accounts, robot())

    assert len(bench.provider.calls) == 1
    assert bench.last_event()[0] is EventType.UNKNOWN


async def test_a_lost_answer_to_making_one_says_so_too(bench: Bench) -> None:
    bench.provider.errors["create_account"] = OutcomeUnknown("no answer in 8 s")

    with pytest.raises(OutcomeUnknown, match="nobody knows whether robot bot was created"):
        await bench.create(name="bot")

    assert bench.last_event()[:2] == (EventType.UNKNOWN, "bot")


async def test_a_ledger_that_is_full_does_not_hide_that_it_was_done(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StorageError("the disk is full")

    monkeypatch.setattr(bench.ledger, "did", full)

    with pytest.raises(StorageError, match="robot ci was renamed, but that is not recorded"):
        await bench.accounts.rename(robot(), "other")


@pytest.mark.parametrize("verb", ACTS)
async def test_a_read_only_profile_changes_nothing(tmp_path: Path, verb: str) -> None:
    bench = Bench(tmp_path, Guard(read_only=True))

    with pytest.raises(GuardRail, match="profile ops-prod is read only"):
        await ACTS[verb](bench.accounts, robot())
    with pytest.raises(GuardRail, match="read only"):
        await bench.create(name="bot")

    assert bench.provider.calls == []
    (offer,) = (await bench.accounts.offers([PROFILE])).offers
    assert offer.impossible == "profile ops-prod is read only (guard.read_only)"
    bench.ledger.close()


async def test_a_protected_profile_wants_the_name_typed(tmp_path: Path) -> None:
    bench = Bench(tmp_path, Guard(protected=True))

    assert bench.accounts.must_type(robot()) == "ci"
    with pytest.raises(GuardRail, match="'cy' was typed for 'ci'"):
        await bench.accounts.delete(robot(), "cy")
    assert bench.provider.calls == []

    await bench.accounts.delete(robot(), "ci")
    assert bench.provider.robots == []
    bench.ledger.close()


async def test_the_name_of_what_the_profile_signs_in_as_is_typed(bench: Bench) -> None:
    own = robot(is_own=True)
    bench.provider.robots = [own]

    assert bench.accounts.must_type(robot()) == bench.accounts.why_type(robot()) == ""
    assert bench.accounts.must_type(own) == "ci"
    assert bench.accounts.why_type(own) == "will be signed out"
    with pytest.raises(GuardRail, match="profile ops-prod will be signed out, and '' was typed"):
        await bench.accounts.delete(own)
    assert bench.provider.calls == []

    await bench.accounts.delete(own, "ci")
    assert bench.provider.robots == []


def test_reasons_come_from_the_kind_and_the_account(bench: Bench) -> None:
    kind = replace(
        ROBOT,
        abilities=frozenset({AccountAbility.DELETE}),
        cannot={AccountAbility.RENAME: "robots keep their names"},
    )
    bench.provider.about = replace(MANAGED_ABOUT, account_kinds=(kind,))
    own = robot(cannot={AccountAbility.DELETE: "it is yours"})

    objection = bench.accounts.objection
    assert objection(robot(), AccountAbility.RENAME) == "robots keep their names"
    assert objection(robot(), AccountAbility.REGROUP) == "no robot can be regrouped"
    assert objection(robot(), AccountAbility.DELETE) == ""
    assert objection(own, AccountAbility.DELETE) == "it is yours"
    assert objection(robot(profile=ProfileName("old")), AccountAbility.DELETE) == (
        "profile old is not configured"
    )


def test_the_consequence_names_object_place_and_who_is_hit(bench: Bench) -> None:
    assert bench.accounts.consequence(robot(is_own=True, also_ends="its 3 keys")) == (
        "Delete robot ci of ops-prod in profile ops-prod.",
        "Whoever uses its credentials is refused from then on, and it cannot be brought back.",
        "With it ends: its 3 keys.",
        "Profile ops-prod signs in as it and will be signed out.",
    )


async def test_a_verb_that_is_stopped_before_its_answer_is_written_down(bench: Bench) -> None:
    bench.provider.errors["delete_account"] = asyncio.CancelledError()

    with pytest.raises(asyncio.CancelledError):
        await bench.accounts.delete(robot())

    event, name, detail = bench.last_event()
    assert (event, name) == (EventType.UNKNOWN, "ci")
    assert "nobody knows whether robot ci was deleted" in detail
