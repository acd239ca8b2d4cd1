from __future__ import annotations

import signal
import sqlite3
import stat
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ledgers import NOW, PLAN, issue, open_here, run_python
from tokentui.domain.errors import StorageError
from tokentui.domain.ledger import EntryNumber, EntryState
from tokentui.storage import ledger_schema as schema

if TYPE_CHECKING:
    from tokentui.storage.ledger import LedgerFile

# A ledger as the first format was written: six entries, fifteen events, one profile's instances.
FORMAT_1 = (Path(__file__).parents[1] / "ledger_format_1.sql").read_text()
# The second format: a token, a key that was ended, a plan; two profiles, one with a credential.
FORMAT_2 = (Path(__file__).parents[1] / "ledger_format_2.sql").read_text()

UPGRADE_AND_DIE = """
import os, signal, sys
from pathlib import Path
from ledgers import open_here
from tokentui.storage import ledger_schema
def until_killed(statements):
    for number, statement in enumerate(statements):
        if number == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
        yield statement
    os.kill(os.getpid(), signal.SIGKILL)
version = int(sys.argv[3])
ledger_schema.UPGRADES[version] = until_killed(ledger_schema.UPGRADES[version])
open_here(Path(sys.argv[1]))
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return written(tmp_path / "state" / "ledger.db", FORMAT_1, 1)


@pytest.fixture
def path_of_2(tmp_path: Path) -> Path:
    return written(tmp_path / "state2" / "ledger.db", FORMAT_2, 2)


def written(file: Path, script: str, version: int) -> Path:
    file.parent.mkdir(mode=0o700)
    raw = sqlite3.connect(file, isolation_level=None)
    raw.executescript(script)
    raw.execute(f"pragma application_id = {schema.APPLICATION_ID}")
    raw.execute(f"pragma user_version = {version}")
    raw.execute("pragma journal_mode = wal")
    raw.close()
    file.chmod(0o600)
    return file


def content(path: Path) -> list[str]:
    raw = sqlite3.connect(path)
    try:
        return [*raw.iterdump(), str(raw.execute("pragma user_version").fetchone())]
    finally:
        raw.close()


def states(ledger: LedgerFile) -> list[EntryState]:
    return [entry.state for entry in reversed(ledger.entries())]


def assert_nothing_is_lost(ledger: LedgerFile) -> None:
    assert ledger.damage() == ""
    assert states(ledger) == [
        EntryState.ISSUED,
        EntryState.REFUSED,
        EntryState.UNKNOWN,
        EntryState.LOST,
        EntryState.ISSUED,
        EntryState.PLANNED,
    ]
    assert len(ledger.events(100)) == 15
    assert ledger.verify_chain() is None
    first = ledger.entry(EntryNumber(1))
    assert first is not None
    assert (first.planned_at, first.delivered_to, first.verified, first.fingerprint) == (
        NOW,
        ("clipboard (tmux)",),
        True,
        "f1" * 16,
    )
    assert (first.name, first.plan.name, first.ended_at) == ("", "", None)
    (known,) = ledger.last_known()
    assert [i.created_at for i in known.instances] == [NOW]
    assert (known.accounts, known.credentials) == ((), ())


def test_a_file_of_the_first_format_is_opened_and_nothing_is_lost(path: Path) -> None:
    ledger = open_here(path)
    assert_nothing_is_lost(ledger)
    assert issue(ledger) == 7
    ledger.ended(EntryNumber(1), "deleted", NOW)
    assert ledger.verify_chain() is None
    ledger.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600

    again = open_here(path)
    assert again.glance().count == 7
    assert states(again)[0] is EntryState.ENDED
    again.close()


def test_a_file_of_the_second_format_is_opened_and_nothing_is_lost(path_of_2: Path) -> None:
    ledger = open_here(path_of_2)

    assert states(ledger) == [EntryState.ISSUED, EntryState.ENDED, EntryState.PLANNED]
    assert {entry.plan.roles for entry in ledger.entries()} == {()}
    assert (len(ledger.events(100)), ledger.verify_chain()) == (6, None)
    dev, prod = ledger.last_known()
    assert [one.id for one in prod.credentials] == ["7f3d"]
    assert (prod.seen_at, prod.credentials_at) == (NOW, NOW)
    assert (dev.seen_at, dev.credentials_at, dev.credentials) == (NOW, None, ())
    ledger.remember(replace(dev, credentials_at=NOW))
    ledger.plan(replace(PLAN, roles=("reader", "näme")), NOW)
    ledger.close()

    again = open_here(path_of_2)
    assert again.entries()[0].plan.roles == ("reader", "näme")
    assert again.last_known()[0].credentials_at == NOW
    again.close()


@pytest.mark.parametrize("statements", range(len(schema.UPGRADES[2]) + 1))
def test_a_kill_in_the_middle_leaves_the_second_format(path_of_2: Path, statements: int) -> None:
    before = content(path_of_2)
    with run_python(UPGRADE_AND_DIE, str(path_of_2), str(statements), "2") as process:
        process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    assert content(path_of_2) == before
    open_here(path_of_2).close()


@pytest.mark.parametrize("format_", ["path", "path_of_2"])
def test_an_upgraded_file_is_built_as_a_new_one(
    format_: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    path: Path = request.getfixturevalue(format_)
    open_here(path).close()
    open_here(tmp_path / "new" / "ledger.db").close()

    def built(file: Path) -> set[tuple[str, ...]]:
        raw = sqlite3.connect(file)
        names = [row[0] for row in raw.execute("select name from sqlite_master where sql > ''")]
        columns = {
            (name, *map(str, row[1:]))
            for name in names
            for row in raw.execute(f"pragma table_info({name})")
        }
        rules = raw.execute(
            "select type, name, tbl_name, sql from sqlite_master where type in ('index', 'trigger')"
        )
        columns |= {tuple(map(str, row)) for row in rules}
        raw.close()
        return columns

    assert built(path) == built(tmp_path / "new" / "ledger.db")


@pytest.mark.parametrize("statements", range(0, len(schema.UPGRADES[1]) + 1, 3))
def test_a_kill_in_the_middle_leaves_the_old_file(path: Path, statements: int) -> None:
    before = content(path)
    with run_python(UPGRADE_AND_DIE, str(path), str(statements), "1") as process:
        process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    assert content(path) == before

    ledger = open_here(path)
    assert_nothing_is_lost(ledger)
    ledger.close()


def test_an_error_in_the_middle_leaves_the_old_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = content(path)
    steps = (*schema.UPGRADES[1], "insert into entries (number) values (1)")
    with monkeypatch.context() as patch:
        patch.setitem(schema.UPGRADES, 1, steps)
        with pytest.raises(sqlite3.IntegrityError):
            open_here(path)
    assert content(path) == before
    open_here(path).close()


def test_a_locked_old_file_is_told_and_stays(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tokentui.storage.ledger_file._BUSY_TIMEOUT_S", 0.2)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("begin immediate")
    with pytest.raises(StorageError, match="locked by another program"):
        open_here(path)
    holder.execute("rollback")
    holder.close()
    ledger = open_here(path)
    assert_nothing_is_lost(ledger)
    ledger.close()
