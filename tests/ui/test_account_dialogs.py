from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from syrupy.assertion import SnapshotAssertion

from tokentui.domain.account import AccountOffer
from tokentui.domain.errors import Forbidden, NotFound, OutcomeUnknown, StorageError
from tokentui.domain.model import Account, FieldType, FieldValue, OfferField
from tokentui.domain.profile import Guard
from tokentui.ui.modals.account import DeleteAccountModal, RegroupModal, RenameAccountModal
from tokentui.ui.modals.account_new import NewAccountModal
from tokentui.ui.screens.accounts import AccountsScreen
from tokentui.ui.widgets.record_list import RecordList
from ui.drivers import Driver, running, unsafe_characters
from ui.drivers_accounts import (
    CI,
    IDLE,
    accounts_monday,
    managed,
    names,
    second_profile,
    without_accounts,
)
from ui.fakes import DAY, World
from world_managed import NAME, SERVICE_TOKEN, robot

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from textual.screen import Screen

OPEN = Guard()
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 24)], ids=str)


def words(driver: Driver) -> str:
    """What is on the screen, as if it stood on one line."""
    return " ".join(driver.text.replace("│", " ").split())


async def says(driver: Driver, sentence: str) -> None:
    await driver.until(lambda: sentence in words(driver), f"{sentence!r} is said")


def highlighted(driver: Driver) -> str:
    """The name in the row under the cursor."""
    accounts = driver.app.screen.query_one(RecordList)
    shown = accounts._records.shown
    return next(row.cells[3].text for row in shown if row.key == accounts.cursor_key)


async def closed(driver: Driver) -> None:
    await driver.until(
        lambda: isinstance(driver.app.screen, AccountsScreen), "the dialog is closed"
    )


@asynccontextmanager
async def dialog(
    world: World, key: str, modal: type[Screen[None]], size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Driver]:
    """Open a dialog from the list of accounts, on the first row."""
    async with running(world, size) as driver:
        await driver.press("A")
        await driver.shows("ci")
        await driver.press(key)
        await driver.until(lambda: isinstance(driver.app.screen, modal), "the dialog is open")
        await driver.pilot.pause()
        yield driver


@asynccontextmanager
async def new(world: World, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Driver]:
    """Open the dialog that makes an account, until it asks for a name."""
    async with dialog(world, "n", NewAccountModal, size) as driver:
        await driver.shows("Name*")
        await driver.pilot.pause()
        yield driver


def changes(world: World) -> list[tuple[str, ...]]:
    return managed(world).calls


# Making one


@SIZES
async def test_making_one_looks_like_this(
    tmp_path: Path, size: tuple[int, int], snapshot: SnapshotAssertion
) -> None:
    async with new(accounts_monday(tmp_path), size) as driver:
        assert driver.text == snapshot


async def test_a_name_and_enter_make_one(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)
    async with new(world) as driver:
        await driver.press(*"nightly", "enter")
        await closed(driver)
        await driver.shows("made robot nightly in ops-prod")
        await driver.until(lambda: "nightly" in names(driver), "it is listed")
        assert changes(world) == [("create_account", "nightly", "Viewer")]


async def test_the_cursor_goes_to_the_one_that_was_made(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)
    async with new(world) as driver:
        await driver.press(*"nightly", "enter")
        await closed(driver)
        await driver.until(lambda: highlighted(driver) == "nightly", "the cursor is on it")
        await driver.shows("── robot nightly ──")


async def test_whoever_moves_on_meanwhile_stays_there(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)
    async with running(world) as driver:
        await driver.press("A")
        await driver.shows("idle")
        place = driver.app.place
        assert isinstance(place, AccountsScreen)
        managed(world).robots.append(robot("nightly"))
        place.point_to(robot("nightly"))
        await driver.press("down")
        here = highlighted(driver)
        await driver.press("f5")
        await driver.until(lambda: "nightly" in names(driver), "it is listed")
        await driver.pilot.pause()
        assert highlighted(driver) == here


async def test_choices_are_sent_as_they_stand(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)
    async with new(world) as driver:
        await driver.press(*"nightly", "tab", "left")
        await says(driver, "(o) Editor")
        await driver.press("enter")
        await closed(driver)
        assert changes(world) == [("create_account", "nightly", "Editor")]


async def test_a_double_enter_makes_one_request(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)
    hold = hold_making(world)
    async with new(world) as driver:
        await driver.press(*"nightly", "enter", "enter", "escape")
        await says(driver, "making it.. - the request is under way and cannot be called back")
        await driver.release(hold)
        await closed(driver)
        assert len(changes(world)) == 1


async def test_what_is_wrong_is_said_while_typing_and_nothing_is_sent(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)
    async with new(world) as driver:
        await driver.press("enter")
        await says(driver, "x Name is needed")
        await driver.press(*"Up")
        await says(driver, "x Name of robot cannot be 'Up'")
        await driver.press("enter")
        await driver.pilot.pause()
        assert changes(world) == []
        await driver.press("backspace", "backspace", *"up")
        await driver.until(lambda: "cannot be" not in driver.text, "the sentence is gone")


async def test_a_refusal_keeps_the_form(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)
    managed(world).errors["create_account"] = Forbidden("anna may not", "ask an owner")
    async with new(world) as driver:
        await driver.press(*"nightly", "enter")
        await says(driver, "x anna may not: ask an owner")
        assert "nightly" in driver.text
        managed(world).errors.clear()
        await driver.press("enter")
        await closed(driver)


async def test_a_lost_answer_is_said_and_not_asked_for_again(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)
    managed(world).errors["create_account"] = OutcomeUnknown("the connection was reset")
    async with new(world) as driver:
        await driver.press(*"nightly", "enter")
        await says(driver, "? nobody knows whether robot nightly was created")
        await driver.press("enter")
        await says(driver, "nobody knows what became of it: Esc closes, and the list is read anew")
        await driver.press("escape")
        await closed(driver)
        assert len(changes(world)) == 1


async def test_one_that_was_made_but_not_recorded_is_said(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)

    def full(*_: object) -> None:
        raise StorageError("the disk is full", "make room")

    world.ledger.did = full  # type: ignore[method-assign,assignment]  # the disk fills up
    async with new(world, (120, 40)) as driver:
        await driver.press(*"nightly", "enter")
        await closed(driver)
        await driver.shows("robot nightly was created, but that is not recorded")


async def test_escape_leaves_the_field_then_the_dialog(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)
    async with new(world) as driver:
        await driver.press("x", "escape")
        assert isinstance(driver.app.screen, NewAccountModal)
        assert driver.focused_id == "create"
        await driver.press("escape")
        await closed(driver)
        assert changes(world) == []


async def test_a_number_chooses_the_place(tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    world = accounts_monday(tmp_path)
    other = second_profile(world)
    async with new(world) as driver:
        assert driver.focused_id == "places"
        assert driver.text == snapshot
        await driver.press("2")
        await says(driver, "(o) ops-prod (ops-dev)")
        await driver.press("tab", *"lab", "enter")
        await closed(driver)
        assert other.calls == [("create_account", "lab", "Viewer")]
        assert changes(world) == []


async def test_another_place_keeps_what_was_typed_if_it_asks_the_same(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)
    other = second_profile(world)
    async with new(world) as driver:
        await driver.press("tab", *"lab", "escape", "2", "enter")
        await closed(driver)
        assert other.calls == [("create_account", "lab", "Viewer")]


async def test_a_place_where_none_can_be_made_says_why(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)
    second_profile(world)
    world.connections._guards = dict.fromkeys(world.connections._guards, Guard(read_only=True))
    async with new(world) as driver:
        await says(driver, "(-) ops-prod (ops-dev)")
        await says(driver, "x profile ops-prod is read only")
        await driver.press("tab", *"lab", "enter")
        await driver.pilot.pause()
        assert changes(world) == []


async def test_a_profile_that_does_not_answer_is_said_beside_the_others(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)
    other = second_profile(world)
    other.errors["account_offers"] = Forbidden("anna may not look", "ask an owner")
    async with new(world) as driver:
        await says(driver, "x ops-dev: anna may not look: ask an owner")
        await driver.press(*"nightly", "enter")
        await closed(driver)
        assert len(changes(world)) == 1


async def test_where_none_can_be_made_it_says_why(tmp_path: Path) -> None:
    world = World(tmp_path)
    without_accounts(world)
    async with running(world, (120, 40)) as driver:
        await driver.press("A")
        await driver.shows("No system here has accounts")
        await driver.press("n")
        await says(driver, "Plain Cloud has no accounts: its tokens belong to nobody")
        await driver.press("enter", "escape")
        await closed(driver)


# Changing one


@SIZES
@pytest.mark.parametrize("key", ["e", "r", "x"])
async def test_changing_one_looks_like_this(
    tmp_path: Path, key: str, size: tuple[int, int], snapshot: SnapshotAssertion
) -> None:
    async with dialog(accounts_monday(tmp_path), key, MODALS[key], size) as driver:
        assert driver.text == snapshot


@pytest.mark.parametrize(
    ("key", "footer"),
    [
        ("e", "Tab field  Enter rename  Esc cancel"),
        ("r", "Tab field  Enter change it  Esc cancel"),
        ("x", "Tab field  F10 do it  Esc cancel"),
        ("n", "Tab field  Enter make it  Esc cancel"),
    ],
)
async def test_the_footer_names_the_keys_that_act(tmp_path: Path, key: str, footer: str) -> None:
    async with dialog(accounts_monday(tmp_path), key, MODALS.get(key, NewAccountModal)) as driver:
        driver.app.screen.set_focus(None)
        await driver.until(lambda: footer in driver.text, "the footer names its keys")


async def test_a_new_name_is_sent_once(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)
    async with dialog(world, "e", RenameAccountModal) as driver:
        await driver.press(*"-2", "enter")
        await closed(driver)
        await driver.shows("robot ci of ops-prod is called ci-2 now")
        await driver.until(lambda: "ci-2" in names(driver), "it is listed")
        assert highlighted(driver) == "ci-2"
        assert changes(world) == [("rename_account", "ops-prod/ci", "ci-2")]


async def test_the_same_name_and_none_are_not_sent(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)
    async with dialog(world, "e", RenameAccountModal) as driver:
        await driver.press("enter")
        await says(driver, "x that is its name already")
        await driver.press("backspace", "backspace")
        await says(driver, "x it needs a name")
        await driver.press("enter")
        await driver.pilot.pause()
        assert changes(world) == []
        await driver.press("escape")
        await closed(driver)


async def test_other_rights_are_sent_once(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)
    async with dialog(world, "r", RegroupModal) as driver:
        await driver.press("enter")
        await says(driver, "x that is what it has already")
        await driver.press("left")
        await says(driver, "(o) Editor")
        await driver.press("enter")
        await closed(driver)
        await driver.shows("robot ci of ops-prod is Editor now")
        assert changes(world) == [("regroup_account", "ops-prod/ci", "Editor")]


async def test_deleting_takes_f10_alone(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path, guard=OPEN)
    async with dialog(world, "x", DeleteAccountModal) as driver:
        await driver.press("enter")
        await closed(driver)
        assert changes(world) == []
        await driver.press("x")
        await says(driver, "Delete robot ci of ops-prod in profile ops-prod.")
        await driver.press("f10")
        await closed(driver)
        await driver.shows("deleted robot ci of ops-prod")
        await driver.until(lambda: "ci" not in names(driver), "it is gone")
        assert changes(world) == [("delete_account", "ops-prod/ci")]


async def test_in_a_protected_profile_the_name_is_typed_first(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)
    async with dialog(world, "x", DeleteAccountModal) as driver:
        await says(driver, "Profile ops-prod is protected: type ci")
        await driver.press("f10")
        await says(driver, "x type ci to delete it")
        await driver.press(*"ci", "enter")
        await says(driver, "F10 does it")
        assert changes(world) == []
        await driver.press("f10")
        await closed(driver)
        assert changes(world) == [("delete_account", "ops-prod/ci")]


async def test_what_the_profile_signs_in_with_is_typed_first(tmp_path: Path) -> None:
    async with running(accounts_monday(tmp_path, guard=OPEN)) as driver:
        await driver.press("A")
        await driver.shows("deployer")
        await driver.press("down", "x")
        await says(driver, "Profile ops-prod signs in as it and will be signed out.")
        await says(driver, "With it ends: its 2 keys.")
        await says(driver, "Owns 1 credential: k-1")
        await says(driver, "Profile ops-prod will be signed out: type deployer")
        await driver.press("f10")
        await says(driver, "x type deployer to delete it")


async def test_what_ended_is_not_owned(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path, guard=OPEN)
    old = world.made(IDLE, SERVICE_TOKEN, 2 * DAY, 30 * DAY)  # type: ignore[arg-type]  # a target
    world.ledger.ended(old, "revoked", world.clock())
    world.made(IDLE, SERVICE_TOKEN, 3 * DAY, 2 * DAY)  # type: ignore[arg-type]  # a target
    async with running(world) as driver:
        await driver.press("A")
        await driver.shows("idle")
        while highlighted(driver) != "idle":
            await driver.press("down")
        await driver.press("x")
        await says(driver, "Owns 0 credentials")


async def test_what_was_gone_already_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = accounts_monday(tmp_path, guard=OPEN)
    provider = managed(world)

    async def delete_account(one: Account) -> None:
        provider.robots.remove(one)
        raise NotFound("no such robot")

    monkeypatch.setattr(provider, "delete_account", delete_account)
    async with dialog(world, "x", DeleteAccountModal) as driver:
        await driver.press("f10")
        await closed(driver)
        await driver.shows("robot ci of ops-prod was gone already")


async def test_a_failure_stays_in_the_dialog(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path, guard=OPEN)
    managed(world).errors["delete_account"] = Forbidden("anna may not", "ask an owner")
    async with dialog(world, "x", DeleteAccountModal) as driver:
        await driver.press("f10")
        await says(driver, "x anna may not: ask an owner")
        assert isinstance(driver.app.screen, DeleteAccountModal)


async def test_the_outcome_is_said_even_if_the_dialog_is_gone(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)
    hold = hold_making(world)
    async with new(world) as driver:
        await driver.press(*"nightly", "enter")
        await says(driver, "making it..")
        modal = driver.app.screen
        await driver.app.pop_screen()
        await driver.until(lambda: not modal.is_attached, "the dialog is gone")
        await driver.release(hold)
        await driver.shows("made robot nightly in ops-prod")


HOSTILE = "\x1b]52;c;eA==\x1b\\[@click=app.quit]x[/] [/y] \u202eevil\u0085 " + "w" * 90


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (120, 40)], ids=str)
async def test_hostile_offers_are_data(tmp_path: Path, size: tuple[int, int]) -> None:
    world = accounts_monday(tmp_path)
    fields = (
        NAME,
        OfferField("a", HOSTILE, FieldType.CHOICE, HOSTILE, choices=(HOSTILE, "b")),
        OfferField("b", HOSTILE, FieldType.TEXTS, HOSTILE, choices=(HOSTILE, "b")),
        OfferField("c", HOSTILE, FieldType.FLAG, HOSTILE),
    )
    plain = managed(world).account_offers

    async def offers() -> tuple[AccountOffer, ...]:
        (offer,) = await plain()
        hostile = replace(offer, noun=HOSTILE, scope=HOSTILE, fields=fields, warnings=(HOSTILE,))
        return (hostile, replace(hostile, impossible=HOSTILE))

    managed(world).account_offers = offers  # type: ignore[method-assign]  # a hostile provider
    async with new(world, size) as driver:
        assert unsafe_characters(driver.app) == set()
        assert set(driver.widths()) == {size[0]}
        await driver.press("2")
        await driver.pilot.pause()
        assert unsafe_characters(driver.app) == set()


MODALS: Mapping[str, type[Screen[None]]] = {
    "e": RenameAccountModal,
    "r": RegroupModal,
    "x": DeleteAccountModal,
}


def hold_making(world: World) -> asyncio.Event:
    """Let the request that makes an account wait for this event."""
    hold = asyncio.Event()
    create: Callable[[AccountOffer, Mapping[str, FieldValue]], Awaitable[Account]]
    create = managed(world).create_account

    async def wait(offer: AccountOffer, values: Mapping[str, FieldValue]) -> Account:
        await hold.wait()
        return await create(offer, values)

    managed(world).create_account = wait  # type: ignore[method-assign]  # a slow provider
    return hold


async def test_where_its_credentials_went_is_said_before_it_is_deleted(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path, guard=OPEN)
    world.made(CI, SERVICE_TOKEN, DAY, 30 * DAY, to="~/ci.token")  # type: ignore[arg-type]  # a target
    world.made(CI, SERVICE_TOKEN, 3 * DAY, 2 * DAY, to="~/over")  # type: ignore[arg-type]  # a target
    async with dialog(world, "x", DeleteAccountModal) as driver:
        await says(driver, "What it owns was handed over to: ~/ci.token.")


async def test_f10_renames_and_regroups_too(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)
    async with dialog(world, "e", RenameAccountModal) as driver:
        await driver.press(*"-2", "f10")
        await closed(driver)
        await driver.until(lambda: "ci-2" in names(driver), "it is listed")
    world = accounts_monday(tmp_path / "other")
    async with dialog(world, "r", RegroupModal) as driver:
        await driver.press("k")
        await says(driver, "(o) Editor")
        await driver.press("j")
        await says(driver, "(o) Viewer")
        await driver.press("k", "f10")
        await closed(driver)
        assert changes(world) == [("regroup_account", "ops-prod/ci", "Editor")]
