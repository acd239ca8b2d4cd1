from __future__ import annotations

import asyncio
from pathlib import Path

from tokentui.domain.ledger import EntryState
from tokentui.services.inventory import Phase
from tokentui.services.verbs import Verb
from ui.drivers_tokens import second_profile
from ui.drivers_verbs import verb_world, verbs
from world import PROFILE


async def test_only_the_profile_that_was_changed_is_asked_again(tmp_path: Path) -> None:
    world, _ = verb_world(tmp_path)
    second_profile(world)
    async with verbs(world) as open_:
        session = open_.driver.session
        before = session.listings
        await open_.act(Verb.END, "ci-ingest")
        await open_.driver.press("f10")
        await open_.driver.until(lambda: "ci-ingest" not in open_.names(), "it is gone")
        after = session.listings
        assert {name for name in after if after[name] is not before[name]} == {PROFILE}


async def test_an_older_answer_does_not_bring_back_what_was_ended(tmp_path: Path) -> None:
    world, provider = verb_world(tmp_path)
    async with verbs(world) as open_:
        session = open_.driver.session
        held = provider.hold_listing = asyncio.Event()
        await open_.driver.press("f5")
        await open_.driver.until(
            lambda: session.listings[PROFILE].source.phase is Phase.LOADING, "all are asked"
        )
        provider.hold_listing = None
        await open_.act(Verb.END, "ci-ingest")
        await open_.driver.press("f10")
        await open_.driver.until(lambda: "ci-ingest" not in open_.names(), "it is gone")
        await open_.driver.loaded()
        newest = session.listings[PROFILE]
        await open_.driver.release(held)
        workers = open_.driver.app.workers
        await open_.driver.until(
            lambda: not any(w.description == "list instances" for w in workers), "all answered"
        )
        assert session.listings[PROFILE] is newest


async def test_what_a_complete_list_no_longer_names_has_ended_elsewhere(tmp_path: Path) -> None:
    world, provider = verb_world(tmp_path)
    async with verbs(world) as open_:
        provider.listed = provider.listed[1:]
        await open_.driver.press("f5")
        await open_.driver.until(
            lambda: world.ledger.entries()[0].state is EntryState.ENDED, "the ledger knows"
        )
        assert world.ledger.entries()[0].note == "deleted elsewhere"
