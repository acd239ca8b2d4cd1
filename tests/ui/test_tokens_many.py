"""Thousands of credentials: counts that do not depend on the machine."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import cast

import pytest

from tokentui.domain.model import ProfileName
from tokentui.services import held
from tokentui.services.attention import Row
from tokentui.ui.present import When
from tokentui.ui.screens import token_records, token_rows
from tokentui.ui.widgets.mark_list import MarkList
from tokentui.ui.widgets.record_list import Record
from ui.drivers import Driver, running
from ui.drivers_tokens import CI, managed, names, second_profile, tokens
from ui.fakes import World
from ui.pty_app import DOWN, PAGE_DOWN, PtyApp
from world import MONDAY
from world_managed import ManagedProvider, credential, robot

MANY = 5_000
TESTS = Path(__file__).resolve().parents[1]
MOST_BYTES_OF_A_MOVE = 910  # as in the list of instances, whose detail is as high
MOST_BYTES_OF_A_PAGE = 8_700
MOST_BYTES_OF_ALL_MARKED = 8_700
DEV = ProfileName("ops-dev")

PROGRAM = f"""
import os, sys
from pathlib import Path
sys.path.insert(0, {str(TESTS)!r})
from tokentui.services.engine import Engine
from tokentui.ui.app import TokentuiApp
from tokentui.ui.run import run
from tokentui.ui.session import Session
from ui.fakes import BERLIN
from ui.test_tokens_many import many
world = many(Path(os.environ["WORLD"]))
session = Session(world, Engine(print), clock=world.clock, zone=BERLIN)
os._exit(run(TokentuiApp(session)))
"""


def many(folder: Path) -> World:
    """A profile with thousands of credentials."""
    world = World(folder)
    managed(
        world,
        [
            credential(f"token-{n:05}", of=CI, ends_at=MONDAY + timedelta(hours=30 + n, minutes=30))
            for n in range(MANY)
        ],
    )
    return world


@pytest.fixture
def app(tmp_path: Path) -> Iterator[PtyApp]:
    with PtyApp.of_code(PROGRAM, columns=80, lines=24, WORLD=str(tmp_path)) as running_app:
        running_app.settle(b"invented ok")
        yield running_app


def test_a_move_a_page_and_a_mark_write_little(app: PtyApp) -> None:
    app.press(b"T")
    app.settle(b"5,000 of 5,000")
    app.press(DOWN)
    moved = app.press(DOWN)
    assert moved.frames <= 2  # the list, and the detail of its row
    assert 0 < moved.size <= MOST_BYTES_OF_A_MOVE
    assert 0 < app.press(PAGE_DOWN).size <= MOST_BYTES_OF_A_PAGE
    marked = app.press(b" ")
    assert 0 < marked.size <= 2 * MOST_BYTES_OF_A_MOVE  # the second line and its count as well
    assert 0 < app.press(b"a").size <= MOST_BYTES_OF_ALL_MARKED
    app.press(b"/")
    assert 0 < app.press(b"7").size <= 2 * MOST_BYTES_OF_A_PAGE  # as it filters anew


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the credentials whose rows are made."""
    names: list[str] = []
    make = token_records.record

    def noting(row: Row, facts: object, when: When) -> Record:
        names.append(row.held.name)
        return make(row, facts, when)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(token_rows, "record", noting)
    return names


async def opened(driver: Driver) -> MarkList:
    await driver.press("T")
    await driver.until(lambda: tokens(driver).total_count > 0, "rows are shown")
    return tokens(driver)


async def test_rows_are_made_once_and_only_what_changed_is_made_again(
    tmp_path: Path, made: list[str]
) -> None:
    world = many(tmp_path)
    lab = robot("lab", profile=DEV)
    other = second_profile(world, credential("lab-token", of=lab, profile=DEV))
    async with running(world) as driver:
        await opened(driver)
        await driver.shows("5,001 of 5,001")
        assert sorted(set(made)) == sorted(made)
        assert len(made) == MANY + 1
        made.clear()
        other.listed[0] = credential("renamed", of=lab, profile=DEV)
        await driver.press("f5")
        await driver.until(lambda: "renamed" in made, "the list is read again")
        await driver.loaded()
        assert set(made) == {"renamed"}


async def test_only_what_reads_differently_is_made_again_as_time_passes(
    tmp_path: Path, made: list[str]
) -> None:
    world = many(tmp_path)
    async with running(world) as driver:
        await opened(driver)
        made.clear()
        world.clock.advance(timedelta(minutes=1))
        driver.app.draw()
        assert made == []
        world.clock.advance(timedelta(minutes=30))
        driver.app.draw()
        assert len(made) == MANY


async def test_only_ends_in_view_wake_the_program(tmp_path: Path) -> None:
    async with running(many(tmp_path)) as driver:
        shown = await opened(driver)
        assert 0 < len(driver.app.place.ends()) == len(shown.keys_in_view) < 20


async def test_marks_of_all_are_given_in_the_order_of_the_list(tmp_path: Path) -> None:
    async with running(many(tmp_path)) as driver:
        shown = await opened(driver)
        await driver.press("a", "slash", *"00001", "enter", "space")
        assert shown.marked_count == MANY - 1
        assert "4,999 marked (4,999 hidden)" in driver.lines[1]
        assert list(shown.marked) == sorted(shown.marked)


@pytest.fixture
def on_the_screens_thread(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often a profile is merged, a row judged and a row made where keys wait for it."""
    counts: Counter[str] = Counter()

    def count(module: ModuleType, name: str) -> None:
        does = getattr(module, name)

        def counting(*given: object) -> object:
            counts[name] += threading.current_thread() is threading.main_thread()
            return does(*given)

        monkeypatch.setattr(module, name, counting)

    count(held, "_merged")
    count(token_rows, "row_of")
    count(token_rows, "record")
    return counts


async def test_a_list_that_comes_again_costs_the_screens_thread_what_changed_alone(
    tmp_path: Path, on_the_screens_thread: Counter[str]
) -> None:
    world = many(tmp_path)
    provider = cast("ManagedProvider", world.provider)
    async with running(world) as driver:
        await opened(driver)
        await driver.shows("5,000 of 5,000")
        await driver.loaded()
        assert on_the_screens_thread["record"] == MANY
        on_the_screens_thread.clear()
        provider.listed[7] = replace(provider.listed[7], name="renamed")
        await driver.press("f5")
        await driver.until(lambda: "renamed" in names(driver), "the list is read again")
        await driver.loaded()
        assert {one.name for one in driver.session.helds if not one.is_stale} >= {"renamed"}
        assert dict(on_the_screens_thread) == {"_merged": 0, "row_of": 1, "record": 1}
