"""What KKP's verbs do when an answer is lost, late or senseless: said once, sent once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from command import Done, tokentui
from kubermatic_home import PROFILE, kkp_home
from simulator_fixtures import start_simulator
from story import items
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.simulator.server import Simulator

FAILED, USAGE, FORBIDDEN, NOT_FOUND, UNKNOWN = 1, 2, 3, 4, 6
HARMFUL = "no \x1b[2Jway \u202e\x07"
CLEANED = "no \ufffd[2Jway"


class Verb(NamedTuple):
    """A command, its request, and what the world holds of what it changes."""

    method: str
    path: str
    words: tuple[str, ...]
    lost: str
    state: Callable[[Simulator], object]


def _tokens(sim: Simulator) -> object:
    tokens = sim.world.kubermatic.main.tokens.values()
    return sorted((one.name, one.secret) for one in tokens)


def _accounts(sim: Simulator) -> object:
    accounts = sim.world.kubermatic.main.accounts.values()
    return sorted((one.name, one.group) for one in accounts)


def _inside(sim: Simulator) -> object:
    return sorted(sim.world.kubermatic.main.cluster_named("web").accounts)


def _admin(sim: Simulator) -> object:
    return sim.world.kubermatic.main.cluster_named("web").admin_token


TOKENS = "/tokens(/|$)"
ACCOUNTS = "/serviceaccounts(/[^/]+)?$"
INSIDE = "/serviceaccount(/[^/]+/[^/]+)?$"
VERBS = {
    "create a token": Verb(
        "POST",
        TOKENS,
        ("token", "create", "--account", "reader", "--name", "x", "--stdout"),
        "it is unknown whether the request to make the token x for reader",
        _tokens,
    ),
    "rename a token": Verb(
        "PATCH", TOKENS, ("token", "rename", "gitlab-ci", "x"), "was renamed", _tokens
    ),
    "regenerate a token": Verb(
        "PUT",
        TOKENS,
        ("token", "regenerate", "gitlab-ci", "-y", "--stdout"),
        "it is unknown whether the request to regenerate the token gitlab-ci",
        _tokens,
    ),
    "delete a token": Verb(
        "DELETE", TOKENS, ("token", "revoke", "gitlab-ci", "-y"), "was deleted", _tokens
    ),
    "create an account": Verb(
        "POST",
        ACCOUNTS,
        ("account", "create", "--name", "x", "--scope", "shop", "--group", "Viewer"),
        "was created",
        _accounts,
    ),
    "rename an account": Verb(
        "PUT", ACCOUNTS, ("account", "rename", "reader", "x"), "was renamed", _accounts
    ),
    "regroup an account": Verb(
        "PUT", ACCOUNTS, ("account", "regroup", "reader", "Editor"), "was regrouped", _accounts
    ),
    "delete an account": Verb(
        "DELETE", ACCOUNTS, ("account", "delete", "reader", "-y"), "was deleted", _accounts
    ),
    "create an account in a cluster": Verb(
        "POST",
        INSIDE,
        ("account", "create", "--name", "x", "--scope", "shop/web"),
        "was created",
        _inside,
    ),
    "delete an account in a cluster": Verb(
        "DELETE", INSIDE, ("account", "delete", "argo", "-y"), "was deleted", _inside
    ),
    "revoke a kubeconfig": Verb(
        "PUT",
        "/clusters/[^/]+/token$",
        ("token", "revoke", "admin", "--instance", "web", "-y"),
        "was revoked",
        _admin,
    ),
}
SOME = ("create a token", "revoke a kubeconfig")
every_verb = pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
some_verbs = pytest.mark.parametrize("verb", [VERBS[name] for name in SOME], ids=SOME)


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as simulator:
        yield simulator


@pytest.fixture
def home(sim: Simulator, tmp_path: Path) -> Path:
    """Give a home whose profile waits a second for an answer."""
    folder = kkp_home(sim, tmp_path / "home")
    path = folder / "config.yaml"
    content = yaml.safe_load(path.read_text())
    content["profiles"][PROFILE]["timeout"] = 1.0
    path.write_text(yaml.safe_dump(content))
    return folder


def sent(sim: Simulator, verb: Verb) -> int:
    return sum(one.method == verb.method for one in sim.requests.all())


def is_one_sentence(done: Done) -> bool:
    """Whether one sentence says what failed; that nothing is sent again, or kept, is a note."""
    said = [line for line in done.err.splitlines() if line.startswith("tokentui: ")]
    notes = [line for line in said if "nothing was sent" in line or "kept in" in line]
    return "Traceback" not in done.err and len(said) - len(notes) == 1


def run(home: Path, verb: Verb) -> Done:
    done = tokentui(home, *verb.words)
    assert done.out == ""
    assert is_one_sentence(done)
    return done


def misbehave(sim: Simulator, verb: Verb, fault: Fault) -> None:
    sim.faults.add(replace(fault, method=verb.method, path=verb.path))


def made(home: Path) -> list[str]:
    """Give the states of what the ledger knows to have been asked for."""
    listed = items(home, "token", "list", "--offline", "--all")
    return [one["state"] for one in listed if one["number"] is not None]


@every_verb
def test_a_lost_answer_is_said_to_be_unknown_and_nothing_is_repeated(
    sim: Simulator, home: Path, verb: Verb
) -> None:
    before = verb.state(sim)
    misbehave(sim, verb, Fault(kind=FaultKind.CUT, acts=True))

    done = run(home, verb)

    assert done.code == UNKNOWN, done.err
    assert verb.lost in done.err
    assert sent(sim, verb) == 1
    assert verb.state(sim) != before
    assert set(made(home)) <= {"unknown"}


@pytest.mark.parametrize(
    "fault",
    [Fault(kind=FaultKind.CUT), Fault(kind=FaultKind.DELAY, seconds=2.0)],
    ids=["cut before", "late"],
)
@some_verbs
def test_whether_it_was_done_or_not_it_is_unknown(
    sim: Simulator, home: Path, verb: Verb, fault: Fault
) -> None:
    misbehave(sim, verb, fault)

    done = run(home, verb)

    assert done.code == UNKNOWN, done.err
    assert verb.lost in done.err
    assert sent(sim, verb) == 1


@some_verbs
def test_a_refusal_keeps_the_server_s_words(sim: Simulator, home: Path, verb: Verb) -> None:
    before = verb.state(sim)
    body = json.dumps({"error": {"code": 403, "message": HARMFUL}})
    misbehave(sim, verb, Fault(kind=FaultKind.STATUS, status=403, body=body))

    done = run(home, verb)

    assert done.code == FORBIDDEN, done.err
    assert "answered 403" in done.err
    assert CLEANED in done.err
    assert not {"\x1b", "\x07", "\u202e"} & set(done.err)
    assert sent(sim, verb) == 1
    assert verb.state(sim) == before
    assert set(made(home)) <= {"refused"}


@some_verbs
def test_a_server_error_is_not_asked_again(sim: Simulator, home: Path, verb: Verb) -> None:
    before = verb.state(sim)
    misbehave(sim, verb, Fault(kind=FaultKind.STATUS, status=500, body="<h1>broken</h1>"))

    done = run(home, verb)

    assert done.code == UNKNOWN, done.err
    assert "answered 500" in done.err
    assert sent(sim, verb) == 1
    assert verb.state(sim) == before
    assert set(made(home)) <= {"unknown"}


@pytest.mark.parametrize("name", ["create a token", "regenerate a token"])
def test_a_senseless_answer_is_kept_because_the_secret_may_be_in_it(
    sim: Simulator, home: Path, name: str
) -> None:
    verb = VERBS[name]
    misbehave(sim, verb, Fault(kind=FaultKind.GARBAGE, acts=True))

    done = run(home, verb)

    assert done.code == UNKNOWN, done.err
    assert "is not JSON" in done.err
    (kept,) = (home / "rescued").iterdir()
    assert str(kept) in done.err
    assert kept.stat().st_mode & 0o777 == 0o600
    assert sent(sim, verb) == 1
    assert made(home) == ["unknown"]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("token", "create", "--account", "nobody"), NOT_FOUND, "there is no account 'nobody'"),
        (("token", "create", "--account", "reader", "--name", "a b"), USAGE, "cannot be 'a b'"),
        (
            ("account", "create", "--name", "x", "--scope", "shop", "--group", "Owner"),
            USAGE,
            "choose from: Viewer, Editor, Project Manager",
        ),
        (("account", "create", "--name", "x", "--scope", "moon"), NOT_FOUND, "no place 'moon'"),
        (
            ("account", "create", "--name", "X", "--scope", "shop/web"),
            USAGE,
            "lower-case letters, digits, dashes and dots",
        ),
        (("account", "regroup", "reader", "editors"), USAGE, "choose from: Viewer"),
        (("token", "revoke", "nothing", "-y"), NOT_FOUND, "there is no credential 'nothing'"),
        (("token", "move-end", "gitlab-ci", "-e", "1d"), FAILED, "after three years"),
        (("kubeconfig", "create", "--instance", "moon"), NOT_FOUND, "no instance 'moon'"),
        (
            ("account", "create", "--name", "reader", "--scope", "shop", "--group", "Viewer"),
            FAILED,
            "already exists",
        ),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(
    sim: Simulator, home: Path, words: tuple[str, ...], code: int, says: str
) -> None:
    before = _tokens(sim), _accounts(sim)

    done = tokentui(home, *words)

    assert (done.code, done.out) == (code, ""), done.err
    assert is_one_sentence(done)
    assert says in done.err
    assert (_tokens(sim), _accounts(sim)) == before
