"""The dialog that moves an end: what takes time away from somebody is asked about."""

from __future__ import annotations

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tokentui.services.verbs import Verb
from ui.drivers_verbs import PROTECTED, Verbs, verb_world, verbs
from world_managed import credential

SIZES = [(80, 24), (60, 24), (60, 15), (120, 40)]


async def opened(open_: Verbs) -> None:
    """Ask for a shorter end for what has 80 days left."""
    await open_.act(Verb.MOVE_END, "deploy")
    await open_.says("ends 3 Jan 2027")
    await open_.driver.press("5")


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_an_earlier_end_looks_like_this(
    tmp_path: Path, size: tuple[int, int], snapshot: SnapshotAssertion
) -> None:
    world, _ = verb_world(tmp_path, PROTECTED, listed=(credential(),))
    async with verbs(world, size) as open_:
        await opened(open_)
        await open_.says("refused sooner than now")
        await open_.at_rest()
        assert open_.driver.text == snapshot


async def test_enter_does_not_take_time_away(tmp_path: Path) -> None:
    world, provider = verb_world(tmp_path, listed=(credential(),))
    async with verbs(world) as open_:
        await open_.act(Verb.MOVE_END, "deploy")
        await open_.says("ends 3 Jan 2027")
        assert "[ Enter move it ]" in open_.words
        assert "refused sooner than now" not in open_.words
        await open_.driver.press("5", "enter")
        await open_.says("F10 does it")
        assert "[ F10 move it ]" in open_.words
        assert provider.calls == []
        await open_.driver.press("f10")
        await open_.closed()
        assert provider.calls == [("move_end", "id-deploy", "2026-10-12 12:22:00+00:00")]


async def test_a_later_end_needs_no_question_in_a_protected_profile(tmp_path: Path) -> None:
    world, provider = verb_world(tmp_path, PROTECTED, listed=(credential(),))
    async with verbs(world) as open_:
        await opened(open_)
        await open_.says("type deploy")
        await open_.driver.press("7")
        await open_.driver.until(lambda: "type deploy" not in open_.words, "nothing to type")
        await open_.driver.press("enter")
        await open_.closed()
        assert len(provider.calls) == 1


async def test_a_protected_profile_wants_the_name_typed(tmp_path: Path) -> None:
    world, provider = verb_world(tmp_path, PROTECTED, listed=(credential(),))
    async with verbs(world) as open_:
        await opened(open_)
        await open_.says("is protected: type deploy")
        await open_.driver.press("f10")
        await open_.says("x type deploy to move its end")
        assert provider.calls == []
        await open_.driver.press("tab", "tab")
        await open_.driver.type("deploy")
        await open_.driver.press("enter")
        await open_.says("F10 does it")
        assert provider.calls == []
        await open_.driver.press("f10")
        await open_.closed()
        assert len(provider.calls) == 1
