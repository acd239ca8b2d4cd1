"""Accounts are made, changed and deleted by the same rules as credentials."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cli_world import CliWorld, Commands
from tokentui.domain.account import AccountOffer
from tokentui.domain.errors import GuardRail, OutcomeUnknown
from tokentui.domain.profile import Guard
from world_managed import ManagedProvider

VIEWER = ("--group", "Viewer")


def test_the_id_of_a_new_account_is_the_data(world: CliWorld, tokentui: Commands) -> None:
    text = tokentui("account", "create", "--name", "robot-a", "--group", "Editor")
    data = tokentui(
        "account", "create", "--name", "robot-b", "--group", "Viewer", "-o", "json"
    ).json

    assert (text.code, text.out) == (0, "robot-a@robots.example\n")
    assert "in ops-prod of profile ops-prod" in text.err
    assert "robot robot-a (ops-prod): created in ops-prod, role Editor\n" in text.err
    assert data["schema"] == "tokentui/account/v1"
    assert (data["name"], data["group"]) == ("robot-b", "Viewer")
    assert world.provider.calls[0] == ("create_account", "robot-a", "Editor")


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--name", "NO", *VIEWER), 2, "cannot be 'NO'"),
        (("--name", "x", "--group", "Boss"), 2, "choose from: Editor, Viewer"),
        (("--name", "x", "--scope", "elsewhere"), 4, "choose one of: ops-prod"),
        ((), 2, "needs Name and Role: give --name (the field 'name'), --group"),
        (("--name", "x"), 2, "robot needs Role: give --group (the field 'group'): Editor, Viewer"),
    ],
)
def test_what_does_not_fit_makes_nothing(
    world: CliWorld, tokentui: Commands, words: tuple[str, ...], code: int, says: str
) -> None:
    done = tokentui("account", "create", *words)

    assert done.code == code
    assert says in done.err
    assert world.provider.calls == []


def test_several_places_have_to_be_told_apart(world: CliWorld, tokentui: Commands) -> None:
    other = ManagedProvider(world.clock, profile="ops-dev")  # type: ignore[arg-type]
    world.connections.add("ops-dev", other)

    done = tokentui("account", "create", "--name", "x", *VIEWER)

    assert done.code == 2
    assert "--scope" in done.err
    assert tokentui("account", "create", "--name", "x", *VIEWER, "-p", "ops-dev").code == 0
    assert world.provider.calls == []


def test_a_lost_answer_is_unknown(world: CliWorld, tokentui: Commands) -> None:
    world.provider.errors["create_account"] = OutcomeUnknown("the answer was lost")

    done = tokentui("account", "create", "--name", "x", *VIEWER)

    assert (done.code, done.out) == (6, "")


def test_renaming_and_regrouping(world: CliWorld, tokentui: Commands) -> None:
    assert tokentui("account", "rename", "ci", "cd").code == 0
    assert tokentui("account", "regroup", "cd", "Editor").code == 0
    refused = tokentui("account", "regroup", "cd", "Boss")

    assert refused.code == 2
    assert [(one.name, one.group) for one in world.provider.robots] == [("cd", "Editor")]


def test_deleting_tells_the_consequence(world: CliWorld, tokentui: Commands) -> None:
    unasked = tokentui("account", "delete", "ci")
    done = tokentui("account", "delete", "ci@robots.example", "gone", "-y", "-o", "json")

    assert unasked.code == 2
    assert done.code == 4
    assert "Delete robot ci of ops-prod in profile ops-prod." in done.err
    assert [item["done"] for item in done.json["items"]] == [True, False]
    assert world.provider.robots == []


def test_a_protected_profile_wants_the_account_s_name(world: CliWorld, tokentui: Commands) -> None:
    world.connections.add("ops-prod", world.provider, Guard(protected=True))

    assert tokentui("account", "delete", "ci", "-y").code == 7
    assert world.provider.calls == []
    assert tokentui("account", "delete", "ci", "--confirm", "ci").code == 0


def test_what_the_profile_signs_in_as_wants_its_name(world: CliWorld, tokentui: Commands) -> None:
    world.provider.robots = [replace(one, is_own=True) for one in world.provider.robots]

    refused = tokentui("account", "delete", "ci", "-y")

    assert refused.code == GuardRail.exit_code
    assert "the profile of robot ci (ops-prod) will be signed out: say --confirm ci" in refused.err
    assert world.provider.calls == []
    assert tokentui("account", "delete", "ci", "--confirm", "ci").code == 0


def test_where_no_system_has_accounts_it_says_why(
    world: CliWorld, tokentui: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nowhere() -> tuple[AccountOffer, ...]:
        return ()

    reason = "its tokens belong to nobody"
    world.provider.about = replace(world.provider.about, account_kinds=(), no_accounts=reason)
    monkeypatch.setattr(world.provider, "account_offers", nowhere)

    refused = tokentui("account", "create", "--name", "bot")

    assert f"Invented Cloud has no accounts: {reason}" in refused.err
