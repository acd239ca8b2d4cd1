from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from textual.app import ComposeResult
from textual.screen import ModalScreen
from textual.widgets import Static

from tokentui.domain.ledger import Entry, EntryState
from tokentui.domain.model import KindKey
from tokentui.services.issue import Request, Result
from tokentui.services.workbench import Workbench
from tokentui.storage.ledger import LedgerFile
from tokentui.ui.leaving import left_behind
from tokentui.ui.palette import Palette
from tokentui.ui.screens.too_small import TooSmall
from ui.drivers import Driver, running
from ui.fakes import DEMO, World, busy_monday
from world import OWNER


class Holder(ModalScreen[None]):
    """A dialog that holds an undelivered secret."""

    blanked = False
    reason = "a credential was just made: hand it over or discard it"
    said = ""

    def compose(self) -> ComposeResult:
        yield Static("the value")

    def blank(self) -> None:
        self.blanked = True

    def why_stay(self) -> str:
        return self.reason

    def say(self, text: str, style: str = "") -> None:
        self.said = text


@pytest.fixture
def world(tmp_path: Path) -> World:
    return busy_monday(tmp_path)


async def mint(workbench: Workbench) -> Result:
    offer = await workbench.issuing.offer(DEMO, KindKey("token"))
    lifetime, _ = workbench.issuing.term(offer, "10m")
    return await workbench.issuing.issue(Request(offer, lifetime, "10m"))


def last_entry(world: World) -> Entry:
    """Read the ledger as the next start would."""
    ledger = LedgerFile(world.folder / "ledger.db", OWNER)
    try:
        return ledger.entries(1)[0]
    finally:
        ledger.close()


async def begin_mint(driver: Driver, world: World) -> asyncio.Task[Result]:
    """Start a request whose answer the test holds back."""
    world.provider.hold = asyncio.Event()
    minting = asyncio.create_task(driver.session.keep(mint))
    await driver.until(lambda: world.provider.orders, "the request is under way")
    return minting


async def test_views_change_by_letters(world: World) -> None:
    async with running(world) as driver:
        await driver.press("I")
        await driver.shows("[I Instances]")
        await driver.press("H")
        await driver.shows("[H Home]")
        await driver.press("I", "escape")
        await driver.shows("[H Home]")


async def test_escape_never_quits_and_q_at_home_does(world: World) -> None:
    async with running(world) as driver:
        await driver.press("escape", "h", "left")
        assert "q quits" in driver.lines[-2]
        await driver.press("q")
        await driver.until(lambda: not driver.app.is_running, "the program ends")
        assert driver.app.return_code == 0


async def test_ctrl_c_only_says_how_to_leave(world: World) -> None:
    async with running(world) as driver:
        await driver.press("ctrl+c")
        assert "^c does nothing here: q goes back, ^q quits" in driver.lines[-2]
        assert driver.app.is_running


async def test_quitting_waits_for_the_answer_and_says_so(world: World) -> None:
    async with running(world, (120, 24)) as driver:
        minting = await begin_mint(driver, world)
        await driver.press("ctrl+q")
        await driver.shows("1 request under way that makes a credential: quitting once")
        assert driver.app.is_running
        await driver.release(world.provider.hold)
        await driver.until(lambda: not driver.app.is_running, "the program ends")
        assert (await minting).number == 13
    entry = last_entry(world)
    assert entry.state is EntryState.LOST


async def test_a_second_wish_to_quit_does_not_wait_here(world: World) -> None:
    async with running(world) as driver:
        minting = await begin_mint(driver, world)
        await driver.press("ctrl+q", "ctrl+q")
        await driver.until(lambda: not driver.app.is_running, "the program ends")
        minting.cancel()
    entry = last_entry(world)
    assert entry.state is EntryState.UNKNOWN


async def test_what_the_end_leaves_open_is_given_with_its_possible_end(world: World) -> None:
    async with running(world) as driver:
        minting = await begin_mint(driver, world)
        (lost_answer,) = await driver.session.close(0.1)
        minting.cancel()
        when = driver.session.when
    assert lost_answer.plan.latest_end is not None
    assert left_behind(lost_answer, when) == (
        "#13 edge token for demo: the answer did not come, so it may exist and live until "
        f"{when.exact(lost_answer.plan.latest_end)}"
    )
    endless = replace(lost_answer.plan, latest_end=None)
    lost = replace(lost_answer, state=EntryState.LOST, plan=endless)
    assert left_behind(lost, when) == (
        "#13 edge token for demo: it was made and its secret is gone, it may live for ever"
    )


async def test_home_knows_the_ledger_again_before_any_provider_answers(world: World) -> None:
    world.first_look = lambda most=0: None  # type: ignore[method-assign]  # another program holds it
    world.provider.hold_listing = asyncio.Event()
    async with running(world, loaded=False) as driver:
        await driver.shows("#12 argo test")


async def test_an_undelivered_secret_stops_quitting_once(world: World) -> None:
    async with running(world) as driver:
        holder = Holder()
        await driver.app.push_screen(holder)
        await driver.press("ctrl+q")
        assert holder.said == f"{holder.reason}; ^q again quits all the same"
        assert driver.app.is_running
        await driver.press("ctrl+q")
        await driver.until(lambda: not driver.app.is_running, "the program ends")
        assert holder.blanked


async def test_the_wish_to_quit_is_forgotten_once_the_dialog_is_closed(world: World) -> None:
    async with running(world) as driver:
        first = Holder()
        await driver.app.push_screen(first)
        await driver.press("ctrl+q")
        first.dismiss()
        await driver.until(lambda: driver.app.screen is driver.app.place, "the dialog is closed")
        await driver.pilot.pause()
        await driver.app.push_screen(Holder())
        await driver.press("ctrl+q")
        assert driver.app.is_running


async def test_a_sentence_stays_until_the_next_key(world: World) -> None:
    async with running(world) as driver:
        await driver.press("9")
        assert "there is no such target" in driver.lines[-2]
        await driver.press("down")
        assert "ledger ok" in driver.lines[-2]


async def test_secrets_are_painted_over_in_every_place(world: World) -> None:
    async with running(world) as driver:
        holder = Holder()
        holder.reason = ""
        await driver.press("I")
        await driver.app.push_screen(holder)
        await driver.app.switch_mode("home")
        driver.app.blank()
        assert holder.blanked


async def test_a_dialog_does_not_hear_the_keys_of_the_places(world: World) -> None:
    async with running(world) as driver:
        await driver.app.push_screen(Holder())
        await driver.press("I", "p", "question_mark", "q")
        assert isinstance(driver.app.screen, Holder)


async def test_screenshots_and_the_copy_of_the_screen_are_off(world: World) -> None:
    async with running(world) as driver:
        driver.app.action_screenshot()
        assert "screenshots are off" in driver.lines[-2]
        driver.app.copy_to_clipboard("secret")
        assert driver.app.clipboard == ""


async def test_the_theme_of_the_configuration_is_used(world: World) -> None:
    world.settings = replace(world.settings, theme="textual-light")
    async with running(world) as driver:
        assert driver.app.theme == "textual-light"
        assert driver.session.problems == ()


async def test_an_unknown_theme_or_action_is_a_problem_with_the_nearest_name(
    world: World,
) -> None:
    world.settings = replace(world.settings, theme="textual-lihgt", keys={"instances.generat": "n"})
    async with running(world, (120, 24)) as driver:
        await driver.shows("there is no theme 'textual-lihgt': did you mean textual-light?")
        assert "no action 'instances.generat': did you mean instances.generate?" in driver.text


async def test_actions_get_other_keys_and_the_footer_says_so(world: World) -> None:
    keys = {"anywhere.instances": "n", "list.filter": "x"}
    world.settings = replace(world.settings, keys=keys)
    async with running(world) as driver:
        assert "x filter" in driver.lines[-1]
        await driver.press("n")
        await driver.shows("[n Instances]")
        await driver.press("x", *"ham")
        assert "filter: ham" in driver.lines[1]
        await driver.press("escape", "H", "I")
        await driver.shows("[H Home]")


async def test_the_last_error_is_told_in_full(world: World) -> None:
    async with running(world) as driver:
        await driver.press("exclamation_mark")
        await driver.shows("Nothing went wrong so far.")


async def test_the_palette_does_what_is_typed_and_offers_no_screenshot(world: World) -> None:
    async with running(world) as driver:
        await driver.press("colon")
        await driver.until(lambda: isinstance(driver.app.screen, Palette), "the palette is open")
        await driver.type("textual-light")
        await driver.shows("theme: textual-light")
        assert "creenshot" not in driver.text
        await driver.press("enter")
        await driver.until(lambda: driver.app.theme == "textual-light", "the theme is changed")


async def test_the_palette_runs_actions_of_the_place(world: World) -> None:
    async with running(world) as driver:
        await driver.press("I", "ctrl+p")
        await driver.until(lambda: isinstance(driver.app.screen, Palette), "the palette is open")
        await driver.type("send the id")
        await driver.shows("copy id: send the id to the clipboard")
        await driver.press("enter")
        await driver.until(lambda: world.clipboard.held == DEMO.native_id, "the id is copied")


async def test_a_cancelled_wait_does_not_cancel_the_work(world: World) -> None:
    async with running(world) as driver:
        minting = await begin_mint(driver, world)
        minting.cancel()
        await driver.pilot.pause()
        assert driver.session.in_flight == 1
        await driver.release(world.provider.hold)
        await driver.until(lambda: driver.session.in_flight == 0, "the answer is recorded")
        assert world.ledger.glance().count == 13


async def test_nothing_changes_by_itself(world: World) -> None:
    async with running(world) as driver:
        before = driver.text
        driver.app.draw()
        await driver.pilot.pause()
        assert driver.text == before
        assert driver.app.screen._dirty_widgets == set()


async def test_what_opens_while_the_window_is_small_waits_beneath(world: World) -> None:
    async with running(world) as driver:
        await driver.pilot.resize_terminal(50, 12)
        await driver.shows("needs 60x15")
        holder = Holder()
        await driver.app.push_screen(holder)
        assert isinstance(driver.app.screen, TooSmall)
        await driver.press("escape", "enter", "y")
        await driver.shows("needs 60x15")
        await driver.pilot.resize_terminal(80, 24)
        await driver.until(lambda: driver.app.screen is holder, "the dialog is on top")
        await driver.shows("the value")
        holder.dismiss()
        await driver.shows("[H Home]")
        assert "needs 60x15" not in driver.text


async def test_no_place_stays_covered_once_the_window_has_grown(world: World) -> None:
    async with running(world) as driver:
        await driver.pilot.resize_terminal(50, 12)
        await driver.shows("needs 60x15")
        await driver.app.switch_mode("instances")
        await driver.shows("needs 60x15")
        await driver.pilot.resize_terminal(80, 24)
        await driver.shows("[I Instances]")
        await driver.press("H")
        await driver.shows("[H Home]")
        assert not any(isinstance(screen, TooSmall) for screen in driver.app.all_screens())
