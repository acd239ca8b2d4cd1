"""A world with listed credentials beside the ledger's, and its list of tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.domain.ledger import EntryNumber, Outlook, Plan
from tokentui.domain.model import Credential, CredentialState, EndSource, Form, Page, ProfileName
from tokentui.ui.widgets.mark_list import MarkList
from ui.fakes import DAY, DEMO, HOUR, INSTANCES, World, busy_monday
from world import MONDAY, PROFILE
from world_managed import KEY, SERVICE_TOKEN, USER, ManagedProvider, credential, robot

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ui.drivers import Driver

CI, DEPLOYER = robot("ci"), robot("deployer")
INGEST = credential("ci-ingest", of=CI, ends_at=MONDAY + 3 * DAY, roles=("guest",))
LISTED = (
    INGEST,
    credential("nightly", of=CI, ends_at=MONDAY + 12 * DAY, roles=("power-user", "guest")),
    credential("paused", of=DEPLOYER, state=CredentialState.SWITCHED_OFF),
    credential("broken", KEY, DEPLOYER, state=CredentialState.INVALID, state_text="key mismatch"),
    credential("otel-push", USER, DEMO, ends_at=None, made_at=MONDAY - 211 * DAY),
)


def managed(world: World, listed: Sequence[Credential] = LISTED) -> ManagedProvider:
    """Let the world's profile list credentials."""
    provider = ManagedProvider(
        world.clock, pages=(Page(INSTANCES),), robots=[CI, DEPLOYER], listed=list(listed)
    )
    world.provider = provider
    world.connections.providers[PROFILE] = provider
    return provider


def tokens_monday(folder: Path) -> World:
    """Give the busy world with listed credentials, one of them made from here."""
    world = busy_monday(folder)
    managed(world)
    record(world, INGEST, "rotation")
    return world


def record(world: World, listed: Credential, purpose: str) -> EntryNumber:
    """Let the ledger know a listed credential as made from here two days ago."""
    at = world.clock() - 2 * DAY
    plan = Plan(
        profile=listed.profile,
        provider=listed.provider,
        kind=listed.kind,
        noun=SERVICE_TOKEN.noun,
        form=Form.TOKEN,
        target_id=listed.target_id,
        target_name=listed.target_name,
        scope=listed.scope,
        asked="5d",
        latest_end=listed.ends_at,
        purpose=purpose,
        name=listed.name,
    )
    number = world.ledger.plan(plan, at)
    outlook = Outlook(listed.ends_at, EndSource.ANSWER, listed.id, "", listed.name)
    world.ledger.issued(number, outlook, at)
    world.ledger.delivered(number, "clipboard (tmux)", at + HOUR)
    return number


def second_profile(world: World, *listed: Credential) -> ManagedProvider:
    """Add a profile with a robot of its own."""
    name = ProfileName("ops-dev")
    provider = ManagedProvider(
        world.clock,
        pages=(),
        robots=[robot("lab", profile=name)],
        listed=list(listed),
        profile=name,
    )
    world.connections.add(name, provider)
    return provider


def tokens(driver: Driver) -> MarkList:
    return driver.app.screen.query_one(MarkList)


def names(driver: Driver) -> list[str]:
    """The names of the rows that are shown."""
    return [row.cells[2].text for row in tokens(driver)._records.shown]
