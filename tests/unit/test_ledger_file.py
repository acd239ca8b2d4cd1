from __future__ import annotations

import os
import random
import sqlite3
import stat
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ledgers import HERE, NOW, OUTLOOK, PLAN, issue, open_here
from tokentui.domain.errors import StorageError
from tokentui.storage import ledger_file
from tokentui.storage import ledger_schema as schema
from tokentui.storage.ledger import LedgerFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MANY = 100_000
TABLES = {"entries", "events", "last_known", "known_credentials", "meta"}
PAGE = 4096


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "ledger.db"


def filled(path: Path, rows: int = 3) -> bytes:
    ledger = open_here(path)
    for _ in range(rows):
        issue(ledger)
    ledger.close()
    return path.read_bytes()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def kept_files(path: Path) -> list[Path]:
    return sorted(path.parent.glob(f"{path.name}.damaged-*"))


def test_everything_is_for_its_owner_alone(path: Path) -> None:
    before = os.umask(0)
    try:
        ledger = open_here(path)
        issue(ledger)
        assert mode(path.parent) == 0o700
        files = {file.name: mode(file) for file in path.parent.iterdir()}
        ledger.close()
    finally:
        os.umask(before)
    assert files == dict.fromkeys(
        ("ledger.db", "ledger.db-wal", "ledger.db-shm", "ledger.db.lock"), 0o600
    )


def test_loosened_modes_are_tightened(path: Path) -> None:
    filled(path)
    path.chmod(0o666)
    path.parent.chmod(0o755)
    open_here(path).close()
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)


def test_a_new_ledger_is_whole_and_durable(path: Path) -> None:
    ledger = open_here(path)
    assert ledger.damage() == ""
    assert ledger.glance().count == 0
    ledger.close()
    raw = sqlite3.connect(path)
    assert raw.execute("pragma journal_mode").fetchone() == ("wal",)
    assert raw.execute("pragma application_id").fetchone() == (schema.APPLICATION_ID,)
    raw.close()


def test_a_network_file_system_gets_no_shared_memory(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_file, "is_remote", lambda path: True)
    ledger, other = open_here(path), open_here(path)
    issue(ledger)
    assert other.glance().count == 1
    assert {file.name for file in path.parent.iterdir()} == {"ledger.db", "ledger.db.lock"}
    ledger.close()
    other.close()


def spoil_header(content: bytes) -> bytes:
    return b"no database at all" + content[18:]


def spoil_pages(content: bytes) -> bytes:
    noise = random.Random(7).randbytes(len(content) - 200)  # noqa: S311  # not for secrets
    return content[:200] + noise


def spoil_one_page(content: bytes) -> bytes:
    middle = len(content) // PAGE // 2 * PAGE
    return content[:middle] + b"\x05" * PAGE + content[middle + PAGE :]


def cut_short(content: bytes) -> bytes:
    return content[: len(content) // 2]


def empty(content: bytes) -> bytes:
    return content[:0]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (spoil_header, "was damaged"),
        (spoil_pages, "was damaged"),
        (spoil_one_page, "was damaged"),
        (cut_short, "was damaged"),
        (empty, "was empty"),
    ],
)
def test_a_damaged_file_is_kept_aside_and_told(
    path: Path, spoil: Callable[[bytes], bytes], words: str
) -> None:
    spoiled = spoil(filled(path, rows=300))
    path.write_bytes(spoiled)
    ledger = open_here(path)
    (kept,) = kept_files(path)
    assert kept.read_bytes() == spoiled
    assert str(kept) in ledger.damage()
    assert f"the ledger {path} {words}" in ledger.damage()
    assert issue(ledger) == 1
    ledger.close()
    again = open_here(path)
    assert (again.damage(), again.glance().count) == ("", 1)
    again.close()


@pytest.mark.parametrize(
    "content",
    ["create table notes (text)", f"pragma application_id = {schema.APPLICATION_ID}"],
)
def test_a_database_of_something_else_is_kept_aside(path: Path, content: str) -> None:
    path.parent.mkdir()
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute(content)
    raw.execute(f"pragma user_version = {schema.VERSION}")
    raw.close()
    before = path.read_bytes()
    ledger = open_here(path)
    (kept,) = kept_files(path)
    assert kept.read_bytes() == before
    assert "a new one was begun" in ledger.damage()
    assert ledger.glance().count == 0
    ledger.close()


def test_a_log_without_its_ledger_is_not_replayed(path: Path) -> None:
    ledger = open_here(path)
    issue(ledger)
    path.unlink()
    assert path.with_name("ledger.db-wal").stat().st_size > 0
    new = open_here(path)
    assert new.glance().count == 0
    assert "only its log was left" in new.damage()
    assert any(kept.name.endswith("-wal") for kept in kept_files(path))
    new.close()
    ledger.close()


def test_a_newer_format_is_refused_and_untouched(path: Path) -> None:
    filled(path)
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute(f"pragma user_version = {schema.VERSION + 1}")
    raw.close()
    before = path.read_bytes()
    with pytest.raises(StorageError, match=f"newer tokentui .format {schema.VERSION + 1}") as told:
        open_here(path)
    assert "update tokentui" in told.value.next_step
    assert path.read_bytes() == before
    assert kept_files(path) == []


def test_a_link_is_not_followed_to_another_file(path: Path, tmp_path: Path) -> None:
    path.parent.mkdir()
    target = tmp_path / "target"
    target.write_bytes(b"something else")
    path.symlink_to(target)
    with pytest.raises(StorageError, match="no regular file"):
        open_here(path)
    assert target.read_bytes() == b"something else"


def test_a_file_in_the_place_of_the_folder_is_told(path: Path) -> None:
    path.parent.write_text("x")
    with pytest.raises(StorageError, match="is a file where a folder is needed"):
        open_here(path)


def test_our_own_mistakes_are_not_blamed_on_the_file(path: Path) -> None:
    ledger = open_here(path)
    ledger.close()
    with pytest.raises(sqlite3.ProgrammingError):
        ledger.glance()


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of 100,000 ended, delivered entries and a few live ones."""
    path = tmp_path_factory.mktemp("large") / "ledger.db"
    ledger = open_here(path)
    number = issue(ledger)
    ledger.delivered(number, "clipboard", NOW)
    ledger.close()
    raw = sqlite3.connect(path, isolation_level=None)
    columns = [row[1] for row in raw.execute("pragma table_info(entries)") if row[1] != "number"]
    listed = ", ".join(columns)
    raw.execute("begin")
    raw.execute(
        f"with recursive n(i) as (select 1 union all select i + 1 from n where i < {MANY})"  # noqa: S608
        f" insert into entries ({listed}) select {listed} from entries, n"
    )
    raw.execute("commit")
    raw.close()
    ledger = open_here(path)
    ledger.plan(replace(PLAN, latest_end=NOW + timedelta(days=2)), NOW)
    ledger.issued(ledger.plan(PLAN, NOW), replace(OUTLOOK, ends_at=None), NOW)
    ledger.close()
    return path


@pytest.mark.parametrize("query", schema.READS)
def test_every_read_of_a_large_ledger_uses_an_index(large: Path, query: str) -> None:
    raw = sqlite3.connect(large)
    plan = raw.execute(f"explain query plan {query}", (1,) * query.count("?")).fetchall()
    raw.close()
    tables = [row[3] for row in plan if row[3].split()[1] in TABLES]
    assert tables
    assert ("entries_undelivered" in str(tables)) == ("delivered_to" in query)
    for found in tables:
        # SQLite reads max() of the row number at the end of the table without naming a key.
        by_key = "INDEX" in found or "PRIMARY KEY" in found
        assert by_key or query == schema.LAST_EVENT, plan


@pytest.mark.parametrize("query", [schema.LIVE, schema.PLANNED_HERE, schema.UNDELIVERED_HERE])
def test_what_is_asked_often_does_not_walk_over_ended_entries(large: Path, query: str) -> None:
    raw = sqlite3.connect(large)
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    raw.set_progress_handler(count, 100)
    value = int((NOW + timedelta(hours=1)).timestamp() * 1_000_000)
    raw.execute(query, ((value,), ("host-a",))["host" in query][: query.count("?")]).fetchall()
    raw.close()
    assert steps < 50


def test_a_large_ledger_answers_rightly(large: Path) -> None:
    ledger = LedgerFile(large, HERE)
    assert ledger.glance().count == MANY + 3
    assert ledger.glance().undelivered == 1
    assert len(ledger.live(NOW + timedelta(hours=1))) == 2
    assert len(ledger.entries()) == 500
    assert ledger.glance().quick_targets[0].uses == MANY + 2
    ledger.close()
