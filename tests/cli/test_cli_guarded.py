"""What the command line asks before somebody is refused, and which code many outcomes give."""

from __future__ import annotations

import sys

import pytest

from cli_world import CliWorld, Commands
from tokentui.domain.errors import Forbidden, GuardRail, OutcomeUnknown, TokentuiError
from tokentui.domain.profile import Guard
from tokentui.domain.recipe import Part, Recipe, Slot, Syntax
from world import TOKEN_VALUE
from world_managed import KEY, credential

CURL = Recipe("curl", "One call", Syntax.SHELL, ("call ", Slot(Part.SECRET)))
MOVE = ("token", "move-end", "deploy", "-e", "7d")


def test_an_earlier_end_needs_a_yes(world: CliWorld, tokentui: Commands) -> None:
    unasked = tokentui(*MOVE)

    assert unasked.code == 2
    assert "say -y" in unasked.err
    assert world.provider.calls == []
    done = tokentui(*MOVE, "-y")
    assert done.code == 0, done.err
    assert "Move the end of service token deploy of robot ci in profile ops-prod." in done.err
    assert "refused sooner than now" in done.err
    assert [call[0] for call in world.provider.calls] == ["move_end"]


def test_an_earlier_end_wants_the_name_in_a_protected_profile(
    world: CliWorld, tokentui: Commands
) -> None:
    world.connections.add("ops-prod", world.provider, Guard(protected=True))

    refused = tokentui(*MOVE, "-y")

    assert refused.code == 7
    assert "--confirm deploy" in refused.err
    assert world.provider.calls == []
    assert tokentui("token", "move-end", "deploy", "-e", "90d").code == 0
    assert tokentui(*MOVE, "--confirm", "deploy").code == 0
    assert [call[0] for call in world.provider.calls] == ["move_end", "move_end"]


def test_an_end_that_is_impossible_says_so_without_a_question(
    world: CliWorld, tokentui: Commands
) -> None:
    done = tokentui("token", "move-end", "deploy", "-e", "soon", "-o", "json")

    assert done.code == 2
    assert done.json["items"][0]["done"] is False
    assert world.provider.calls == []


def test_a_number_with_its_sign_is_never_a_name(world: CliWorld, tokentui: Commands) -> None:
    create = ("token", "create", "--account", "ci", "--kind", "key", "--name", "made")
    assert tokentui(*create).code == 0
    world.provider.listed.append(credential("#1", KEY, id="odd"))
    world.provider.listed.append(credential("#7", KEY, id="even"))

    assert tokentui("token", "revoke", "#7", "-y").code == 4
    assert tokentui("token", "revoke", "#1", "-y").code == 0
    assert [one.id for one in world.provider.listed] == ["id-deploy", "odd", "even"]
    assert tokentui("token", "revoke", "odd", "-y").code == 0


@pytest.mark.parametrize(
    ("errors", "code"),
    [
        ({"revoke": OutcomeUnknown("lost"), "delete": None}, 6),
        ({"revoke": Forbidden("no"), "delete": None}, 3),
    ],
)
def test_the_worst_outcome_gives_the_code(
    world: CliWorld, tokentui: Commands, errors: dict[str, TokentuiError | None], code: int
) -> None:
    world.provider.errors = {verb: error for verb, error in errors.items() if error}

    done = tokentui("token", "revoke", "deploy", "gone", "-y")

    assert done.code == code
    assert "there is no credential 'gone'" in done.err


def test_a_guard_rail_does_not_hide_an_unknown_outcome(world: CliWorld, tokentui: Commands) -> None:
    other = credential("other", KEY)
    world.provider.listed.append(other)

    async def revoke(one: object) -> None:
        if one == other:
            raise OutcomeUnknown("lost")
        raise GuardRail("no")

    world.provider.revoke = revoke  # type: ignore[method-assign,assignment]  # for this test

    assert tokentui("token", "revoke", "other", "deploy", "-y").code == 6
    assert tokentui("token", "revoke", "deploy", "other", "-y").code == 6


def test_a_filled_recipe_is_not_shown_on_a_terminal(
    world: CliWorld, tokentui: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.provider.ways = (CURL,)
    show = ("recipe", "show", "curl", "--account", "ci", "--kind", "key", "--secret-stdin")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)

    refused = tokentui(*show, stdin=TOKEN_VALUE)
    structured = tokentui(*show, "-o", "json", stdin=TOKEN_VALUE)

    assert refused.code == structured.code == 2
    assert "--stdout" in refused.err
    assert TOKEN_VALUE not in refused.out + refused.err + structured.out
    assert TOKEN_VALUE in tokentui(*show, "--stdout", stdin=TOKEN_VALUE).out
    assert tokentui(*show[:-1]).code == 0


def test_systems_are_listed_by_their_titles(tokentui: Commands) -> None:
    done = tokentui("provider", "list")

    assert done.code == 0, done.err
    assert "SUSE Observability (StackState)" in done.out
    assert done.out.split()[:3] == ["PROVIDER", "TITLE", "KEY"]
