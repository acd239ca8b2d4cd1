"""Kill -9 inside what changes a system: nothing false is recorded, nothing is made twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

import invented_plugin
from command import Done, environment, tokentui
from killed import holders, kill, recorded
from simulator_fixtures import small_home, start_simulator
from stackit_services import account_named
from tokentui.bootstrap import Wiring
from tokentui.domain.ledger import EntryNumber, EntryState, EventType
from tokentui.domain.model import ProfileName
from tokentui.simulator.server import Simulator

ANSWERED, RECORDED = "after answer 1", "after the new secret's record"
EARLY = "the program ended before the answer came"
NOT_HANDED_OVER = "the program ended before a hand-over was recorded"
STACKSTATE = ProfileName("stackstate")


@pytest.fixture(scope="module")
def sim() -> Iterator[Simulator]:
    """One simulator for all kills, each of which has a home and objects of its own."""
    with start_simulator() as simulator:
        yield simulator


@pytest.fixture
def home(sim: Simulator, tmp_path: Path) -> Path:
    return small_home(sim, tmp_path / "home")


def told(home: Path, number: int = 1) -> tuple[EntryState, str]:
    entry = recorded(home).entries[number]
    return entry.state, entry.note


class Left(NamedTuple):
    """What a kill leaves on the server, and what the next start says of the entry."""

    may_ingest: bool
    tokens: int
    entry: tuple[EntryState, str]


BUNDLE = {
    ANSWERED: Left(False, 0, (EntryState.UNKNOWN, EARLY)),
    "after answer 2": Left(True, 0, (EntryState.UNKNOWN, EARLY)),
    "after answer 3": Left(True, 1, (EntryState.UNKNOWN, EARLY)),
    RECORDED: Left(True, 1, (EntryState.LOST, NOT_HANDED_OVER)),
}


@pytest.mark.parametrize("point", BUNDLE)
def test_a_bundle_is_not_made_twice_and_what_is_left_is_said(
    sim: Simulator, home: Path, point: str
) -> None:
    server, left = sim.world.stackstate.prod, BUNDLE[point]
    role = f"agent-{[*BUNDLE].index(point)}"
    create = ("token", "create", "-p", "stackstate", "--kind", "ingestion-token", "--name", role)

    assert kill(home, point, *create, "--stdout") == b""
    again = tokentui(home, *create, "--stdout")

    made = [one for one in server.tokens() if one.name == role]
    assert again.code == 1
    assert f"the role {role} exists on sts-prod already" in again.err
    assert server.may([role], "update-metrics") is left.may_ingest
    assert len(made) == left.tokens
    assert told(home) == left.entry
    assert told(home, 2)[0] is EntryState.REFUSED
    for token in made:
        assert holders(home, token.secret) == []
        ended = tokentui(home, "token", "revoke", str(token.id), "-y")
        assert ended.code == 0, ended.err
        assert role not in {one.handle for one in server.subjects.all()}


def test_a_key_whose_answer_died_with_us_is_found_in_the_list(sim: Simulator, home: Path) -> None:
    account = account_named(sim, "backup")
    before = {one.id for one in sim.world.stackit.accounts.keys_of(account)}

    out = kill(home, ANSWERED, "token", "create", "--account", "backup", "--stdout")
    listed = tokentui(home, "token", "list", "-p", "stackit")

    assert (out, listed.code) == (b"", 0)
    (key,) = {one.id for one in sim.world.stackit.accounts.keys_of(account)} - before
    entry = recorded(home).entries[1]
    assert (entry.state, entry.remote_id) == (EntryState.LOST, key)
    assert entry.note == "found in the provider's list, its secret is lost"
    found = [p for p in holders(home, "PRIVATE KEY") if p.parent != home / "secrets"]
    assert found == []


def _ends_late(sim: Simulator) -> bool:
    keys = sim.world.stackit.accounts.keys_of(account_named(sim, "deploy"))
    return any(one.valid_until and one.valid_until.year == 2099 for one in keys)


def _is_off(sim: Simulator) -> bool:
    keys = sim.world.stackit.accounts.keys_of(account_named(sim, "deploy"))
    return any(one.id.startswith("1690d198") and not one.active for one in keys)


def _accounts(sim: Simulator, name: str) -> int:
    return sum(one.email.startswith(f"{name}-") for one in sim.world.stackit.accounts.all())


def _is_gone(name: str) -> Callable[[Simulator], bool]:
    return lambda sim: name not in {one.name for one in sim.world.stackstate.prod.tokens()}


class Change(NamedTuple):
    """A command, how the system shows that it was done, and what the same command says again."""

    words: tuple[str, ...]
    is_done: Callable[[Simulator], bool]
    code: int
    again: str


CHANGES = {
    "delete a token": Change(
        ("token", "revoke", "topo-sync", "-y"),
        _is_gone("topo-sync"),
        4,
        "there is no credential 'topo-sync'",
    ),
    "switch a key off": Change(
        ("token", "switch-off", "deploy/1690d198", "-y"), _is_off, 1, "it is off already"
    ),
    "move an end": Change(
        ("token", "move-end", "deploy/1690d198", "-e", "2099-06-01"),
        _ends_late,
        0,
        "given another end, it ends 2099-05-31T22:00:00Z",
    ),
    "create an account": Change(
        ("account", "create", "--name", "ci-new", "--scope", "ops-dev"),
        lambda sim: _accounts(sim, "ci-new") == 1,
        1,
        "409 Conflict (Name is not unique)",
    ),
    "delete an account": Change(
        ("account", "delete", "terraform", "-y"),
        lambda sim: _accounts(sim, "terraform") == 0,
        4,
        "there is no account 'terraform'",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_that_nobody_recorded_is_seen_by_the_next_command(
    sim: Simulator, home: Path, name: str
) -> None:
    change = CHANGES[name]

    kill(home, ANSWERED, *change.words)
    assert change.is_done(sim)
    assert recorded(home).events == []
    again = tokentui(home, *change.words)

    assert again.code == change.code, again.err
    assert change.again in again.err
    assert change.is_done(sim)


def test_what_was_not_sent_is_not_done_and_the_next_command_does_it(
    sim: Simulator, home: Path
) -> None:
    kill(home, "before request 1", "token", "revoke", "bootstrap", "-y")
    assert not _is_gone("bootstrap")(sim)
    assert recorded(home).events == []

    again = tokentui(home, "token", "revoke", "bootstrap", "-y")

    assert again.code == 0, again.err
    assert _is_gone("bootstrap")(sim)
    assert recorded(home).events == [EventType.ENDED]


async def test_an_own_token_whose_deletion_was_not_recorded_ends_with_the_next_list(
    home: Path,
) -> None:
    create = ("token", "create", "-p", "stackstate", "--name", "mine", "--no-verify", "--stdout")
    assert tokentui(home, *create, "--role", "stackstate-guest").code == 0
    kill(home, ANSWERED, "token", "revoke", "mine", "-y")
    assert told(home)[0] is EntryState.ISSUED

    # A list says nothing of what was made within the minute before it.
    wiring = Wiring(environment(home), clock=lambda: datetime.now(UTC) + timedelta(minutes=2))
    bench = await wiring.open()
    _ = [each async for each in bench.listings([STACKSTATE])]
    entry = bench.ledger.entry(EntryNumber(1))
    await wiring.close()

    assert entry is not None
    assert (entry.state, entry.note) == (EntryState.ENDED, "deleted elsewhere")


class Badge(NamedTuple):
    """A credential of the invented plug-in that the ledger knows."""

    home: Path
    system: Path
    variables: dict[str, str]

    def run(self, *words: str) -> Done:
        return tokentui(self.home, *words, **self.variables)

    def kill(self, point: str, *words: str) -> bytes:
        return kill(self.home, point, *words, **self.variables)

    def secrets(self) -> list[str]:
        (badge,) = invented_plugin.System(self.system).badges().values()
        found: list[str] = badge["secrets"]
        return found


@pytest.fixture
def badge(tmp_path: Path) -> Badge:
    home, system = tmp_path / "home", tmp_path / "system.json"
    home.mkdir(mode=0o700)
    made = Badge(home, system, invented_plugin.install(home, system))
    created = made.run("token", "create", "-p", "invented", "--name", "one", "--stdout")
    assert created.code == 0, created.err
    return made


def test_a_renaming_that_nobody_recorded_is_seen_in_the_list(badge: Badge) -> None:
    badge.kill("after the plug-in's answer", "token", "rename", "one", "two")
    assert EventType.RENAMED not in recorded(badge.home).events

    again = badge.run("token", "rename", "one", "two")
    listed = badge.run("token", "list", "-o", "json")

    assert again.code == 4
    assert "there is no credential 'one'" in again.err
    (one,) = listed.json["items"]
    assert (one["number"], one["name"], one["state"]) == (1, "two", "live")


REGENERATE = ("token", "regenerate", "b-1", "-y", "--stdout")
REPLACED_BY: dict[str, dict[int, str | None]] = {
    "after the plug-in's answer": {1: "#3", 2: None},
    RECORDED: {1: "#2", 2: "#3"},
}


@pytest.mark.parametrize("point", REPLACED_BY)
def test_a_regeneration_cut_short_is_one_new_secret_and_the_next_one_replaces_it(
    badge: Badge, point: str
) -> None:
    assert badge.kill(point, *REGENERATE) == b""
    assert len(badge.secrets()) == 2

    again = badge.run(*REGENERATE)

    assert again.code == 0, again.err
    *dead, alive = badge.secrets()
    assert again.out == f"{alive}\n"
    assert told(badge.home, 3) == (EntryState.ISSUED, "")
    for number, by in REPLACED_BY[point].items():
        over = (EntryState.ENDED, f"replaced by {by}")
        assert told(badge.home, number) == (over if by else (EntryState.UNKNOWN, EARLY))
    assert [holders(badge.home, secret) for secret in (*dead, alive)] == [[]] * 3
