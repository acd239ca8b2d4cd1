from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tokentui.domain.errors import (
    BadAnswer,
    Forbidden,
    Outcome,
    OutcomeUnknown,
    ProviderError,
    TokentuiError,
)
from tokentui.domain.ledger import EntryState
from tokentui.domain.lifetime import spell_long
from tokentui.domain.model import FieldType, KindKey, Offer, OfferField
from tokentui.domain.profile import Guard
from tokentui.domain.secret import Secret
from tokentui.ui.actions import Place, lines
from tokentui.ui.modals.generate import GenerateModal
from tokentui.ui.modals.result import ResultModal
from tokentui.ui.screens.help import _words
from tokentui.ui.screens.home import HomeScreen
from tokentui.ui.widgets.line_input import LineInput
from ui.drivers import running, unsafe_characters
from ui.drivers_generate import dialogs
from ui.fakes import DEMO, World, busy_monday
from world import KUBECONFIG, LIFETIME, TOKEN, TOKEN_VALUE, instance

KUBE = KindKey("kubeconfig")
HOSTILE = "\x1b]52;c;eA==\x1b\\[@click=app.quit]x[/] [/y] \u202eevil\u0085 " + "w" * 90


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 24), (60, 15)], ids=str)
async def test_it_looks_like_this(
    tmp_path: Path, size: tuple[int, int], snapshot: SnapshotAssertion
) -> None:
    async with dialogs(World(tmp_path), size) as open_:
        await open_.open(DEMO)
        assert open_.driver.text == snapshot


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 24)], ids=str)
async def test_a_kubeconfig_with_a_custom_expiration_looks_like_this(
    tmp_path: Path, size: tuple[int, int], snapshot: SnapshotAssertion
) -> None:
    guard = Guard(protected=True, max_lifetime=timedelta(days=30), purpose_required=True)
    async with dialogs(World(tmp_path, guard=guard), size) as open_:
        await open_.open(DEMO, KUBE, "36h")
        assert open_.driver.text == snapshot


async def test_a_ten_minute_token_takes_two_keys(tmp_path: Path) -> None:
    world = busy_monday(tmp_path)
    async with dialogs(world) as open_:
        await open_.driver.press("1", "enter")
        await open_.made()
        assert world.clipboard.held == f"{TOKEN_VALUE}1"
        assert [order.term.duration for order in world.provider.orders] == [timedelta(minutes=10)]


async def test_a_kubeconfig_for_an_hour_takes_four_keys(tmp_path: Path) -> None:
    world = busy_monday(tmp_path)
    async with dialogs(world) as open_:
        await open_.driver.press("I", "K", "2", "enter")
        await open_.made()
        ((path, entry, current),) = world.kubeconfigs.merged
        assert (str(path), entry.name, current) == (
            "/home/anna/.kube/config",
            "ops-prod-ops-prod-demo",
            False,
        )
        assert world.provider.orders[0].term.duration == timedelta(hours=1)
        assert world.clipboard.copies == 0


async def test_keys_pressed_before_the_offers_arrived_are_not_lost(tmp_path: Path) -> None:
    world = busy_monday(tmp_path)
    world.hold_opening = asyncio.Event()
    async with running(world, loaded=False) as driver:
        driver.app.flows.generate(DEMO, None, "")
        await driver.until(lambda: isinstance(driver.app.screen, GenerateModal), "it is open")
        await driver.shows("asking ops-prod.. Esc cancels")
        await driver.press("k", "2", "enter")
        await driver.shows("Enter is kept")
        assert world.provider.orders == []
        await driver.release(world.hold_opening)
        await driver.until(lambda: isinstance(driver.app.screen, ResultModal), "it is made")
        (order,) = world.provider.orders
        assert (order.offer.kind, order.term.duration) == (KUBECONFIG, timedelta(hours=1))


async def test_a_text_typed_before_its_field_was_there_makes_nothing(tmp_path: Path) -> None:
    world = busy_monday(tmp_path)
    world.hold_opening = asyncio.Event()
    async with running(world, loaded=False) as driver:
        driver.app.flows.generate(DEMO, None, "")
        await driver.until(lambda: isinstance(driver.app.screen, GenerateModal), "it is open")
        await driver.press("7", "3", "h", "enter")
        await driver.release(world.hold_opening)
        await driver.shows("[custom]")
        await driver.pilot.pause()
        assert isinstance(driver.app.screen, GenerateModal)
        assert world.provider.orders == []


async def test_a_double_enter_makes_one_request(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.provider.hold = asyncio.Event()
    async with dialogs(world) as open_:
        await open_.open(DEMO)
        await open_.driver.press("enter", "enter", "enter")
        await open_.says("asking Invented Cloud ..")
        await open_.driver.release(world.provider.hold)
        await open_.made()
        assert len(world.provider.orders) == 1


async def test_a_request_under_way_is_not_left(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.provider.hold = asyncio.Event()
    async with dialogs(world) as open_:
        await open_.open(DEMO)
        await open_.driver.press("enter", "escape", "q", "t", "3")
        await open_.says("cannot be called back")
        open_.generate._tick()
        await open_.says("asking Invented Cloud .. 1 s")
        await open_.driver.release(world.provider.hold)
        await open_.made()
        assert len(world.provider.orders) == 1


async def test_quitting_waits_for_the_answer_and_then_shows_it(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.provider.hold = asyncio.Event()
    async with dialogs(world) as open_:
        await open_.open(DEMO)
        await open_.driver.press("enter")
        await open_.says("asking")
        await open_.driver.press("ctrl+q")
        await open_.driver.release(world.provider.hold)
        await open_.made()
        assert open_.driver.app.is_running


async def test_an_answer_that_has_landed_but_is_not_shown_keeps_the_program_open(
    tmp_path: Path,
) -> None:
    world = World(tmp_path)
    world.provider.hold = asyncio.Event()
    async with dialogs(world) as open_:
        await open_.open(DEMO)
        await open_.driver.press("enter")
        await open_.says("asking")
        assert open_.generate.why_stay() == ""
        open_.driver.session.in_flight = 0
        assert open_.generate.why_stay() == "the answer has just arrived"
        open_.driver.session.in_flight = 1
        await open_.driver.release(world.provider.hold)
        await open_.made()


async def test_the_result_is_shown_even_if_the_dialog_is_gone(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.provider.hold = asyncio.Event()
    async with dialogs(world) as open_:
        await open_.open(DEMO)
        await open_.driver.press("enter")
        await open_.says("asking")
        modal = open_.generate
        await open_.driver.app.pop_screen()
        await open_.driver.until(lambda: not modal.is_attached, "the dialog is gone")
        await open_.driver.release(world.provider.hold)
        await open_.made()
        assert world.clipboard.held


async def test_an_answer_waits_below_the_help(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.provider.hold = asyncio.Event()
    async with dialogs(world) as open_:
        await open_.open(DEMO)
        await open_.driver.press("enter", "question_mark")
        await open_.says("Keys here")
        modal = open_.driver.app.screen_stack[-2]
        assert isinstance(modal, GenerateModal)
        await open_.driver.release(world.provider.hold)
        await open_.driver.until(lambda: modal.why_stay(), "the answer has arrived")
        assert "Keys here" in open_.driver.text
        await open_.driver.press("escape")
        await open_.made()


async def test_escape_makes_nothing(tmp_path: Path) -> None:
    world = World(tmp_path)
    async with dialogs(world) as open_:
        await open_.open(DEMO)
        await open_.driver.press("escape", "escape")
        await open_.driver.until(
            lambda: isinstance(open_.driver.app.screen, HomeScreen), "the dialog is closed"
        )
        assert world.provider.orders == []


async def test_letters_choose_the_type_and_are_text_in_a_field(tmp_path: Path) -> None:
    world = World(tmp_path)
    async with dialogs(world) as open_:
        await open_.open(DEMO)
        await open_.driver.press("k")
        await open_.says("(o) Kubeconfig")
        open_.generate.query_one("#purpose", LineInput).focus()
        await open_.driver.type("token 12")
        assert "(o) Kubeconfig" in open_.driver.text
        await open_.driver.press("escape")
        assert isinstance(open_.driver.app.screen, GenerateModal)
        await open_.driver.press("t", "enter")
        await open_.made()
        assert world.provider.orders[0].offer.kind == TOKEN
        await open_.says("demo, edge token, token 12")


async def test_a_wrong_expiration_says_so_below_and_nothing_can_be_made(tmp_path: Path) -> None:
    world = World(tmp_path)
    async with dialogs(world) as open_:
        await open_.open(DEMO)
        await open_.driver.press("7", *"200d")
        sentence = "x 200 d is above the maximum of 180 d: type 180d or less"
        await open_.says(sentence)
        await open_.driver.press("enter")
        await open_.driver.pilot.pause()
        assert open_.words.count(sentence) == 1
        assert open_.driver.focused_id == "custom"
        assert isinstance(open_.driver.app.screen, GenerateModal)
        await open_.driver.press(*["backspace"] * 4, *"36h")
        await open_.says("valid until Wed 7 Oct 02:22 CEST (00:22 UTC)")
        await open_.driver.press("enter")
        await open_.made()
        assert world.provider.orders[0].term.duration == timedelta(hours=36)


async def test_a_number_without_an_expiration_is_said(tmp_path: Path) -> None:
    async with dialogs(World(tmp_path)) as open_:
        await open_.open(DEMO)
        await open_.driver.press("9")
        await open_.says("9: there is no such expiration")


async def test_what_happens_after_can_be_turned_off(tmp_path: Path) -> None:
    world = World(tmp_path)
    async with dialogs(world) as open_:
        await open_.open(DEMO)
        open_.generate.query_one("#after").focus()
        await open_.driver.press("space")
        await open_.says("[ ] copy [x] verify")
        await open_.driver.press("enter")
        await open_.made()
        assert world.clipboard.copies == 0
        await open_.says("not copied (c copies)")


async def test_arrows_and_the_mouse_choose_as_well(tmp_path: Path) -> None:
    async with dialogs(World(tmp_path)) as open_:
        await open_.open(DEMO)
        open_.generate.query_one("#steps").focus()
        await open_.driver.press("right")
        await open_.says("[1 h]")
        await open_.driver.pilot.click("#steps", offset=(1, 0))
        await open_.says("[10 min]")
        await open_.driver.pilot.click("#type", offset=(18, 0))
        await open_.says("(o) Kubeconfig")


async def test_an_impossible_offer_says_why_when_it_is_tried(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.provider.impossible = "demo is reconciling: wait until it is active"
    async with dialogs(world) as open_:
        await open_.open(DEMO)
        await open_.driver.press("enter", "k", "enter")
        await open_.at_rest()
        assert open_.words.count("demo is reconciling: wait until it is active") == 1
        assert "x demo is reconciling" in open_.words
        assert "(-) Kubeconfig" in open_.driver.text
        assert open_.generate.query_one("#generate").disabled
        assert open_.generate.greyed == {"generate"}
        assert world.provider.orders == []


async def test_ctrl_c_says_that_it_does_nothing(tmp_path: Path) -> None:
    async with dialogs(World(tmp_path)) as open_:
        await open_.open(DEMO)
        for place in ("#steps", "#purpose"):
            open_.generate.query_one(place).focus()
            open_.generate.say("")
            await open_.driver.press("ctrl+c")
            await open_.says("^c does nothing here")


async def test_the_keys_below_are_those_of_the_field(tmp_path: Path) -> None:
    async with dialogs(World(tmp_path)) as open_:
        await open_.open(DEMO)
        assert "Esc cancel" in open_.driver.text
        open_.generate.query_one("#purpose").focus()
        await open_.says("Enter generate Esc leaves the field")
        assert "Esc cancel" not in open_.driver.text
        await open_.driver.press("escape")
        await open_.says("Esc cancel")


def test_every_row_of_the_help_is_a_sentence_that_fits() -> None:
    for line in (*lines(Place.GENERATE), *lines(Place.RESULT)):
        assert _words(line) == line.help


async def test_the_rules_of_the_profile_are_shown_and_kept(tmp_path: Path) -> None:
    guard = Guard(max_lifetime=timedelta(days=1), purpose_required=True)
    world = World(tmp_path, guard=guard)
    async with dialogs(world) as open_:
        await open_.open(DEMO)
        assert "1 d at most, a purpose is required" in open_.driver.text
        assert "7 d" not in open_.driver.text
        await open_.driver.press("enter")
        await open_.says("profile ops-prod wants a purpose")
        assert world.provider.orders == []
        assert spell_long(guard.max_lifetime or timedelta()) == "1 d"


async def test_a_refusal_keeps_the_form(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.provider.issue_error = Forbidden("anna may not do this", "ask for the role edge.admin")
    async with dialogs(world) as open_:
        await open_.open(DEMO)
        await open_.driver.press("2", "enter")
        await open_.says("x anna may not do this: ask for the role edge.admin")
        assert "[1 h]" in open_.driver.text
        world.provider.issue_error = None
        await open_.driver.press("enter")
        await open_.made()
        assert len(world.provider.orders) == 2


async def test_a_lost_answer_is_explained_and_not_asked_for_again(
    tmp_path: Path, snapshot: SnapshotAssertion
) -> None:
    world = World(tmp_path)
    world.provider.issue_error = OutcomeUnknown(
        "it is unknown whether it was made because the connection was reset after sending",
        "look whether it was made",
        trace_id="t-1",
        why="the connection was reset after sending",
    )
    async with dialogs(world) as open_:
        await open_.open(DEMO, asked="1h")
        await open_.driver.press("enter")
        await open_.asks()
        assert open_.driver.text == snapshot
        await open_.driver.press("enter")
        await open_.driver.until(
            lambda: isinstance(open_.driver.app.screen, HomeScreen), "everything is closed"
        )
        assert len(world.provider.orders) == 1
        assert world.ledger.entries()[0].state is EntryState.UNKNOWN


async def test_after_a_lost_answer_one_can_ask_again_on_purpose(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.provider.issue_error = OutcomeUnknown("the connection was reset after sending")
    async with dialogs(world) as open_:
        await open_.open(DEMO, KUBE, "1h")
        await open_.driver.press("enter")
        await open_.asks()
        await open_.driver.press("f10")
        await open_.says("(o) Kubeconfig")
        await open_.says("[1 h]")
        assert len(world.provider.orders) == 1


async def test_an_answer_that_cannot_be_read_is_kept(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.provider.issue_error = BadAnswer(
        "the answer has no token", outcome=Outcome.UNKNOWN, raw=Secret(TOKEN_VALUE)
    )
    async with dialogs(world, (120, 40)) as open_:
        await open_.open(DEMO)
        await open_.driver.press("enter")
        await open_.says("kept in /state/rescued/demo-token, readable by you alone")
        assert list(world.files.written.values()) == [TOKEN_VALUE]
        assert TOKEN_VALUE not in open_.driver.text


async def test_a_second_enter_after_an_answer_that_cannot_be_read_makes_no_second_one(
    tmp_path: Path,
) -> None:
    world = World(tmp_path)
    world.provider.issue_error = BadAnswer(
        "cannot make it because the answer has no token",
        "look inside",
        outcome=Outcome.UNKNOWN,
        raw=Secret(TOKEN_VALUE),
        why="the answer has no token",
    )
    async with dialogs(world, (120, 40)) as open_:
        await open_.open(DEMO)
        await open_.driver.press("enter")
        await open_.asks()
        await open_.says("for demo cannot be used, as the answer has no token. The answer as it")
        await open_.says("Look inside. The edge token may exist")
        await open_.driver.press("enter")
        await open_.driver.until(
            lambda: isinstance(open_.driver.app.screen, HomeScreen), "everything is closed"
        )
        assert len(world.provider.orders) == 1


async def test_an_answer_without_a_secret_to_keep_asks_as_well(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.provider.issue_error = ProviderError("half an answer", outcome=Outcome.UNKNOWN)
    async with dialogs(world) as open_:
        await open_.open(DEMO, KUBE, "1h")
        await open_.driver.press("enter")
        await open_.asks()
        await open_.driver.press("f10")
        await open_.says("[1 h]")
        assert len(world.provider.orders) == 1


async def test_offers_that_cannot_be_had_say_why(tmp_path: Path) -> None:
    world = World(tmp_path)

    async def no_offers(of: object) -> tuple[Offer, ...]:
        raise TokentuiError("the provider is silent", "try later")

    world.provider.offers = no_offers  # type: ignore[method-assign]  # a provider that fails
    async with dialogs(world) as open_:
        open_.driver.app.flows.generate(DEMO, None, "")
        await open_.says("x the provider is silent: try later")
        await open_.driver.press("enter", "escape")
        await open_.driver.until(
            lambda: isinstance(open_.driver.app.screen, HomeScreen), "the dialog is closed"
        )


FIELDS = (
    OfferField("name", "Name", FieldType.TEXT, "what it is called", required=True),
    OfferField("role", "Role", FieldType.CHOICE, default="viewer", choices=("viewer", "admin")),
    OfferField("scopes", "Scopes", FieldType.CHOICES, choices=("read", "write", "list")),
    OfferField("machine", "Machine", FieldType.FLAG, default=True),
)


async def test_the_fields_of_an_offer_are_asked_for(
    tmp_path: Path, snapshot: SnapshotAssertion
) -> None:
    world = World(tmp_path)
    world.provider.fields = FIELDS
    async with dialogs(world) as open_:
        await open_.open(DEMO)
        assert open_.driver.text == snapshot
        await open_.driver.press("enter")
        await open_.says("x Name is needed")
        open_.generate.query_one("#field-0").focus()
        await open_.driver.type("ci")
        open_.generate.query_one("#field-1").focus()
        await open_.driver.press("right")
        open_.generate.query_one("#field-2").focus()
        await open_.driver.press("space", "right", "right", "space")
        open_.generate.query_one("#field-3").focus()
        await open_.driver.press("space")
        await open_.says("[ ] yes")
        await open_.driver.press("enter")
        await open_.made()
        assert world.provider.orders[0].values == {
            "name": "ci",
            "role": "admin",
            "scopes": ("read", "list"),
            "machine": False,
        }


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (120, 40), (200, 50)], ids=str)
async def test_hostile_names_and_offers_are_data(tmp_path: Path, size: tuple[int, int]) -> None:
    world = World(tmp_path)
    kind = replace(TOKEN, label=HOSTILE, noun=HOSTILE)
    fields = (
        OfferField(HOSTILE, HOSTILE, FieldType.CHOICE, HOSTILE, choices=(HOSTILE, "b")),
        OfferField("t", HOSTILE, FieldType.TEXT, HOSTILE),
    )
    target = instance(HOSTILE, region=HOSTILE, scope=HOSTILE)

    async def offers(of: object) -> tuple[Offer, ...]:
        return (Offer(kind, target, LIFETIME, fields, (HOSTILE,)),)

    world.provider.offers = offers  # type: ignore[method-assign]  # a hostile provider
    async with dialogs(world, size) as open_:
        await open_.open(target)
        assert unsafe_characters(open_.driver.app) == set()
        open_.generate.query_one("#field-1").focus()
        await open_.driver.pilot.pause()
        assert unsafe_characters(open_.driver.app) == set()
        await open_.driver.press("enter")
        await open_.made()
        assert unsafe_characters(open_.driver.app) == set()


async def test_what_is_pasted_into_a_field_is_plain_text(tmp_path: Path) -> None:
    from textual import events

    async with dialogs(World(tmp_path)) as open_:
        await open_.open(DEMO)
        field = open_.generate.query_one("#purpose", LineInput)
        field.focus()
        open_.driver.app.post_message(events.Paste("a\x1b[31mb\nsecond line"))
        await open_.driver.until(lambda: field.value, "it is pasted")
        assert field.value == "a\N{REPLACEMENT CHARACTER}[31mb"
