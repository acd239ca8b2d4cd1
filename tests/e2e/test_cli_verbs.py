"""The verbs of the command line against the simulator: whole stories, questions, signals."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from command import LIMIT_S, Done, argv, environment, tokentui
from simulator_fixtures import small_home, start_simulator
from simulator_fixtures import wait_until as wait_for
from terminal import Terminal
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.simulator.server import Simulator

INTERRUPTED = 128 + signal.SIGINT
SERVICE_TOKEN = r"/stackstate/.*/\d+$"
SHOWS = [
    ("provider", "list"),
    ("account", "list", "-o", "json"),
    ("token", "list", "-o", "json"),
    ("instance", "show", "demo", "-o", "yaml"),
    ("instance", "show", "obs-prod", "-o", "json"),
    ("recipe", "list", "-o", "yaml"),
    ("recipe", "show", "argocd", "--instance", "demo", "--kind", "token"),
]


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as simulator:
        yield simulator


@pytest.fixture
def home(sim: Simulator, tmp_path: Path) -> Path:
    return small_home(sim, tmp_path / "home")


def given(home: Path, secret: str, *words: str) -> Done:
    """Run a command that reads a secret."""
    done = subprocess.run(
        argv(*words),
        env=environment(home),
        input=secret,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def tokens(home: Path, *words: str) -> list[dict[str, Any]]:
    done = tokentui(home, "token", "list", "-o", "json", *words)
    assert done.code == 0, done.err
    items: list[dict[str, Any]] = done.json["items"]
    return items


def protect(home: Path, profile: str) -> None:
    path = home / "config.yaml"
    content = yaml.safe_load(path.read_text())
    content["profiles"][profile]["guard"] = {"protected": True}
    path.write_text(yaml.safe_dump(content))


@pytest.mark.parametrize("words", SHOWS, ids=" ".join)
def test_what_is_shown_needs_no_more_than_the_words(home: Path, words: tuple[str, ...]) -> None:
    done = tokentui(home, *words)

    assert done.code == 0, done.err
    assert done.out
    if words[-1] in {"json", "yaml"}:
        read = json.loads if words[-1] == "json" else yaml.safe_load
        assert read(done.out)["schema"].startswith("tokentui/")


def test_a_service_token_from_its_making_to_its_end(sim: Simulator, home: Path) -> None:
    made = tokentui(
        *(home, "token", "create", "-p", "stackstate", "--name", "x"),
        *("--role", "stackstate-guest", "-e", "2027-03-31", "--stdout"),
    )
    assert made.code == 0, made.err
    secret = made.out.strip()
    (listed,) = (one for one in tokens(home) if one["name"] == "x")
    assert (listed["endsAt"], listed["roles"]) == ("2027-03-31T00:00:00Z", ["stackstate-guest"])

    recipe = given(home, secret, "recipe", "show", "curl", "-p", "stackstate", "--secret-stdin")
    assert secret in recipe.out
    url = next(word for word in recipe.out.split() if word.startswith("http"))

    def status() -> int:
        return httpx.get(url, headers={"X-API-Key": secret}, trust_env=False).status_code

    assert status() == 200
    verify = ("token", "verify", "x", "-p", "stackstate")
    assert given(home, secret, *verify).code == 0
    ended = tokentui(home, "token", "revoke", "x", "-y")
    assert ended.code == 0, ended.err
    assert status() == 401
    refused = given(home, secret, *verify, "-o", "json")
    assert (refused.code, refused.json["accepted"]) == (1, False)
    assert "x" not in {one["name"] for one in tokens(home)}


def test_an_account_and_its_key_from_making_to_end(home: Path) -> None:
    made = tokentui(home, "account", "create", "--name", "ci-robot", "--scope", "ops-dev")
    assert made.code == 0, made.err
    email = made.out.strip()
    key = home / "key.json"
    create = ("token", "create", "--account", email, "-e", "90d", "--file", str(key), "-o", "json")
    facts = tokentui(home, *create).json
    assert facts["name"].startswith("ci-robot/")
    name, secret = facts["name"], key.read_text()
    assert json.loads(secret)["credentials"]["iss"] == email

    def accepted() -> int:
        return given(home, secret, "token", "verify", name).code

    assert accepted() == 0
    assert tokentui(home, "token", "switch-off", name, "-y").code == 0
    assert accepted() == 1
    assert tokentui(home, "token", "switch-on", facts["id"]).code == 0
    assert accepted() == 0
    sooner = ("token", "move-end", f"#{facts['number']}", "-e", "2027-01-31")
    assert tokentui(home, *sooner).code == 2
    moved = tokentui(home, *sooner, "-y")
    assert moved.code == 0, moved.err
    (listed,) = (one for one in tokens(home) if one["name"] == name)
    assert listed["endsAt"].startswith("2027-01-3")

    assert tokentui(home, "account", "delete", "ci-robot", "-y").code == 0
    assert email not in tokentui(home, "account", "list").out
    (entry,) = (one for one in tokens(home, "--all") if one["name"] == name)
    assert entry["state"] == "ended"


def test_a_technical_user_is_handed_over_in_two_parts(home: Path) -> None:
    create = ("token", "create", "--instance", "obs-prod", "--stdout")

    text = tokentui(home, *create).out.strip()
    data = tokentui(home, *create, "-o", "json").json

    user, _, _ = text.partition(":")
    assert given(home, text, "token", "verify", user).code == 0
    assert given(home, data["secret"], "token", "verify", data["user"]).code == 0
    assert tokentui(home, "token", "revoke", user, data["id"], "-y").code == 0
    assert given(home, text, "token", "verify", user).code == 1


def test_an_edge_token_cannot_be_revoked_and_says_why(home: Path) -> None:
    assert tokentui(home, "token", "create", "--instance", "demo", "--stdout").code == 0

    done = tokentui(home, "token", "revoke", "1", "-y")

    assert done.code == 1
    assert "cannot revoke an Edge credential" in done.err


def test_on_a_terminal_it_asks_and_no_is_the_safe_answer(home: Path) -> None:
    revoke = argv("token", "revoke", "topo-sync", "-p", "stackstate")
    for answer, code, says in (("", 1, "nothing was done"), ("y", 0, "deleted")):
        with Terminal(revoke, env=environment(home), columns=120) as terminal:
            terminal.wait_for("Delete it? [y/N]")
            terminal.send_keys(*answer, "Enter")
            terminal.wait_for(says)
            assert terminal.wait_exit() == code


def test_a_protected_profile_wants_the_name_typed(home: Path) -> None:
    protect(home, "stackstate")
    revoke = argv("token", "revoke", "topo-sync", "-p", "stackstate", "-y")
    for answer, code in (("topo", 7), ("topo-sync", 0)):
        with Terminal(revoke, env=environment(home), columns=120) as terminal:
            terminal.wait_for("Type topo-sync to delete it:")
            terminal.send_text(answer)
            terminal.send_keys("Enter")
            assert terminal.wait_exit() == code


def test_a_typed_secret_is_hidden_and_ctrl_c_leaves_the_terminal_as_it_was(home: Path) -> None:
    words = argv("token", "verify", "topo-sync", "-p", "stackstate")
    shell = ("sh", "-c", 'trap : INT; "$@"; echo "code $?"; stty -a; "$@"', "sh", *words)
    with Terminal(shell, env=environment(home), columns=120, lines=40) as terminal:
        terminal.wait_for("(not shown):")
        terminal.send_text("hidden-words")
        terminal.send_keys("C-c")
        screen = terminal.wait_for(f"code {INTERRUPTED}")
        screen = terminal.wait_for("echoe")
        assert " -echo " not in screen
        terminal.wait_for(lambda text: text.count("(not shown):") == 2)
        terminal.send_text("hidden-words")
        terminal.send_keys("Enter")
        terminal.wait_for("does not accept it")
        assert terminal.wait_exit() == 1
        assert "hidden-words" not in terminal.capture(history=True)


def test_a_signal_lets_the_request_end_and_begins_no_other(sim: Simulator, home: Path) -> None:
    sim.faults.add(Fault(kind=FaultKind.HOLD, path=SERVICE_TOKEN, method="DELETE"))
    process = subprocess.Popen(
        argv("token", "revoke", "topo-sync", "agent-muc", "-y"),
        env=environment(home),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    wait_for(lambda: sim.held == 1, 30)

    process.send_signal(signal.SIGINT)
    assert process.stderr is not None
    while b"stopping" not in (line := process.stderr.readline()):
        assert line, "it ended without a word"
    sim.faults.clear()
    sim.release()
    process.communicate(timeout=30)

    assert process.returncode == INTERRUPTED
    names = {one["name"] for one in tokens(home)}
    assert "topo-sync" not in names
    assert "agent-muc" in names
