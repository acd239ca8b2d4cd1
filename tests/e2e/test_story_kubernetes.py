"""Service accounts of a Kubernetes cluster and their tokens, from the first to the last call."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from command import Done, tokentui
from kubernetes_sim import answer_to
from simulator_fixtures import start_simulator
from story import Keys, added, entry, items
from tokentui.simulator.home import write_home
from tokentui.simulator.kubernetes.cluster import KubernetesCluster
from tokentui.simulator.kubernetes.resources import SECRETS
from tokentui.simulator.server import Simulator
from tools import kubectl
from traffic import record

OK, REFUSED = 200, 401
HOUR_S = 3600
LEGACY = "gitlab-runner-token"
MANY = 3033
"""Accounts of the world `rows:3000`, one `default` for each namespace among them."""
MOST_REQUESTS = 90
RULE = "RoleBindings stay, and bind by name: a new account of this name has its rights"
SHORTENED = "its life was shortened: asked for 1d, granted 1h"


@pytest.fixture(scope="module")
def sim() -> Iterator[Simulator]:
    with start_simulator() as simulator:
        yield simulator


@pytest.fixture
def lab(sim: Simulator) -> Iterator[KubernetesCluster]:
    """Give the cluster of today, whose tokens live an hour at most."""
    lab = sim.world.kubernetes.lab
    lab.switches.max_token_seconds = HOUR_S
    yield lab
    lab.switches.max_token_seconds = None


@pytest.fixture
def home(sim: Simulator, tmp_path: Path) -> Path:
    return write_home(sim, tmp_path / "home", ("kubernetes",))


def run(home: Path, *words: str) -> Done:
    done = tokentui(home, *words)
    assert done.code == 0, done.err
    return done


def who(home: Path, *words: str) -> str:
    """Let kubectl ask who it is with these flags; gives a refusal's words if it is refused."""
    argv = [kubectl(), f"--cache-dir={home / 'kubectl'}", *words, "auth", "whoami"]
    done = subprocess.run(
        [*argv, "-o", "jsonpath={.status.userInfo.username}"],
        env={"PATH": os.environ["PATH"], "HOME": str(home), "KUBECONFIG": os.devnull},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout if done.returncode == 0 else done.stderr


def who_is(home: Path, cluster: KubernetesCluster, token: str) -> str:
    """Let kubectl ask who a token is."""
    authority = f"--certificate-authority={home / 'simulator-ca.pem'}"
    return who(home, f"--server={cluster.url}", authority, f"--token={token}")


def is_token(text: str) -> bool:
    return text.startswith("eyJ")


def names(home: Path, kind: str) -> set[str]:
    """Give the names of the listed tokens of a kind."""
    listed = items(home, "token", "list")
    return {one["name"] for one in listed if one["kind"] == kind and one["listed"]}


def accounts(home: Path) -> set[str]:
    return {f"{one['scope']}/{one['name']}" for one in items(home, "account", "list")}


def ends_within(found: dict[str, Any], span: timedelta) -> bool:
    return datetime.fromisoformat(found["endsAt"]) < datetime.now(UTC) + span


def new_account(keys: Keys, name: str) -> None:
    keys.place("A")
    keys.send_keys("n")
    keys.says("it has no rights yet: how to use it has a RoleBinding for it")
    keys.fill(name)
    keys.send_keys("Enter")
    keys.wait_for(f"made service account {name}")
    keys.narrow(name)


def generate(keys: Keys, *choice: str) -> str:
    """Make a token for the chosen account, by the keys of its kind and its life; gives it."""
    keys.send_keys("g")
    keys.says("the server may shorten its life without refusing")
    keys.send_keys(*choice)
    keys.wait_for("[1 d]")
    keys.send_keys("Enter")
    keys.says("created - shown here once")
    keys.says(SHORTENED)
    keys.says("the API server accepts it as system:serviceaccount:default:")
    token = keys.copied(is_token)
    keys.send_keys("Enter")
    keys.wait_for("[A Accounts]")
    assert token not in keys.capture(history=True)
    return token


def confirm(keys: Keys, asks: str, then: str) -> None:
    keys.send_keys("x")
    keys.says(asks)
    keys.send_keys("F10")
    keys.says(then)


def test_by_keys(sim: Simulator, home: Path, lab: KubernetesCluster) -> None:
    with Keys(home) as keys:
        keys.answered("kubernetes")
        keys.place("I")
        keys.send_keys("g")
        keys.says("made for Kubernetes cluster lab: choose a service account (A Accounts)")
        keys.send_keys("Escape")
        keys.wait_for("[I Instances]")
        new_account(keys, "ci-bot")
        token = generate(keys, "4")
        assert who_is(home, lab, token) == "system:serviceaccount:default:ci-bot"
        keys.send_keys("u")
        keys.says("Rights inside its namespace: RoleBinding")
        keys.send_keys("Escape")
        keys.wait_for("[A Accounts]")
        revocable = generate(keys, "r", "4")

        keys.place("T")
        keys.narrow("ci-bot #2")
        keys.refreshed("1 of ")
        assert "accepts it" in keys.verified(revocable)
        confirm(keys, "Revoke k8s revocable token", "revoked k8s revocable token")
        assert (answer_to(sim, token), answer_to(sim, revocable)) == (OK, REFUSED)
        keys.narrow("ci-bot #1")
        keys.send_keys("x")
        keys.says("it ends only with its account or bound object")

        keys.place("A")
        confirm(keys, RULE, "deleted service account ci-bot")
        keys.wait_for("0 of ")
        keys.left()
    assert "Unauthorized" in who_is(home, lab, token)
    assert "default/ci-bot" not in accounts(home)
    assert [entry(home, number)["state"] for number in (1, 2)] == ["ended", "ended"]
    assert entry(home)["verified"]


def test_by_command_line(
    sim: Simulator, home: Path, lab: KubernetesCluster, tmp_path: Path
) -> None:
    home = added(home, tmp_path / "mine")
    made = run(home, "account", "create", "--name", "cli-bot", "--set", "namespace=ci")
    assert made.out.strip() == "system:serviceaccount:ci:cli-bot"
    assert "has a RoleBinding for it" in made.err
    assert "cli-bot (kubernetes): created in ci\n" in made.err
    create = ("token", "create", "--account", "ci/cli-bot")

    token = run(home, *create, "-e", "1d", "--stdout")
    assert SHORTENED in token.err
    assert ends_within(entry(home), timedelta(hours=1))
    run(home, *create, "--kind", "kubeconfig", "--kubeconfig")

    user = "system:serviceaccount:ci:cli-bot"
    assert who_is(home, lab, token.out.strip()) == user
    assert who(home, f"--kubeconfig={home / 'kubeconfig'}") == user
    ended = run(home, "account", "delete", "ci/cli-bot", "-y")
    assert RULE in ended.err
    assert "Unauthorized" in who_is(home, lab, token.out.strip())
    assert "Unauthorized" in who(home, f"--kubeconfig={home / 'kubeconfig'}")
    assert answer_to(sim, token.out.strip()) == REFUSED
    assert "ci/cli-bot" not in accounts(home)
    assert [entry(home, number)["state"] for number in (1, 2)] == ["ended", "ended"]


def test_a_revocable_token_is_listed_and_ends_with_its_secret(
    sim: Simulator, home: Path, lab: KubernetesCluster
) -> None:
    kind = ("--kind", "revocable-token", "--set", "description=nightly")
    create = ("token", "create", "--account", "build/release-bot")

    made = run(home, *create, *kind, "-e", "1d", "--stdout")

    token = made.out.strip()
    (listed,) = [one for one in items(home, "token", "list") if one["number"] == 1]
    name = listed["name"]
    assert (listed["listed"], listed["where"]) == (True, "release-bot")
    assert ends_within(listed, timedelta(hours=1)), "not the end that was asked for"
    assert lab.store.get(SECRETS, "build", name)
    assert answer_to(sim, token) == OK
    ended = run(home, "token", "revoke", name, "-y")
    assert "revoked" in ended.err
    assert lab.store.get(SECRETS, "build", name) is None
    assert answer_to(sim, token) == REFUSED
    assert name not in names(home, "revocable-token")
    assert entry(home)["state"] == "ended"


def test_a_token_of_a_secret_is_listed_without_its_value_and_deleted(
    sim: Simulator, home: Path, lab: KubernetesCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    traffic = record(monkeypatch)

    assert LEGACY in names(home, "secret-token")
    held = [row["data"] for row in lab.store.all(SECRETS) if row.get("data")]
    values = [value.encode() for data in held for value in data.values()]
    assert len(held) > 2
    ended = run(home, "token", "revoke", LEGACY, "-y")

    assert "deleted" in ended.err
    assert LEGACY not in names(home, "secret-token")
    assert lab.store.get(SECRETS, "ci", LEGACY) is None
    answers = [one.answer.body for one in traffic.answered]
    assert any(LEGACY.encode() in body for body in answers)
    assert not [value for value in values for body in answers if value in body]


def test_thousands_of_accounts(tmp_path: Path) -> None:
    """Two lists of Secrets for each of 33 namespaces, and seven pages of accounts."""
    with start_simulator("rows:3000") as sim:
        home = write_home(sim, tmp_path / "many", ("kubernetes",))
        assert len(items(home, "account", "list")) == MANY
        assert sim.requests.count() < MOST_REQUESTS
        sim.requests.clear()
        assert items(home, "token", "list") == []
        assert sim.requests.count() < MOST_REQUESTS
        sim.requests.clear()
        with Keys(home) as keys:
            keys.answered("kubernetes")
            keys.place("A")
            keys.wait_for(f"{MANY} of {MANY}")
            keys.narrow("sa02999")
            keys.wait_for(f"1 of {MANY}")
            keys.send_keys("g")
            keys.says("system:serviceaccount:team-029:sa02999 to the cluster")
            keys.send_keys("Enter")
            keys.says("the API server accepts it")
            assert answer_to(sim, keys.copied(is_token)) == OK
            keys.send_keys("Enter")
            keys.wait_for("[A Accounts]")
            keys.left()
        assert sim.requests.count() < 2 * MOST_REQUESTS
