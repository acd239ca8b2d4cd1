"""What the verbs do when an answer is lost or a server refuses: said once, sent once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from command import Done, tokentui
from simulator_fixtures import small_home, start_simulator
from stackit_services import account_named, new_key, service_client
from story import items
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.simulator.server import Simulator

CHANGES = r"^/stackit/(observability|service-account/v2)/|^/stackstate/"
HARMFUL = "no \x1b[2Jway \u202e\x07"
CLEANED = "no \ufffd[2Jway"
KEY = "backup/bda1d3fe"


class Verb(NamedTuple):
    """A command, its request, and whether what it was meant to change is still as it was."""

    method: str
    words: tuple[str, ...]
    lost: str
    unchanged: Callable[[Simulator], bool]


def _user(sim: Simulator) -> str:
    (instance,) = (o for o in sim.world.stackit.observability.all() if o.name == "obs-prod")
    return min(instance.users)


def _has_users(sim: Simulator) -> bool:
    return {len(o.users) for o in sim.world.stackit.observability.all()} == {1, 2}


def _has_key(sim: Simulator) -> bool:
    soon = sim.clock.now() + timedelta(days=41)
    keys = sim.world.stackit.accounts.keys_of(account_named(sim, "backup"))
    ends = [one.valid_until for one in keys if one.active and one.valid_until is not None]
    return len(ends) == 1 and ends[0] < soon


def _has_account(sim: Simulator) -> bool:
    return any(one.email.startswith("backup-") for one in sim.world.stackit.accounts.all())


def _has_no_new_account(sim: Simulator) -> bool:
    return not any(one.email.startswith("ci-new") for one in sim.world.stackit.accounts.all())


def _has_token(sim: Simulator) -> bool:
    return "topo-sync" in {one.name for one in sim.world.stackstate.prod.tokens()}


VERBS = {
    "delete a technical user": Verb(
        "DELETE", ("token", "revoke", "USER", "-y"), "was deleted", _has_users
    ),
    "delete a key": Verb("DELETE", ("token", "revoke", KEY, "-y"), "was deleted", _has_key),
    "switch a key off": Verb(
        "PATCH", ("token", "switch-off", KEY, "-y"), "was switched off", _has_key
    ),
    "move a key's end": Verb(
        "PATCH", ("token", "move-end", KEY, "-e", "2099-01-01"), "was given another end", _has_key
    ),
    "create an account": Verb(
        "POST",
        ("account", "create", "--name", "ci-new", "--scope", "ops-dev"),
        "was created",
        _has_no_new_account,
    ),
    "delete an account": Verb(
        "DELETE", ("account", "delete", "backup", "-y"), "was deleted", _has_account
    ),
    "delete a service token": Verb(
        "DELETE", ("token", "revoke", "topo-sync", "-y"), "was deleted", _has_token
    ),
}
every_verb = pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as simulator:
        yield simulator


@pytest.fixture
def home(sim: Simulator, tmp_path: Path) -> Path:
    return small_home(sim, tmp_path / "home")


def run(sim: Simulator, home: Path, verb: Verb) -> Done:
    """Run the verb's command; the world is known before, as an operator knows it."""
    return tokentui(home, *(_user(sim) if word == "USER" else word for word in verb.words))


def sent(sim: Simulator, verb: Verb) -> int:
    """Count the requests that could change something."""
    asked = [one for one in sim.requests.all() if one.method == verb.method]
    return sum(not one.path.endswith("/service-account/token") for one in asked)


def is_one_sentence(done: Done) -> bool:
    return "Traceback" not in done.err and done.err.count("tokentui: ") == 1


@pytest.mark.parametrize("acts", [False, True], ids=["before", "after"])
@every_verb
def test_a_lost_answer_is_said_to_be_unknown_and_nothing_is_repeated(
    sim: Simulator, home: Path, verb: Verb, acts: bool
) -> None:
    sim.faults.add(Fault(kind=FaultKind.CUT, method=verb.method, path=CHANGES, acts=acts))

    done = run(sim, home, verb)

    assert done.code == 6, done.err
    assert done.out == ""
    assert is_one_sentence(done)
    assert "nobody knows whether" in done.err
    assert f"{verb.lost}, as 127.0.0.1" in done.err
    assert "broke the connection off before its answer was complete: list again to see" in done.err
    assert done.err.count("whether") == 1
    assert sent(sim, verb) == 1
    assert verb.unchanged(sim) is not acts


@pytest.mark.parametrize(("status", "code"), [(403, 3), (409, 1)])
@every_verb
def test_a_refusal_keeps_the_server_s_words_and_its_trace(
    sim: Simulator, home: Path, verb: Verb, status: int, code: int
) -> None:
    body = json.dumps({"message": HARMFUL, "errors": [{"message": HARMFUL}]})
    headers = {"x-trace-id": "trace-9"}
    sim.faults.add(
        Fault(
            kind=FaultKind.STATUS,
            method=verb.method,
            path=CHANGES,
            status=status,
            body=body,
            headers=headers,
        )
    )

    done = run(sim, home, verb)

    assert done.code == code, done.err
    assert is_one_sentence(done)
    assert f"answered {status}" in done.err
    assert CLEANED in done.err
    assert not {"\x1b", "\x07", "\u202e"} & set(done.err)
    assert "trace id trace-9" in done.err
    assert sent(sim, verb) == 1
    assert verb.unchanged(sim)


@pytest.mark.parametrize("name", ["switch a key off", "move a key's end"])
def test_what_is_gone_is_not_found(sim: Simulator, home: Path, name: str) -> None:
    verb = VERBS[name]
    words = json.dumps({"message": "no such key"})
    sim.faults.add(
        Fault(kind=FaultKind.STATUS, method=verb.method, path=CHANGES, status=404, body=words)
    )

    done = run(sim, home, verb)

    assert done.code == 4
    assert "no such key" in done.err
    assert is_one_sentence(done)
    assert sent(sim, verb) == 1


@pytest.mark.parametrize(
    "name",
    ["delete a technical user", "delete a key", "delete an account", "delete a service token"],
)
def test_what_is_not_known_but_listed_was_not_deleted(
    sim: Simulator, home: Path, name: str
) -> None:
    """A wrong path or a proxy answers 404 too."""
    verb = VERBS[name]
    page = "<html>not here</html>"
    sim.faults.add(
        Fault(kind=FaultKind.STATUS, method=verb.method, path=CHANGES, status=404, body=page)
    )

    done = run(sim, home, verb)

    assert done.code == 4, done.err
    assert "does not know it under that address, but lists it" in done.err
    assert is_one_sentence(done)
    assert sent(sim, verb) == 1
    assert verb.unchanged(sim)


def test_the_tracking_key_of_stackstate_is_told(sim: Simulator, home: Path) -> None:
    body = json.dumps(
        {"_type": "ErrorsResponse", "trackingKey": "track-9", "errors": [{"message": "not you"}]}
    )
    verb = VERBS["delete a service token"]
    sim.faults.add(
        Fault(kind=FaultKind.STATUS, method=verb.method, path=CHANGES, status=403, body=body)
    )

    done = run(sim, home, verb)

    assert done.code == 3
    assert "not you" in done.err
    assert "track-9" in done.err


def test_the_eleventh_key_is_not_made_and_the_limit_is_said(
    sim: Simulator, home: Path, tmp_path: Path
) -> None:
    with service_client(sim, "service-account") as client:
        for _ in range(9):
            new_key(sim, client, "backup")
    assert len([one for one in items(home, "token", "list") if one["where"] == "backup"]) == 10
    path = tmp_path / "key"

    done = tokentui(home, "token", "create", "--account", "backup", "--file", str(path))

    assert done.code == 1
    assert "10 keys" in done.err
    assert is_one_sentence(done)
    assert not path.exists()


def test_a_guest_is_told_what_right_is_missing(sim: Simulator, home: Path) -> None:
    secrets = home / "secrets"
    (secrets / "stackstate-token").write_text((secrets / "stackstate-guest-token").read_text())

    done = tokentui(home, "token", "create", "-p", "stackstate", "--name", "x", "--stdout")

    assert done.code in {1, 3}
    assert "create-service-tokens" in done.err
    assert sim.world.stackstate.mint_count() == 0
