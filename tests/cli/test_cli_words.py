"""What is called wrongly, in part or by another word: the sentence helps, the exit code is true."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from cli_world import CliWorld, Commands
from tokentui.cli.parser import build_parser, parse
from tokentui.domain.errors import Forbidden, Unreachable
from tokentui.domain.model import Page
from tokentui.domain.recipe import Recipe, Syntax
from world import instance
from world_managed import KEY, SERVICE_TOKEN, credential

SHUT = Forbidden("cannot list the edges of ops-dev (403)")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("token", "create", "--instance", "nothing"), "instance 'nothing'"),
        (("instance", "show", "nothing"), "instance 'nothing'"),
        (("token", "revoke", "nothing", "-y"), "credential 'nothing'"),
    ],
)
def test_a_wrong_name_is_said_before_a_source_that_failed_in_part(
    world: CliWorld, tokentui: Commands, words: tuple[str, ...], says: str
) -> None:
    world.provider.pages = (Page((instance(),), (SHUT,)),)

    done = tokentui(*words)

    assert done.code == 4
    assert f"tokentui: there is no {says} among what was listed (see 'tokentui " in done.err
    assert done.err.endswith(f": but profile ops-prod did not answer in full: {SHUT.sentence}\n")


def test_a_source_without_any_answer_gives_its_own_code(
    world: CliWorld, tokentui: Commands
) -> None:
    world.provider.pages = ()
    world.provider.listing_error = Unreachable("no answer from the invented cloud")

    done = tokentui("token", "create", "--instance", "demo")

    assert done.code == 5
    assert "there is no instance 'demo' among what was listed" in done.err
    assert "profile ops-prod did not answer: no answer from the invented cloud" in done.err


def test_a_near_name_is_proposed_also_where_a_source_failed(
    world: CliWorld, tokentui: Commands
) -> None:
    world.provider.pages = (Page((instance(),), (SHUT,)),)

    assert "(did you mean demo?)" in tokentui("token", "create", "--instance", "demmo").err


@pytest.mark.parametrize("word", ["service-token", "service token", "Service Token"])
def test_a_kind_is_called_by_its_key_or_its_noun(
    world: CliWorld, tokentui: Commands, word: str
) -> None:
    made = tokentui("token", "create", "--kind", word, "--name", "ci", "--stdout")
    world.provider.listed += [credential("twin", SERVICE_TOKEN), credential("twin", KEY)]

    ended = tokentui("token", "revoke", "twin", "--kind", word, "-y")

    assert (made.code, ended.code) == (0, 0), made.err + ended.err
    assert world.provider.orders[0].offer.kind == SERVICE_TOKEN
    assert [one.kind for one in world.provider.listed if one.name == "twin"] == [KEY.key]


def test_the_list_of_providers_has_the_words_for_kind(tokentui: Commands) -> None:
    table = tokentui("provider", "list")
    (cloudfleet,) = (
        item
        for item in tokentui("provider", "list", "-o", "json").json["items"]
        if item["key"] == "cloudfleet"
    )

    assert table.out.splitlines()[0].split() == ["PROVIDER", "TITLE", "KEY", "NOUN", "ALLOWS"]
    assert "  revocable-token  " in table.out
    assert "rename (needs wire.update_token)" in table.out
    assert cloudfleet["kinds"][0]["needs"] == {"rename": "wire.update_token"}


def test_recipes_of_one_credential(world: CliWorld, tokentui: Commands) -> None:
    world.provider.ways = (Recipe("curl", "One call", Syntax.SHELL, ("call",)),)
    world.provider.listed = [credential("deploy", KEY)]

    everything = tokentui("recipe", "list", "-o", "json").json["items"]
    of_one = tokentui("recipe", "list", "--token", "deploy", "-o", "json").json["items"]

    assert {item["kind"] for item in everything} > {"key"}
    assert [(item["place"], item["kind"]) for item in of_one] == [("robot", "key")]


@pytest.mark.parametrize(
    "command", ["account regroup", "token create", "profile list", "check", "recipe show"]
)
def test_a_wrong_flag_points_to_the_help_of_its_command(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parse([*command.split(), *_arguments(command), "--nosuch"])

    assert ended.value.code == 2
    see = f"tokentui: unrecognized arguments: --nosuch (see 'tokentui {command} --help')\n"
    assert capsys.readouterr().err == see


def _arguments(command: str) -> tuple[str, ...]:
    return {"account regroup": ("ci", "Editor"), "recipe show": ("curl",)}.get(command, ())


@pytest.mark.parametrize("command", ["token create", "kubeconfig create", "account create"])
def test_the_examples_of_a_help_are_understood(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        parse([*command.split(), "--help"])
    shown = capsys.readouterr().out.splitlines()
    examples = [line.strip() for line in shown if line.startswith(f"  tokentui {command}")]

    for example in examples:
        parse(shlex.split(example)[1:])
    assert any("-p kkp" in example for example in examples)
    assert any("build" in example for example in examples)


def test_the_code_of_ctrl_c_stands_beside_the_others() -> None:
    readme = " ".join((Path(__file__).parents[2] / "README.md").read_text().split())

    assert "130 stopped with Ctrl+C" in build_parser().format_help()
    assert "7 guard rail, 130 stopped with Ctrl+C" in readme
    assert '"lost" is what was made' in readme
