from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tokentui.domain.errors import Unreachable
from tokentui.domain.model import Ability, Page, ProfileName
from tokentui.domain.profile import Guard
from tokentui.domain.recipe import Encoding, Part, Recipe, Slot, Syntax
from tokentui.domain.text import clean
from tokentui.services.inventory import Phase
from tokentui.services.verbs import Verb
from tokentui.ui.actions import Place
from ui.drivers import Driver, RecordingApp, running
from ui.drivers_tokens import (
    CI,
    INGEST,
    managed,
    names,
    record,
    second_profile,
    tokens,
    tokens_monday,
)
from ui.fakes import DAY, DEMO, World
from ui.test_hostile import HOSTILE, check
from world_managed import USER, credential, robot

DEV = ProfileName("ops-dev")
LAB = robot("lab", profile=DEV)
LAB_TOKEN = credential("lab-token", of=LAB, profile=DEV)


async def to(driver: Driver, name: str) -> None:
    """Put the cursor on a row."""
    row = next(row for row in tokens(driver)._records.shown if row.cells[2].text == name)
    tokens(driver).move_to(row.key)
    await driver.pilot.pause()


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 24), (60, 15)], ids=str)
async def test_it_looks_like_this(
    tmp_path: Path, size: tuple[int, int], snapshot: SnapshotAssertion
) -> None:
    async with running(tokens_monday(tmp_path), size) as driver:
        await driver.press("T", "down", "space", "down", "space")
        await driver.shows("2 marked")
        assert driver.text == snapshot


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
async def test_a_filter_and_an_ability_look_like_this(
    tmp_path: Path, size: tuple[int, int], snapshot: SnapshotAssertion
) -> None:
    async with running(tokens_monday(tmp_path), size) as driver:
        await driver.press("T", "slash", *"kind:service ends:<7", "d")
        await driver.until(lambda: names(driver) == ["ci-ingest"], "the filter works")
        await driver.shows("── ci-ingest")
        assert driver.text == snapshot


async def test_what_is_listed_and_what_the_ledger_knows_is_one_list_by_time_left(
    tmp_path: Path,
) -> None:
    async with running(tokens_monday(tmp_path)) as driver:
        await driver.press("T")
        await driver.shows("11 of 11")
        assert names(driver) == [
            "ci ingest",
            "argo test",
            "#11",
            "ci-ingest",
            "deploy",
            "nightly",
            "argo cluster",
            "backup",
            "broken",
            "paused",
            "otel-push",
        ]


async def test_states_are_words_beside_signs(tmp_path: Path) -> None:
    async with running(tokens_monday(tmp_path)) as driver:
        await driver.press("T")
        await driver.shows("11 of 11")
        shown = {row.cells[2].text: row for row in tokens(driver)._records.shown}
        told = {name: (row.sign.text, row.cells[4].text) for name, row in shown.items()}
        assert told["ci ingest"] == ("x", "expired")
        assert told["#11"] == ("?", "unknown")
        assert told["paused"] == ("-", "off")
        assert told["broken"] == ("x", "invalid")
        assert told["otel-push"] == ("", "live")
        assert shown["otel-push"].cells[0].text == "never 211d"


async def test_the_detail_says_what_can_be_done_and_why_not(tmp_path: Path) -> None:
    world = tokens_monday(tmp_path)
    own = replace(
        INGEST,
        is_own=True,
        also_ends="the subject ci-ingest",
        cannot={Ability.RENAME: "names are fixed"},
        facts=(("audience", "prod"),),
    )
    managed(world, [own])
    async with running(world, (100, 40)) as driver:
        await driver.press("T")
        await to(driver, "ci-ingest")
        for line in (
            "id        id-ci-ingest  (c copies it)",
            "where     robot ci, project ops-prod, profile ops-prod (invented)",
            "roles     guest",
            "ends      3d left, 8 Oct 2026 14:22:00 CEST (12:22:00 UTC)",
            "own       this profile is signed in with it",
            "also ends the subject ci-ingest",
            "audience  prod",
            "made      #13 by anna@jump1, 3 Oct 14:22  rotation",
            "went to   clipboard (tmux)",
            "can       revoke, switch off and on, move end, regenerate, verify",
            "cannot    rename: names are fixed",
        ):
            assert line in driver.text


GENERATED = "ops-prod_fd7dae1" + "0" * 68
PUSHER = replace(
    credential(GENERATED, USER, DEMO, ends_at=None),
    description="otel in Munich",
    facts=(("role", "Metrics pusher"),),
)


async def test_what_a_person_said_of_a_generated_name_stands_before_it(tmp_path: Path) -> None:
    world = tokens_monday(tmp_path)
    managed(world, [PUSHER])
    async with running(world, (120, 40)) as driver:
        await driver.press("T")
        await to(driver, f"otel in Munich  {GENERATED}")
        await driver.press("y")
        await driver.until(lambda: world.clipboard.held == GENERATED, "the name alone is copied")


@pytest.mark.parametrize("words", ["munich", "name:munich", "metrics"])
async def test_it_is_found_by_what_its_detail_says(tmp_path: Path, words: str) -> None:
    world = tokens_monday(tmp_path)
    managed(world, [INGEST, PUSHER])
    async with running(world) as driver:
        await driver.press("T", "slash", *words)
        await driver.until(
            lambda: names(driver) == [f"otel in Munich  {GENERATED}"], "the filter finds it"
        )


async def test_an_empty_result_has_no_detail_and_nothing_to_scroll(tmp_path: Path) -> None:
    world = tokens_monday(tmp_path)
    many = tuple((f"fact {number}", "value") for number in range(40))
    managed(world, [replace(INGEST, facts=many)])
    async with running(world) as driver:
        await driver.press("T")
        await to(driver, "ci-ingest")
        detail = driver.app.screen.query_one("#detail")
        assert detail.show_vertical_scrollbar
        await driver.press("slash", *"no such")
        await driver.until(lambda: names(driver) == [], "nothing matches")
        await driver.until(lambda: not detail.show_vertical_scrollbar, "nothing is to be scrolled")
        assert driver.text.count("─" * 80) == 1


async def test_time_goes_round_and_both_columns_follow(tmp_path: Path) -> None:
    async with running(tokens_monday(tmp_path), (120, 40)) as driver:
        await driver.press("T")
        await to(driver, "nightly")
        assert "~ 12d " in driver.text
        assert "LEFT        KIND" in driver.text
        await driver.press("t")
        await driver.shows("ENDS          KIND")
        row = next(r for r in tokens(driver)._records.shown if r.cells[2].text == "nightly")
        assert [row.cells[i].text for i in (0, 6)] == ["17 Oct 14:22", "12d"]
        await driver.press("t")
        await driver.shows("ENDS (UTC)    KIND")


@pytest.mark.parametrize(
    ("key", "verb"),
    [
        ("x", Verb.END),
        ("o", Verb.SWITCH_OFF),
        ("e", Verb.RENAME),
        ("d", Verb.MOVE_END),
        ("R", Verb.REGENERATE),
        ("v", Verb.VERIFY),
    ],
)
async def test_keys_act_on_the_highlighted_one(tmp_path: Path, key: str, verb: Verb) -> None:
    async with running(tokens_monday(tmp_path), app_type=RecordingApp) as driver:
        await driver.press("T")
        await to(driver, "nightly")
        await driver.press(key)
        assert driver.acted == [(verb, ("nightly",))]


async def test_what_is_off_is_switched_on(tmp_path: Path) -> None:
    async with running(tokens_monday(tmp_path), app_type=RecordingApp) as driver:
        await driver.press("T")
        await to(driver, "paused")
        await driver.press("o")
        assert driver.acted == [(Verb.SWITCH_ON, ("paused",))]
        await driver.press("up", "up", "space", "space", "space", "o")
        assert driver.acted[-1] == (Verb.SWITCH_OFF, ("", "broken", "paused"))


async def test_keys_act_on_all_that_are_marked_hidden_or_not(tmp_path: Path) -> None:
    async with running(tokens_monday(tmp_path), app_type=RecordingApp) as driver:
        await driver.press("T", "slash", *"kind:service", "enter", "a", "slash")
        await driver.press("ctrl+u", *"otel", "enter", "space", "x")
        assert "4 marked (3 hidden) - 1 of 11 - filt" in driver.lines[1]
        assert driver.acted == [(Verb.END, ("ci-ingest", "nightly", "paused", "otel-push"))]
        await driver.press("e")
        assert "rename: one at a time, and 4 are marked" in driver.lines[-2]
        await driver.press("N", "x")
        assert driver.acted[-1] == (Verb.END, ("otel-push",))
        assert "marked" not in driver.lines[1]


async def test_what_cannot_be_done_says_why(tmp_path: Path) -> None:
    async with running(tokens_monday(tmp_path), app_type=RecordingApp) as driver:
        await driver.press("T")
        await to(driver, "argo test")
        await driver.press("x")
        assert "nobody can revoke it; it ends by itself" in driver.lines[-2]
        await to(driver, "broken")
        await driver.press("e")
        assert "rename key broken: keys have no names" in driver.lines[-2]
        assert driver.acted == []


async def test_a_profile_that_is_read_only_says_so(tmp_path: Path) -> None:
    world = World(tmp_path, guard=Guard(read_only=True))
    managed(world)
    async with running(world, app_type=RecordingApp) as driver:
        await driver.press("T")
        await to(driver, "nightly")
        await driver.press("x")
        await driver.until(lambda: "is read only" in words(driver), "it says so")
        assert driver.acted == []


async def test_another_one_and_how_to_use_it(tmp_path: Path) -> None:
    world = tokens_monday(tmp_path)
    async with running(world, app_type=RecordingApp) as driver:
        await driver.press("T")
        await to(driver, "ci-ingest")
        await driver.press("g", "u")
        assert driver.wanted == [("ci", "service-token", "5d")]
        assert driver.used == [("service-token", "ci")]
        driver.session.listings = {}
        await driver.press("g")
        assert "ci is not in the list of ops-prod (any more): F5 asks again" in driver.lines[-2]


async def test_the_texts_for_using_one_hold_its_name_and_id(tmp_path: Path) -> None:
    world = tokens_monday(tmp_path)
    slots = (Slot(Part.NAME), " is sa-", Slot(Part.ID, Encoding.LOWER), " with ", Slot(Part.TOKEN))
    world.provider.ways = (Recipe("who", "Who it is", Syntax.TEXT, slots),)
    async with running(world) as driver:
        await driver.press("T")
        await to(driver, "ci-ingest")
        await driver.press("u")
        await driver.shows("ci-ingest is sa-id-ci-ingest with <token>")


async def test_ids_and_names_are_copied(tmp_path: Path) -> None:
    world = tokens_monday(tmp_path)
    async with running(world) as driver:
        await driver.press("T")
        await to(driver, "nightly")
        await driver.press("c")
        await driver.until(lambda: world.clipboard.held == "id-nightly", "the id is copied")
        await driver.press("y")
        await driver.until(lambda: world.clipboard.held == "nightly", "the name is copied")


async def test_enter_goes_into_the_detail_and_q_comes_back(tmp_path: Path) -> None:
    async with running(tokens_monday(tmp_path)) as driver:
        await driver.press("T", "enter")
        await driver.until(lambda: driver.focused_id == "detail", "the detail has the focus")
        await driver.press("q")
        assert driver.focused_id == "tokens"
        await driver.press("q")
        await driver.shows("[H Home]")


async def test_a_dead_profile_is_one_line_and_its_old_rows_are_grey(tmp_path: Path) -> None:
    world = tokens_monday(tmp_path)
    dead = second_profile(world, LAB_TOKEN)
    async with running(world) as driver:
        await driver.press("T")
        await driver.shows("lab-token")
        error = Unreachable("GET /tokens: no answer after 8 s", "check the network")
        dead.errors["credentials"] = dead.listing_error = error
        await driver.press("f5")
        await driver.until(
            lambda: driver.session.listings[DEV].source.phase in {Phase.FAILED, Phase.PARTLY},
            "ops-dev fails",
        )
        await driver.shows("x ops-dev ")
        await driver.shows("- press !")
        rows = {row.cells[2].text: row for row in tokens(driver)._records.shown}
        assert rows["lab-token"].cells[2].tone == "muted"
        assert rows["nightly"].cells[2].tone == ""
        assert rows["nightly"].cells[3].text == "ci"


async def test_keys_work_while_a_provider_hangs(tmp_path: Path) -> None:
    world = tokens_monday(tmp_path)
    world.provider.hold_listing = asyncio.Event()
    async with running(world, loaded=False, app_type=RecordingApp) as driver:
        await driver.press("T")
        await driver.until(lambda: driver.session.workbench, "the configuration is read")
        await driver.shows("asking ops-prod")
        await driver.press("slash", *"argo", "enter", "space")
        assert names(driver) == ["argo test", "argo cluster"]
        await driver.release(world.provider.hold_listing)
        await driver.loaded()
        assert tokens(driver).marked_count == 1


async def test_nothing_to_list_is_said_with_a_next_step(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.provider.pages = (Page(()),)
    async with running(world, app_type=RecordingApp) as driver:
        await driver.press("T")
        await driver.shows("There is no credential here: choose an instance (I) or an account (A)")
        await driver.press("x")
        assert "there is no credential to do that with" in driver.lines[-2]
        await driver.press("g")
        assert "there is no row to start from" in driver.lines[-2]
        await driver.press("c")
        assert "there is no row to copy from" in driver.lines[-2]


async def test_a_place_can_be_opened_with_a_filter(tmp_path: Path) -> None:
    async with running(tokens_monday(tmp_path)) as driver:
        driver.app.flows.go(Place.TOKENS, f'where:"{CI.name}" kind:service')
        await driver.shows("[T Tokens]")
        await driver.until(lambda: names(driver) == ["ci-ingest", "nightly"], "it is filtered")
        await driver.press("H")
        driver.app.flows.go(Place.TOKENS, "otel")
        await driver.until(lambda: names(driver) == ["otel-push"], "it is filtered anew")


@pytest.mark.parametrize("size", [(60, 24), (120, 40)], ids=str)
async def test_no_name_steers_the_terminal_or_breaks_a_line(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    world = tokens_monday(tmp_path)
    managed(
        world,
        [
            credential(
                name,
                id=f"id-{number} {name}",
                target_id=CI.id,
                target_name=name,
                scope=name,
                roles=(name, name),
                state_text=name,
                description=name,
                also_ends=name,
                cannot={Ability.RENAME: name},
                facts=((name, name),),
            )
            for number, name in enumerate(map(clean, HOSTILE))
        ],
    )
    async with running(world, size, app_type=RecordingApp) as driver:
        await driver.press("T")
        for _ in HOSTILE:
            await driver.press("down", "e")
            await check(driver, size)
        await driver.press("a", "x", "slash", *"kind:[@", "c", "enter", "y")
        await check(driver, size)


async def test_the_scope_is_one_profile(tmp_path: Path) -> None:
    world = tokens_monday(tmp_path)
    second_profile(world, LAB_TOKEN)
    async with running(world) as driver:
        await driver.press("T")
        await driver.shows("12 of 12")
        await driver.press("p", *"ops-dev", "enter")
        await driver.until(lambda: names(driver) == ["lab-token"], "one profile is shown")


async def test_what_was_ended_stands_last(tmp_path: Path) -> None:
    world = tokens_monday(tmp_path)
    number = next(e.number for e in world.ledger.entries() if e.remote_id == INGEST.id)
    world.ledger.ended(number, "revoked", world.clock() - DAY)
    world.provider.listed.remove(INGEST)  # type: ignore[attr-defined]
    async with running(world) as driver:
        await driver.press("T")
        await driver.until(lambda: names(driver)[-1:] == ["ci-ingest"], "it stands last")
        last = tokens(driver)._records.shown[-1]
        assert [cell.text for cell in (last.cells[0], last.cells[4])] == ["ended", "ended"]


async def test_what_is_over_and_still_listed_stands_last_and_can_be_filtered(
    tmp_path: Path,
) -> None:
    world = tokens_monday(tmp_path)
    long_ago = [
        credential("over-30d", of=CI, ends_at=world.clock() - 30 * DAY),
        credential("over-90d", of=CI, ends_at=world.clock() - 90 * DAY),
    ]
    managed(world, [INGEST, *long_ago])
    async with running(world) as driver:
        await driver.press("T")
        await driver.until(lambda: names(driver)[-2:] == ["over-30d", "over-90d"], "both last")
        await driver.press("slash", *"state:expired ends:<0d over")
        await driver.until(lambda: names(driver) == ["over-30d", "over-90d"], "the filter works")


async def test_what_only_the_ledger_knows_and_is_long_over_is_counted(tmp_path: Path) -> None:
    world = tokens_monday(tmp_path)
    managed(world, [])
    old = credential("forgotten", of=CI, ends_at=world.clock() - 30 * DAY)
    async with running(world, (100, 40)) as driver:
        await driver.press("T")
        await driver.shows("7 of 7 - 6 over: token list --all")
        record(world, old, "long ago")
        await driver.press("f5")
        await driver.shows("7 of 7 - 7 over: token list --all")
        assert "forgotten" not in names(driver)


async def test_a_source_that_answered_in_part_says_what_came(tmp_path: Path) -> None:
    world = tokens_monday(tmp_path)
    provider = managed(world, [INGEST])
    provider.pages = (Page((DEMO,), (Unreachable("eu02 did not answer"),)),)
    async with running(world, (120, 40)) as driver:
        await driver.press("T")
        await driver.shows("answered in part, 1 instance, 2 accounts, 1 credential")
        assert "nothing is known" not in driver.text


async def test_an_empty_list_of_a_source_that_answered_in_part_says_so(tmp_path: Path) -> None:
    world = World(tmp_path)
    provider = managed(world, [])
    provider.pages = (Page((DEMO,), (Unreachable("eu02 did not answer"),)),)
    async with running(world) as driver:
        await driver.press("T")
        await driver.shows("No credentials came, but a part did not answer: ! says why")


async def test_a_long_reason_can_be_read_in_full_and_goes_with_the_next_key(
    tmp_path: Path,
) -> None:
    reason = "its name is part of a group's rules, which only an owner may change in the portal"
    world = tokens_monday(tmp_path)
    managed(world, [replace(INGEST, cannot={Ability.RENAME: reason})])
    async with running(world) as driver:
        await driver.press("T")
        await to(driver, "ci-ingest")
        await driver.press("e")
        await driver.until(
            lambda: f"rename service token ci-ingest: {reason}" in words(driver), "all of it"
        )
        assert "? help" in driver.text
        await driver.press("down")
        await driver.until(lambda: "owner may change" not in words(driver), "it is gone")
        assert driver.app.place._bar("state").size.height == 1


def words(driver: Driver) -> str:
    """What is above the keys, as if it stood on one line."""
    lines = driver.text.splitlines()
    begin = max(place for place, line in enumerate(lines) if line.startswith("──"))
    return " ".join(" ".join(lines[begin:]).replace("─", " ").split())
