"""The lines around a place stay on the screen, however much there is between them."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from textual.widget import Widget

from tokentui.domain.errors import ConfigError, Unreachable
from tokentui.domain.model import Page
from tokentui.services.inventory import Phase
from tokentui.ui.home_plan import Plan, Wanted, plan
from ui.drivers import Driver, running
from ui.fakes import DAY, DEMO, HOUR, World
from world import KUBECONFIG, InventedProvider, instance

SIZES = ((60, 15), (61, 19), (80, 24), (99, 31), (120, 40), (200, 50))
LONG = "a sentence that is much longer than any line of a terminal could ever be " * 4


def crowded(folder: Path, rows: int, failed: int, issued: int, problems: int) -> World:
    world = World(folder)
    listed = (DEMO, *(instance(f"edge-{number:02}") for number in range(rows)))[:rows]
    world.provider.pages = (Page(listed),)
    world.remember(*listed)
    for number in range(failed):
        dead = InventedProvider(world.clock, pages=())
        dead.listing_error = Unreachable(f"GET /instances: {LONG}", "check the network")
        world.connections.add(f"ops-{number}", dead)
    for number in range(issued):
        world.made(DEMO, KUBECONFIG, HOUR, (number + 1) * DAY, purpose=f"purpose {number}")
    for number in range(rows):
        world.made(listed[number], KUBECONFIG, DAY, (number + 20) * DAY)
    world.problems = tuple(
        ConfigError(f"config.yaml line {number}: {LONG}", "mend it") for number in range(problems)
    )
    return world


def check_frame(driver: Driver, size: tuple[int, int]) -> None:
    width, height = size
    assert driver.widths() == [width] * height
    assert driver.lines[0].startswith(" tokentui")
    assert driver.lines[1].count("[") == 1  # the place
    assert driver.lines[-2].startswith("── ")
    assert driver.lines[-1].endswith("? help")
    screen = driver.app.screen
    assert not any(scrolls(widget) for widget in (screen, screen.query_one("#body")))
    body = screen.query_one("#body").region
    for part in screen.query("#body > *"):
        assert not part.display or part.region.bottom <= body.bottom, part


def scrolls(widget: Widget) -> bool:
    return widget.show_vertical_scrollbar or widget.show_horizontal_scrollbar


@pytest.mark.parametrize(
    ("rows", "failed", "issued", "problems"),
    [(0, 0, 0, 0), (1, 1, 2, 0), (3, 0, 5, 0), (4, 3, 12, 3), (60, 0, 2, 0), (60, 3, 12, 12)],
)
async def test_the_lines_around_stay(
    tmp_path: Path, rows: int, failed: int, issued: int, problems: int
) -> None:
    world = crowded(tmp_path, rows, failed, issued, problems)
    async with running(world) as driver:
        for size in SIZES:
            await driver.pilot.resize_terminal(*size)
            for place in ("H", "I"):
                await driver.press(place, "f5")
                await driver.loaded()
                check_frame(driver, size)


@pytest.mark.parametrize("rows", range(4, 13))
async def test_every_number_of_credentials_leaves_the_note_and_the_keys(
    tmp_path: Path, rows: int
) -> None:
    async with running(crowded(tmp_path, 0, 0, rows, 0)) as driver:
        check_frame(driver, (80, 24))
        assert driver.lines[3].endswith("NOTE")


async def test_failed_profiles_leave_the_key_that_tells_why(tmp_path: Path) -> None:
    async with running(crowded(tmp_path, 4, 3, 12, 0)) as driver:
        await driver.press("I", "f5")
        await driver.loaded()
        phases = [listing.source.phase for listing in driver.session.listings.values()]
        assert phases.count(Phase.FAILED) == len(driver.lines[3:6])
        assert all(line.endswith("… - press !") for line in driver.lines[3:6])


def test_a_plan_never_gives_more_lines_than_there_are() -> None:
    heights, widths = range(15, 51), (60, 80, 120, 200)
    many = (0, 1, 5, 60)
    for height, width, rows, problems in product(heights, widths, many, (0, 1, 6, 24)):
        for endless, quick, greeting in product(many, (0, 3, 9), (0, 5, 7)):
            greeted = 0 if rows or endless else greeting
            for worrying in (0, rows):
                wanted = Wanted(problems, greeted, rows, endless, quick, 9, worrying)
                used = height_of(plan(width, height, wanted), wanted)
                assert used <= height - 4, (height, width, wanted)


def test_what_needs_attention_has_room_before_what_never_ends() -> None:
    calm = plan(80, 30, Wanted(0, 0, rows=9, endless=9, quick=9, activity=9))
    alarmed = plan(80, 30, Wanted(0, 0, rows=9, endless=9, quick=9, activity=9, worrying=9))
    assert calm.endless > alarmed.endless
    assert alarmed.rows == 9 > calm.rows


def height_of(division: Plan, wanted: Wanted) -> int:
    headed = (
        (division.problems, 1),
        (division.rows, 2),
        (division.endless, 2),
        (division.quick_rows, 1),
        (division.activity, 1),
    )
    parts = sum(lines + head for lines, head in headed if lines)
    return parts + wanted.greeting + 3 * division.timeline + 2 * division.tip
