from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tokentui.domain.errors import DeliveryError, StorageError, Unreachable
from tokentui.domain.ledger import Plan
from tokentui.domain.model import EndSource, Issued, Kind, Target
from tokentui.domain.receipt import Certainty
from tokentui.domain.recipe import Encoding, Part, Recipe, Slot, Syntax
from tokentui.domain.secret import Secret
from tokentui.domain.text import clean
from tokentui.services.held import Held
from tokentui.services.issue import Result
from tokentui.ui.modals.save import AskFile
from tokentui.ui.modals.use import UseModal
from tokentui.ui.use_flow import UseFlow
from ui.drivers import unsafe_characters
from ui.drivers_generate import Dialogs, dialogs
from ui.fakes import DEMO, World, plan_of
from ui.test_hostile import HOSTILE
from world import KUBECONFIG, MONDAY, SENT, TOKEN, TOKEN_VALUE
from world_managed import credential, held

CURL = Recipe(
    "curl",
    "Call the API",
    Syntax.SHELL,
    (
        "curl --fail \\\n  --header 'Authorization: Bearer ",
        Slot(Part.TOKEN),
        "' \\\n  https://demo.edge.example/api/v1/nodes\n",
    ),
)
HELM = Recipe(
    "helm",
    "Values of the agent",
    Syntax.YAML,
    ("agent:\n  apiKey: ", Slot(Part.TOKEN, Encoding.QUOTED), "\n"),
    note="Keep the file out of version control.",
)
BINDING = Recipe(
    "binding",
    "Give it rights",
    Syntax.YAML,
    (
        "name: ",
        Slot(Part.NAME, Encoding.QUOTED),
        '\nuser: "sa-',
        Slot(Part.ID, Encoding.LOWER),
        '"',
    ),
)
LONG = Recipe(
    "long", "All of it", Syntax.TEXT, tuple(f"line {n}\n" for n in range(60)), note="It is long."
)
SIZES = [(80, 24), (60, 24), (60, 15), (120, 40)]


def use_world(folder: Path, *ways: Recipe) -> World:
    world = World(folder)
    world.provider.ways = ways or (CURL, HELM, LONG)
    return world


def made(world: World) -> Result:
    """Give a token that was just made and is not handed over."""
    plan: Plan = plan_of(DEMO, TOKEN, "10m", None)
    number = world.ledger.plan(plan, world.clock())
    secret = Secret(TOKEN_VALUE)
    return Result(Issued(TOKEN, DEMO, secret, None, EndSource.ANSWER, MONDAY), number)


async def opened(
    open_: Dialogs,
    kind: Kind | None = TOKEN,
    result: Result | None = None,
    on_delivered: Callable[[], None] | None = None,
    of: Held | None = None,
) -> UseModal:
    app = open_.driver.app
    flow = UseFlow(app, open_.driver.session)
    if result is None:
        flow.open(kind, DEMO, of)
    else:
        flow.open_result(result, on_delivered)
    await open_.driver.until(lambda: isinstance(app.screen, UseModal), "it is open")
    await open_.driver.until(lambda: "asking.." not in open_.words, "the recipes are known")
    await open_.at_rest()
    screen = app.screen
    assert isinstance(screen, UseModal)
    return screen


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_it_looks_like_this(
    tmp_path: Path, size: tuple[int, int], snapshot: SnapshotAssertion
) -> None:
    async with dialogs(use_world(tmp_path), size) as open_:
        await opened(open_)
        assert open_.driver.text == snapshot(name="first")
        await open_.driver.press("j")
        await open_.at_rest()
        assert open_.driver.text == snapshot(name="second")
        await open_.driver.press("down", "pagedown")
        await open_.at_rest()
        assert open_.driver.text == snapshot(name="scrolled")


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_end_of_a_long_text_is_reached(tmp_path: Path, size: tuple[int, int]) -> None:
    async with dialogs(use_world(tmp_path, LONG), size) as open_:
        await opened(open_)
        assert "line 59" not in open_.words
        await open_.driver.press(*["pagedown"] * 20)
        await open_.says("line 59 ")
        await open_.driver.press(*["pageup"] * 20)
        await open_.says("line 0 ")


async def test_every_kind_that_fits_the_target_is_shown(tmp_path: Path) -> None:
    world = use_world(tmp_path, CURL)
    other = replace(TOKEN, key="robot-token", noun="robot token", made_for=("robot",))  # type: ignore[arg-type]  # a key
    world.provider.about = replace(world.provider.about, kinds=(TOKEN, KUBECONFIG, other))
    async with dialogs(world) as open_:
        open_.driver.app.flows.use(None, DEMO)
        await open_.says("Call the API edge kubeconfig")
        assert "Call the API edge token" in open_.words
        assert "robot token" not in open_.words


async def test_a_recipe_is_copied_with_placeholders_and_it_says_so(tmp_path: Path) -> None:
    world = use_world(tmp_path)
    async with dialogs(world) as open_:
        await opened(open_)
        assert "Bearer <token>" in open_.words
        assert "c copies it, s saves it with the placeholders" in open_.words
        await open_.driver.press("down", "c")
        await open_.says("with placeholders in place of the secret: sent through tmux")
        assert world.clipboard.held == 'agent:\n  apiKey: "<token>"\n'


async def test_a_recipe_is_saved_with_placeholders_and_it_says_so(tmp_path: Path) -> None:
    world = use_world(tmp_path)
    async with dialogs(world) as open_:
        await opened(open_)
        await open_.driver.press("down", "s")
        app = open_.driver.app
        await open_.driver.until(lambda: isinstance(app.screen, AskFile), "a name is asked for")
        await open_.says("~/demo.helm.yaml")
        await open_.driver.press("ctrl+u")
        await open_.driver.type(f"{tmp_path}/values.yaml")
        await open_.driver.press("enter")
        await open_.says("with placeholders in place of the secret")
        assert world.files.written == {tmp_path / "values.yaml": 'agent:\n  apiKey: "<token>"\n'}
        world.files.error = DeliveryError("/x: the disk is full", "make room")
        await open_.driver.press("s")
        await open_.driver.until(lambda: isinstance(app.screen, AskFile), "a name is asked for")
        await open_.driver.press("enter")
        await open_.says("x /x: the disk is full: make room")


async def test_of_a_known_credential_name_and_id_stand_in_the_text(tmp_path: Path) -> None:
    world = use_world(tmp_path, BINDING, CURL)
    async with dialogs(world) as open_:
        await opened(open_, of=held(credential("Deploy")))
        assert 'name: "Deploy" user: "sa-id-deploy"' in open_.words
        assert "c copies it, s saves it; it holds no secret" in open_.words
        await open_.driver.press("c")
        await open_.says("with no secret in it: sent through tmux")
        assert world.clipboard.held == 'name: "Deploy"\nuser: "sa-id-deploy"'
        await open_.driver.press("down")
        await open_.says("Bearer <token>")
        assert "s saves it with the placeholders" in open_.words


@pytest.mark.parametrize("key", ["enter", "escape", "q"])
async def test_it_is_closed(tmp_path: Path, key: str) -> None:
    async with dialogs(use_world(tmp_path)) as open_:
        await opened(open_)
        await open_.driver.press(key)
        app = open_.driver.app
        await open_.driver.until(lambda: app.screen is app.place, "it is closed")


async def test_from_a_result_a_copy_holds_the_secret_and_is_a_delivery(tmp_path: Path) -> None:
    world = use_world(tmp_path)
    result = made(world)
    delivered: list[bool] = []
    async with dialogs(world) as open_:
        await opened(open_, result=result, on_delivered=lambda: delivered.append(True))
        await open_.driver.press("c")
        await open_.says("with the secret in it: sent through tmux")
        assert world.clipboard.held.count(f"Bearer {TOKEN_VALUE}'") == 1
        assert TOKEN_VALUE[:12] not in open_.driver.text
        assert delivered == [True]
        entry = world.ledger.entries()[0]
        assert entry.delivered_to == ("clipboard (tmux), as recipe curl",)
        assert open_.driver.app.flow.keeper.holds_something


async def test_from_a_result_it_is_saved_and_that_is_a_delivery(tmp_path: Path) -> None:
    world = use_world(tmp_path)
    result = made(world)
    delivered: list[bool] = []
    async with dialogs(world) as open_:
        await opened(open_, result=result, on_delivered=lambda: delivered.append(True))
        await open_.driver.press("down", "s")
        app = open_.driver.app
        await open_.driver.until(lambda: isinstance(app.screen, AskFile), "a name is asked for")
        await open_.says("~/demo.helm.yaml")
        await open_.driver.press("ctrl+u")
        await open_.driver.type(f"{tmp_path}/values.yaml")
        await open_.driver.press("enter")
        await open_.driver.until(lambda: delivered, "it is handed over")
        path = tmp_path / "values.yaml"
        assert world.files.written == {path: f'agent:\n  apiKey: "{TOKEN_VALUE}"\n'}
        assert world.ledger.entries()[0].delivered_to == (f"{path}, as recipe helm",)
        await open_.says("with the secret in it, readable by you alone")


async def test_from_a_result_a_text_without_a_secret_is_no_delivery(tmp_path: Path) -> None:
    world = use_world(tmp_path, BINDING)
    result = made(world)
    named = replace(result, issued=replace(result.issued, name="ci", remote_id="K1"))
    delivered: list[bool] = []
    async with dialogs(world) as open_:
        await opened(open_, result=named, on_delivered=lambda: delivered.append(True))
        assert "c copies it, s saves it; it holds no secret" in open_.words
        await open_.driver.press("c")
        await open_.says("with no secret in it: sent through tmux")
        assert world.clipboard.held == 'name: "ci"\nuser: "sa-k1"'
        await open_.driver.press("s")
        app = open_.driver.app
        await open_.driver.until(lambda: isinstance(app.screen, AskFile), "a name is asked for")
        await open_.driver.press("enter")
        await open_.says("with no secret in it")
        assert list(world.files.written.values()) == ['name: "ci"\nuser: "sa-k1"']
        assert delivered == []
        assert world.ledger.entries()[0].delivered_to == ()


async def test_a_recipe_frees_a_result_that_nothing_else_took(tmp_path: Path) -> None:
    world = use_world(tmp_path)
    sent = world.clipboard.receipt
    world.clipboard.receipt = replace(sent, certainty=Certainty.FAILED, sentence="not copied")
    async with dialogs(world) as open_:
        app = open_.driver.app
        await open_.open(DEMO)
        await open_.driver.press("enter")
        await open_.made()
        await open_.driver.press("enter", "u")
        await open_.driver.until(lambda: isinstance(app.screen, UseModal), "the recipes are shown")
        await open_.says("c and s hand it over with the secret in it")
        world.clipboard.receipt = sent
        await open_.driver.press("c")
        await open_.says("with the secret in it: sent")
        await open_.driver.press("escape")
        await open_.driver.press("enter")
        await open_.driver.until(lambda: app.screen is app.place, "the result is closed")
        assert world.ledger.entries()[0].delivered_to == ("clipboard (tmux), as recipe curl",)


async def test_a_way_out_that_fails_is_no_delivery(tmp_path: Path) -> None:
    world = use_world(tmp_path)
    result = made(world)
    world.clipboard.receipt = replace(
        SENT, certainty=Certainty.FAILED, sentence="not copied: tmux did not answer"
    )
    world.files.error = DeliveryError("/x: the disk is full", "make room")
    delivered: list[bool] = []
    async with dialogs(world) as open_:
        await opened(open_, result=result, on_delivered=lambda: delivered.append(True))
        await open_.driver.press("c")
        await open_.says("x not copied: tmux did not answer")
        await open_.driver.press("s")
        app = open_.driver.app
        await open_.driver.until(lambda: isinstance(app.screen, AskFile), "a name is asked for")
        await open_.driver.press("enter")
        await open_.says("x /x: the disk is full: make room")
        await open_.driver.press("s")
        await open_.driver.until(lambda: isinstance(app.screen, AskFile), "a name is asked for")
        await open_.driver.press("escape")
        assert delivered == []
        assert world.ledger.entries()[0].delivered_to == ()


async def test_a_delivery_that_is_not_recorded_is_one_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = use_world(tmp_path)
    result = made(world)

    def full(*_: object) -> None:
        raise StorageError("ledger.db: the disk is full", "make room")

    monkeypatch.setattr(world.ledger, "delivered", full)
    delivered: list[bool] = []
    async with dialogs(world) as open_:
        await opened(open_, result=result, on_delivered=lambda: delivered.append(True))
        await open_.driver.press("c")
        await open_.says("handed over to clipboard (tmux), as recipe curl, but not recorded")
        assert delivered == [True]


async def test_no_recipe_and_no_answer_are_said(tmp_path: Path) -> None:
    world = use_world(tmp_path)
    world.provider.ways = ()
    async with dialogs(world) as open_:
        await opened(open_)
        assert "there is no recipe for edge" in open_.words
        await open_.driver.press("c")
        await open_.says("there is nothing to take")
        await open_.driver.press("escape")

        async def silent(kind: Kind, of: Target) -> tuple[Recipe, ...]:
            raise Unreachable("no answer after 8 s", "check the network")

        world.provider.recipes = silent  # type: ignore[method-assign]  # now it is gone
        await opened(open_)
        await open_.says("x no answer after 8 s: check the network")
        assert "nothing is known" in open_.words


async def test_hostile_texts_are_shown_as_they_are(tmp_path: Path) -> None:
    ways = tuple(
        Recipe(f"r{n}", clean(text), Syntax.TEXT, (text, "\n", text), note=text)
        for n, text in enumerate(HOSTILE)
    )
    async with dialogs(use_world(tmp_path, *ways)) as open_:
        await opened(open_)
        for _ in ways:
            assert unsafe_characters(open_.driver.app) == set()
            assert set(open_.driver.widths()) == {80}
            await open_.driver.press("down")


async def test_a_kind_that_fails_hides_no_other(tmp_path: Path) -> None:
    world = use_world(tmp_path, CURL)
    world.provider.about = replace(world.provider.about, kinds=(KUBECONFIG, TOKEN))

    async def half(kind: Kind, of: Target) -> tuple[Recipe, ...]:
        if kind == KUBECONFIG:
            raise Unreachable("no answer after 8 s", "check the network")
        return world.provider.ways

    world.provider.recipes = half  # type: ignore[method-assign]  # for this test
    async with dialogs(world) as open_:
        open_.driver.app.flows.use(None, DEMO)
        await open_.says("Call the API edge token")
        await open_.says("x no answer after 8 s: check the network")


async def test_what_is_closed_keeps_no_secret(tmp_path: Path) -> None:
    world = use_world(tmp_path)
    async with dialogs(world) as open_:
        app = open_.driver.app
        flow = UseFlow(app, open_.driver.session)
        flow.open_result(made(world))
        await open_.says("c and s hand it over with the secret in it")
        assert flow.fills(CURL)
        await open_.driver.press("escape")
        await open_.driver.until(lambda: app.screen is app.place, "it is closed")
        assert not flow.fills(CURL)


async def test_the_key_that_shows_the_rest_is_named_where_there_is_more(tmp_path: Path) -> None:
    async with dialogs(use_world(tmp_path, CURL, LONG), (60, 24)) as open_:
        await opened(open_)
        assert "PgDn" not in open_.words
        await open_.driver.press("down")
        await open_.says("PgDn more")
        assert "Esc close" in open_.words
        await open_.driver.press("up")
        await open_.driver.until(lambda: "PgDn" not in open_.words, "nothing is cut")
