from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tokentui.domain.errors import Unreachable
from tokentui.domain.model import Account, AccountId, CredentialState, Page, ProfileName
from tokentui.domain.profile import Guard
from tokentui.domain.text import clean
from tokentui.providers.stackstate.about import ABOUT as STACKSTATE
from tokentui.ui.actions import Place
from tokentui.ui.screens.account_records import filter_of
from ui.drivers import RecordingApp, running, unsafe_characters
from ui.drivers_accounts import (
    CI,
    accounts_monday,
    managed,
    names,
    second_profile,
    without_accounts,
)
from ui.fakes import DAY, World
from world import InventedProvider
from world_managed import SERVICE_TOKEN, credential, robot


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 24), (60, 15)], ids=str)
async def test_it_looks_like_this(
    tmp_path: Path, size: tuple[int, int], snapshot: SnapshotAssertion
) -> None:
    async with running(accounts_monday(tmp_path), size) as driver:
        await driver.press("A")
        await driver.shows("deployer")
        assert driver.text == snapshot


async def test_what_ends_soonest_stands_first_with_its_sign(tmp_path: Path) -> None:
    async with running(accounts_monday(tmp_path), (120, 40)) as driver:
        await driver.press("A")
        await driver.shows("1d 4h")
        assert names(driver) == ["ci", "deployer", "idle"]
        row = next(line for line in driver.lines if "  ci  " in line)
        assert " ".join(row.split()) == ">! invented ops-prod ops-prod ci Viewer 2 1d 4h soon"
        assert "3 of 3" in driver.lines[1]


async def test_the_detail_tells_of_credentials_abilities_and_what_else_ends(
    tmp_path: Path,
) -> None:
    async with running(accounts_monday(tmp_path), (120, 40)) as driver:
        await driver.press("A")
        await driver.shows("service token  gitlab")
        assert "id        ci@robots.example  (c copies it)   role  Viewer" in driver.text
        assert "service token  gitlab  1d 4h  live  made 25 Sep 2026  not from here" in driver.text
        assert "service token  laptop  never 10d  live" in driver.text
        assert "service token: revoke, switch off and on, rename" in driver.text
        assert "can       rename, regroup, delete" in driver.text
        await driver.press("down")
        await driver.shows("profile ops-prod is signed in as it")
        assert "deleting  ends its 2 keys too" in driver.text


async def test_what_was_made_from_here_names_its_entry_and_where_it_went(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)
    number = world.made(CI, SERVICE_TOKEN, DAY, 30 * DAY, to="~/ci.token")  # type: ignore[arg-type]
    async with running(world, (120, 40)) as driver:
        await driver.press("A")
        await driver.shows(f"#{number}  ~/ci.token")


async def test_enter_shows_its_tokens(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)
    second_profile(world)
    async with running(world, (120, 40)) as driver:
        await driver.press("A")
        await driver.shows("gitlab")
        await driver.press("enter")
        await driver.until(lambda: driver.app.current_mode == Place.TOKENS, "tokens are shown")
        await driver.shows('filter: profile:="ops-prod" where:="ci"')
        assert "gitlab" in driver.text
        assert "k-1" not in driver.text


@pytest.mark.parametrize("name", ['say "hi"', "c", '"'])
async def test_enter_shows_the_tokens_of_no_account_with_a_longer_name(
    tmp_path: Path, name: str
) -> None:
    world = accounts_monday(tmp_path)
    other = replace(CI, id=AccountId("other"), name=name)
    managed(world).robots.append(other)
    managed(world).listed.append(credential("of-the-other-one", of=other))
    async with running(world, (120, 40)) as driver:
        await driver.press("A")
        await driver.shows("gitlab")
        driver.app.flows.go(Place.TOKENS, filter_of(other))
        await driver.shows("of-the-other-one")
        assert "gitlab" not in driver.text


async def test_g_makes_a_credential_for_it(tmp_path: Path) -> None:
    async with running(accounts_monday(tmp_path), app_type=RecordingApp) as driver:
        await driver.press("A")
        await driver.shows("deployer")
        await driver.press("down", "g")
        assert driver.wanted == [("deployer", None, "")]


async def test_u_shows_how_to_use_what_it_owns(tmp_path: Path) -> None:
    async with running(accounts_monday(tmp_path), app_type=RecordingApp) as driver:
        await driver.press("A")
        await driver.shows("deployer")
        await driver.press("down", "u")
        assert driver.used == [(None, "deployer")]


async def test_ids_and_names_are_copied(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)
    async with running(world) as driver:
        await driver.press("A")
        await driver.shows("deployer")
        await driver.press("c")
        await driver.until(lambda: world.clipboard.held == "ci@robots.example", "the id is copied")
        await driver.press("y")
        await driver.until(lambda: world.clipboard.held == "ci", "the name is copied")


@pytest.mark.parametrize("key", ["e", "r", "x"])
async def test_what_a_profile_forbids_is_said_when_it_is_tried(tmp_path: Path, key: str) -> None:
    world = accounts_monday(tmp_path, guard=Guard(read_only=True))
    async with running(world, (120, 40)) as driver:
        await driver.press("A")
        await driver.shows("deployer")
        await driver.press(key)
        await driver.shows("robot ci: profile ops-prod is read only (guard.read_only)")
        assert driver.app.screen is driver.app.place


async def test_without_a_row_it_says_what_is_missing(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)
    managed(world).robots = []
    async with running(world) as driver:
        await driver.press("A")
        await driver.shows("There is no account here: n makes one.")
        await driver.press("g")
        await driver.shows("there is no account to make a credential for")
        await driver.press("x")
        await driver.shows("there is no account to delete")
        await driver.press("enter")
        assert driver.app.current_mode == Place.ACCOUNTS


async def test_a_system_without_accounts_says_so(
    tmp_path: Path, snapshot: SnapshotAssertion
) -> None:
    world = accounts_monday(tmp_path)
    without_accounts(world)
    async with running(world) as driver:
        await driver.press("A")
        await driver.shows("Plain Cloud has no accounts: its tokens belong to nobody")
        assert driver.text == snapshot


@pytest.mark.parametrize(
    ("size", "end"), [((80, 24), "tokens have their own roles"), ((60, 24), "…")], ids=str
)
async def test_what_a_system_says_of_its_accounts_is_one_whole_line(
    tmp_path: Path, size: tuple[int, int], end: str
) -> None:
    world = accounts_monday(tmp_path)
    provider = InventedProvider(world.clock, STACKSTATE, pages=())
    world.connections.add(ProfileName("observe"), provider)
    async with running(world, size) as driver:
        await driver.press("A")
        await driver.shows("SUSE Observability (StackState) has no accounts: ")
        (line,) = (line for line in driver.lines if "has no accounts" in line)
        assert line.rstrip().endswith(end)


async def test_where_no_system_has_accounts_it_says_where_to_go(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as driver:
        await driver.press("A")
        await driver.shows("Invented Cloud has no accounts")
        await driver.shows("No system here has accounts: I lists what credentials are made for.")


async def test_one_dead_profile_is_one_line_and_its_old_rows_are_grey(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)
    other = second_profile(world)
    async with running(world) as driver:
        await driver.press("A")
        await driver.until(lambda: len(names(driver)) == 4, "all accounts are listed")
        other.errors["credentials"] = Unreachable("no answer after 8 s", "check the network")
        other.robots = []

        other.listing_error = Unreachable("no answer after 8 s", "check the network")
        other.accounts = _dead  # type: ignore[method-assign]  # it is gone now
        await driver.press("f5")
        await driver.shows("x ops-dev did not answer")
        assert "ci" in names(driver)
        assert "1 of 2 profiles failed; the others go on" in driver.lines[-2]


async def test_while_it_is_asked_it_says_so(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)
    world.provider.hold_listing = asyncio.Event()
    async with running(world, loaded=False) as driver:
        await driver.press("A")
        await driver.shows("asking ops-prod")
        await driver.release(world.provider.hold_listing)
        await driver.loaded()


async def test_a_filter_narrows_by_fields(tmp_path: Path) -> None:
    async with running(accounts_monday(tmp_path)) as driver:
        await driver.press("A")
        await driver.shows("deployer")
        await driver.press("slash", *"role:editor", "enter")
        assert names(driver) == ["deployer"]
        await driver.press("escape", "slash", *"ops-dev", "enter")
        assert names(driver) == ["idle"]


async def _dead() -> AsyncIterator[Page[Account]]:
    raise Unreachable("no answer after 8 s", "check the network")
    yield


HOSTILE = "\x1b]52;c;eA==\x1b\\[@click=app.quit]x[/] [/y] \u202eevil\u0085 " + "w" * 90


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (120, 40), (200, 50)], ids=str)
async def test_hostile_names_are_data(tmp_path: Path, size: tuple[int, int]) -> None:
    world = accounts_monday(tmp_path)
    name = clean(HOSTILE)
    owner = robot(name, native_id=name, scope=name, group=name, state_text=name, also_ends=name)
    managed(world).robots = [owner]
    managed(world).listed = [credential(name, of=owner)]
    world.connections.add(name, InventedProvider(world.clock, pages=(Page(()),)))
    async with running(world, size) as driver:
        await driver.press("A")
        await driver.until(lambda: len(names(driver)) == 1, "it is listed")
        assert unsafe_characters(driver.app) == set()
        assert set(driver.widths()) == {size[0]}


async def test_what_is_invalid_is_not_said_to_live_for_ever(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)
    invalid = credential("dead", of=CI, ends_at=None, state=CredentialState.INVALID)
    managed(world).listed = [invalid]
    async with running(world, (120, 40)) as driver:
        await driver.press("A")
        await driver.shows("invalid")
        row = next(line for line in driver.lines if "  ci  " in line)
        assert " ".join(row.split()).endswith("ci Viewer 1 - invalid")
