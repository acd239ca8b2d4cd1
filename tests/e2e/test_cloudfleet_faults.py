"""What Cloudfleet's verbs do when an answer is lost, late or senseless: said once, sent once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from command import Done, tokentui
from simulator_fixtures import start_simulator
from story import entry, items
from tokentui.simulator.cloudfleet.seeds import ADMIN_TOKEN, OWN_TOKEN
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.simulator.home import write_home
from tokentui.simulator.server import Simulator

TOKENS = "^/cloudfleet/v1/tokens"
SIGN_IN = "^/cloudfleet/realms/"
OK, UNKNOWN, UNREACHABLE = 0, 6, 5


class Verb(NamedTuple):
    """A command, its request, and what the world holds of what it changes."""

    method: str
    words: tuple[str, ...]
    lost: str
    state: Callable[[Simulator], object]


def _names(sim: Simulator) -> object:
    return sorted(one.name for one in sim.world.cloudfleet.tokens())


def _secret(sim: Simulator) -> object:
    return sim.world.cloudfleet.token_named(ADMIN_TOKEN).secret


VERBS = {
    "create": Verb("POST", ("create", "--name", "ci", "--stdout"), "make the API token ci", _names),
    "regenerate": Verb(
        "POST",
        ("regenerate", ADMIN_TOKEN, "-y", "--stdout"),
        "regenerate the API token ci-admin",
        _secret,
    ),
    "delete": Verb("DELETE", ("revoke", ADMIN_TOKEN, "-y"), "was deleted", _names),
}
LOST = {
    "cut before": Fault(kind=FaultKind.CUT),
    "cut after": Fault(kind=FaultKind.CUT, acts=True),
    "half": Fault(kind=FaultKind.HALF),
    "late": Fault(kind=FaultKind.DELAY, seconds=3.0),
}
every_verb = pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as simulator:
        yield simulator


@pytest.fixture
def home(sim: Simulator, tmp_path: Path) -> Path:
    """Give a home whose profile waits a second for an answer."""
    folder = write_home(sim, tmp_path / "home", ("cloudfleet",))
    path = folder / "config.yaml"
    content = yaml.safe_load(path.read_text())
    content["profiles"]["cloudfleet"]["timeout"] = 1.0
    path.write_text(yaml.safe_dump(content))
    return folder


def misbehave(sim: Simulator, verb: Verb, **fault: object) -> None:
    sim.faults.add(Fault(method=verb.method, path=TOKENS, **fault))  # type: ignore[arg-type]


def run(home: Path, verb: Verb) -> Done:
    done = tokentui(home, "token", *verb.words)
    assert done.out == ""
    assert "Traceback" not in done.err
    return done


def sent(sim: Simulator, verb: Verb) -> int:
    return sum(
        one.method == verb.method and one.path.startswith("/cloudfleet/v1/tokens")
        for one in sim.requests.all()
    )


def states(home: Path) -> dict[str, str]:
    """Give what the ledger alone says of each credential that was made from here."""
    listed = items(home, "token", "list", "--offline", "--all")
    return {one["name"]: one["state"] for one in listed if one["number"] is not None}


@pytest.mark.parametrize("fault", LOST.values(), ids=LOST)
@every_verb
def test_a_lost_answer_is_unknown_and_nothing_is_repeated(
    sim: Simulator, home: Path, verb: Verb, fault: Fault
) -> None:
    before = verb.state(sim)
    sim.faults.add(replace(fault, method=verb.method, path=TOKENS))

    done = run(home, verb)

    if fault.kind is FaultKind.HALF and verb is VERBS["delete"]:
        assert done.code == OK  # 204 has no body that could break off
        return
    assert done.code == UNKNOWN, done.err
    assert verb.lost in done.err
    assert "broke the connection off" in done.err or "did not answer within 1 s" in done.err
    assert sent(sim, verb) == 1
    has_acted = fault.acts or fault.kind is FaultKind.HALF
    assert (verb.state(sim) != before) is has_acted
    assert set(states(home).values()) <= {"unknown"}
    sim.faults.clear()
    if verb is VERBS["create"]:
        items(home, "token", "list")
        assert states(home) == {"ci": "lost" if has_acted else "unknown"}


@pytest.mark.parametrize("acts", [False, True], ids=["before", "after"])
@every_verb
def test_a_broken_server_leaves_it_unknown(
    sim: Simulator, home: Path, verb: Verb, acts: bool
) -> None:
    misbehave(sim, verb, kind=FaultKind.STATUS, status=500, body='{"title": "boom"}', acts=acts)

    done = run(home, verb)

    assert done.code == UNKNOWN
    assert "answered 500 Internal Server Error (boom)" in done.err
    assert verb.lost in done.err
    assert sent(sim, verb) == 1


@every_verb
def test_garbage_is_kept_where_it_may_hold_a_secret(sim: Simulator, home: Path, verb: Verb) -> None:
    misbehave(sim, verb, kind=FaultKind.GARBAGE, acts=True)

    done = run(home, verb)

    assert done.code == UNKNOWN
    assert "is not JSON" in done.err
    assert sent(sim, verb) == 1
    makes = verb.method == "POST"
    assert (home / "rescued").exists() is makes
    assert ("the answer as it came is kept in" in done.err) is makes
    assert set(states(home).values()) == ({"unknown"} if makes else set())


@pytest.mark.parametrize(
    ("status", "body", "code", "told"),
    [
        (401, '{"error": "who are you"}', 3, "who are you"),
        (403, '{"errors": [{"message": "not you"}]}', 3, "not you"),
        (404, '{"message": "gone"}', 4, "gone"),
        (409, '{"detail": "not ready"}', 1, "not ready"),
        (429, "", 5, "429"),
    ],
)
@every_verb
def test_a_refusal_keeps_the_server_s_words(
    sim: Simulator, home: Path, verb: Verb, status: int, body: str, code: int, told: str
) -> None:
    before = verb.state(sim)
    misbehave(sim, verb, kind=FaultKind.STATUS, status=status, body=body)

    done = run(home, verb)

    assert done.code == code, done.err
    assert told in done.err
    assert done.err.count("tokentui: ") == 1
    assert verb.state(sim) == before
    assert set(states(home).values()) <= {"refused"}


def test_a_regenerated_own_token_whose_answer_is_lost_says_what_to_try(
    sim: Simulator, home: Path
) -> None:
    misbehave(sim, VERBS["regenerate"], kind=FaultKind.CUT, acts=True)
    words = ("regenerate", OWN_TOKEN, "-y", "--confirm", OWN_TOKEN, "--stdout")

    done = tokentui(home, "token", *words)

    assert done.code == UNKNOWN
    assert "the old secret may be dead: verify it" in done.err
    assert entry(home)["state"] == "unknown"
    assert tokentui(home, "profile", "test").code == 3


def test_what_was_lost_is_regenerated_again_by_its_id(sim: Simulator, home: Path) -> None:
    misbehave(sim, VERBS["regenerate"], kind=FaultKind.CUT, acts=True)
    run(home, VERBS["regenerate"])
    sim.faults.clear()
    token_id = sim.world.cloudfleet.token_named(ADMIN_TOKEN).id

    done = tokentui(home, "token", "regenerate", token_id, "-y", "--stdout")

    assert done.code == OK, done.err
    assert done.out.strip() == sim.world.cloudfleet.token_named(ADMIN_TOKEN).secret
    assert entry(home, 2)["state"] == "live"


@pytest.mark.parametrize(
    ("fault", "code", "told"),
    [
        (Fault(kind=FaultKind.CUT), UNREACHABLE, "broke the connection off"),
        (Fault(kind=FaultKind.DELAY, seconds=3.0), UNREACHABLE, "did not answer within 1 s"),
        (Fault(kind=FaultKind.GARBAGE), 1, "JSON"),
        (Fault(kind=FaultKind.STATUS, status=500, body="boom"), 1, "500"),
        (Fault(kind=FaultKind.STATUS, status=404), 3, "check token_url"),
    ],
    ids=["cut", "late", "garbage", "500", "404"],
)
def test_a_token_endpoint_that_fails_lets_nothing_be_sent(
    sim: Simulator, home: Path, fault: Fault, code: int, told: str
) -> None:
    sim.faults.add(replace(fault, path=SIGN_IN))

    done = run(home, VERBS["create"])

    assert done.code == code, done.err
    assert told in done.err
    assert sim.requests.count("POST", "/v1/tokens") == 0
    assert states(home) == {}
