from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tokentui.domain.errors import ConfigError
from tokentui.services.journal import Call
from tokentui.services.overview import MOST_AT_FIRST, Overview
from tokentui.ui.widgets.record_list import RecordList
from ui.drivers import RecordingApp, running
from ui.fakes import DAY, DEMO, MINUTE, World, busy_monday
from world import MONDAY, PROFILE, TOKEN, InventedProvider, instance

CALL = Call(
    at=MONDAY,
    profile=PROFILE,
    what="list instances",
    method="GET",
    path="/v1beta1/projects/../instances",
    outcome="200",
    took=timedelta(milliseconds=240),
)


class UnreadLedger(World):
    def first_look(self, most: int = MOST_AT_FIRST) -> Overview | None:
        return None


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 24)], ids=str)
async def test_it_looks_like_this(
    tmp_path: Path, size: tuple[int, int], snapshot: SnapshotAssertion
) -> None:
    async with running(busy_monday(tmp_path), size) as driver:
        assert driver.text == snapshot


async def test_the_first_frame_needs_the_ledger_alone(tmp_path: Path) -> None:
    world = busy_monday(tmp_path)
    world.hold_opening = asyncio.Event()
    async with running(world, loaded=False) as driver:
        await driver.shows("#12 argo test")
        assert driver.lines[0].split()[1:3] == ["ops-prod", "ops-prod"]
        assert "…" in driver.lines[0]
        assert "1  demo         token       10 min" in driver.text
        assert "asking" in driver.lines[-2]


async def test_a_number_asks_for_that_target_as_it_was_made_before(tmp_path: Path) -> None:
    async with running(busy_monday(tmp_path), app_type=RecordingApp) as driver:
        await driver.press("1", "3")
        assert driver.wanted == [("demo", "token", "10m"), ("edge-muc-01", "kubeconfig", "1h")]


async def test_a_number_works_before_the_configuration_is_read(tmp_path: Path) -> None:
    world = busy_monday(tmp_path)
    world.hold_opening = asyncio.Event()
    async with running(world, loaded=False, app_type=RecordingApp) as driver:
        await driver.press("1")
        assert driver.wanted == [("demo", "token", "10m")]


async def test_a_number_without_a_target_opens_nothing_and_says_why(tmp_path: Path) -> None:
    world = UnreadLedger(tmp_path)
    world.hold_opening = asyncio.Event()
    async with running(world, loaded=False, app_type=RecordingApp) as driver:
        await driver.press("1")
        assert "1: targets are not known yet" in driver.lines[-2]
        assert driver.wanted == []
        await driver.release(world.hold_opening)
        await driver.loaded()
        await driver.press("9")
        assert "9: there is no such target" in driver.lines[-2]
        assert driver.wanted == []


async def test_a_target_that_is_gone_is_named(tmp_path: Path) -> None:
    world = busy_monday(tmp_path)
    world.made(instance("gone"), TOKEN, DAY, 10 * MINUTE)
    async with running(world, app_type=RecordingApp) as driver:
        await driver.press("full_stop")
        assert "gone is not in the list of ops-prod" in driver.lines[-2]
        assert not any(f"{number}  gone " in driver.text for number in range(1, 10))
        await driver.press("1")
        assert driver.wanted == [("demo", "token", "10m")]


async def test_instances_never_used_are_offered_after_those_that_were(tmp_path: Path) -> None:
    async with running(World(tmp_path), app_type=RecordingApp) as driver:
        assert "1  demo         token       default" in driver.text
        assert "2  edge-muc-01  token       default" in driver.text
        assert "3  " not in driver.text
        await driver.press("full_stop")
        assert "nothing was made yet" in driver.lines[-2]


async def test_enter_opens_the_entry_and_escape_closes_it(tmp_path: Path) -> None:
    async with running(busy_monday(tmp_path)) as driver:
        await driver.press("down", "down", "down", "enter")
        await driver.shows("Ledger #12 - edge token")
        assert "purpose   argo test" in driver.text
        assert "5 Oct 2026 14:28:12 CEST (12:28:12 UTC)" in driver.text
        await driver.press("escape")
        await driver.shows("Quick generate")


async def test_t_turns_time_left_into_local_time_and_utc(tmp_path: Path) -> None:
    async with running(busy_monday(tmp_path)) as driver:
        assert "LEFT" in driver.lines[3]
        await driver.press("t")
        assert "ENDS" in driver.lines[3]
        assert driver.lines[5].startswith(" ? 14:29")
        assert "answer lost" in driver.lines[5]
        await driver.press("t")
        assert "ENDS (UTC)" in driver.lines[3]
        assert driver.lines[5].startswith(" ? 12:29")
        await driver.press("t")
        assert "LEFT" in driver.lines[3]


async def test_time_goes_on_without_a_key_and_is_rounded_down(tmp_path: Path) -> None:
    world = busy_monday(tmp_path)
    async with running(world) as driver:
        assert driver.lines[5].startswith(" ? 7m")
        world.clock.advance(timedelta(minutes=4, seconds=13))
        driver.app.draw()
        await driver.shows("! 1m")
        assert "14:26 CEST" in driver.lines[0]
        world.clock.advance(timedelta(minutes=1))
        driver.app.draw()
        await driver.shows("! <1m")


async def test_what_never_ends_is_reviewed_by_its_age(tmp_path: Path) -> None:
    world = busy_monday(tmp_path)
    world.made(DEMO, TOKEN, 211 * DAY, None, "never", purpose="otel push")
    async with running(world, (120, 40)) as driver:
        heading = next(i for i, line in enumerate(driver.lines) if "No expiry" in line)
        assert "reviewed by age (1)" in driver.lines[heading]
        assert "211d old" in driver.lines[heading + 2]


async def test_an_empty_ledger_says_so(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as driver:
        assert "Nothing issued from this host yet." in driver.text
        assert "Next 90 days" not in driver.text
        assert "ledger ok - 0 recorded, 0 undelivered" in driver.lines[-2]


async def test_without_a_profile_it_says_where_to_write_one(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.configured = False
    async with running(world) as driver:
        await driver.shows("No profile is set up on this host. Profiles stand in")
        assert "/home/anna/.config/tokentui/config.yaml" in driver.text
        assert "provider: stackit" in driver.text
        assert "no profile" in driver.lines[0]


async def test_problems_of_the_configuration_are_listed_and_the_rest_goes_on(
    tmp_path: Path,
) -> None:
    world = busy_monday(tmp_path)
    world.problems = (ConfigError("config.yaml line 7: projekt_id is unknown", "project_id?"),)
    async with running(world) as driver:
        assert "Problems (1)" in driver.lines[2]
        assert "config.yaml line 7: projekt_id is unknown: project_id?" in driver.lines[3]
        assert "#12 argo test" in driver.text


async def test_a_broken_configuration_leaves_what_the_ledger_knows(tmp_path: Path) -> None:
    world = busy_monday(tmp_path)
    world.opening_error = ConfigError("config.yaml line 3: a tab", "use blanks")
    async with running(world) as driver:
        assert "configuration broken" in driver.lines[0]
        assert "config.yaml line 3: a tab: use blanks" in driver.text
        assert "#12 argo test" in driver.text
        world.opening_error = None
        await driver.press("f5")
        await driver.until(lambda: driver.session.workbench, "the configuration is read again")
        await driver.loaded()
        assert "invented ok" in driver.lines[0]
        assert "Problems" not in driver.text


async def test_a_profile_is_chosen_by_typing(tmp_path: Path) -> None:
    world = busy_monday(tmp_path)
    dev = instance("labs", profile="ops-dev")
    world.connections.add("ops-dev", InventedProvider(world.clock))
    world.made(dev, TOKEN, MINUTE, 10 * MINUTE, purpose="dev only")
    async with running(world) as driver:
        assert "all 2 profiles [1 prot]" in driver.lines[0]
        assert "demo  ops-prod" in driver.text
        await driver.press("p", "d", "e", "enter")
        await driver.shows("dev only")
        assert "argo test" not in driver.text
        assert "ops-dev" in driver.lines[0]
        await driver.press("p", "escape")
        assert driver.session.scope == "ops-dev"
        await driver.press("p", *"all", "enter")
        await driver.shows("argo test")


async def test_the_activity_shows_calls_beside_events(tmp_path: Path) -> None:
    world = busy_monday(tmp_path)
    world.journal.add(CALL)
    async with running(world, (120, 40)) as driver:
        line = next(line for line in driver.lines if "list instances" in line)
        assert "240 ms" in line
        assert "GET /v1beta1/projects/../instances" in line


async def test_what_needs_attention_stands_before_all_that_does_not(tmp_path: Path) -> None:
    async with running(busy_monday(tmp_path)) as driver:
        shown = driver.app.screen.query_one("#attention", RecordList)._records.shown
        assert [record.sign.text for record in shown] == ["x", "?", "!", "~", "~", ""]


async def test_a_row_is_copied_by_the_number_that_it_shows(tmp_path: Path) -> None:
    world = busy_monday(tmp_path)
    async with running(world) as driver:
        await driver.press("c")
        await driver.until(lambda: world.clipboard.held == "#8", "the number is copied")
        assert "#8 ci ingest" in driver.lines[4]


async def test_every_end_leaves_room_for_the_note(tmp_path: Path) -> None:
    async with running(busy_monday(tmp_path)) as driver:
        for title in ("LEFT", "ENDS", "ENDS (UTC)"):
            assert driver.lines[3].split("KIND")[0].strip() == title
            assert driver.lines[3].endswith("NOTE")
            await driver.press("t")


async def test_sorting_goes_through_visible_columns_and_each_is_named(tmp_path: Path) -> None:
    async with running(busy_monday(tmp_path)) as driver:
        named = []
        for _ in range(6):
            await driver.press("s")
            named.append([word for word in driver.lines[3].split() if word.endswith("↑")])
        assert named == [["LEFT↑"], ["KIND↑"], ["NAME↑"], ["WHERE↑"], ["NOTE↑"], []]


async def test_an_order_by_a_column_that_vanishes_ends(tmp_path: Path) -> None:
    async with running(busy_monday(tmp_path), (120, 40)) as driver:
        before = [line[:60] for line in driver.lines[4:10]]
        await driver.press(*"sssss")
        assert "ISSUED BY↑" in driver.lines[3]
        await driver.pilot.resize_terminal(80, 24)
        await driver.shows("[H Home]")
        await driver.pilot.resize_terminal(120, 40)
        await driver.until(lambda: "ISSUED BY " in driver.lines[3], "no column is sorted")
        assert [line[:60] for line in driver.lines[4:10]] == before


async def test_a_long_path_of_the_configuration_can_be_read_in_full(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.configured = False
    world.config_path = Path("/home/anna/" + "very-long-folder/" * 8 + "config.yaml")
    async with running(world) as driver:
        await driver.shows("No profile is set up")
        shown = "".join(line.strip() for line in driver.lines)
        assert str(world.config_path) in shown


async def test_line_and_key_of_a_problem_can_be_read_behind_a_long_path(tmp_path: Path) -> None:
    world = busy_monday(tmp_path)
    path = "/home/anna/" + "very-long-folder/" * 12 + "config.yaml"
    world.problems = (ConfigError(f"{path} line 7: projekt_id is unknown", "project_id?"),)
    async with running(world) as driver:
        assert "config.yaml line 7: projekt_id is unknown: project_id?" in driver.text
