from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ledgers import FILL, NOW, OUTLOOK, PLAN, issue, open_here, run_python
from tokentui.domain.errors import StorageError
from tokentui.domain.ledger import EntryState
from tokentui.domain.secret import Secret
from tokentui.storage import ledger_file
from tokentui.storage.fingerprints import Fingerprints, load_key
from tokentui.storage.ledger import LedgerFile
from tokentui.storage.private_files import locked
from tokentui.storage.process import is_alive, this_process
from tools import missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tokentui.domain.ledger import EntryNumber, Owner

KILLS = 20
AT_ONCE = 4
EACH = 25
CANARY = "eyJcanary-7f3d5a90c1"

OPEN = """
import sys
from pathlib import Path
from ledgers import open_here
from tokentui.domain.errors import StorageError
if len(sys.argv) > 2:
    import os
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
try:
    ledger = open_here(Path(sys.argv[1]))
except StorageError as error:
    print(error)
else:
    print("opened", ledger.glance().count, ledger.damage())
    ledger.close()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "ledger.db"


@contextmanager
def tmpfs(folder: Path, size: str) -> Iterator[None]:
    """Mount a small file system, which only root may do."""
    folder.mkdir(mode=0o700)
    if os.geteuid() != 0 or shutil.which("mount") is None:
        missing("the right to mount")
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, timeout=30, check=False).returncode != 0:
        missing("the right to mount")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], timeout=30, check=True)


def remount(folder: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(folder)], timeout=30, check=True)


def everything(ledger: LedgerFile) -> tuple[object, ...]:
    return ledger.entries(), ledger.events(1000), ledger.verify_chain()


def fill_disk(folder: Path) -> Path:
    """Take the last free byte, as files grow by pages."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            pass
    return filler


def write_until_refused(ledger: LedgerFile, number: EntryNumber) -> tuple[object, str]:
    """Give what the ledger held before the first write that failed, and the error's words."""
    for _ in range(1000):
        before = everything(ledger)
        try:
            ledger.delivered(number, "clipboard", NOW)
        except StorageError as error:
            return before, error.sentence
    pytest.fail("a full disk takes every write")


def test_a_full_disk_loses_nothing_and_is_over_once_there_is_space(tmp_path: Path) -> None:
    folder = tmp_path / "small"
    with tmpfs(folder, "512k"):
        ledger = open_here(folder / "ledger.db")
        issue(ledger)
        number = ledger.plan(PLAN, NOW)
        filler = fill_disk(folder)
        before, said = write_until_refused(ledger, number)
        assert f"{folder / 'ledger.db'} cannot be" in said
        assert "space" in said
        assert everything(ledger) == before
        filler.unlink()
        ledger.issued(number, OUTLOOK, NOW)
        ledger.close()

        again = open_here(folder / "ledger.db")
        assert again.damage() == ""
        assert again.verify_chain() is None
        assert [entry.state for entry in again.entries()] == [EntryState.ISSUED] * 2
        again.close()


def test_a_full_disk_at_the_first_start_leaves_no_half_ledger(tmp_path: Path) -> None:
    folder = tmp_path / "small"
    with tmpfs(folder, "64k"):
        filler = fill_disk(folder)
        with pytest.raises(StorageError, match=r"ledger\.db"):
            open_here(folder / "ledger.db")
        assert sorted(os.listdir(folder)) == ["filler", "ledger.db.lock"]
        filler.unlink()
        remount(folder, "size=1m")
        ledger = open_here(folder / "ledger.db")
        assert (ledger.damage(), ledger.glance().count) == ("", 0)
        ledger.close()


def test_a_read_only_file_system_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "fixed"
    with tmpfs(folder, "1m"):
        path = folder / "ledger.db"
        ledger = open_here(path)
        issue(ledger)
        ledger.close()
        before = path.read_bytes()
        remount(folder, "ro")
        with pytest.raises(StorageError, match="read-only file system"):
            open_here(path)
        with pytest.raises(StorageError, match="read-only file system"):
            open_here(folder / "new" / "ledger.db")
        assert path.read_bytes() == before
        remount(folder, "rw")


def test_a_folder_of_somebody_else_is_told() -> None:
    if os.geteuid() != 0:
        missing("the right to become another user")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        with run_python(OPEN, str(folder / "ledger.db"), "as nobody") as process:
            said, _ = process.communicate(timeout=60)
        assert f"{folder} belongs to another user" in said
        with run_python(OPEN, str(folder / "deeper" / "ledger.db"), "as nobody") as process:
            said, _ = process.communicate(timeout=60)
        assert "permission denied: make it writable for you" in said
        assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    "write",
    [
        lambda ledger: ledger.plan(PLAN, NOW),
        lambda ledger: ledger.settle(is_alive, NOW),
    ],
)
def test_a_lock_that_is_held_too_long_is_told(
    path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[LedgerFile], object]
) -> None:
    monkeypatch.setattr(ledger_file, "_BUSY_TIMEOUT_S", 0.2)
    ledger = open_here(path)
    number = issue(ledger)
    before = everything(ledger)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("begin immediate")
    with pytest.raises(StorageError, match="locked by another program for more than 5 s"):
        write(ledger)
    assert everything(ledger) == before
    holder.execute("rollback")
    ledger.delivered(number, "clipboard", NOW)
    holder.close()
    ledger.close()


def test_a_start_that_another_one_blocks_is_told(path: Path) -> None:
    open_here(path).close()
    with (
        locked(path),
        pytest.raises(StorageError, match="another program has held"),
        locked(path, wait_s=0.1),
    ):
        pass
    open_here(path).close()


def test_kills_lose_no_acknowledged_entry(path: Path) -> None:
    promised = 0
    for round_ in range(KILLS):
        with run_python(FILL, str(path), "0") as process:
            assert process.stdout is not None
            for _ in range(1 + round_ % 7):
                promised = max(promised, int(process.stdout.readline()))
            process.send_signal(signal.SIGKILL)
            rest = process.stdout.read().split()
            promised = max([promised, *map(int, rest)])
            process.wait(timeout=60)
    ledger = LedgerFile(path, this_process())
    assert ledger.damage() == ""
    assert ledger.glance().count >= promised
    assert ledger.verify_chain() is None
    states = {entry.state for entry in ledger.entries(ledger.glance().count)}
    assert states <= {EntryState.PLANNED, EntryState.ISSUED}

    ledger.settle(is_alive, NOW)
    states = {entry.state for entry in ledger.entries(ledger.glance().count)}
    assert states <= {EntryState.UNKNOWN, EntryState.LOST}
    assert ledger.glance().undelivered == 0
    ledger.close()


def test_processes_write_side_by_side(path: Path) -> None:
    processes = [run_python(FILL, str(path), str(EACH)) for _ in range(AT_ONCE)]
    numbers: list[str] = []
    for process in processes:
        said, _ = process.communicate(timeout=90)
        assert process.returncode == 0
        numbers += said.split()
    assert len(set(numbers)) == AT_ONCE * EACH
    ledger = open_here(path)
    assert ledger.glance().count == AT_ONCE * EACH
    assert ledger.verify_chain() is None
    ledger.close()


def test_settling_spares_a_process_that_lives(path: Path) -> None:
    ledger = LedgerFile(path, this_process())
    waiting = ledger.plan(PLAN, NOW)
    with run_python(FILL, str(path), "1") as process:
        process.communicate(timeout=60)
    owners: list[Owner] = []

    def watch(owner: Owner) -> bool:
        owners.append(owner)
        return is_alive(owner)

    (changed,) = ledger.settle(watch, NOW)
    assert changed.state is EntryState.LOST
    assert changed.owner.pid == process.pid
    assert len(owners) == 2
    entry = ledger.entry(waiting)
    assert entry is not None
    assert entry.state is EntryState.PLANNED
    ledger.close()


@pytest.mark.parametrize("spoiled", [False, True])
def test_several_first_starts_agree_on_one_ledger(path: Path, spoiled: bool) -> None:
    if spoiled:
        path.parent.mkdir(mode=0o700)
        path.write_bytes(b"damage")
    processes = [run_python(FILL, str(path), "1") for _ in range(AT_ONCE)]
    numbers = sorted(int(process.communicate(timeout=90)[0]) for process in processes)
    assert numbers == [1, 2, 3, 4]
    assert len(list(path.parent.glob("*.damaged-*"))) == int(spoiled)


def test_a_start_that_was_killed_half_way_is_repeated(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(source: Path, target: Path) -> None:
        del source, target
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ledger_file, "put_in_place", killed)
        with pytest.raises(KeyboardInterrupt):
            open_here(path)
    path.with_name("ledger.db.making").write_bytes(b"left by a kill")
    ledger = open_here(path)
    assert (ledger.damage(), ledger.glance().count) == ("", 0)
    assert not path.with_name("ledger.db.making").exists()
    ledger.close()


def test_no_byte_on_the_disk_tells_the_secret(path: Path) -> None:
    ledger = LedgerFile(path, this_process())
    fingerprints = Fingerprints(load_key(path.with_name("fingerprint.key")))
    number = ledger.plan(PLAN, NOW)
    ledger.issued(number, replace(OUTLOOK, fingerprint=fingerprints(Secret(CANARY))), NOW)
    ledger.verified(number, ok=True, detail="accepted", at=NOW)
    ledger.delivered(number, "clipboard", NOW)
    ledger.discarded(number, NOW)
    contents = [file.read_bytes() for file in path.parent.iterdir()]
    ledger.close()
    contents.append(path.read_bytes())
    assert any(fingerprints(Secret(CANARY)).encode() in content for content in contents)
    assert not any(CANARY.encode() in content for content in contents)
