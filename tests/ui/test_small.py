from __future__ import annotations

from pathlib import Path

import pytest

from tokentui.ui.screens.too_small import TooSmall
from ui.drivers import running
from ui.fakes import busy_monday


@pytest.mark.parametrize(
    ("size", "line"),
    [
        ((59, 24), "tokentui needs 60x15 (now 59x24). q quits."),
        ((80, 14), "tokentui needs 60x15 (now 80x14). q quits."),
        ((40, 10), "needs 60x15, now 40x10 - q quits"),
        ((24, 10), "needs 60x15 - q quits"),
        ((20, 5), "60x15 - q quits"),
        ((7, 1), "q quits"),
    ],
    ids=str,
)
async def test_a_small_screen_shows_one_line_only(
    tmp_path: Path, size: tuple[int, int], line: str
) -> None:
    async with running(busy_monday(tmp_path), size) as driver:
        assert [text for text in driver.lines if text] == [line]


async def test_all_keys_but_q_are_ignored(tmp_path: Path) -> None:
    async with running(busy_monday(tmp_path), (59, 15)) as driver:
        await driver.press("I", "p", "question_mark", "1", "colon")
        assert isinstance(driver.app.screen, TooSmall)
        await driver.press("q")
        await driver.until(lambda: not driver.app.is_running, "the program ends")


async def test_a_larger_screen_brings_everything_back(tmp_path: Path) -> None:
    async with running(busy_monday(tmp_path)) as driver:
        await driver.press("I", "question_mark")
        await driver.shows("Keys here")
        await driver.pilot.resize_terminal(48, 12)
        await driver.shows("tokentui needs 60x15 (now 48x12)")
        assert "Keys here" not in driver.text
        await driver.pilot.resize_terminal(50, 12)
        await driver.shows("(now 50x12)")
        await driver.pilot.resize_terminal(80, 24)
        await driver.shows("Keys here: instances")
        await driver.press("escape")
        await driver.shows("[I Instances]")


async def test_sixty_by_fifteen_is_enough(tmp_path: Path) -> None:
    async with running(busy_monday(tmp_path), (60, 15)) as driver:
        assert "ci ingest" in driver.text
        assert "1  demo" in driver.text
        assert driver.lines[-1].endswith("? help")
        await driver.press("I")
        await driver.shows("edge-ham-02")
        assert driver.lines[-1].endswith("? help")
