from __future__ import annotations

from pathlib import Path

import pytest

from tokentui.ui.screens.too_small import TooSmall
from ui.drivers import running
from ui.fakes import busy_monday


@pytest.mark.parametrize("size", [(59, 24), (80, 14), (20, 5), (1, 1)], ids=str)
async def test_a_small_screen_shows_one_line_only(tmp_path: Path, size: tuple[int, int]) -> None:
    width, height = size
    async with running(busy_monday(tmp_path), size) as driver:
        line = f"tokentui needs 60x15 (now {width}x{height}). q quits."
        shown = [text for text in driver.lines if text]
        if width > len(line):
            assert shown == [line]
        else:
            assert len(shown) == 1
            assert line.startswith(shown[0].removesuffix("…"))


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
