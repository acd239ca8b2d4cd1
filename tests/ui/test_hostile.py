from __future__ import annotations

from pathlib import Path

import pytest

from tokentui.domain.model import Page
from tokentui.domain.text import clean
from ui.drivers import Driver, running, unsafe_characters
from ui.fakes import DAY, MINUTE, World
from world import KUBECONFIG, TOKEN, InventedProvider, instance

HOSTILE = (
    "[@click=app.quit]x[/]",
    "svc [/x]",
    "[PROD] api",
    "[$error]red",
    "\x1b]52;c;aGk=\x1b\\",
    "\x9b31mred\x1b[2J",
    "\u202eright to left\u202c",
    "zero\u200bwidth\u2066",
    "line\u2028and\u2029paragraph\r\n\ttab",
    "\ud800 surrogate",
    "wide 漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字",
    "e\u0301\u0301\u0301\u0301\u0301 marks",
    "family \U0001f468\u200d\U0001f469\u200d\U0001f467 flag \U0001f1e9\U0001f1ea",
    "{braces} %s \\ \\[ $name",
    "a" * 500,
    "",
    " ",
)


def hostile_world(folder: Path) -> World:
    """Names as a provider's adapter hands them on: cleaned, and as nasty as that leaves them."""
    world = World(folder)
    names = [clean(text) for text in HOSTILE]
    instances = tuple(
        instance(
            name,
            id=f"id-{number}",
            native_id=name,
            scope=name,
            region=name,
            plan=name,
            state_text=name,
            description=name,
            ui_url=name,
        )
        for number, name in enumerate(names)
    )
    world.provider.pages = (Page(instances),)
    for number, one in enumerate(instances):
        life = (10 * MINUTE, 40 * DAY, None)[number % 3]
        world.made(one, (TOKEN, KUBECONFIG)[number % 2], MINUTE, life, one.name, one.name, one.name)
    world.connections.add(names[2], InventedProvider(world.clock))
    return world


async def check(driver: Driver, size: tuple[int, int]) -> None:
    await driver.pilot.pause()
    assert unsafe_characters(driver.app) == set()
    widths = driver.widths()
    assert len(widths) == size[1]
    assert set(widths) == {size[0]}


@pytest.mark.parametrize("size", [(60, 24), (80, 24), (120, 40), (200, 50)], ids=str)
async def test_no_name_steers_the_terminal_or_breaks_a_line(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with running(hostile_world(tmp_path), size) as driver:
        await check(driver, size)
        for key in ("t", "t", "enter", "escape", "p", "escape", "colon", "escape", "I"):
            await driver.press(key)
            await check(driver, size)
        for _ in HOSTILE:
            await driver.press("down")
            await check(driver, size)
        await driver.press("o", "c", "y", "question_mark", "escape")
        await check(driver, size)


async def test_markup_in_names_stays_text(tmp_path: Path) -> None:
    async with running(hostile_world(tmp_path), (200, 50)) as driver:
        await driver.press("I")
        for text in ("[@click=app.quit]x[/]", "svc [/x]", "[PROD] api", "[$error]red"):
            await driver.shows(text)
        await driver.press("slash", *"@click", "enter", "c")
        await driver.shows("id [@click=app.quit]x[/]: sent")
