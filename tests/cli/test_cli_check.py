"""What `check` says of lists: how old they are, and that one is missing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cli_world import CliWorld, Commands
from tokentui.domain.errors import Forbidden, Unreachable
from tokentui.domain.model import Page, ProfileName
from world import InventedProvider, instance
from world_managed import ManagedProvider, credential

NEVER = (
    "the credentials of profile {} were never listed in full here: "
    "run 'tokentui token list', which says what is missing"
)


def test_a_profile_that_was_never_listed_is_unknown(tokentui: Commands) -> None:
    text, data = tokentui("check"), tokentui("check", "-o", "json")

    assert (text.code, data.code) == (3, 3)
    assert text.out == f"UNKNOWN: 0 of 0 credentials need attention; {NEVER.format('ops-prod')}\n"
    assert (data.json["level"], data.json["error"]) == ("unknown", NEVER.format("ops-prod"))
    assert data.json["profiles"] == [{"profile": "ops-prod", "listedAt": None}]


def test_a_list_of_instances_alone_is_none_of_credentials(
    world: CliWorld, tokentui: Commands
) -> None:
    assert tokentui("instance", "list").code == 0
    before = tokentui("check", "-o", "json")

    assert before.code == 3
    assert before.json["profiles"] == [{"profile": "ops-prod", "listedAt": None}]

    assert tokentui("token", "list").code == 0
    world.clock.advance(timedelta(hours=3))
    assert tokentui("instance", "list").code == 0
    after = tokentui("check", "-o", "json")

    assert after.code == 0
    assert after.json["profiles"] == [{"profile": "ops-prod", "listedAt": "2026-10-05T12:22:00Z"}]


def test_a_list_that_came_in_part_is_not_all_of_them(world: CliWorld, tokentui: Commands) -> None:
    world.provider.pages = (Page((instance("demo"),), (Forbidden("a part says no"),)),)
    tokentui("token", "list")

    assert tokentui("check").code == 3


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(hours=3), "the oldest list is of 14:22, 3h old"),
        (timedelta(days=2), "the oldest list is of 2026-10-05 14:22, 2d old"),
    ],
)
def test_the_age_of_the_oldest_list_is_said(
    world: CliWorld, tokentui: Commands, passed: timedelta, said: str
) -> None:
    other = ManagedProvider(world.clock, profile=ProfileName("ops-dev"))
    world.connections.add("ops-dev", other)
    assert tokentui("token", "list", "-p", "ops-prod").code == 0
    world.clock.advance(passed)
    assert tokentui("token", "list", "-p", "ops-dev").code == 0

    text, data = tokentui("check"), tokentui("check", "-o", "json")

    assert (text.code, data.code) == (0, 0)
    assert text.out.splitlines()[0].endswith(f"; {said}")
    assert data.json["error"] is None
    first, second = data.json["profiles"]
    assert (first["profile"], first["listedAt"]) == ("ops-prod", "2026-10-05T12:22:00Z")
    assert second["listedAt"] > first["listedAt"]


def test_what_is_worse_than_unknown_stays_so(world: CliWorld, tokentui: Commands) -> None:
    world.provider.listed = [credential(ends_at=world.clock() + timedelta(days=2))]
    assert tokentui("token", "list").code == 0
    world.connections.add("ops-dev", ManagedProvider(world.clock))

    done = tokentui("check")

    assert done.code == 1
    assert done.out.startswith("WARNING: 1 of 1 credentials need attention; ")
    assert NEVER.format("ops-dev") in done.out
    assert tokentui("check", "-p", "ops-prod").out.count("never listed") == 0


def test_a_profile_whose_credentials_cannot_be_listed_does_not_count(
    world: CliWorld, tokentui: Commands
) -> None:
    assert tokentui("token", "list").code == 0
    world.connections.add("edge-only", InventedProvider(world.clock))

    data = tokentui("check", "-o", "json")

    assert data.code == 0
    assert [one["profile"] for one in data.json["profiles"]] == ["ops-prod"]


def test_a_list_without_rows_of_a_dead_source_names_the_way_to_the_last_one(
    world: CliWorld, tokentui: Commands
) -> None:
    world.provider.listing_error = Unreachable("no answer from the invented cloud")
    world.provider.robots = []
    world.provider.listed = []

    dead = tokentui("token", "list")
    offline = tokentui("token", "list", "--offline")

    assert dead.code == 5
    assert "'tokentui token list --offline' shows what was listed last" in dead.err
    assert "--offline" not in offline.err
    world.provider.listing_error = None
    world.provider.pages = (Page(()),)
    assert "--offline" not in tokentui("token", "list").err
