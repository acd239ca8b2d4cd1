"""The contexts of a kubeconfig as profiles: each way to sign in, and what goes wrong with one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from command import Done, tokentui
from kubernetes_connection import changed_kubeconfig
from kubernetes_sim import answer_to, write_kubeconfig
from simulator_fixtures import start_simulator
from story import Keys, items
from tokentui.simulator.kubernetes.resources import SERVICE_ACCOUNTS
from tokentui.simulator.kubernetes.tokens import ISSUER
from tokentui.simulator.server import Simulator

OK, REFUSED = 200, 401
MINUTE = timedelta(minutes=1)
MARK = re.compile(r"exec_allowed: '([0-9a-f]{16})'")
NO_MINT = "the sign-in may not create serviceaccounts/token in the namespace build"
NO_DELETE = "the sign-in may not delete serviceaccounts in the namespace build"


@pytest.fixture(scope="module")
def sim() -> Iterator[Simulator]:
    with start_simulator() as simulator:
        yield simulator


@pytest.fixture
def home(sim: Simulator, tmp_path: Path) -> Path:
    """Give a home without a profile, whose kubeconfig is where kubectl looks."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    write_kubeconfig(sim, home)
    return home


def add(home: Path, *flags: str) -> Done:
    return tokentui(home, "profile", "add", "kubernetes", "k8s", "--auth", "kubeconfig", *flags)


def expired(sim: Simulator) -> str:
    """Give a token of an account whose end has passed."""
    lab = sim.world.kubernetes.lab
    account = lab.store.get(SERVICE_ACCOUNTS, "build", "deployer")
    assert account is not None
    return lab.tokens.sign_bound(account, [ISSUER], lab.ground.clock.now() - MINUTE, None)


Change = Callable[[Simulator, dict[str, Any], dict[str, Any]], object]
TROUBLE: dict[str, tuple[Change, int, str]] = {
    "dead network": (
        lambda _, cluster, user: cluster.update(server="https://127.0.0.1:9/kubernetes/lab"),
        5,
        "cannot reach the cluster because 127.0.0.1:9 refuses connections",
    ),
    "unknown authority": (
        lambda _, cluster, user: cluster.pop("certificate-authority-data"),
        5,
        "is not trusted (self-signed certificate in certificate chain): set `ca_file`",
    ),
    "expired token": (
        lambda sim, cluster, user: user.update(token=expired(sim)),
        3,
        "the token of the user lab ended on ",
    ),
    "wrong token": (
        lambda _, cluster, user: user.update(token="0" * 32),
        3,
        "401 Unauthorized (Unauthorized): sign in again, or check the user lab in the kubeconfig",
    ),
    "no credentials": (
        lambda _, cluster, user: user.clear(),
        3,
        "the user lab has no credentials",
    ),
    "no TLS": (
        lambda _, cluster, user: cluster.update(server="http://127.0.0.1:9"),
        3,
        "without TLS no credentials are sent there",
    ),
}


@pytest.mark.parametrize("name", TROUBLE)
def test_what_does_not_work_is_one_sentence(sim: Simulator, home: Path, name: str) -> None:
    spoil, code, said = TROUBLE[name]

    def change(cluster: dict[str, Any], user: dict[str, Any]) -> None:
        spoil(sim, cluster, user)

    changed_kubeconfig(sim, home, change)
    assert add(home, "--no-test").code == 0

    done = tokentui(home, "account", "list")

    assert done.code == code, done.err
    assert done.out.count("\n") <= 1, "no account is shown"
    (told,) = done.err.splitlines()
    assert said in told


def test_a_viewer_is_told_what_is_not_allowed(sim: Simulator, home: Path) -> None:
    done = add(home, "--context", "lab-viewer")
    assert "signed in as viewer (context lab-viewer" in done.err
    assert {one["scope"] for one in items(home, "account", "list")} == {"build"}
    asked = sim.requests.count("POST", "/token")

    made = tokentui(home, "token", "create", "--account", "deployer", "--stdout")
    deleted = tokentui(home, "account", "delete", "deployer", "-y")

    assert (made.code, deleted.code) == (1, 1)
    assert NO_MINT in made.err
    assert NO_DELETE in deleted.err
    with Keys(home) as keys:
        keys.answered("kubernetes")
        keys.place("A")
        keys.narrow("deployer")
        keys.send_keys("g")
        keys.says(NO_MINT)
        keys.says("r (-) Revocable token")
        keys.send_keys("Enter")
        keys.says(NO_MINT)
        keys.send_keys("Escape")
        keys.wait_for("[A Accounts]")
        keys.send_keys("x")
        keys.says("delete service account deployer: the sign-in may not delete serviceaccounts")
        keys.left()
    assert sim.requests.count("POST", "/token") == asked


def test_a_program_that_signs_in_runs_after_consent(sim: Simulator, home: Path) -> None:
    sim.requests.clear()

    refused = add(home, "--context", "lab-exec")

    assert refused.code == 3
    assert "needs your consent: /" in refused.err
    mark = MARK.search(refused.err)
    assert mark is not None
    assert sim.requests.count() == 0

    other = add(home, "--context", "lab-exec", "--exec-allowed", "0" * 16)
    agreed = add(home, "--context", "lab-exec", "--exec-allowed", mark[1])

    assert "is not the one that exec_allowed stands for" in other.err
    assert agreed.code == 0, agreed.err
    assert "signed in as mia" in agreed.err
    made = tokentui(home, "token", "create", "--account", "deployer", "--stdout")
    assert answer_to(sim, made.out.strip()) == OK


@pytest.mark.parametrize(("context", "who"), [("lab-cert", "carol"), ("old", "old")])
def test_a_certificate_and_an_old_server(
    sim: Simulator, home: Path, context: str, who: str
) -> None:
    assert f"signed in as {who} " in add(home, "--context", context).err
    world = sim.world.kubernetes
    cluster = world.old if context == "old" else world.lab
    create = ("token", "create", "--account", "build/deployer", "--kind", "revocable-token")

    made = tokentui(home, *create, "--stdout")

    token = made.out.strip()
    assert made.code == 0, made.err
    assert "verified: the API server accepts it" in made.err
    assert answer_to(sim, token, cluster) == OK
    (listed,) = [one for one in items(home, "token", "list") if one["number"] == 1]
    assert tokentui(home, "token", "revoke", listed["name"], "-y").code == 0
    assert answer_to(sim, token, cluster) == REFUSED


def test_a_wrong_context_is_told_the_nearest(sim: Simulator, home: Path) -> None:
    done = add(home, "--context", "lab-viewr")
    assert done.code == 3
    assert "no context lab-viewr: did you mean lab-viewer? contexts that it has" in done.err
    assert "is not saved" in done.err
    assert not (home / "config.yaml").exists()
    current = add(home)
    assert "signed in as admin (context lab, " in current.err
