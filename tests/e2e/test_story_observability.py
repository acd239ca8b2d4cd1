"""A technical user of STACKIT Observability from its first to its last call."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from command import tokentui
from simulator_fixtures import small_home, start_simulator
from story import Keys, added, address, entry, items, query
from tokentui.simulator.server import Simulator

OK, REFUSED = 200, 401
PASSWORD = re.compile(r"[0-9a-f]{32}")
CREATE = ("token", "create", "-p", "stackit", "--instance", "obs-prod")


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as simulator:
        yield simulator


@pytest.fixture
def home(sim: Simulator, tmp_path: Path) -> Path:
    return small_home(sim, tmp_path / "home")


def users(home: Path) -> set[str]:
    listed = items(home, "token", "list", "-p", "stackit")
    return {one["name"] for one in listed if one["where"] == "obs-prod"}


def is_user(text: str) -> bool:
    return text.startswith("obs-prod_")


def test_by_keys(home: Path) -> None:
    before = users(home)
    with Keys(home) as keys:
        keys.answered("stackit")
        keys.place("I")
        keys.narrow("obs-prod")
        keys.send_keys("g")
        keys.says("what it is for; STACKIT shows it beside the user name")
        keys.fill("otel in Munich", "Tab", "Tab")
        keys.send_keys("Enter")
        keys.says("Technical user created - shown here once")
        keys.says("accepts it in")
        password = keys.copied(lambda text: PASSWORD.fullmatch(text) is not None)
        keys.send_keys("y")
        user = keys.copied(is_user)
        keys.send_keys("c")
        assert keys.copied(lambda text: not is_user(text)) == password
        keys.send_keys("Enter")
        keys.wait_for("[I Instances]")
        assert password not in keys.capture(history=True)
        assert query(home, "obs-prod", user, password) == OK
        assert users(home) == before | {user}

        keys.place("T")
        keys.narrow("kind:obs #1")
        keys.refreshed("otel in Munich")
        assert "accepts it" in keys.verified(password)
        keys.send_keys("x")
        keys.says("Whoever uses it is refused from then on")
        keys.send_keys("F10")
        keys.wait_for("deleted obs user")
        keys.wait_for("ended")
        keys.left()
    assert query(home, "obs-prod", user, password) == REFUSED
    assert users(home) == before
    assert entry(home)["state"] == "ended"
    assert (entry(home)["name"], entry(home)["verified"]) == (user, True)


def test_by_command_line(home: Path, tmp_path: Path) -> None:
    home = added(home, tmp_path / "mine")
    before = users(home)
    made = tokentui(home, *CREATE, "--set", "description=otel in Munich", "-o", "json")
    assert made.code == 0, made.err
    user, password = made.json["user"], made.json["secret"]
    assert PASSWORD.fullmatch(password)
    assert made.json["endsAt"] is None
    assert "accepts it" in made.err

    assert query(home, "obs-prod", user, password) == OK
    trusted = ssl.create_default_context(cafile=str(home / "simulator-ca.pem"))
    pushed = httpx.post(
        address(home, "obs-prod", "Prometheus remote_write"),
        content=b"\x00",
        auth=(user, password),
        verify=trusted,
        trust_env=False,
    )
    assert pushed.status_code == OK
    assert users(home) == before | {user}

    ended = tokentui(home, "token", "revoke", user, "-y")
    assert ended.code == 0, ended.err
    assert query(home, "obs-prod", user, password) == REFUSED
    assert users(home) == before
    assert entry(home)["state"] == "ended"
    again = tokentui(home, "token", "revoke", user, "-y")
    assert again.code == 1
    assert "it is over: deleted" in again.err


def test_the_file_is_what_curl_takes(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "user"
    assert tokentui(home, *CREATE, "--file", str(path)).code == 0

    user, _, password = path.read_text().strip().rpartition(":")

    assert query(home, "obs-prod", user, password) == OK
