"""StackState's tokens from the first to the last call, on a server of today and on an old one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
import yaml

from command import Done, tokentui
from simulator_fixtures import small_home, start_simulator
from story import IN_FIELD, Keys, added, entry, items, server_info
from tokentui.simulator.server import Simulator
from tokentui.simulator.stackstate.world import StackstateServer

OK, REFUSED = 200, 401
ENDS = "2099-03-31"
DEAD_FROM = "2099-03-31T00:00:00Z"


class Place(NamedTuple):
    """A server and a home whose profile `stackstate` is signed in to it."""

    home: Path
    server: StackstateServer


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as simulator:
        yield simulator


@pytest.fixture(params=["sts-prod", "sts-lab"], ids=["current", "old"])
def place(request: pytest.FixtureRequest, sim: Simulator, tmp_path: Path) -> Place:
    home = small_home(sim, tmp_path / "home")
    server = sim.world.stackstate.servers[request.param]
    if request.param == "sts-lab":
        path = home / "config.yaml"
        content = yaml.safe_load(path.read_text())
        token = str(home / "secrets" / "stackstate-lab-token")
        content["profiles"]["stackstate"] |= {
            "url": server.url,
            "auth": {"method": "file", "path": token},
        }
        path.write_text(yaml.safe_dump(content))
    return Place(home, server)


def names(home: Path) -> set[str]:
    return {one["name"] for one in items(home, "token", "list", "-p", "stackstate")}


def is_service_token(text: str) -> bool:
    return text.startswith("svctok-")


def run(home: Path, *words: str) -> Done:
    done = tokentui(home, *words)
    assert done.code == 0, done.err
    return done


def handles(server: StackstateServer) -> set[str]:
    return {subject.handle for subject in server.subjects.all()}


def ingest(server: StackstateServer, token: str) -> int:
    """Send a metric as an agent does; gives the status."""
    answer = httpx.post(
        f"{server.url}/otlp/v1/metrics",
        json={"resourceMetrics": []},
        headers={"authorization": f"SUSEObservability {token}"},
        trust_env=False,
    )
    return answer.status_code


def test_by_keys(place: Place) -> None:
    home, server = place
    before = names(home)
    with Keys(home) as keys:
        keys.answered("stackstate")
        keys.place("I")
        keys.narrow(server.name)
        keys.send_keys("g")
        keys.says("Service token")
        keys.says("is dead on that day, from 00:00 UTC on")
        keys.fill("nightly-2", "Tab")
        keys.send_keys("Tab")
        keys.gone(IN_FIELD)
        keys.fill("stackstate-guest", "Tab")
        keys.leave_field()
        keys.send_keys("2")
        keys.wait_for("[7 d]")
        keys.send_keys("Enter")
        keys.says("Service token created - shown here once")
        keys.says("accepts it")
        token = keys.copied(is_service_token)
        keys.send_keys("Enter")
        keys.wait_for("[I Instances]")
        assert token not in keys.capture(history=True)
        assert server_info(server.url, token) == OK
        assert names(home) == before | {"nightly-2"}

        keys.place("T")
        keys.narrow("nightly-2")
        keys.refreshed("changed ")
        assert "accepts it" in keys.verified(token)
        keys.send_keys("x")
        keys.says("Delete service token nightly-2")
        keys.send_keys("F10")
        keys.wait_for("deleted service token nightly-2")
        keys.left()
    assert server_info(server.url, token) == REFUSED
    assert names(home) == before
    assert (entry(home)["state"], entry(home)["verified"]) == ("ended", True)


def test_by_command_line(place: Place, tmp_path: Path) -> None:
    home, server = added(place.home, tmp_path / "mine"), place.server
    before = names(home)
    create = ("token", "create", "-p", "stackstate", "--name", "x", "--role", "stackstate-guest")

    made = run(home, *create, "-e", ENDS, "--stdout")

    token = made.out.strip()
    assert is_service_token(token)
    assert DEAD_FROM in made.err
    assert server_info(server.url, token) == OK
    assert entry(home)["endsAt"] == DEAD_FROM
    (listed,) = [one for one in items(home, "token", "list") if one["name"] == "x"]
    assert (listed["endsAt"], listed["roles"]) == (DEAD_FROM, ["stackstate-guest"])
    assert server.token_named("x").expires_ms == 4078598400000

    ended = run(home, "token", "revoke", "x", "-y")
    assert "deleted" in ended.err
    assert server_info(server.url, token) == REFUSED
    assert names(home) == before
    assert entry(home)["state"] == "ended"


def test_an_ingestion_token_comes_with_its_right_and_goes_without_a_trace(place: Place) -> None:
    home, server = place
    subjects = handles(server)
    create = ("token", "create", "-p", "stackstate", "--kind", "ingestion-token")

    made = run(home, *create, "--name", "agent-lab", "-e", ENDS, "--stdout")

    token = made.out.strip()
    assert ingest(server, token) == OK
    assert server.may(["agent-lab"], "update-metrics")
    ended = run(home, "token", "revoke", "agent-lab", "-y")
    assert ingest(server, token) == REFUSED
    assert "agent-lab" not in names(home)
    if server.is_old:
        assert "agent-lab" in ended.err
    else:
        assert handles(server) == subjects
