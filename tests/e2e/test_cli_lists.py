"""Lists over all systems, with and without asking them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from command import tokentui
from simulator_fixtures import small_home, start_simulator
from tokentui.simulator.server import Simulator

DOCUMENT = (Path(__file__).parents[2] / "docs" / "json-output.md").read_text()
DEAD = "http://127.0.0.1:9"
LEVELS = {"ok": 0, "unknown": 3, "warning": 1, "critical": 2}
"""Exit codes, the worst level last."""


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as simulator:
        yield simulator


@pytest.fixture
def home(sim: Simulator, tmp_path: Path) -> Path:
    return small_home(sim, tmp_path / "home")


def items(home: Path, *words: str) -> list[dict[str, Any]]:
    done = tokentui(home, *words, "-o", "json")
    assert done.code in {0, 1, 2}, done.err
    found: list[dict[str, Any]] = done.json["items"]
    return found


def kill(home: Path, profile: str, **changes: object) -> None:
    path = home / "config.yaml"
    content = yaml.safe_load(path.read_text())
    content["profiles"][profile].update(changes)
    path.write_text(yaml.safe_dump(content))


def told(schema: str) -> set[str]:
    """Give the names that the document says of a list."""
    (said,) = re.findall(rf"^`{schema}`: (.*?)\n\n", DOCUMENT, re.MULTILINE | re.DOTALL)
    return set(re.findall(r"`(\w+)`", said))


def test_every_credential_of_every_system_is_listed_beside_the_ledger_s(home: Path) -> None:
    create = ("token", "create", "-p", "stackit", "--instance", "demo", "--kind", "token")
    assert tokentui(home, *create, "-e", "10m", "--purpose", "login", "--stdout").code == 0

    listed = items(home, "token", "list")

    (made,) = [one for one in listed if one["number"] is not None]
    assert (made["where"], made["purpose"], made["listed"]) == ("demo", "login", False)
    others = [one for one in listed if one["number"] is None]
    assert {one["profile"] for one in others} == {"stackit", "stackstate"}
    assert all(one["listed"] and one["id"] for one in others)
    assert sum("revoke" in one["can"] for one in others) > len(others) / 2
    assert all(one["endsAt"] is None or one["secondsLeft"] is not None for one in others)
    one_system = items(home, "token", "list", "-p", "stackstate")
    assert {one["id"] for one in one_system} == {
        one["id"] for one in others if one["profile"] == "stackstate"
    }


@pytest.mark.parametrize("noun", ["token", "account", "instance"])
def test_every_field_of_a_list_is_documented(home: Path, noun: str) -> None:
    found = items(home, noun, "list")
    assert found
    assert set(found[0]) <= told(f"tokentui/{noun}s/v1")


def test_offline_asks_nobody_and_shows_what_was_listed_last(sim: Simulator, home: Path) -> None:
    assert items(home, "token", "list", "--offline") == []
    listed = items(home, "token", "list")
    asked = len(sim.requests.all())

    remembered = items(home, "token", "list", "--offline")

    assert {(one["profile"], one["id"]) for one in remembered} == {
        (one["profile"], one["id"]) for one in listed
    }
    assert len(sim.requests.all()) == asked


def test_a_dead_source_is_said_and_the_others_are_listed(home: Path) -> None:
    assert {one["profile"] for one in items(home, "token", "list")} == {"stackit", "stackstate"}
    kill(home, "stackstate", url=DEAD)

    done = tokentui(home, "token", "list", "-o", "json")

    assert done.code == 5
    assert "tokentui: stackstate: " in done.err
    assert {one["profile"] for one in done.json["items"]} == {"stackit"}
    remembered = items(home, "token", "list", "--offline")
    assert {one["profile"] for one in remembered} == {"stackit", "stackstate"}


def test_accounts_are_listed_with_what_they_own(home: Path) -> None:
    accounts = items(home, "account", "list")

    owners = {one["name"]: one for one in accounts}
    assert owners["deploy"]["kind"] == "service account"
    assert owners["deploy"]["scope"] == "ops-prod"
    keys = [one for one in items(home, "token", "list") if one["where"] == "deploy"]
    assert owners["deploy"]["credentials"] == len(keys) > 0
    assert owners["deploy"]["soonestEnd"] == min(one["endsAt"] for one in keys)
    assert [one["name"] for one in accounts if one["own"]] == ["edge-admin"]
    table = tokentui(home, "account", "list").out.splitlines()
    assert table[0].split()[:3] == ["PROFILE", "KIND", "NAME"]
    assert len(table) == len(accounts) + 1


def test_check_judges_what_was_listed_last_and_says_how_old_that_is(
    sim: Simulator, home: Path
) -> None:
    create = ("token", "create", "-p", "stackit", "--instance", "demo", "--kind", "token")
    tokentui(home, *create, "-e", "10m", "--stdout")
    before = tokentui(home, "check", "-o", "json")
    assert (before.code, before.json["level"]) == (3, "unknown")
    assert {one["source"] for one in before.json["items"]} == {"ledger"}
    items(home, "token", "list")
    asked = len(sim.requests.all())

    done = tokentui(home, "check", "-o", "json")

    assert len(sim.requests.all()) == asked
    judged = done.json["items"]
    by_source = {one["source"]: one for one in judged}
    assert set(by_source) == {"ledger", "list"}
    assert by_source["ledger"]["listAgeSeconds"] is None
    assert 0 <= by_source["list"]["listAgeSeconds"] < 600
    assert done.code == LEVELS[done.json["level"]]
    worst = max((one["level"] for one in judged), key=list(LEVELS).index)
    assert done.json["level"] == worst
    text = tokentui(home, "check")
    assert text.code == done.code
    assert text.out.startswith(worst.upper())


def test_what_was_made_here_and_is_listed_is_one_until_it_is_gone(home: Path) -> None:
    create = ("token", "create", "-p", "stackstate", "--instance", "sts-prod", "-e", "2027-03-31")
    values = ("--set", "name=from-here", "--set", "roles=stackstate-guest")
    done = tokentui(home, *create, *values, "--purpose", "a test", "--stdout")
    assert done.code == 0, done.err

    (made,) = [one for one in items(home, "token", "list") if one["name"] == "from-here"]

    assert made["number"] == 1
    assert (made["listed"], made["purpose"], made["state"]) == (True, "a test", "live")
    assert made["deliveredTo"] == ["standard output"]
    (judged,) = [one for one in items(home, "check") if one["name"] == "from-here"]
    assert judged["source"] == "both"
