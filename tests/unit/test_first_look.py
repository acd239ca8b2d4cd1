from __future__ import annotations

import fcntl
import os
import sqlite3
from pathlib import Path

import pytest

from ledgers import NOW, PLAN, issue, open_here
from listed import DAY, listed
from tokentui.bootstrap import Wiring
from tokentui.domain.ledger import LastKnown
from tokentui.domain.model import Credential, ProfileName
from tokentui.services.overview import MOST_AT_FIRST
from tokentui.storage import ledger_known


@pytest.fixture
def wiring(tmp_path: Path) -> Wiring:
    return Wiring({"TOKENTUI_HOME": str(tmp_path)}, clock=lambda: NOW)


@pytest.fixture
def path(wiring: Wiring) -> Path:
    file = wiring._paths.ledger_file
    ledger = open_here(file)
    issue(ledger)
    ledger.close()
    return file


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def test_it_waits_for_no_lock(wiring: Wiring, path: Path) -> None:
    with path.with_name("ledger.db.lock").open("wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        seen = wiring.first_look()
    assert seen is not None
    assert seen.count == 1


def test_it_makes_no_lock(wiring: Wiring, path: Path) -> None:
    lock = path.with_name("ledger.db.lock")
    lock.unlink()
    assert wiring.first_look() is not None
    assert not lock.exists()


def test_it_sees_what_another_process_has_just_written(wiring: Wiring, path: Path) -> None:
    ledger = open_here(path)
    issue(ledger)
    seen = wiring.first_look()
    ledger.close()
    assert seen is not None
    assert seen.count == 2


def test_it_makes_no_ledger(wiring: Wiring) -> None:
    folder = wiring._paths.ledger_file.parent
    assert wiring.first_look() is None
    assert not folder.exists() or names(folder) <= {"config.yaml"}


def test_a_damaged_ledger_stays_for_the_opening_that_tells(wiring: Wiring, path: Path) -> None:
    content = path.read_bytes()
    for spoiled in (b"", content[: len(content) // 2], b"no database" + content[11:]):
        path.write_bytes(spoiled)
        assert wiring.first_look() is None
        assert path.read_bytes() == spoiled
    ledger = wiring._opened_ledger()
    assert "was damaged" in ledger.damage()
    ledger.close()


def test_values_that_no_version_wrote_are_no_crash(wiring: Wiring, path: Path) -> None:
    for change in ("ends_at = 'soon'", "ends_at = 9000000000000000000", "delivered_to = '{'"):
        raw = sqlite3.connect(path, isolation_level=None)
        raw.execute(f"update entries set {change}")  # noqa: S608
        raw.close()
        assert wiring.first_look() is None


def test_a_pipe_in_its_place_is_not_waited_for(wiring: Wiring, path: Path) -> None:
    path.unlink()
    os.mkfifo(path)
    assert wiring.first_look() is None


MANY = 5_000


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Credential]:
    """The credentials that are made of what is remembered."""
    made: list[Credential] = []

    class Counted(Credential):
        def __init__(self, **fields: object) -> None:
            super().__init__(**fields)  # type: ignore[arg-type]  # as they were remembered
            made.append(self)

    monkeypatch.setattr(ledger_known, "Credential", Counted)
    return made


def test_of_thousands_that_are_remembered_the_soonest_are_read(
    wiring: Wiring, path: Path, read: list[Credential]
) -> None:
    credentials = [listed(f"k-{n}", life=(MANY - n) * DAY, age=30 * DAY) for n in range(MANY)]
    endless = listed("k-endless", life=None)
    ledger = open_here(path)
    ledger.remember(LastKnown(ProfileName("a"), NOW, credentials=(endless, *credentials[::2])))
    ledger.remember(LastKnown(ProfileName("b"), NOW, credentials=tuple(credentials[1::2])))
    ledger.close()
    seen = wiring.first_look()
    assert seen is not None
    assert len(read) == MOST_AT_FIRST
    shown = [one.ends_at for known in seen.last_known for one in known.credentials]
    in_sight = sorted(
        one.ends_at for one in credentials if one.ends_at and one.ends_at > NOW - 7 * DAY
    )
    assert sorted(end for end in shown if end) == in_sight[:MOST_AT_FIRST]
    assert [known.profile for known in seen.last_known] == ["a", "b"]
    assert seen.unread == len(in_sight) + 1 - MOST_AT_FIRST

    everything = wiring.first_look(MANY)
    assert everything is not None
    assert everything.unread == 0
    assert len(everything.last_known[0].credentials) > MOST_AT_FIRST


async def test_the_end_gives_what_this_process_leaves_open(wiring: Wiring, path: Path) -> None:
    ledger = wiring._opened_ledger()
    number = ledger.plan(PLAN, NOW)
    (entry,) = await wiring.close(NOW)
    assert (entry.number, entry.state) == (number, "unknown")
