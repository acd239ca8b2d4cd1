"""Keys that come in one read: each meets what the one before it left."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from textual import events
from textual.app import ComposeResult
from textual.dom import DOMNode
from textual.keys import _character_to_key
from textual.widgets import Input

from tokentui.ui import key_order
from tokentui.ui.actions import Place
from tokentui.ui.key_order import OrderedKeys
from tokentui.ui.modals.account_new import NewAccountModal
from tokentui.ui.modals.generate import GenerateModal
from tokentui.ui.modals.result import ResultModal
from tokentui.ui.widgets.record_list import Cell, Column, Record, RecordList
from ui.drivers import Driver, running
from ui.drivers_accounts import accounts_monday
from ui.drivers_generate import dialogs
from ui.fakes import DEMO, World
from ui.pty_app import PtyApp
from world import TOKEN_VALUE

TESTS = Path(__file__).resolve().parents[1]
NAMED = {"\n": "enter", "\t": "tab", " ": "space", "\x1b": "escape", "\x15": "ctrl+u"}
DEADLINE_S = 10.0
HELD_DOWN = 200
TABS = 3
"""How many there are from the button of the generate dialog to its purpose."""

PROGRAM = f"""
import os, sys
from pathlib import Path
sys.path.insert(0, {str(TESTS)!r})
from tokentui.services.engine import Engine
from tokentui.ui.app import TokentuiApp
from tokentui.ui.run import run
from tokentui.ui.session import Session
from ui.fakes import BERLIN, busy_monday
world = busy_monday(Path(os.environ["WORLD"]))
session = Session(world, Engine(print), clock=world.clock, zone=BERLIN)
os._exit(run(TokentuiApp(session)))
"""


def burst(driver: Driver, text: str) -> None:
    """Send keys as they come from one read of the terminal."""
    for char in text:
        driver.app.post_message(events.Key(NAMED.get(char) or _character_to_key(char), char))


def on_top(driver: Driver, dialog: type[object]) -> Callable[[], bool]:
    return lambda: isinstance(driver.app.screen, dialog)


async def test_text_behind_tabs_goes_into_the_field(tmp_path: Path) -> None:
    async with dialogs(World(tmp_path)) as open_:
        await open_.open(DEMO)
        purpose = open_.generate.query_one("#purpose", Input)
        burst(open_.driver, "\t" * TABS + "nightly-2")
        await open_.driver.until(lambda: purpose.value == "nightly-2", "it is in the field")


async def test_text_behind_shift_tab_goes_into_the_field(tmp_path: Path) -> None:
    async with dialogs(World(tmp_path)) as open_:
        await open_.open(DEMO)
        purpose = open_.generate.query_one("#purpose", Input)
        open_.generate.query_one("#after").focus()
        await open_.at_rest()
        open_.driver.app.post_message(events.Key("shift+tab", None))
        burst(open_.driver, "nightly-2")
        await open_.driver.until(lambda: purpose.value == "nightly-2", "it is in the field")


async def test_the_dialog_of_an_account_takes_what_is_typed_in_one_go(tmp_path: Path) -> None:
    async with running(accounts_monday(tmp_path)) as driver:
        burst(driver, "An")
        await driver.until(on_top(driver, NewAccountModal), "an account is asked for")
        await driver.shows("Name*")
        chain = driver.app.screen.focus_chain
        name = next(widget for widget in chain if isinstance(widget, Input))
        await driver.until(lambda: driver.app.focused is name, "the dialog has chosen a field")
        driver.app.screen.query_one("#create").focus()
        await driver.until(lambda: driver.focused_id == "create", "the button has the focus")
        tabs = (chain.index(name) - [one.id for one in chain].index("create")) % len(chain)
        burst(driver, "\t" * tabs + "nightly-2")
        await driver.until(lambda: name.value == "nightly-2", "it is in the field")


async def test_a_path_typed_ahead_meets_the_question_for_it(tmp_path: Path) -> None:
    world = World(tmp_path)
    async with dialogs(world) as open_:
        await open_.open(DEMO)
        await open_.driver.press("enter")
        await open_.made()
        burst(open_.driver, "s\x15/home/anna/DCkv.token\n")
        await open_.driver.until(lambda: world.files.written, "it is saved")
        assert world.files.written == {Path("/home/anna/DCkv.token"): f"{TOKEN_VALUE}1"}
        await open_.driver.until(on_top(open_.driver, ResultModal), "the question is over")
        assert open_.driver.app.screen.query("#said").first().display is False
        (entry,) = world.ledger.entries()
        assert not entry.discarded
        assert world.clipboard.held == f"{TOKEN_VALUE}1"  # C would have cleared it


async def test_a_paste_waits_for_the_key_before_it(tmp_path: Path) -> None:
    world = World(tmp_path)
    async with dialogs(world) as open_:
        await open_.open(DEMO)
        await open_.driver.press("enter")
        await open_.made()
        burst(open_.driver, "s\x15")
        open_.driver.app.post_message(events.Paste("/home/anna/pasted"))
        burst(open_.driver, "\n")
        await open_.driver.until(lambda: world.files.written, "it is saved")
        assert list(world.files.written) == [Path("/home/anna/pasted")]


async def test_what_follows_the_key_that_closes_a_dialog_meets_what_is_beneath(
    tmp_path: Path,
) -> None:
    async with dialogs(World(tmp_path)) as open_:
        await open_.open(DEMO)
        burst(open_.driver, "\x1bI")
        await open_.driver.until(
            lambda: open_.driver.app.current_mode == Place.INSTANCES, "the list is shown"
        )
        assert not any(isinstance(s, GenerateModal) for s in open_.driver.app.all_screens())


class Stuck(Input):
    """A field that is done with F3 only when it is told so."""

    def __init__(self) -> None:
        super().__init__(id="stuck")
        self.is_stuck = False
        self.done = asyncio.Event()

    async def on_key(self, event: events.Key) -> None:
        if event.key == "f3":
            event.stop()
            self.is_stuck = True
            await self.done.wait()


class TwoFields(OrderedKeys):
    def compose(self) -> ComposeResult:
        yield Stuck()
        yield Input(id="other")


async def test_a_key_that_never_ends_holds_the_others_for_a_moment_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(key_order, "LONGEST_WAIT_S", 0.05)
    app = TwoFields()
    async with app.run_test():
        stuck, other = app.query_one(Stuck), app.query_one("#other", Input)
        await until(lambda: app.focused is stuck)
        app.post_message(events.Key("f3", None))
        await until(lambda: stuck.is_stuck)
        app.set_focus(other)
        app.post_message(events.Key("z", "z"))
        try:
            await until(lambda: other.value == "z")
        finally:
            stuck.done.set()


async def until(reached: Callable[[], bool]) -> None:
    """Wait for it without Pilot, whose pause waits for every widget."""
    async with asyncio.timeout(DEADLINE_S):
        while not reached():
            await asyncio.sleep(0.01)


def test_the_driver_s_keys_of_one_read_keep_their_order(tmp_path: Path) -> None:
    with PtyApp.of_code(PROGRAM, WORLD=str(tmp_path)) as app:
        app.settle(b"invented ok")
        app.type(b"I")
        app.settle(b"nobody can revoke it")
        app.type(b"g")
        app.settle(b"[[ Generate ]]")
        app.type(b"\t" * TABS + b"nightly-2\r")
        app.settle(b"recorded: ")
        assert b"nightly-2" in app.output


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The rounds of every key that is waited for."""
    rounds: list[int] = []
    send = OrderedKeys._send_follower

    def noting(app: OrderedKeys, target: DOMNode | None, number: int) -> None:
        rounds.append(number)
        send(app, target, number)

    monkeypatch.setattr(OrderedKeys, "_send_follower", noting)
    return rounds


class LongList(OrderedKeys):
    def compose(self) -> ComposeResult:
        yield RecordList([Column("name", "NAME", 10)], id="rows")

    def on_mount(self) -> None:
        rows = self.query_one(RecordList)
        rows.set_records(
            Record(f"row-{n}", (Cell(f"row {n}"),), f"row {n}") for n in range(HELD_DOWN + 1)
        )
        rows.focus()


async def held_down(app: LongList, key: str) -> RecordList:
    rows = app.query_one(RecordList)
    await until(lambda: app.focused is rows)
    for _ in range(HELD_DOWN):
        app.post_message(events.Key(key, None))
    await until(lambda: rows.cursor_key == f"row-{HELD_DOWN}")
    return rows


async def test_an_arrow_that_is_held_down_is_not_waited_for(waits: list[int]) -> None:
    app = LongList()
    async with app.run_test():
        rows = await held_down(app, "down")
        assert waits == []
        app.post_message(events.Key("home", None))
        app.post_message(events.Key("slash", "/"))
        app.post_message(events.Key("7", "7"))
        await until(lambda: rows.filter_text == "7")
        assert rows.cursor_key == "row-7"
        assert waits


async def test_an_arrow_that_the_configuration_gives_to_something_is_waited_for(
    waits: list[int],
) -> None:
    app = LongList()
    async with app.run_test():
        app.set_keymap({"list.down": "down,pagedown"})
        await held_down(app, "down")
        assert len(waits) >= HELD_DOWN


async def test_what_follows_arrows_meets_the_row_that_they_lead_to(tmp_path: Path) -> None:
    world = World(tmp_path)
    async with running(world) as driver:
        await driver.loaded()
        await driver.press("I")
        ids = [driver.app.place.row_texts(key)[0] for key in shown_keys(driver)]
        for key in ("down", "down", "up"):
            driver.app.post_message(events.Key(key, None))
        burst(driver, "c")
        await driver.until(lambda: world.clipboard.held == ids[1], "the id is copied")


def shown_keys(driver: Driver) -> tuple[str, ...]:
    return driver.app.place.focused_list.keys_in_view
