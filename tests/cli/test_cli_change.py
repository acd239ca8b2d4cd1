"""What is done with credentials that exist, found by name, id or number."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cli_world import CliWorld, Commands
from tokentui.domain.errors import GuardRail, NotFound, OutcomeUnknown, Refused, Unreachable
from tokentui.domain.model import Credential, CredentialState
from tokentui.domain.profile import Guard
from world import TOKEN_VALUE
from world_managed import KEY, credential, robot


def verbs(world: CliWorld) -> list[str]:
    return [call[0] for call in world.provider.calls]


@pytest.mark.parametrize("word", ["deploy", "id-deploy"])
def test_one_is_ended_with_its_consequence_told(
    world: CliWorld, tokentui: Commands, word: str
) -> None:
    done = tokentui("token", "revoke", word, "-y", "-o", "json")

    assert done.code == 0, done.err
    assert "Revoke service token deploy of robot ci in profile ops-prod." in done.err
    assert world.provider.listed == []
    (item,) = done.json["items"]
    assert done.json["schema"] == "tokentui/changes/v1"
    assert (item["name"], item["verb"], item["done"]) == ("deploy", "revoke", True)


def test_one_that_was_gone_already_is_told(
    world: CliWorld, tokentui: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def revoke(one: Credential) -> None:
        world.provider.listed.remove(one)
        raise NotFound("no such token")

    monkeypatch.setattr(world.provider, "revoke", revoke)

    done = tokentui("token", "revoke", "deploy", "-y")

    assert done.code == 0
    assert done.err.endswith("service token deploy of ci (ops-prod): was gone already\n")


def test_one_made_from_here_is_found_by_its_number(world: CliWorld, tokentui: Commands) -> None:
    create = ("token", "create", "--account", "ci", "--kind", "key", "--name", "mine")
    assert tokentui(*create).code == 0

    assert tokentui("token", "revoke", "#1", "-y").code == 0
    assert [one.name for one in world.provider.listed] == ["deploy"]
    again = tokentui("token", "revoke", "1", "-y")
    assert again.code == 1
    assert "it is over" in again.err


def test_without_a_terminal_nothing_is_ended_unconfirmed(
    world: CliWorld, tokentui: Commands
) -> None:
    for verb in ("revoke", "switch-off", "regenerate"):
        done = tokentui("token", verb, "deploy")
        assert done.code == 2
        assert "only after a yes, and there is no terminal to ask on: say -y" in done.err
    assert tokentui("token", "revoke", "deploy", "--confirm", "deploy").code == 2
    assert world.provider.calls == []


def test_a_protected_profile_wants_the_name(world: CliWorld, tokentui: Commands) -> None:
    world.connections.add("ops-prod", world.provider, Guard(protected=True))

    refused = tokentui("token", "revoke", "deploy", "-y")
    wrong = tokentui("token", "revoke", "deploy", "-y", "--confirm", "deplay")

    assert refused.code == wrong.code == GuardRail.exit_code
    assert "--confirm deploy" in refused.err
    assert world.provider.calls == []
    assert tokentui("token", "revoke", "deploy", "--confirm", "deploy").code == 0
    assert verbs(world) == ["revoke"]


def test_what_the_profile_signs_in_with_wants_its_name(world: CliWorld, tokentui: Commands) -> None:
    world.provider.listed = [replace(one, is_own=True) for one in world.provider.listed]

    refused = tokentui("token", "revoke", "deploy", "-y")

    assert refused.code == GuardRail.exit_code
    assert "will be signed out: say --confirm deploy if it is meant" in refused.err
    assert world.provider.calls == []
    assert tokentui("token", "revoke", "deploy", "--confirm", "deploy").code == 0
    assert verbs(world) == ["revoke"]


def test_a_read_only_profile_changes_nothing(world: CliWorld, tokentui: Commands) -> None:
    world.connections.add("ops-prod", world.provider, Guard(read_only=True))

    done = tokentui("token", "rename", "deploy", "other")

    assert done.code == 7
    assert "read only" in done.err
    assert world.provider.calls == []


def test_several_of_one_name_are_told_apart(world: CliWorld, tokentui: Commands) -> None:
    world.provider.robots.append(robot("two"))
    world.provider.listed = [
        credential("x", id="id-1"),
        credential("x", id="id-2", of=robot("two")),
        credential("x", KEY, id="id-3", of=robot("two")),
    ]

    done = tokentui("token", "revoke", "x", "id-1", "-y")

    assert done.code == 2
    assert "id-2 (service token of two, ops-prod)" in done.err
    assert world.provider.calls == []
    assert tokentui("token", "revoke", "x", "-y", "--account", "ci").code == 0
    assert tokentui("token", "revoke", "x", "-y", "--account", "two", "--kind", "key").code == 0
    assert [one.id for one in world.provider.listed] == ["id-2"]


def test_near_names_are_given(tokentui: Commands) -> None:
    done = tokentui("token", "revoke", "deply", "-y")

    assert done.code == 4
    assert "did you mean deploy?" in done.err


@pytest.mark.parametrize("word", ["", "#", "None", "#0"])
def test_a_word_that_means_nothing_finds_nothing(
    world: CliWorld, tokentui: Commands, word: str
) -> None:
    assert tokentui("token", "create", "--instance", "demo", "--kind", "token").code == 0

    assert tokentui("token", "revoke", word, "-y").code == 4
    assert world.provider.calls == []


def test_what_a_silent_source_may_have_is_not_called_missing(
    world: CliWorld, tokentui: Commands
) -> None:
    world.provider.errors["credentials"] = Unreachable("no answer from the invented cloud")

    done = tokentui("token", "revoke", "deploy", "-y")

    assert done.code == 5
    assert "no answer" in done.err


def test_of_many_each_is_told_and_the_worst_code_counts(
    world: CliWorld, tokentui: Commands
) -> None:
    world.provider.listed.append(credential("other", KEY))

    done = tokentui("token", "revoke", "gone", "deploy", "deploy", "other", "-y", "-o", "json")

    assert done.code == 4
    assert world.provider.listed == []
    told = [(item.get("name"), item["done"]) for item in done.json["items"]]
    assert told == [("deploy", True), ("other", True), (None, False)]
    assert "there is no credential 'gone'" in done.err


def test_one_that_fails_keeps_no_other_back(world: CliWorld, tokentui: Commands) -> None:
    world.provider.listed = [credential("a"), credential("b")]
    world.provider.errors["revoke"] = OutcomeUnknown("the answer was lost")

    done = tokentui("token", "revoke", "a", "b", "-y")

    assert done.code == 6
    assert verbs(world) == ["revoke", "revoke"]


def test_switching_off_and_on(world: CliWorld, tokentui: Commands) -> None:
    assert tokentui("token", "switch-on", "deploy").code == 1
    assert tokentui("token", "switch-off", "deploy", "-y").code == 0
    assert world.provider.listed[0].state is CredentialState.SWITCHED_OFF
    done = tokentui("token", "switch-on", "deploy", "-y")

    assert done.code == 0
    assert "deploy of ci (ops-prod): switched on" in done.err


def test_renaming(world: CliWorld, tokentui: Commands) -> None:
    done = tokentui("token", "rename", "deploy", "release")

    assert done.code == 0, done.err
    assert world.provider.listed[0].name == "release"
    assert done.out == ""


@pytest.mark.parametrize(
    ("asked", "said"),
    [("2027-01-31", "it ends 2027-01-30T23:00:00Z"), ("never", "it never ends")],
)
def test_moving_the_end(tokentui: Commands, asked: str, said: str) -> None:
    done = tokentui("token", "move-end", "deploy", "-e", asked)

    assert done.code == 0, done.err
    assert said in done.err


def test_what_a_kind_cannot_do_is_said(world: CliWorld, tokentui: Commands) -> None:
    world.provider.listed = [credential("k", KEY)]

    done = tokentui("token", "rename", "k", "other")

    assert done.code == Refused.exit_code
    assert "keys have no names" in done.err


def test_regenerating_hands_the_new_secret_over(world: CliWorld, tokentui: Commands) -> None:
    done = tokentui("token", "regenerate", "deploy", "-y", "--stdout", "--purpose", "pipeline")

    assert done.code == 0, done.err
    assert done.out == f"{TOKEN_VALUE}1\n"
    assert "The old secret dies at once" in done.err
    (entry,) = tokentui("token", "list", "--offline", "-o", "json").json["items"]
    assert (entry["name"], entry["purpose"]) == ("deploy", "pipeline")


def test_a_destination_that_cannot_work_keeps_the_old_secret_alive(
    world: CliWorld, tokentui: Commands
) -> None:
    done = tokentui("token", "regenerate", "deploy", "-y", "--file", "/nowhere/x")

    assert done.code == 2
    assert world.provider.calls == []
