"""A Monday with accounts, and what drives their list and dialogs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from tokentui.domain.model import Page, ProfileName
from tokentui.ui.widgets.record_list import RecordList
from ui.fakes import INSTANCES, World
from world import ABOUT, MONDAY, PROFILE, InventedProvider
from world_managed import KEY, ManagedProvider, credential, robot

if TYPE_CHECKING:
    from pathlib import Path

    from ui.drivers import Driver

CI = robot("ci")
DEPLOYER = robot("deployer", group="Editor", is_own=True, also_ends="its 2 keys")
IDLE = robot("idle", scope="ops-dev")
LISTED = (
    credential("gitlab", of=CI, ends_at=MONDAY + timedelta(days=1, hours=4)),
    credential("laptop", of=CI, ends_at=None),
    credential("k-1", KEY, DEPLOYER, ends_at=MONDAY + timedelta(days=40)),
)


def accounts_monday(folder: Path, **changes: object) -> World:
    """Give a world whose provider has three accounts; one signs its profile in."""
    world = World(folder, **changes)  # type: ignore[arg-type]  # tests name real fields
    provider = ManagedProvider(world.clock, pages=(Page(INSTANCES),))
    provider.robots = [CI, DEPLOYER, IDLE]
    provider.listed = list(LISTED)
    world.provider = provider
    world.connections.providers[PROFILE] = provider
    return world


def managed(world: World) -> ManagedProvider:
    """Give the provider of a world with accounts."""
    assert isinstance(world.provider, ManagedProvider)
    return world.provider


def without_accounts(world: World) -> None:
    """Add a profile whose system has no accounts."""
    about = replace(ABOUT, title="Plain Cloud", no_accounts="its tokens belong to nobody")
    about = replace(about, key="plain")  # type: ignore[arg-type]  # a key
    world.connections.add("plain", InventedProvider(world.clock, about, pages=()))


def second_profile(world: World) -> ManagedProvider:
    """Add a profile of the same provider with an account of its own."""
    name = ProfileName("ops-dev")
    provider = ManagedProvider(world.clock, pages=(), profile=name)
    provider.robots = [robot("ci", profile=name, scope="sandbox")]
    provider.listed = []
    world.connections.add(name, provider)
    return provider


def names(driver: Driver) -> list[str]:
    """Give the names in the list."""
    shown = driver.app.screen.query_one(RecordList)._records.shown
    return [record.cells[3].text for record in shown]
