from __future__ import annotations

import random
import string
from dataclasses import replace
from pathlib import Path

import pytest
from textual import events
from textual.keys import _character_to_key

from tokentui.domain.errors import DeliveryError
from tokentui.domain.receipt import Certainty
from tokentui.ui.modals.confirm import Confirm
from tokentui.ui.modals.result import ResultModal
from tokentui.ui.modals.save import AskFile
from ui.drivers import Driver, running
from ui.drivers_generate import Dialogs, dialogs
from ui.fakes import DEMO, World
from world import SENT, TOKEN_VALUE

SECRET = f"{TOKEN_VALUE}1"
VISIBLE = string.digits + string.ascii_letters + string.punctuation
NAMED = {"\n": "enter", "\t": "tab", " ": "space"}
LONG = ["A sentence that is far too long for one line of a dialog of this size."] * 12
INTERRUPT = "^c does nothing here: q goes back, ^q quits"


def question(lines: list[str] | None = None) -> Confirm:
    return Confirm("Sure?", lines or ["x"], yes_label="do it", no_label="go back")


def random_text(seed: int, length: int = 250) -> str:
    """What a paste may hold: bursts of the key that asks, and anything that can be printed."""
    source = random.Random(seed)  # noqa: S311  # not for secrets
    pieces = ["D" * 20, "\n", "\t", "Dq", "Dy", "DD\n", *VISIBLE, " "]
    return "".join(source.choices(pieces, k=length))


TEXTS = {
    "one letter": "D" * 400,
    "each character as an answer": "".join(f"D{char}\n" for char in VISIBLE),
    "lines": "D\nD\n\tD1 yes DD q\n" * 25,
    "random 1": random_text(1),
    "random 2": random_text(2),
}


async def typed(driver: Driver, text: str) -> None:
    """Send in one go what a terminal types that does not mark a paste."""
    for char in text:
        key = NAMED.get(char) or _character_to_key(char)
        driver.app.post_message(events.Key(key, char))
    await driver.pilot.pause()


async def asked(driver: Driver) -> None:
    await driver.until(lambda: isinstance(driver.app.screen, Confirm), "it asks")


async def undelivered(open_: Dialogs, world: World) -> ResultModal:
    """Make a token that no way out takes for now."""
    sentence = "not copied: tmux did not answer"
    world.clipboard.receipt = replace(
        SENT, certainty=Certainty.FAILED, sentence=sentence, can_clear=False
    )
    world.files.error = DeliveryError("/x: the disk is full", "make room")
    await open_.open(DEMO)
    await open_.driver.press("enter")
    await open_.made()
    return open_.result


async def back_at(open_: Dialogs, modal: ResultModal) -> None:
    """Close what stands above the result."""
    while open_.driver.app.screen is not modal:
        assert modal in open_.driver.app.screen_stack
        await open_.driver.press("escape")
    await open_.driver.press("escape")
    await open_.says("Esc is blocked until it is handed over")


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
async def test_typed_text_throws_no_secret_away(tmp_path: Path, text: str) -> None:
    world = World(tmp_path)
    async with dialogs(world) as open_:
        modal = await undelivered(open_, world)
        await typed(open_.driver, text)
        await back_at(open_, modal)
        (entry,) = world.ledger.entries()
        assert not entry.discarded
        assert modal.why_stay().startswith("the edge token was not handed over yet")
        world.files.error = None
        await open_.driver.until(lambda: not modal._is_running("hand over"), "no way is tried")
        await open_.driver.press("s")
        await open_.driver.until(
            lambda: isinstance(open_.driver.app.screen, AskFile), "a name is asked for"
        )
        await open_.driver.press("enter")
        await open_.driver.until(lambda: world.files.written, "it is saved")
        assert list(world.files.written.values()) == [SECRET]


async def test_typed_text_replaces_no_file(tmp_path: Path) -> None:
    world = World(tmp_path)
    path = tmp_path / "old"
    path.write_text("precious")
    async with dialogs(world) as open_:
        modal = await undelivered(open_, world)
        world.files.error = None
        await open_.driver.press("s", "ctrl+u")
        await typed(open_.driver, f"{path}\n")
        await asked(open_.driver)
        await typed(open_.driver, VISIBLE.replace("q", "") + "\t ")
        assert isinstance(open_.driver.app.screen, Confirm)
        await open_.driver.press("enter", "escape")
        await back_at(open_, modal)
        assert world.files.written == {}


async def test_a_question_is_answered_with_yes_by_f10_alone(tmp_path: Path) -> None:
    answers: list[bool | None] = []
    async with running(World(tmp_path)) as driver:
        for keys in (("f10",), ("enter",), ("escape",), ("q",), (*"yYrD10", "tab", "f9", "enter")):
            driver.app.push_screen(question(), answers.append)
            await asked(driver)
            await driver.shows("[ Enter go back ]   [ F10 do it ]")
            await driver.press(*keys)
            await driver.until(lambda: not isinstance(driver.app.screen, Confirm), "answered")
    assert answers == [True, False, False, False, False]


@pytest.mark.parametrize("size", [(60, 15), (80, 24)], ids=str)
async def test_ctrl_c_is_answered_in_a_question_and_in_a_file_dialog(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with running(World(tmp_path), size) as driver:
        for dialog in (question(), question(LONG), AskFile("~/demo.token")):
            driver.app.push_screen(dialog)
            await driver.until(lambda: driver.app.screen.query("#said"), "the dialog is there")
            assert INTERRUPT not in driver.text
            await driver.press("ctrl+c")
            await driver.shows(INTERRUPT)
            assert ("F10 do it" if isinstance(dialog, Confirm) else "Enter save") in driver.text
            await driver.press("escape")


async def test_a_home_that_nobody_has_is_said(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as driver:
        driver.app.push_screen(AskFile("~nobody-of-this-name/x"))
        await driver.until(lambda: isinstance(driver.app.screen, AskFile), "a name is asked for")
        await driver.press("enter")
        await driver.shows("x there is no such user's home")
        assert "Enter save  Esc cancel" in driver.text
