"""Drives the dialogs that change credentials."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokentui.domain.profile import Guard
from tokentui.services.verbs import Verb
from ui.drivers import running
from ui.drivers_generate import Dialogs
from ui.drivers_tokens import INGEST, LISTED, managed, record
from ui.fakes import INSTANCES, World
from world import PROFILE
from world_managed import ManagedProvider

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from tokentui.domain.model import Credential
    from tokentui.services.held import Held

OPEN = Guard()
PROTECTED = Guard(protected=True)


def verb_world(
    folder: Path, guard: Guard = OPEN, listed: Sequence[Credential] = LISTED
) -> tuple[World, ManagedProvider]:
    """Give a world that lists credentials, of which the first was made from here."""
    world = World(folder, guard=guard)
    provider = managed(world, listed)
    record(world, INGEST, "rotation")
    world.remember(*INSTANCES)
    return world, provider


@dataclass
class SlowProvider(ManagedProvider):
    """Revokes only when it is told to."""

    hold_revoke: asyncio.Event | None = None
    revoking: int = 0

    async def revoke(self, credential: Credential) -> None:
        self.revoking += 1
        assert self.hold_revoke is not None
        await self.hold_revoke.wait()
        self.hold_revoke.clear()
        await super().revoke(credential)


def slowly(world: World, provider: ManagedProvider) -> SlowProvider:
    """Put a slow provider in the place of this one."""
    slow = SlowProvider(
        world.clock,
        pages=provider.pages,
        robots=provider.robots,
        listed=provider.listed,
        hold_revoke=asyncio.Event(),
    )
    world.provider = slow
    world.connections.providers[PROFILE] = slow
    return slow


class Verbs(Dialogs):
    """The dialogs of verbs of a running application."""

    def held(self, name: str) -> Held:
        """Give a credential by its name."""
        return next(held for held in self.driver.session.helds if held.name == name)

    def names(self) -> set[str]:
        """The names of what is listed now."""
        helds = self.driver.session.helds
        return {held.name for held in helds if held.credential is not None}

    async def act(self, verb: Verb, *names: str) -> None:
        """Start a verb as a place does."""
        self.driver.app.flows.act(verb, [self.held(name) for name in names])
        await self.driver.pilot.pause()
        await self.at_rest()

    async def closed(self) -> None:
        """Wait until no dialog is open."""
        app = self.driver.app
        await self.driver.until(lambda: app.screen is app.place, "the dialog is closed")


@asynccontextmanager
async def verbs(world: World, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Verbs]:
    """Run the application on a world and give its dialogs."""
    async with running(world, size) as driver:
        yield Verbs(driver)
