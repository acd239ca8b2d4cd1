from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tokentui.domain.errors import (
    BadAnswer,
    Forbidden,
    NotSignedIn,
    ProviderError,
    TokentuiError,
    Unreachable,
)
from tokentui.domain.ledger import LastKnown
from tokentui.domain.model import Detail, Page, ProfileName, Target
from tokentui.domain.receipt import Route, failed
from tokentui.services.inventory import Phase
from tokentui.ui.screens.instances import InstancesScreen
from tokentui.ui.widgets.record_list import RecordList
from ui.drivers import Driver, RecordingApp, running
from ui.drivers_tokens import managed
from ui.fakes import DAY, DEMO, HAM, HOUR, MUC, World, busy_monday
from world import (
    KUBECONFIG,
    MONDAY,
    PROFILE,
    TOKEN,
    InventedClipboard,
    InventedProvider,
    instance,
)
from world_managed import USER, credential

LABS = instance("labs", profile="ops-dev")


def with_dead_profile(folder: Path) -> World:
    """A second profile whose provider does not answer, with what it had three hours ago."""
    world = busy_monday(folder)
    dead = InventedProvider(world.clock, pages=())
    dead.listing_error = Unreachable("GET /instances: no answer after 8 s", "check the network")
    world.connections.add("ops-dev", dead)
    world.ledger.remember(LastKnown(ProfileName("ops-dev"), world.clock() - 3 * HOUR, (LABS,)))
    return world


def names(driver: Driver) -> list[str]:
    shown = driver.app.screen.query_one(RecordList)._records.shown
    return [record.cells[1].text for record in shown]


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 24)], ids=str)
async def test_it_looks_like_this(
    tmp_path: Path, size: tuple[int, int], snapshot: SnapshotAssertion
) -> None:
    async with running(busy_monday(tmp_path), size) as driver:
        await driver.press("I")
        await driver.shows("nobody can revoke it")
        assert driver.text == snapshot


async def test_a_message_that_comes_while_it_ends_draws_nothing(tmp_path: Path) -> None:
    async with running(busy_monday(tmp_path)) as driver:
        await driver.press("I")
        await driver.shows("nobody can revoke it")
        screen = driver.app.screen
        assert isinstance(screen, InstancesScreen)
    screen.draw()  # its widgets are gone: a message of before still came


async def test_one_dead_profile_is_one_line_and_the_others_go_on(
    tmp_path: Path, snapshot: SnapshotAssertion
) -> None:
    async with running(with_dead_profile(tmp_path)) as driver:
        await driver.press("I")
        await driver.shows("ops-dev did not answer, data 3h old: GET /instances: no answer")
        assert driver.lines[3].endswith(" - press !")
        assert "1 of 2 profiles failed; the others go on" in driver.lines[-2]
        assert names(driver) == ["demo", "edge-muc-01", "labs", "edge-ham-02"]
        assert "failed" in driver.lines[0]
        await driver.press("exclamation_mark")
        await driver.shows("next   check the network")
        assert driver.text == snapshot


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Forbidden("cannot ask /instances: 403", "ask for the right"), "ops-dev refused, data"),
        (NotSignedIn("the key is not known", "sign in"), "ops-dev refused, data"),
        (BadAnswer("no list in it", "look"), "ops-dev failed, data"),
    ],
    ids=["forbidden", "not signed in", "bad answer"],
)
async def test_a_profile_that_answered_is_not_said_to_be_silent(
    tmp_path: Path, error: ProviderError, words: str
) -> None:
    world = with_dead_profile(tmp_path)
    world.connections.providers[ProfileName("ops-dev")].listing_error = error
    async with running(world) as driver:
        await driver.press("I")
        await driver.shows(f"x {words} 3h old: {error.message}")


async def test_old_rows_are_grey(tmp_path: Path) -> None:
    async with running(with_dead_profile(tmp_path)) as driver:
        await driver.press("I")
        await driver.shows("labs")
        shown = driver.app.screen.query_one(RecordList)._records.shown
        tones = {record.cells[1].text: record.cells[1].tone for record in shown}
        assert tones["labs"] == "muted"
        assert tones["demo"] == ""


async def test_refresh_asks_again(tmp_path: Path) -> None:
    world = with_dead_profile(tmp_path)
    async with running(world) as driver:
        await driver.press("I")
        dead = world.connections.providers[ProfileName("ops-dev")]
        dead.listing_error = None
        dead.pages = (Page((LABS,)),)
        await driver.press("f5")
        await driver.until(
            lambda: driver.session.listings[ProfileName("ops-dev")].source.phase is Phase.OK,
            "ops-dev answers",
        )
        await driver.until(lambda: "did not answer" not in driver.text, "the line is gone")


async def test_a_filter_and_g_ask_for_a_credential(tmp_path: Path) -> None:
    async with running(busy_monday(tmp_path), app_type=RecordingApp) as driver:
        await driver.press("I", "slash", *"muc", "enter")
        assert "1 of 3 - filter: muc" in driver.lines[1]
        await driver.press("g", "K")
        assert driver.wanted == [
            ("edge-muc-01", None, ""),
            ("edge-muc-01", "kubeconfig", ""),
        ]


@pytest.mark.parametrize("place", ["H", "A", "T"])
async def test_a_filter_stays_and_is_said_after_one_was_away(tmp_path: Path, place: str) -> None:
    async with running(busy_monday(tmp_path)) as driver:
        await driver.press("I", "slash", *"muc", "enter", place, "I")
        await driver.shows("1 of 3 - filter: muc")
        assert names(driver) == ["edge-muc-01"]


async def test_what_is_listed_counts_as_what_was_made_from_here(tmp_path: Path) -> None:
    world = World(tmp_path)
    listed = (
        credential("soon", USER, HAM, ends_at=MONDAY + 3 * DAY + HOUR),
        credential("endless", USER, HAM, ends_at=None),
        credential("over", USER, HAM, ends_at=MONDAY - DAY),
        credential("other", USER, MUC, ends_at=None),
    )
    managed(world, listed)
    made = world.made(HAM, TOKEN, DAY, 30 * DAY)
    world.ledger.ended(made, "revoked", world.clock())
    async with running(world) as driver:
        await driver.press("I")
        await driver.until(lambda: counted(driver, "edge-ham-02") == ("2", "3d 1h"), "it counts")
        assert counted(driver, "edge-muc-01") == ("1", "never")
        assert counted(driver, "demo") == ("0", "-")


def counted(driver: Driver, name: str) -> tuple[str, str]:
    """How many credentials of an instance live, and when the next one ends."""
    shown = driver.app.screen.query_one(RecordList)._records.shown
    cells = next((record.cells for record in shown if record.cells[1].text == name), None)
    return ("", "") if cells is None else (cells[6].text, cells[7].text)


async def test_letters_of_the_filter_are_text(tmp_path: Path) -> None:
    async with running(busy_monday(tmp_path), app_type=RecordingApp) as driver:
        await driver.press("I", "slash", *"gKoqHpt1.")
        assert driver.wanted == []
        assert "filter: gKoqHpt1." in driver.lines[1]
        await driver.press("escape")
        assert names(driver) == ["demo", "edge-muc-01", "edge-ham-02"]


async def test_ids_names_and_links_are_copied_and_it_says_where_to(tmp_path: Path) -> None:
    world = busy_monday(tmp_path)
    async with running(world) as driver:
        await driver.press("I", "c")
        await driver.shows("id demo-k3x9q2ab: sent through tmux to your terminal")
        assert world.clipboard.held == DEMO.native_id
        await driver.press("down", "y")
        await driver.shows("name edge-muc-01: sent through tmux")
        assert world.clipboard.held == MUC.name
        await driver.press("o")
        await driver.until(lambda: world.clipboard.held == MUC.ui_url, "the link is copied")
        await driver.shows("link https")
        assert world.clipboard.held == MUC.ui_url
        await driver.press("down", "o")
        await driver.shows(f"{HAM.name} has no UI of its own")


async def test_a_copy_that_fails_says_so_and_the_link_stays_readable(tmp_path: Path) -> None:
    world = busy_monday(tmp_path)
    world.clipboard = InventedClipboard(failed(Route.NONE, "the clipboard is switched off"))
    async with running(world, (120, 40)) as driver:
        await driver.press("I", "o")
        await driver.shows("the clipboard is switched off")
        assert DEMO.ui_url in driver.text


async def test_the_detail_follows_the_cursor(tmp_path: Path) -> None:
    async with running(busy_monday(tmp_path)) as driver:
        await driver.press("I")
        await driver.shows("── demo ──")
        assert "#12 edge token  6m left  clipboard (tmux)  argo test" in driver.text
        await driver.press("down", "down")
        await driver.shows("── edge-ham-02 ──")
        assert "nothing from this host yet" in driver.text


async def test_enter_goes_into_the_detail_and_q_comes_back(tmp_path: Path) -> None:
    async with running(busy_monday(tmp_path)) as driver:
        await driver.press("I", "enter")
        await driver.until(lambda: driver.focused_id == "detail", "the detail has the focus")
        await driver.press("q")
        assert driver.focused_id == "instances"
        await driver.press("q")
        await driver.shows("[H Home]")


async def test_the_cursor_stays_where_it_was_while_one_was_away(tmp_path: Path) -> None:
    async with running(busy_monday(tmp_path)) as driver:
        await driver.press("I", "down", "H", "I")
        await driver.shows("── edge-muc-01 ──")


async def test_keys_work_while_a_provider_hangs(tmp_path: Path) -> None:
    world = busy_monday(tmp_path)
    world.provider.hold_listing = asyncio.Event()
    async with running(world, loaded=False) as driver:
        await driver.until(lambda: driver.session.workbench, "the configuration is read")
        await driver.press("I")
        await driver.shows("asking ops-prod, data 3h old")
        await driver.press("slash", *"ham", "enter")
        assert names(driver) == ["edge-ham-02"]
        await driver.press("escape", "p", *"ops", "enter")
        assert driver.session.scope == "ops-prod"
        await driver.press("question_mark")
        await driver.shows("Keys here: instances")
        await driver.press("escape")
        await driver.release(world.provider.hold_listing)
        await driver.loaded()


async def test_sorting_goes_through_the_columns(tmp_path: Path) -> None:
    async with running(busy_monday(tmp_path)) as driver:
        await driver.press("I", "s", "s")
        assert "NAME↑" in driver.text
        assert names(driver) == ["demo", "edge-ham-02", "edge-muc-01"]


async def test_nothing_to_list_is_said_with_a_next_step(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.provider.pages = ()
    async with running(world) as driver:
        await driver.press("I")
        await driver.shows("There is no instance here: make one in the provider's portal")
        await driver.press("g")
        assert "there is no instance to make a credential for" in driver.lines[-2]
        await driver.press("c")
        assert "there is no row to copy from" in driver.lines[-2]


async def test_a_slow_answer_is_timed(tmp_path: Path) -> None:
    world = busy_monday(tmp_path)
    world.provider.hold_listing = asyncio.Event()
    async with running(world, loaded=False) as driver:
        await driver.until(
            lambda: any(x.source.took is not None for x in driver.session.listings.values()),
            "the listing has begun",
        )
        world.clock.advance(timedelta(seconds=4, milliseconds=300))
        await driver.release(world.provider.hold_listing)
        await driver.loaded()
        assert "invented 4 s" in driver.lines[0]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
async def test_active_and_often_used_ones_come_first_then_names(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    world = busy_monday(tmp_path)
    world.provider.pages = (Page((HAM, instance("zeta"), instance("alpha"), MUC, DEMO)),)
    async with running(world, size) as driver:
        await driver.press("I")
        await driver.shows("> ops-prod    demo ")
        await driver.press("f5")
        await driver.loaded()
        assert names(driver) == ["demo", "edge-muc-01", "alpha", "zeta", "edge-ham-02"]


@dataclass
class TellingProvider(InventedProvider):
    """Knows more of an instance than it lists."""

    told: tuple[Detail, ...] = ()
    details_error: TokentuiError | None = None
    hold_details: asyncio.Event | None = None
    asked: list[str] = field(default_factory=list)

    async def details(self, of: Target) -> tuple[Detail, ...]:
        self.asked.append(of.name)
        if self.hold_details is not None:
            await self.hold_details.wait()
        if self.details_error is not None:
            raise self.details_error
        return self.told


PUSH = "https://push.metrics.eu01.example/instances/" + "0a1b2c3d" * 6 + "/api/v1/receive"
TOLD = (
    Detail("ingest", "metrics", "https://push.example"),
    Detail("ingest", "logs", PUSH),
    Detail("query", "metrics", "https://query.example"),
)


def telling(world: World) -> TellingProvider:
    provider = TellingProvider(world.clock, pages=(Page((DEMO, MUC, HAM)),), told=TOLD)
    world.connections.providers[PROFILE] = provider
    return provider


@pytest.mark.parametrize("size", [(80, 24), (60, 24), (120, 40)], ids=str)
async def test_enter_asks_once_for_the_details_and_keeps_them_until_a_refresh(
    tmp_path: Path, size: tuple[int, int], snapshot: SnapshotAssertion
) -> None:
    world = World(tmp_path)
    provider = telling(world)
    provider.hold_details = asyncio.Event()
    async with running(world, size) as driver:
        await driver.press("I")
        assert provider.asked == []
        await driver.press("enter")
        await driver.shows("details   asking..")
        await driver.press("q", "enter")
        await driver.release(provider.hold_details)
        await driver.shows("https://push.example")
        assert driver.text == snapshot
        await driver.press("q", "down")
        await driver.until(lambda: "https://push.example" not in driver.text, "another one")
        await driver.press("up")
        await driver.shows("https://push.example")
        assert provider.asked == ["demo"]
        await driver.press("f5")
        await driver.loaded()
        await driver.until(lambda: "https://push.example" not in driver.text, "it is forgotten")
        await driver.press("enter")
        await driver.shows("https://push.example")
        assert provider.asked == ["demo", "demo"]


async def test_details_that_do_not_come_say_why(tmp_path: Path) -> None:
    world = World(tmp_path)
    provider = telling(world)
    provider.details_error = Unreachable("no answer after 8 s", "check the network")
    async with running(world) as driver:
        await driver.press("I", "enter")
        await driver.shows("details   x no answer after 8 s: check the network")
        await driver.press("exclamation_mark")
        await driver.shows("next   check the network")


async def test_without_more_to_tell_nothing_is_asked(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as driver:
        await driver.press("I", "enter")
        await driver.until(lambda: "details   asking.." not in driver.text, "it is answered")
        assert "details" not in driver.text


async def test_a_plan_that_is_an_id_stands_in_the_detail_alone(tmp_path: Path) -> None:
    plan = "0A1b2c3d-0000-4000-8000-1234567890ab"
    world = World(tmp_path)
    world.provider.pages = (Page((instance("demo", plan=plan), instance("small", plan="S1"))),)
    async with running(world, (140, 40)) as driver:
        await driver.press("I")
        await driver.shows(f"plan  {plan}")
        shown = driver.app.screen.query_one(RecordList)._records.shown
        assert [record.cells[5].text for record in shown] == ["-", "S1"]


async def test_only_kinds_that_fit_an_instance_are_told_and_made(tmp_path: Path) -> None:
    world = World(tmp_path)
    kube = replace(KUBECONFIG, made_for=("cluster",))
    world.provider.about = replace(world.provider.about, kinds=(TOKEN, kube))
    async with running(world, app_type=RecordingApp) as driver:
        await driver.press("I")
        await driver.shows("can       Token")
        assert "Kubeconfig" not in driver.text
        await driver.press("K")
        assert "Invented Cloud makes no kubeconfig for demo" in driver.text
        assert driver.wanted == []


async def test_u_shows_how_to_use_the_highlighted_one(tmp_path: Path) -> None:
    async with running(busy_monday(tmp_path), app_type=RecordingApp) as driver:
        await driver.press("I", "u", "down", "u")
        assert driver.used == [(None, "demo"), (None, "edge-muc-01")]
