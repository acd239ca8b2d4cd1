"""What the verbs for a cluster's accounts and tokens do when an answer is lost or of no use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from command import Done, tokentui
from killed import kill, recorded
from simulator_fixtures import start_simulator
from story import items
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.simulator.home import write_home
from tokentui.simulator.kubernetes.resources import SECRETS, SERVICE_ACCOUNTS
from tokentui.simulator.server import Simulator

UNKNOWN, UNREACHABLE = 6, 5
TOKEN = ("token", "create", "--account", "build/release-bot", "--stdout")
REVOCABLE = (*TOKEN, "--kind", "revocable-token")


class Verb(NamedTuple):
    """A command, the request that goes wrong, and what is then said.

    `state` is the ledger's word for what was to be made; empty: nothing is recorded.
    """

    method: str
    path: str
    words: tuple[str, ...]
    code: int
    said: str
    state: str = ""


VERBS = {
    "request a token": Verb(
        "POST", r"/release-bot/token$", TOKEN, UNKNOWN, "no list shows it", "unknown"
    ),
    "make the Secret of a revocable token": Verb(
        "POST", r"/secrets$", REVOCABLE, UNREACHABLE, "no token was asked for", "refused"
    ),
    "request a revocable token": Verb(
        "POST", r"/release-bot/token$", REVOCABLE, UNREACHABLE, "no token is left", "refused"
    ),
    "create an account": Verb(
        "POST",
        r"/serviceaccounts$",
        ("account", "create", "--name", "new-bot", "--set", "namespace=ci"),
        UNKNOWN,
        "nobody knows whether service account new-bot was created",
    ),
    "delete an account": Verb(
        "DELETE",
        r"/serviceaccounts/",
        ("account", "delete", "ci/argocd", "-y"),
        UNKNOWN,
        "nobody knows whether service account argocd was deleted",
    ),
    "delete a Secret's token": Verb(
        "DELETE",
        r"/secrets/",
        ("token", "revoke", "grafana-token", "-y"),
        UNKNOWN,
        "nobody knows whether k8s secret token grafana-token was deleted",
    ),
}
LATE = "request a revocable token"
FAULTS: dict[str, dict[str, Any]] = {
    "after": {"kind": FaultKind.CUT, "acts": True},
    "500": {"kind": FaultKind.STATUS, "status": 500},
    "late": {"kind": FaultKind.HOLD},
}
BAD_INPUT = {
    "no such account": (("--account", "deploier"), 4, "did you mean deployer"),
    "several accounts": (("--account", "default"), 2, "name one by id: system:serviceaccount:"),
    "wrong place": (("--account", "cii/argocd"), 4, "did you mean"),
    "no such field": (
        ("--account", "deployer", "--set", "audience=x"),
        2,
        "fields that can be set: audiences, bound_to",
    ),
    "bound to what cannot be": (
        ("--account", "deployer", "--set", "bound_to=ConfigMap/x"),
        2,
        "Secret/name or Pod/name",
    ),
    "bound to nothing": (
        ("--account", "deployer", "--set", "bound_to=Secret/none"),
        4,
        'secrets "none" not found',
    ),
    "too short": (("--account", "deployer", "-e", "5m"), 2, "below the minimum of 10 min"),
    "not made": (
        ("--account", "deployer", "--kind", "secret-token"),
        1,
        "make a revocable token",
    ),
}


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as simulator:
        yield simulator


@pytest.fixture
def home(sim: Simulator, tmp_path: Path) -> Path:
    home = write_home(sim, tmp_path / "home", ("kubernetes",))
    with (home / "config.yaml").open("a") as config:
        config.write("    timeout: 1\n")
    return home


def is_one_sentence(done: Done) -> bool:
    return "Traceback" not in done.err and done.err.splitlines()[-1].startswith("tokentui: ")


def anchors(sim: Simulator) -> set[str]:
    """Give the Secrets that were made for tokens of the account."""
    names = (row["metadata"]["name"] for row in sim.world.kubernetes.lab.store.all(SECRETS))
    return {name for name in names if name.startswith("tokentui-release-bot-")}


@pytest.mark.parametrize(
    ("name", "fault"),
    [(name, fault) for name in VERBS for fault in FAULTS if fault != "late" or name == LATE],
)
def test_a_lost_answer_is_one_sentence_and_nothing_is_repeated(
    sim: Simulator, home: Path, name: str, fault: str
) -> None:
    verb = VERBS[name]
    sim.faults.add(Fault(method=verb.method, path=verb.path, **FAULTS[fault]))

    done = tokentui(home, *verb.words)

    assert done.code == verb.code, done.err
    assert done.out == ""
    assert is_one_sentence(done)
    assert verb.said in done.err
    sent = [one for one in sim.requests.all() if one.method == verb.method]
    assert sum(re.search(verb.path, one.path) is not None for one in sent) == 1
    states = [one.state for one in recorded(home).entries.values()]
    assert states == [verb.state] * bool(verb.state)
    assert not anchors(sim) or name.startswith("make the Secret")


@pytest.mark.parametrize("words", [TOKEN, REVOCABLE], ids=["token", "revocable"])
def test_what_cannot_be_read_is_kept(sim: Simulator, home: Path, words: tuple[str, ...]) -> None:
    fault = Fault(kind=FaultKind.GARBAGE, path="/release-bot/token$", acts=True)
    sim.faults.add(fault)

    done = tokentui(home, *words)

    assert done.code == UNKNOWN
    assert is_one_sentence(done)
    assert "the answer as it came is kept in" in done.err
    (entry,) = recorded(home).entries.values()
    assert entry.state == "unknown"
    for name in anchors(sim):
        assert f"it ends with the Secret {name} of build" in done.err
        assert "the list shows it by that name" in done.err
    assert len(anchors(sim)) == (words == REVOCABLE)


@pytest.mark.parametrize("point", ["after answer 1", "after answer 2"])
def test_a_kill_leaves_what_the_next_list_shows(sim: Simulator, home: Path, point: str) -> None:
    """Also between the Secret and the token, when nothing but the Secret was made."""
    assert kill(home, point, *REVOCABLE) == b""

    listed = items(home, "token", "list")

    (ours,) = [one for one in listed if one["kind"] == "revocable-token"]
    assert (ours["number"], ours["state"], ours["listed"]) == (1, "lost", True)
    assert anchors(sim) == {ours["name"]}
    assert tokentui(home, "token", "revoke", ours["name"], "-y").code == 0
    assert not anchors(sim)
    assert [one.state for one in recorded(home).entries.values()] == ["ended"]


@pytest.mark.parametrize("name", BAD_INPUT)
def test_bad_input_is_one_sentence_and_makes_nothing(sim: Simulator, home: Path, name: str) -> None:
    words, code, said = BAD_INPUT[name]

    done = tokentui(home, "token", "create", "--stdout", *words)

    assert (done.code, done.out) == (code, ""), done.err
    assert is_one_sentence(done)
    assert said in done.err
    assert sim.world.kubernetes.mint_count() == 0


@pytest.mark.parametrize(
    ("values", "code", "said"),
    [
        (("name=Bad_Name", "namespace=ci"), 2, "lower-case letters and digits"),
        (("name=x-bot", "namespace=cii"), 2, "choose from: build, ci, default"),
        (("name=argocd", "namespace=ci"), 1, '"argocd" already exists): choose another name'),
    ],
)
def test_an_account_that_cannot_be(
    sim: Simulator, home: Path, values: tuple[str, ...], code: int, said: str
) -> None:
    before = len(list(sim.world.kubernetes.lab.store.all(SERVICE_ACCOUNTS)))
    flags = [word for value in values for word in ("--set", value)]

    done = tokentui(home, "account", "create", *flags)

    assert (done.code, done.out) == (code, ""), done.err
    assert is_one_sentence(done)
    assert said in done.err
    assert len(list(sim.world.kubernetes.lab.store.all(SERVICE_ACCOUNTS))) == before
