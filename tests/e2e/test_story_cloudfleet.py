"""Cloudfleet's API tokens from the first to the last call, in two wire formats."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from cloudfleet_story import (
    NOBODY,
    OK,
    PROFILE,
    WHOLE_WIRE,
    Pair,
    holders,
    is_secret,
    jwt_for,
    names,
    only_rescued,
    pair_of,
    reads,
    run,
    speaking,
    states,
    user_of,
    verify,
    whoami,
)
from command import tokentui
from simulator_fixtures import start_simulator
from story import Keys, added, entry, items
from tokentui.providers.cloudfleet.wire_format import Field, Operation
from tokentui.simulator.cloudfleet.dialect import GUESS, ODD, OTHER
from tokentui.simulator.cloudfleet.seeds import OWN_TOKEN
from tokentui.simulator.home import write_home
from tokentui.simulator.server import Simulator

NOT_CONFIRMED = "not confirmed by the vendor's documentation"


@pytest.fixture(scope="module")
def serving() -> Iterator[Simulator]:
    with start_simulator() as simulator:
        yield simulator


@pytest.fixture
def sim(serving: Simulator) -> Iterator[Simulator]:
    """Give the simulator in its usual wire format."""
    serving.world.cloudfleet.dialect = GUESS
    yield serving
    serving.faults.clear()


@pytest.fixture
def home(sim: Simulator, tmp_path: Path) -> Path:
    return write_home(sim, tmp_path / "home", (PROFILE,))


def test_by_keys(sim: Simulator, home: Path) -> None:
    before = names(home)
    with Keys(home) as keys:
        keys.answered(PROFILE)
        keys.place("I")
        keys.narrow("main-org")
        keys.send_keys("g")
        keys.says("Administrator is cluster-admin on every cluster of the organization")
        keys.says("it lives until it is deleted")
        keys.fill("nightly", "Tab")
        keys.leave_field()
        keys.send_keys("Enter")
        keys.says("API token created - shown here once")
        keys.says("Cloudfleet accepts it and shows the organization")
        first = keys.copied(is_secret)
        keys.send_keys("Enter")
        keys.wait_for("[I Instances]")
        pair = pair_of(sim, "nightly", first)
        jwt = jwt_for(sim, pair)
        assert reads(sim, jwt) == OK
        name, groups = whoami(sim, home, jwt)
        assert name == user_of(pair)
        assert "system:masters" not in groups

        keys.place("T")
        keys.narrow("nightly")
        keys.refreshed("delete, regenerate, verify")
        assert "accepts it" in keys.verified(first)
        keys.send_keys("e")
        keys.says("set wire.update_token in the profile")
        keys.send_keys("R")
        keys.says("The old secret dies at once")
        keys.send_keys("F10")
        keys.says("API token regenerated - shown here once")
        second = keys.copied(lambda text: is_secret(text) and text != first)
        keys.send_keys("Enter")
        keys.wait_for("[T Tokens]")
        assert not {first, second} & set(keys.capture(history=True).split())
        assert not jwt_for(sim, pair)
        pair = Pair(pair.id, second)
        jwt = jwt_for(sim, pair)
        assert reads(sim, jwt) == OK
        assert "not accept it" in keys.verified(first)
        keys.narrow("nightly ends:never")

        keys.send_keys("x")
        keys.says("Delete API token nightly")
        keys.send_keys("F10")
        keys.wait_for("deleted API token nightly")
        keys.left()
    assert not jwt_for(sim, pair)
    assert reads(sim, jwt) == 401
    assert whoami(sim, home, jwt) == NOBODY
    assert names(home) == before
    assert states(home) == ["ended", "ended"]


@pytest.mark.parametrize("dialect", [GUESS.name, OTHER.name])
def test_by_command_line(sim: Simulator, home: Path, tmp_path: Path, dialect: str) -> None:
    home = added(speaking(sim, dialect, home), tmp_path / "mine")
    before = names(home)
    assert OWN_TOKEN in run(home, "profile", "test").out
    listed = {one["name"]: one["state"] for one in items(home, "instance", "list")}
    assert listed.keys() >= {"main-org", "shop-prod", "lab"}
    create = ("token", "create", "--name", "ci", "--role", "Administrator", "--stdout")

    made = run(home, *create)

    pair = pair_of(sim, "ci", made.out.strip())
    assert f"id {pair.id}, role Administrator" in made.err
    assert user_of(pair) in made.err
    assert "verified: Cloudfleet accepts it" in made.err
    (row,) = [one for one in items(home, "token", "list") if one["name"] == "ci"]
    assert (row["id"], row["roles"], row["endsAt"]) == (pair.id, ["Administrator"], None)
    jwt = jwt_for(sim, pair)
    assert reads(sim, jwt) == OK
    name, groups = whoami(sim, home, jwt)
    assert name == user_of(pair)
    assert "system:masters" in groups
    assert verify(home, "ci", pair.secret).json["accepted"] is True
    shown = run(home, "recipe", "show", "role-binding", "--token", "ci").out
    assert yaml.safe_load(shown)["subjects"][0]["name"] == user_of(pair)

    again = run(home, "token", "regenerate", "ci", "-y", "--stdout")
    assert not jwt_for(sim, pair)
    assert verify(home, "ci", pair.secret).code == 1
    pair = Pair(pair.id, again.out.strip())
    jwt = jwt_for(sim, pair)
    assert reads(sim, jwt) == OK

    ended = run(home, "token", "revoke", "ci", "-y")
    assert "deleted" in ended.err
    assert not jwt_for(sim, pair)
    assert reads(sim, jwt) == 401
    assert whoami(sim, home, jwt) == NOBODY
    assert names(home) == before
    assert states(home) == ["ended", "ended"]


def test_a_wire_that_overrides_everything_overrides_everything() -> None:
    assert set(WHOLE_WIRE) == {*Operation, *Field}


def test_a_token_is_renamed_where_the_wire_says_how(sim: Simulator, home: Path) -> None:
    home = speaking(sim, OTHER.name, home)
    run(home, "token", "create", "--name", "before", "--role", "Administrator", "--stdout")
    run(home, "token", "rename", "before", "after")
    assert sim.world.cloudfleet.token_named("after").role == "Administrator"
    run(home, "token", "revoke", "after", "-y")


def test_an_answer_that_cannot_be_read_is_kept_once(sim: Simulator, home: Path) -> None:
    sim.world.cloudfleet.dialect = ODD

    done = tokentui(home, "token", "create", "--name", "odd", "--stdout")

    secret = sim.world.cloudfleet.token_named("odd").secret
    kept = only_rescued(home)
    assert done.code == 6
    assert str(kept) in done.err
    assert "wire.token.secret" in done.err
    assert secret not in done.out + done.err
    assert holders(home, secret) == {kept.name}
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert entry(home)["state"] == "unknown"
    assert "odd" in names(home)
    assert entry(home)["state"] == "lost"
    run(home, "token", "revoke", "odd", "-y")
    assert entry(home)["state"] == "ended"


def test_an_answer_that_cannot_be_read_is_kept_for_who_works_by_keys(
    sim: Simulator, home: Path
) -> None:
    sim.world.cloudfleet.dialect = ODD
    with Keys(home) as keys:
        keys.answered(PROFILE)
        keys.place("I")
        keys.narrow("main-org")
        keys.send_keys("g")
        keys.says("Administrator is cluster-admin")
        keys.fill("odd-2", "Tab")
        keys.leave_field()
        keys.send_keys("Enter")
        keys.says("The answer as it came is kept in")
        secret = sim.world.cloudfleet.token_named("odd-2").secret
        kept = only_rescued(home)
        keys.says(kept.name)
        keys.send_keys("Escape")
        keys.wait_for("[I Instances]")
        keys.place("H")
        keys.wait_for("Needs attention (1)")
        keys.place("T")
        keys.narrow("odd-2")
        keys.refreshed(" lost ")
        assert secret not in keys.capture(history=True)
        keys.left()
    assert holders(home, secret) == {kept.name}
    assert entry(home)["state"] == "lost"


def test_that_nothing_is_confirmed_is_said_wherever_one_begins(tmp_path: Path) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    assert NOT_CONFIRMED in " ".join(readme.split())
    assert NOT_CONFIRMED in run(tmp_path, "provider", "list").err
    shown = " ".join(run(tmp_path, "profile", "add", PROFILE, "--help").out.split())
    assert NOT_CONFIRMED in shown
    assert "--set auth_mode=VALUE" in shown
