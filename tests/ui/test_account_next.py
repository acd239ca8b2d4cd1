"""What makes an account and its first credential a matter of few keys."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tokentui.domain.account import AccountOffer
from tokentui.ui.modals.account import RegroupModal
from tokentui.ui.modals.generate import GenerateModal
from tokentui.ui.screens.accounts import AccountsScreen
from ui.drivers import Driver, running
from ui.drivers_accounts import accounts_monday, managed, second_profile
from ui.fakes import World


def words(driver: Driver) -> str:
    return " ".join(driver.text.replace("│", " ").split())


async def says(driver: Driver, sentence: str) -> None:
    await driver.until(lambda: sentence in words(driver), f"{sentence!r} is said")


async def opened(driver: Driver, kind: type[object]) -> None:
    await driver.until(lambda: isinstance(driver.app.screen, kind), f"{kind.__name__} is shown")


async def make_one(driver: Driver) -> None:
    await driver.press("A")
    await driver.shows("ci")
    await driver.press("n")
    await driver.shows("Name*")
    await driver.press(*"nightly", "enter")
    await says(driver, "made robot nightly in ops-prod - Enter makes a credential for it")


async def test_enter_goes_on_to_a_credential_for_the_account_that_was_made(
    tmp_path: Path,
) -> None:
    async with running(accounts_monday(tmp_path)) as driver:
        await make_one(driver)
        await driver.press("enter")
        await opened(driver, GenerateModal)
        await driver.shows("Credentials - nightly")


async def test_after_any_other_key_enter_opens_the_row_as_ever(tmp_path: Path) -> None:
    async with running(accounts_monday(tmp_path)) as driver:
        await make_one(driver)
        await driver.press("down", "enter")
        await driver.shows("[T Tokens]")


async def test_a_letter_picks_the_choice_that_it_begins(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)
    async with running(world) as driver:
        await driver.press("A")
        await driver.shows("ci")
        await driver.press("n")
        await driver.shows("Name*")
        await driver.press(*"x", "tab", "z", "e")
        await says(driver, "(o) Editor")
        await driver.press("enter")
        await opened(driver, AccountsScreen)
        assert managed(world).calls == [("create_account", "x", "Editor")]


async def test_a_letter_picks_other_rights(tmp_path: Path) -> None:
    async with running(accounts_monday(tmp_path)) as driver:
        await driver.press("A")
        await driver.shows("ci")
        await driver.press("r")
        await opened(driver, RegroupModal)
        await driver.press("e")
        await says(driver, "(o) Editor")


async def test_the_place_of_the_highlighted_account_is_proposed(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)
    plain = managed(world).account_offers

    async def offers() -> tuple[AccountOffer, ...]:
        (offer,) = await plain()
        return (offer, replace(offer, scope="ops-dev", scope_id="p-2"))

    managed(world).account_offers = offers  # type: ignore[method-assign]  # two projects
    async with running(world) as driver:
        await driver.press("A")
        await driver.shows("idle")
        await driver.press("end", "n")
        await says(driver, "1 ( ) ops-prod 2 (o) ops-dev")
        await driver.press(*"lab")
        await says(driver, "Name* lab")


async def test_what_is_typed_before_the_places_are_known_is_kept(tmp_path: Path) -> None:
    world: World = accounts_monday(tmp_path)
    second_profile(world)
    async with running(world) as driver:
        await driver.press("A")
        await driver.shows("ci")
        await driver.press("n", *"ab1", "tab", "e")
        await says(driver, "Name* ab1")
        await says(driver, "(o) Editor")
        assert managed(world).calls == []
