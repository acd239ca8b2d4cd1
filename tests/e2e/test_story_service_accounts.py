"""A service account and its key, from the first to the last call."""

from __future__ import annotations

import json
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from command import Done, argv, environment, tokentui
from simulator_fixtures import small_home, start_simulator
from story import Keys, added, entry, items, sign_in
from tokentui.simulator.server import Simulator

OK, REFUSED = 200, 400


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as simulator:
        yield simulator


@pytest.fixture
def home(sim: Simulator, tmp_path: Path) -> Path:
    return small_home(sim, tmp_path / "home")


def accounts(home: Path) -> set[str]:
    return {one["name"] for one in items(home, "account", "list")}


def key_of(home: Path, account: str = "ci-deploy") -> dict[str, object] | None:
    """Give the only key of an account as it is listed."""
    listed = [one for one in items(home, "token", "list") if one["where"] == account]
    assert len(listed) <= 1
    return listed[0] if listed else None


def make_key(keys: Keys, path: Path) -> str:
    """Make an account and a key for it by keys, save that, and give it."""
    keys.place("A")
    keys.send_keys("n")
    keys.says("2 ( ) ops-dev (stackit)")
    keys.fill("ci-deploy", "Tab")
    keys.send_keys("Enter")
    keys.wait_for("made service account ci-deploy")
    keys.narrow("ci-deploy")
    keys.says("nothing that is listed or was made from here")
    keys.send_keys("g")
    keys.says("Service account key")
    keys.send_keys("Enter")
    keys.wait_for("~/ci-deploy-key.json")
    keys.send_keys("C-u")
    keys.send_text(str(path))
    keys.send_keys("Enter")
    keys.says("it was exchanged for an access token")
    keys.says("readable by you alone")
    keys.send_keys("Enter")
    keys.wait_for("[A Accounts]")
    return path.read_text()


def confirm(keys: Keys, key: str, asks: str, then: str) -> None:
    keys.send_keys(key)
    keys.says(asks)
    keys.send_keys("F10")
    keys.wait_for(then)


def test_by_keys(sim: Simulator, home: Path, tmp_path: Path) -> None:
    path = tmp_path / "ci-key.json"
    with Keys(home) as keys:
        keys.answered("stackit")
        document = make_key(keys, path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert json.loads(document)["credentials"]["iss"].startswith("ci-deploy-")
        assert sign_in(sim, document) == OK

        keys.place("T")
        keys.narrow("kind:sa where:ci-deploy")
        keys.refreshed("GENERATED")
        confirm(keys, "o", "refused until it is switched on again", "switched off sa key")
        assert sign_in(sim, document) == REFUSED
        assert "not accepted" in keys.verified(document)
        keys.send_keys("o")
        keys.wait_for("switched on sa key")
        assert sign_in(sim, document) == OK
        keys.send_keys("d")
        keys.says("Move the end of sa key")
        keys.send_keys("6", "F10")
        keys.says("of stackit ends")
        keys.wait_for("29d 23h")
        assert sign_in(sim, document) == OK
        confirm(keys, "x", "it cannot be brought back", "deleted sa key")
        assert sign_in(sim, document) == REFUSED

        keys.place("A")
        keys.narrow("ci-deploy")
        confirm(keys, "x", "its keys and access tokens", "deleted service account ci-deploy")
        keys.wait_for("0 of 5")
        keys.left()
    assert "ci-deploy" not in accounts(home)
    assert key_of(home) is None
    assert entry(home)["state"] == "ended"


def run(home: Path, *words: str) -> Done:
    done = tokentui(home, *words)
    assert done.code == 0, done.err
    return done


def verify(home: Path, path: Path) -> Done:
    """Let the program try the key file that standard input gives."""
    with path.open() as document:
        done = subprocess.run(
            argv("token", "verify", "1", "-o", "json"),
            env=environment(home),
            stdin=document,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    return Done(done.returncode, done.stdout, done.stderr)


def test_by_command_line(sim: Simulator, home: Path, tmp_path: Path) -> None:
    home = added(home, tmp_path / "mine")
    path = tmp_path / "ci-key.json"
    made = run(home, "account", "create", "--name", "ci-deploy", "--scope", "ops-dev")
    assert made.out.startswith("ci-deploy-")
    assert "ci-deploy" in accounts(home)
    create = ("token", "create", "--account", "ci-deploy", "-e", "90d", "--file", str(path))
    run(home, *create)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    document = path.read_text()
    assert sign_in(sim, document) == OK
    listed = key_of(home)
    assert listed is not None
    name = str(listed["name"])
    assert name.startswith("ci-deploy/")
    assert verify(home, path).json["accepted"] is True

    run(home, "token", "switch-off", name, "-y")
    assert sign_in(sim, document) == REFUSED
    refused = verify(home, path)
    assert (refused.code, refused.json["accepted"]) == (1, False)
    assert items(home, "token", "list", "-p", "stackit")
    run(home, "token", "switch-on", name)
    assert sign_in(sim, document) == OK
    run(home, "token", "move-end", name, "-e", "2099-01-31 00:00 UTC")
    moved = key_of(home)
    assert moved is not None
    assert moved["endsAt"] == "2099-01-31T00:00:00Z"
    assert sign_in(sim, document) == OK

    run(home, "token", "revoke", name, "-y")
    assert sign_in(sim, document) == REFUSED
    assert verify(home, path).code == 1
    assert key_of(home) is None
    assert entry(home)["state"] == "ended"
    run(home, "account", "delete", "ci-deploy", "-y")
    assert "ci-deploy" not in accounts(home)


def test_deleting_the_account_ends_its_key(sim: Simulator, home: Path, tmp_path: Path) -> None:
    path = tmp_path / "ci-key.json"
    run(home, "account", "create", "--name", "ci-deploy", "--scope", "ops-dev")
    run(home, "token", "create", "--account", "ci-deploy", "--file", str(path))
    assert sign_in(sim, path.read_text()) == OK

    deleted = run(home, "account", "delete", "ci-deploy", "-y")

    assert "its keys" in deleted.err
    assert sign_in(sim, path.read_text()) == REFUSED
    assert key_of(home) is None
    assert entry(home)["state"] == "ended"


def test_an_account_that_is_signed_in_makes_no_key_for_itself(
    sim: Simulator, home: Path, tmp_path: Path
) -> None:
    create = ("token", "create", "--account", "edge-admin", "--file", str(tmp_path / "key"))

    done = tokentui(home, *create)

    assert done.code == 1
    assert "edge-admin" in done.err
    assert sim.requests.count("POST", "/keys") == 0
