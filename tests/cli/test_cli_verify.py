"""A secret that standard input gives: tried, or put into a recipe."""

from __future__ import annotations

import pytest

from cli_world import CliWorld, Commands
from tokentui.cli.questions import LONGEST_SECRET
from tokentui.domain.model import Verification
from tokentui.domain.recipe import Encoding, Part, Recipe, Slot, Syntax
from world import instance
from world_managed import USER, credential

CURL = Recipe(
    "curl", "One call", Syntax.SHELL, ("call ", Slot(Part.SECRET, Encoding.SHELL)), "mind the host"
)
LOGIN = Recipe("login", "Log in", Syntax.YAML, (Slot(Part.NAME), " / ", Slot(Part.SECRET)))


@pytest.mark.parametrize(("ok", "code"), [(True, 0), (False, 1), (None, 5)])
def test_the_exit_code_says_what_the_sentence_says(
    world: CliWorld, tokentui: Commands, ok: bool | None, code: int
) -> None:
    world.provider.verification = Verification(ok, "so it is")

    text = tokentui("token", "verify", "deploy", stdin="s3cret\n")
    data = tokentui("token", "verify", "deploy", "-o", "json", stdin="s3cret\n")

    assert (text.code, text.out) == (code, "so it is\n")
    assert data.code == code
    assert data.json["schema"] == "tokentui/verification/v1"
    assert (data.json["accepted"], data.json["name"]) == (ok, "deploy")
    assert "s3cret" not in text.err + data.out + data.err


@pytest.mark.parametrize("stdin", ["", " \n", "x" * (LONGEST_SECRET + 1)])
def test_what_cannot_be_a_secret_is_not_tried(tokentui: Commands, stdin: str) -> None:
    done = tokentui("token", "verify", "deploy", stdin=stdin)

    assert done.code == 2
    assert done.out == ""


def test_a_recipe_has_placeholders_until_a_secret_is_given(
    world: CliWorld, tokentui: Commands
) -> None:
    world.provider.ways = (CURL,)
    show = ("recipe", "show", "curl", "--account", "ci", "--kind", "key")

    outline = tokentui(*show)
    filled = tokentui(*show, "--secret-stdin", stdin="it's\n")
    data = tokentui(*show, "-o", "json").json

    assert (outline.out, outline.err) == ("call '<secret>'\n", "mind the host\n")
    assert filled.out == "call 'it'\"'\"'s'\n"
    assert (data["schema"], data["syntax"]) == ("tokentui/recipe/v1", "shell")


def test_a_password_is_given_with_its_user(world: CliWorld, tokentui: Commands) -> None:
    world.provider.ways = (LOGIN,)
    show = ("recipe", "show", "login", "--instance", "demo", "--kind", "user", "--secret-stdin")

    assert tokentui(*show, stdin="anna:pass:word").out == "anna / pass:word\n"
    assert tokentui(*show, stdin="password").code == 2


def test_recipes_are_listed_once_for_each_sort_of_place(
    world: CliWorld, tokentui: Commands
) -> None:
    world.provider.ways = (CURL, LOGIN)

    done = tokentui("recipe", "list", "--kind", "user", "-o", "json")
    unknown = tokentui("recipe", "show", "crul", "--account", "ci")

    assert [(item["place"], item["key"]) for item in done.json["items"]] == [
        ("edge", "curl"),
        ("edge", "login"),
    ]
    assert unknown.code == 4
    assert "choose one of: curl, login" in unknown.err


def test_a_pasted_kubeconfig_has_to_be_one(world: CliWorld, tokentui: Commands) -> None:
    world.provider.ways = (CURL,)
    show = ("recipe", "show", "curl", "--instance", "demo", "--kind", "kubeconfig")

    done = tokentui(*show, "--secret-stdin", stdin="[no, mapping]")

    assert done.code != 0
    assert "the kubeconfig given" in done.err


def test_the_user_name_before_a_password_is_taken_off(world: CliWorld, tokentui: Commands) -> None:
    world.provider.listed = [credential("anna", USER, instance())]

    assert tokentui("token", "verify", "anna", stdin="anna:pw\n").code == 0
    assert world.provider.tried == ["pw"]


RIGHTS = Recipe(
    "rights",
    "Give it rights",
    Syntax.YAML,
    ("user: sa-", Slot(Part.ID, Encoding.LOWER), "\nname: ", Slot(Part.NAME, Encoding.QUOTED)),
)


def test_name_and_id_of_a_known_credential_stand_in_a_recipe(
    world: CliWorld, tokentui: Commands
) -> None:
    world.provider.ways = (RIGHTS, LOGIN)
    world.provider.listed.append(credential("Release"))

    assert tokentui("recipe", "show", "rights", "--token", "Release").out == (
        'user: sa-id-release\nname: "Release"\n'
    )
    login = ("recipe", "show", "login", "--token", "id-Release")
    assert tokentui(*login).out == "Release / <secret>\n"
    assert tokentui(*login, "--secret-stdin", stdin="s3cret").out == "Release / s3cret\n"
    assert tokentui("recipe", "show", "rights", "--token", "release").code == 4


def test_a_password_needs_no_user_name_where_that_is_known(
    world: CliWorld, tokentui: Commands
) -> None:
    world.provider.ways = (LOGIN,)
    world.provider.listed = [credential("anna", USER, instance())]
    show = ("recipe", "show", "login", "--token", "anna", "--secret-stdin")

    assert tokentui(*show, stdin="pass:word").out == "anna / pass:word\n"
    assert tokentui(*show, stdin="anna:password").out == "anna / password\n"


def test_what_a_credential_was_made_for_has_to_be_listed(
    world: CliWorld, tokentui: Commands
) -> None:
    world.provider.ways = (RIGHTS,)
    create = ("token", "create", "--account", "ci", "--kind", "key", "--name", "k", "--stdout")
    assert tokentui(*create).code == 0
    world.provider.robots = []

    done = tokentui("recipe", "show", "rights", "--token", "#1")

    assert done.code == 4
    assert "was made for is not listed (any more): leave --token out" in done.err
