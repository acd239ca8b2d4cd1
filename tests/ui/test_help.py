from __future__ import annotations

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tokentui.ui.actions import ACTIONS, Place, at, bindings, lines
from ui.drivers import running
from ui.fakes import busy_monday


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
async def test_it_looks_like_this(
    tmp_path: Path, size: tuple[int, int], snapshot: SnapshotAssertion
) -> None:
    async with running(busy_monday(tmp_path), size) as driver:
        await driver.press("I", "question_mark")
        await driver.shows("Keys here: instances")
        assert driver.text == snapshot


async def test_f1_is_help_as_well_and_every_action_is_in_it(tmp_path: Path) -> None:
    async with running(busy_monday(tmp_path), (120, 50)) as driver:
        await driver.press("f1")
        await driver.shows("Keys here: home")
        for place in (Place.HOME, Place.LIST, Place.ANYWHERE):
            for line in lines(place):
                assert f"{line.shown} " in driver.text


def test_ids_are_unique_so_that_keys_can_be_changed() -> None:
    ids = [action.id for action in ACTIONS if action.keys]
    assert len(ids) == len(set(ids))


def test_no_key_means_two_things_in_one_place() -> None:
    places = (Place.HOME, Place.INSTANCES, Place.ACCOUNTS, Place.TOKENS)
    for place in places:
        groups = (place, Place.MARKS, Place.LIST, Place.ANYWHERE)
        here = [key for p in groups for a in at(p) for key in a.keys.split(",") if key]
        assert len(here) == len(set(here))


def test_bindings_carry_what_the_table_says() -> None:
    made = {binding.id: binding for binding in bindings(Place.ANYWHERE)}
    assert made["anywhere.quit"].priority
    assert not made["anywhere.back"].priority
    assert made["anywhere.help"].key == "question_mark,f1"


def test_numbered_actions_are_told_as_one() -> None:
    (quick, repeat) = lines(Place.HOME)
    assert (quick.shown, quick.label) == ("1-9", "generate")
    assert repeat.shown == "."
