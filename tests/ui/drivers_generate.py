"""Drives the dialogs that make a credential and hand it over."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from tokentui.ui.handover import Handover
from tokentui.ui.modals.confirm import Confirm
from tokentui.ui.modals.generate import GenerateModal
from tokentui.ui.modals.result import ResultModal
from ui.drivers import Driver, running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tokentui.domain.model import KindKey, Target
    from ui.fakes import World


_FRAMES = 3


class Dialogs:
    """The dialogs of a running application."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver

    @property
    def generate(self) -> GenerateModal:
        screen = self.driver.app.screen
        assert isinstance(screen, GenerateModal)
        return screen

    @property
    def result(self) -> ResultModal:
        screen = self.driver.app.screen
        assert isinstance(screen, ResultModal)
        return screen

    @property
    def handover(self) -> Handover:
        return self.result._handover

    @property
    def words(self) -> str:
        """What is on the screen, as if it stood on one line."""
        return " ".join(self.driver.text.replace("│", " ").split())

    async def says(self, sentence: str) -> None:
        """Wait until a sentence is on the screen, however it is broken into lines."""
        sought = "".join(sentence.split())  # a long path before it may break any word
        await self.driver.until(
            lambda: sought in "".join(self.words.split()), f"{sentence!r} is said"
        )

    async def open(self, target: Target, kind: KindKey | None = None, asked: str = "") -> None:
        """Open the generate dialog and wait until its offers are known."""
        self.driver.app.flows.generate(target, kind, asked)
        await self.driver.shows("valid")
        await self.at_rest()

    async def at_rest(self) -> None:
        """Wait until the layout has settled: three frames in a row are the same."""
        frames: list[str] = []

        def is_at_rest() -> bool:
            frames.append(self.driver.text)
            return len(frames) > _FRAMES and len(set(frames[-_FRAMES:])) == 1

        await self.driver.until(is_at_rest, "the screen is at rest")

    async def made(self) -> None:
        """Wait for the result, until everything that was chosen is done."""
        await self.driver.until(
            lambda: isinstance(self.driver.app.screen, ResultModal), "the result is shown"
        )
        await self.driver.until(lambda: self._is_settled(), "it was handed over")
        await self.at_rest()

    async def asks(self) -> Confirm:
        """Wait for a question."""
        await self.driver.until(
            lambda: isinstance(self.driver.app.screen, Confirm), "a question is asked"
        )
        await self.at_rest()
        screen = self.driver.app.screen
        assert isinstance(screen, Confirm)
        return screen

    def _is_settled(self) -> bool:
        handover = self.handover
        texts = (handover.clipboard, handover.kubeconfig, handover.file, handover.verified)
        waiting = any(text.endswith("..") for text in texts)
        is_read = handover.text is not None or handover.saved is not None
        return is_read and not (handover.is_busy or waiting)


@asynccontextmanager
async def dialogs(world: World, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Dialogs]:
    """Run the application on a world and give its dialogs."""
    async with running(world, size) as driver:
        yield Dialogs(driver)
