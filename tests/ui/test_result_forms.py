"""Credentials for accounts and users: key files, passwords, tokens with names and roles."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from textual import events

from tokentui.domain.errors import DeliveryError, OutcomeUnknown
from tokentui.domain.model import FieldType, KindKey, OfferField
from tokentui.domain.receipt import Receipt
from tokentui.domain.recipe import Part, Recipe, Slot, Syntax
from tokentui.domain.secret import Secret
from tokentui.ui.modals.offer_fields import LONGEST_LABEL
from tokentui.ui.modals.result import ResultModal
from tokentui.ui.modals.save import AskFile
from tokentui.ui.modals.use import UseModal
from tokentui.ui.screens.home import HomeScreen
from ui.drivers_accounts import CI, accounts_monday, managed
from ui.drivers_generate import Dialogs, dialogs
from ui.fakes import DEMO, World
from world import PROFILE, TOKEN_VALUE
from world_managed import NAME

KEY, USER, SERVICE_TOKEN = KindKey("key"), KindKey("user"), KindKey("service-token")
PASSWORD = f"{TOKEN_VALUE}1"
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 24)], ids=str)


async def fill_in(open_: Dialogs, kind: KindKey, name: str) -> None:
    """Open the dialog and type the name that it asks for."""
    open_.driver.app.flows.generate(DEMO if kind == USER else CI, kind, "")
    await open_.driver.shows("Name*")
    await open_.at_rest()
    await open_.driver.press("enter")
    await open_.says("x Name is needed")
    await open_.driver.type(name)


async def make_user(open_: Dialogs) -> None:
    await fill_in(open_, USER, "otel-push")
    await open_.driver.press("enter")
    await open_.made()


async def make_key(open_: Dialogs) -> None:
    """Make a key, until a file is asked for."""
    await fill_in(open_, KEY, "deploy")
    await open_.driver.press("enter")
    await open_.driver.until(
        lambda: isinstance(open_.driver.app.screen, AskFile), "a file is asked for"
    )
    await open_.at_rest()


async def saved(open_: Dialogs) -> None:
    await open_.driver.until(
        lambda: isinstance(open_.driver.app.screen, ResultModal), "the question is over"
    )
    await open_.made()


async def closed(open_: Dialogs) -> None:
    await open_.driver.until(
        lambda: isinstance(open_.driver.app.screen, HomeScreen), "the dialog is closed"
    )


# The dialog


@SIZES
async def test_the_dialog_of_an_account_looks_like_this(
    tmp_path: Path, size: tuple[int, int], snapshot: SnapshotAssertion
) -> None:
    async with dialogs(accounts_monday(tmp_path), size) as open_:
        await open_.open(CI)
        assert open_.driver.text == snapshot


@SIZES
async def test_a_lifetime_that_the_provider_decides_is_said(
    tmp_path: Path, size: tuple[int, int], snapshot: SnapshotAssertion
) -> None:
    async with dialogs(accounts_monday(tmp_path), size) as open_:
        open_.driver.app.flows.generate(DEMO, USER, "")
        await open_.says("Expiration none: it never ends by itself")
        await open_.at_rest()
        assert open_.driver.text == snapshot


async def test_a_name_and_enter_make_a_token(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)
    async with dialogs(world) as open_:
        await fill_in(open_, SERVICE_TOKEN, "nightly")
        await open_.driver.press("enter")
        await open_.made()
        (order,) = world.provider.orders
        assert (order.offer.target, order.values) == (CI, {"name": "nightly"})
        assert "#1 recorded: ci, service token, nightly (no secret stored)" in open_.words
        assert world.ledger.entries()[0].plan.name == "nightly"
        await open_.driver.press("enter")
        await closed(open_)
        session = open_.driver.session
        await open_.driver.until(
            lambda: "nightly" in {one.name for one in session.listings[PROFILE].credentials},
            "it is listed",
        )


async def test_a_name_that_cannot_be_is_said_while_typing(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)
    async with dialogs(world) as open_:
        await fill_in(open_, SERVICE_TOKEN, "Night")
        await open_.says("x Name of service token cannot be 'Night'")
        await open_.driver.press("enter")
        await open_.driver.pilot.pause()
        assert world.provider.orders == []


async def test_never_is_chosen_by_its_number(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)
    async with dialogs(world) as open_:
        await open_.open(CI, SERVICE_TOKEN)
        await open_.driver.press("8")
        await open_.says("[never]")
        await open_.says("valid for ever: it never ends by itself")
        await open_.driver.press("enter", *"nightly", "enter")
        await open_.made()
        assert world.provider.orders[0].term.ends_at is None


ROLES = OfferField(
    "roles", "Roles", FieldType.TEXTS, required=True, choices=("guest", "admin", "power-user")
)
MANY = OfferField("roles", "Roles", FieldType.TEXTS, choices=tuple(f"r{n}" for n in range(30)))


async def test_roles_are_chosen_and_typed(tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    world = accounts_monday(tmp_path)
    managed(world).fields = (ROLES, NAME)
    async with dialogs(world) as open_:
        await fill_in(open_, SERVICE_TOKEN, "nightly")
        await open_.driver.press("enter")
        await open_.says("x Roles is needed")
        await open_.driver.press("right", "space", "tab", *"my role, guest,admin")
        await open_.at_rest()
        assert open_.driver.text == snapshot
        await open_.driver.press("enter")
        await open_.made()
        assert world.provider.orders[0].values == {
            "name": "nightly",
            "roles": ("admin", "my role", "guest"),
        }


async def test_of_very_many_texts_the_rest_is_typed(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)
    managed(world).fields = (MANY,)
    async with dialogs(world) as open_:
        await open_.open(CI, SERVICE_TOKEN)
        assert "r19" in open_.words
        assert "r20" not in open_.words
        assert "10 more can be typed; others, with commas between" in open_.words
        open_.generate.query_one("#field-0-typed").focus()
        await open_.driver.press(*"r25", "enter")
        await open_.made()
        assert world.provider.orders[0].values == {"roles": ("r25",)}


CERTIFICATE = OfferField("cert", "Own certificate", FieldType.FILE, "path of the PEM file")


async def test_of_a_file_the_path_is_typed_and_the_text_is_sent(
    tmp_path: Path, snapshot: SnapshotAssertion
) -> None:
    path = tmp_path / "c"
    world = accounts_monday(tmp_path)
    managed(world).fields = (NAME, CERTIFICATE)
    async with dialogs(world) as open_:
        await fill_in(open_, SERVICE_TOKEN, "nightly")
        assert open_.driver.text == snapshot
        await open_.driver.press("tab")
        await open_.driver.type(str(path))
        await open_.driver.press("enter")
        await open_.says("No such file or directory")
        assert world.provider.orders == []
        path.write_text("the first line\nthe second line\n")
        await open_.driver.press("enter")
        await open_.made()
        (order,) = world.provider.orders
        assert order.values["cert"] == path.read_text()


@pytest.mark.parametrize("width", [60, 80])
async def test_a_long_label_has_room_and_all_values_stand_below_each_other(
    tmp_path: Path, width: int
) -> None:
    world = accounts_monday(tmp_path)
    label = "L" * LONGEST_LABEL
    managed(world).fields = (replace(NAME, label=label),)
    async with dialogs(world, (width, 24)) as open_:
        await open_.open(CI, SERVICE_TOKEN)
        assert f"{label}*" in open_.driver.text
        labels = open_.generate.query(".label")
        assert {one.styles.width.cells for one in labels if one.styles.width} == {22}
        await open_.driver.press("k")
        await open_.driver.until(lambda: label not in open_.driver.text, "it is gone")


# A password


@SIZES
async def test_a_password_looks_like_this(
    tmp_path: Path, size: tuple[int, int], snapshot: SnapshotAssertion
) -> None:
    async with dialogs(accounts_monday(tmp_path), size) as open_:
        await make_user(open_)
        assert open_.driver.text == snapshot


async def test_the_user_name_is_shown_and_the_password_copied_alone(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)
    async with dialogs(world) as open_:
        await make_user(open_)
        await open_.says("User name otel-push (y copies it)")
        assert world.clipboard.held == PASSWORD
        assert PASSWORD not in open_.driver.text
        await open_.driver.press("enter")
        await closed(open_)


async def test_the_user_name_takes_the_place_of_the_password(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)
    async with dialogs(world) as open_:
        await make_user(open_)
        await open_.driver.press("y")
        await open_.says("user name sent through tmux")
        assert world.clipboard.held == "otel-push"
        await open_.driver.press("enter")
        await open_.says("the user was not handed over yet")
        assert isinstance(open_.driver.app.screen, ResultModal)
        await open_.driver.press("c")
        await open_.driver.until(lambda: world.clipboard.held == PASSWORD, "it is copied again")
        await open_.made()
        await open_.driver.press("enter")
        await closed(open_)


async def test_what_kept_it_open_is_not_said_once_it_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = accounts_monday(tmp_path)
    held, copy = asyncio.Event(), world.clipboard.copy

    async def copy_later(secret: Secret) -> Receipt:
        await held.wait()
        return await copy(secret)

    monkeypatch.setattr(world.clipboard, "copy", copy_later)
    async with dialogs(world) as open_:
        await fill_in(open_, USER, "otel-push")
        await open_.driver.press("enter")
        await open_.says("Clipboard sending..")
        await open_.driver.press("enter")
        await open_.says("the user is just being handed over")
        await open_.driver.release(held)
        await open_.says("Enter closes it")
        await open_.made()
        assert "just being handed over" not in open_.words


async def test_a_saved_password_stands_behind_its_user_name(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)
    async with dialogs(world) as open_:
        await make_user(open_)
        await open_.driver.press("s")
        await open_.driver.until(
            lambda: isinstance(open_.driver.app.screen, AskFile), "a file is asked for"
        )
        await open_.driver.press("enter")
        await saved(open_)
        await open_.says("demo.user as user:password, readable by you alone")
        assert list(world.files.written.values()) == [f"otel-push:{PASSWORD}"]


async def test_the_password_is_shown_without_its_user_name(tmp_path: Path) -> None:
    async with dialogs(accounts_monday(tmp_path)) as open_:
        await make_user(open_)
        await open_.driver.press("space")
        text = "".join(open_.driver.text.replace("│", "").split())
        assert PASSWORD in text
        assert f":{PASSWORD}" not in text


async def test_a_token_has_no_user_name_to_copy(tmp_path: Path) -> None:
    world = World(tmp_path)
    async with dialogs(world) as open_:
        await open_.open(DEMO)
        await open_.driver.press("enter")
        await open_.made()
        await open_.driver.press("y")
        await open_.says("this edge token has no user name")
        assert world.clipboard.copies == 1


# A key file


@SIZES
async def test_a_key_file_looks_like_this(
    tmp_path: Path, size: tuple[int, int], snapshot: SnapshotAssertion
) -> None:
    async with dialogs(accounts_monday(tmp_path), size) as open_:
        await make_key(open_)
        await open_.driver.press("escape")
        await saved(open_)
        assert open_.driver.text == snapshot


async def test_a_key_is_saved_under_the_accounts_name_and_not_copied(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)
    async with dialogs(world) as open_:
        await make_key(open_)
        assert "~/ci-key.json" in open_.driver.text
        await open_.driver.press("enter")
        await saved(open_)
        ((path, text),) = world.files.written.items()
        assert path == Path("~/ci-key.json").expanduser()
        assert json.loads(text) == {"key": PASSWORD}
        assert world.clipboard.copies == 0
        await open_.driver.press("enter")
        await closed(open_)


async def test_without_a_file_the_key_is_not_left(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)
    async with dialogs(world) as open_:
        await make_key(open_)
        await open_.driver.press("escape")
        await saved(open_)
        await open_.driver.press("enter", "escape", "q")
        await open_.says("the key was not handed over yet: c copies, s saves")
        assert isinstance(open_.driver.app.screen, ResultModal)
        await open_.driver.press("c")
        await open_.driver.until(
            lambda: world.clipboard.held == json.dumps({"key": PASSWORD}), "it is copied"
        )


async def test_a_key_that_could_not_be_saved_is_not_left(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)
    world.files.error = DeliveryError("the disk is full", "make room")
    async with dialogs(world) as open_:
        await make_key(open_)
        await open_.driver.press("enter")
        await saved(open_)
        await open_.says("x the disk is full")
        assert open_.result.why_stay()


# How to use it


async def test_a_recipe_that_was_copied_is_a_delivery(tmp_path: Path) -> None:
    world = accounts_monday(tmp_path)
    managed(world).ways = (Recipe("env", "Environment", Syntax.SHELL, ("K=", Slot(Part.SECRET))),)
    async with dialogs(world) as open_:
        await make_key(open_)
        await open_.driver.press("escape")
        await saved(open_)
        assert open_.result.why_stay()
        await open_.driver.press("u")
        await open_.driver.until(
            lambda: isinstance(open_.driver.app.screen, UseModal), "recipes are shown"
        )
        await open_.driver.shows("Environment")
        await open_.driver.press("c")
        await open_.driver.until(lambda: world.clipboard.held.startswith("K="), "it is copied")
        await open_.says("with the secret in it")
        await open_.driver.press("escape")
        await saved(open_)
        assert open_.result.why_stay() == ""
        await open_.driver.press("enter")
        await closed(open_)


# What was typed before a dialog was seen


def typed_before(key: str) -> events.Key:
    """Give a key as it waits in a queue: it was typed when this is called."""
    return events.Key(key, None)


async def test_keys_typed_during_the_request_do_not_meet_the_result(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.provider.hold = asyncio.Event()
    async with dialogs(world) as open_:
        await open_.open(DEMO)
        await open_.driver.press("enter")
        await open_.says("asking")
        typed = [typed_before(key) for key in ("v", "enter", "escape", "C")]
        await open_.driver.release(world.provider.hold)
        await open_.made()

        for event in typed:
            open_.driver.app.post_message(event)
        await open_.driver.pilot.pause()
        assert isinstance(open_.driver.app.screen, ResultModal)
        assert world.clipboard.held
        await open_.driver.press("enter")
        await closed(open_)


async def test_keys_typed_during_the_request_do_not_meet_the_question_for_a_file(
    tmp_path: Path,
) -> None:
    world = accounts_monday(tmp_path)
    provider = managed(world)
    provider.hold = asyncio.Event()
    async with dialogs(world) as open_:
        await fill_in(open_, KEY, "deploy")
        await open_.driver.press("enter")
        await open_.says("asking")
        typed = [typed_before(key) for key in ("enter", "escape")]
        paste = events.Paste("secret of another window")
        await open_.driver.release(provider.hold)
        await open_.driver.until(
            lambda: isinstance(open_.driver.app.screen, AskFile), "a file is asked for"
        )
        await open_.at_rest()
        proposal = open_.words

        for event in (paste, *typed):
            open_.driver.app.post_message(event)
        await open_.driver.pilot.pause()
        assert isinstance(open_.driver.app.screen, AskFile)
        assert open_.words == proposal
        assert not world.files.written
        await open_.driver.press("enter")
        await saved(open_)
        assert world.files.written


async def test_keys_typed_during_the_request_do_not_answer_whether_it_was_made(
    tmp_path: Path,
) -> None:
    world = World(tmp_path)
    world.provider.issue_error = OutcomeUnknown("the connection was reset")
    world.provider.hold = asyncio.Event()
    async with dialogs(world) as open_:
        await open_.open(DEMO)
        await open_.driver.press("enter")
        await open_.says("asking")
        typed = [typed_before(key) for key in ("enter", "f10", "escape")]
        await open_.driver.release(world.provider.hold)
        question = await open_.asks()

        for event in typed:
            open_.driver.app.post_message(event)
        await open_.driver.pilot.pause()
        assert open_.driver.app.screen is question
        await open_.driver.press("enter")
        await closed(open_)


# Where Tab goes first


async def test_one_tab_leads_to_the_first_field_of_an_offer(tmp_path: Path) -> None:
    async with dialogs(accounts_monday(tmp_path)) as open_:
        open_.driver.app.flows.generate(CI, KEY, "")
        await open_.driver.shows("Name*")
        await open_.at_rest()
        await open_.driver.press("tab", *"deploy")
        await open_.driver.shows("deploy")
        await open_.driver.press("shift+tab")
        assert getattr(open_.driver.app.focused, "id", None) == "type"


async def test_one_tab_leads_to_the_type_where_nothing_else_is_asked_for(tmp_path: Path) -> None:
    async with dialogs(World(tmp_path)) as open_:
        await open_.open(DEMO)
        await open_.driver.press("tab")
        assert getattr(open_.driver.app.focused, "id", None) == "type"


async def test_no_number_is_told_where_the_provider_decides_the_end(tmp_path: Path) -> None:
    async with dialogs(accounts_monday(tmp_path)) as open_:
        open_.driver.app.flows.generate(DEMO, USER, "")
        await open_.says("Expiration none: it never ends by itself")
        await open_.driver.until(lambda: "1-9 time" not in open_.words, "no number chooses")
        await open_.driver.press("escape")
        await open_.open(CI, SERVICE_TOKEN)
        assert "1-9 time" in open_.words
