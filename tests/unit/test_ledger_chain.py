from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from ledgers import issue, open_here

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tokentui.storage.ledger import LedgerFile


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "ledger.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[LedgerFile]:
    opened = open_here(path)
    yield opened
    opened.close()


def test_events_cannot_be_changed_or_deleted(path: Path, ledger: LedgerFile) -> None:
    issue(ledger)
    raw = sqlite3.connect(path, isolation_level=None)
    for statement in ("update events set detail = 'x'", "delete from events"):
        with pytest.raises(sqlite3.IntegrityError, match="events are never"):
            raw.execute(statement)
    raw.close()
    assert ledger.verify_chain() is None


@pytest.mark.parametrize(
    ("tampering", "broken"),
    [
        ("update events set detail = '20m' where number = 3", 3),
        ("update events set at = at + 1 where number = 1", 1),
        ("update events set profile = 'x' where number = 2", 2),
        ("delete from events where number = 2", 2),
        ("delete from events where number = 4", 4),
        (
            "insert into events select 5, at, entry, type, detail, noun, target_name, profile, hash"
            " from events where number = 4",
            5,
        ),
    ],
)
def test_the_chain_shows_the_first_changed_event(
    path: Path, ledger: LedgerFile, tampering: str, broken: int
) -> None:
    issue(ledger)
    issue(ledger)
    assert ledger.verify_chain() is None
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("drop trigger events_stay")
    raw.execute("drop trigger events_remain")
    raw.execute(tampering)
    raw.close()
    assert ledger.verify_chain() == broken


def test_a_chain_with_a_cut_end_stays_broken(path: Path, ledger: LedgerFile) -> None:
    issue(ledger)
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("drop trigger events_remain")
    raw.execute("delete from events where number = 2")
    raw.close()
    issue(ledger)
    assert ledger.verify_chain() == 2
