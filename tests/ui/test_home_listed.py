"""The first screen with credentials that providers list."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from listed import CI, KEY, OwningProvider, listed, listing
from tokentui.domain.about import About
from tokentui.domain.errors import ConfigError
from tokentui.domain.ledger import LastKnown, Outlook
from tokentui.domain.model import Credential, CredentialState, EndSource, Page
from tokentui.services import attention
from tokentui.services.held import held
from tokentui.services.overview import MOST_AT_FIRST
from tokentui.ui.present import When
from tokentui.ui.screens.home_records import Records
from tokentui.ui.widgets.record_list import RecordList
from ui.drivers import RecordingApp, running
from ui.fakes import BERLIN, DAY, DEMO, HOUR, INSTANCES, World, plan_of
from world import ABOUT, MONDAY, PROFILE

SOON = listed("k-soon", life=90 * DAY, age=88 * DAY, name="deploy key")
ENDLESS = listed("k-endless", life=None, age=211 * DAY, name="old robot")
KINDS: About = replace(ABOUT, kinds=(*ABOUT.kinds, KEY))


def listing_world(folder: Path, *credentials: Credential) -> World:
    world = World(folder)
    world.provider = OwningProvider(
        world.clock,
        about=KINDS,
        pages=(Page(INSTANCES),),
        account_pages=(Page((CI,)),),
        credential_pages={CI.id: (Page(credentials),)},
    )
    world.connections.providers[PROFILE] = world.provider
    return world


async def test_listed_credentials_stand_beside_the_ledger_s(tmp_path: Path) -> None:
    world = listing_world(tmp_path, SOON, ENDLESS)
    world.made(DEMO, ABOUT.kinds[0], HOUR, 90 * DAY, "90d", purpose="argo test")
    async with running(world, (120, 40)) as driver:
        assert "Needs attention (1) - 1 more live" in driver.text
        assert "No expiry - reviewed by age (1)" in driver.text
        soon = next(line for line in driver.lines if "deploy key" in line)
        assert soon.lstrip(" >").split()[:5] == ["!", "2d", "account", "key", "deploy"]
        assert "#1 argo test" in driver.text
        assert "211d old" in driver.text


async def test_what_was_listed_last_is_there_before_anybody_is_asked(tmp_path: Path) -> None:
    world = listing_world(tmp_path, SOON)
    world.ledger.remember(LastKnown(PROFILE, MONDAY - DAY, INSTANCES, (CI,), (ENDLESS,)))
    world.hold_opening = asyncio.Event()
    async with running(world, loaded=False) as driver:
        await driver.shows("old robot")
        assert "deploy key" not in driver.text
        await driver.release(world.hold_opening)
        await driver.loaded()
        await driver.shows("deploy key")
        assert "old robot" not in driver.text


@pytest.mark.parametrize("moved", [False, True])
async def test_lists_begin_at_the_top_until_one_moves_in_them(tmp_path: Path, moved: bool) -> None:
    old = [listed(f"k-{age}", life=None, age=age * DAY, name=f"robot {age}") for age in range(9)]
    soon = [listed(f"s-{n}", life=90 * DAY, age=(80 + n) * DAY, name=f"s {n}") for n in range(9)]
    world = listing_world(tmp_path, *old, *soon)
    first = (*old[:2], *soon[:2])
    world.ledger.remember(LastKnown(PROFILE, MONDAY - DAY, INSTANCES, (CI,), first))
    world.hold_opening = asyncio.Event()
    async with running(world, loaded=False) as driver:
        await driver.shows("robot 1")
        lists = driver.app.screen.query(RecordList)
        if moved:
            await driver.press("down", "up", "tab", "down", "up")
        before = {one.id: one.cursor_key for one in lists}
        await driver.release(world.hold_opening)
        await driver.loaded()
        await driver.shows("robot 8" if not moved else "robot 2")
        top = {one.id: one._records.shown[0].key for one in lists}
        assert set(top.values()).isdisjoint(before.values())
        assert {one.id: one.cursor_key for one in lists} == (before if moved else top)


@pytest.mark.parametrize("is_broken", [False, True], ids=["asked", "broken configuration"])
async def test_of_very_many_the_soonest_are_shown_at_first_and_the_rest_follows(
    tmp_path: Path, is_broken: bool
) -> None:
    many = [
        listed(f"k-{n}", life=(3 * MOST_AT_FIRST - n) * DAY, age=timedelta())
        for n in range(2 * MOST_AT_FIRST)
    ]
    world = listing_world(tmp_path, *many)
    world.ledger.remember(LastKnown(PROFILE, MONDAY - DAY, INSTANCES, (CI,), tuple(many)))
    world.opening_error = ConfigError("it is broken", "mend it") if is_broken else None
    world.hold_opening = asyncio.Event()
    async with running(world, loaded=False) as driver:
        await driver.shows(f"Needs attention (0) - {2 * MOST_AT_FIRST} more live")
        assert len(driver.session.helds) == MOST_AT_FIRST
        await driver.release(world.hold_opening)
        await driver.until(
            lambda: len(driver.session.helds) == 2 * MOST_AT_FIRST, "all of them are read"
        )
        await driver.shows(f"Needs attention (0) - {2 * MOST_AT_FIRST} more live")


async def test_what_both_know_is_one_row(tmp_path: Path) -> None:
    world = listing_world(tmp_path, SOON)
    plan = replace(plan_of(DEMO, KEY, "90d", SOON.ends_at, "ci"), target_id=SOON.target_id)
    number = world.ledger.plan(plan, MONDAY - 88 * DAY)
    outlook = Outlook(SOON.ends_at, EndSource.ANSWER, SOON.id, "", "deploy key")
    world.ledger.issued(number, outlook, MONDAY - 88 * DAY)
    async with running(world) as driver:
        rows = [line for line in driver.lines if "deploy key" in line]
        assert len(rows) == 1
        assert f"#{number} deploy key" in rows[0]


async def test_what_was_used_is_no_quick_target_once_it_is_gone(tmp_path: Path) -> None:
    world = listing_world(tmp_path, SOON)
    old = ("ops-prod/old-ci", "old-ci")
    for target_id, name in ((CI.id, "ci"), old, old):
        plan = replace(plan_of(DEMO, KEY, "90d", None), target_id=target_id, target_name=name)
        number = world.ledger.plan(plan, world.clock())
        world.ledger.issued(number, Outlook(None, EndSource.ANSWER, "", ""), world.clock())
    world.hold_opening = asyncio.Event()
    async with running(world, (120, 40), loaded=False) as driver:
        await driver.shows("2  ci ")
        assert "1  old-ci" in driver.text
        await driver.release(world.hold_opening)
        await driver.loaded()
        await driver.shows("1  ci ")
        assert "  old-ci  key" not in driver.text
        assert "Tip: 1 opens the first one" in driver.text


@pytest.mark.parametrize(
    ("state", "sign", "note"),
    [(CredentialState.SWITCHED_OFF, "-", "is off"), (CredentialState.INVALID, "x", "is invalid")],
)
async def test_the_provider_s_word_for_a_state_is_shown(
    tmp_path: Path, state: CredentialState, sign: str, note: str
) -> None:
    world = listing_world(tmp_path, listed("k", life=90 * DAY, name="robot", state=state))
    async with running(world) as driver:
        (row,) = [line for line in driver.lines if "robot" in line]
        assert row.split()[0].lstrip(">") == sign
        assert row.endswith(note)


async def test_a_listed_one_can_be_looked_at_and_its_id_copied(tmp_path: Path) -> None:
    described = replace(SOON, roles=("reader",), facts=(("algorithm", "RSA 2048"),))
    async with running(listing_world(tmp_path, described), app_type=RecordingApp) as driver:
        await driver.press("enter")
        await driver.shows("Listed - account key")
        for fact in ("deploy key", "k-soon", "reader", "RSA 2048", "ci, profile ops-prod"):
            assert fact in driver.text
        await driver.press("escape")
        screen = driver.app.screen
        assert screen.query_one("#attention", RecordList).cursor_key is not None
        assert driver.app.place.row_texts(
            str(screen.query_one("#attention", RecordList).cursor_key)
        ) == ("k-soon", "deploy key")


def test_rows_that_nothing_has_changed_are_kept() -> None:
    def rows(minutes: int, *credentials: Credential) -> tuple[attention.Row, ...]:
        now = MONDAY + timedelta(minutes=minutes)
        return attention.rows(held([listing(*credentials)], (), ()), now)

    def when(minutes: int) -> When:
        return When(MONDAY + timedelta(minutes=minutes), BERLIN)

    minutes, hours = (
        listed("k-1", age=DAY, life=DAY + HOUR),
        replace(SOON, ends_at=MONDAY + 2.1 * DAY),
    )
    kept = Records()
    first = kept.make(rows(0, minutes, hours), when(0), False)
    again = kept.make(rows(0, replace(minutes), replace(hours)), when(0), False)
    later = kept.make(rows(1, minutes, hours), when(1), False)
    assert [new is old for new, old in zip(again, first, strict=True)] == [True, True]
    assert [new is old for new, old in zip(later, first, strict=True)] == [False, True]
    (renamed,) = kept.make(rows(1, replace(hours, name="renamed")), when(1), False)
    assert renamed.cells[2].text == "renamed"
    assert kept.make(rows(1, minutes), when(1), False)[0] is not later[0]


async def test_what_is_invalid_needs_attention_and_names_no_end(tmp_path: Path) -> None:
    dead = listed("k", life=None, age=2 * DAY, name="robot", state=CredentialState.INVALID)
    async with running(listing_world(tmp_path, dead), (120, 40)) as driver:
        assert "Needs attention (1)" in driver.text
        assert "No expiry" not in driver.text
        (row,) = [line for line in driver.lines if "robot" in line]
        assert row.split()[0].lstrip(">") == "x"
        assert row.split()[1] == "-"
        await driver.press("enter")
        await driver.shows("ends      unknown")
