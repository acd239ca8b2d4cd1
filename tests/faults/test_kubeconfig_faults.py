from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kubeconfigs import HAND_WRITTEN, entry, names, view
from tokentui.delivery.atomic import remove_stale
from tokentui.delivery.kubeconfig_file import KubeconfigFile
from tokentui.delivery.secret_file import write_secret
from tokentui.domain.errors import DeliveryError
from tokentui.domain.secret import Secret
from tools import kubectl, missing

if TYPE_CHECKING:
    from collections.abc import Iterator

KILLS = 20
ROUNDS = 40
GAP_S = 0.01  # kubectl does not wait for the lock; without a gap it would hardly ever get it
LOOP = """
import sys
from itertools import count
from pathlib import Path
from kubeconfigs import entry
from tokentui.delivery.kubeconfig_file import KubeconfigFile
store = KubeconfigFile(Path(sys.argv[2]))
for number in count():
    store.merge(entry(token=f"token-{number}"), Path(sys.argv[1]))
    print(number, flush=True)
"""
AS_NOBODY = """
import os, sys
from pathlib import Path
from kubeconfigs import entry
from tokentui.delivery.kubeconfig_file import KubeconfigFile
from tokentui.delivery.secret_file import write_secret
from tokentui.domain.errors import DeliveryError
from tokentui.domain.secret import Secret
folder = Path(sys.argv[1])
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
for write in (
    lambda: KubeconfigFile(Path(sys.argv[2])).merge(entry(), folder / "config"),
    lambda: write_secret(folder / "token", Secret("s")),
):
    try:
        write()
    except DeliveryError as error:
        print(error)
"""


def child_environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"}


@contextmanager
def mounted(folder: Path, *arguments: str) -> Iterator[None]:
    """Mount something, which only root may do."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        missing("the right to mount")
    done = subprocess.run(
        ["mount", *arguments, str(folder)], capture_output=True, timeout=30, check=False
    )
    if done.returncode != 0:
        missing("the right to mount")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], timeout=30, check=True)


@contextmanager
def tmpfs(folder: Path, size: str) -> Iterator[None]:
    folder.mkdir()
    with mounted(folder, "-t", "tmpfs", "-o", f"size={size}", "tmpfs"):
        yield


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    folder = tmp_path / "small"
    with tmpfs(folder, "64k"):
        path = folder / "config"
        path.write_text(HAND_WRITTEN + "# filler\n" * 4000)
        before = path.read_bytes()
        with pytest.raises(DeliveryError, match="the disk is full"):
            KubeconfigFile(tmp_path / "backup").merge(entry(), path)
        with pytest.raises(DeliveryError, match="the disk is full"):
            write_secret(folder / "token", Secret("x" * 40_000))
        assert path.read_bytes() == before
        assert os.listdir(folder) == ["config"]


def test_a_full_disk_for_the_backup_stops_the_change(tmp_path: Path) -> None:
    path = tmp_path / "config"
    path.write_text(HAND_WRITTEN + "# filler\n" * 4000)
    before = path.read_bytes()
    folder = tmp_path / "small"
    with tmpfs(folder, "16k"), pytest.raises(DeliveryError, match="the disk is full"):
        KubeconfigFile(folder).merge(entry(), path)
    assert path.read_bytes() == before


def test_a_read_only_file_system_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "fixed"
    with tmpfs(folder, "64k"):
        path = folder / "config"
        path.write_text(HAND_WRITTEN)
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], timeout=30, check=True)
        with pytest.raises(DeliveryError, match="read-only file system"):
            KubeconfigFile(tmp_path / "backup").merge(entry(), path)
        with pytest.raises(DeliveryError, match="read-only file system"):
            write_secret(folder / "token", Secret("s"))
        assert path.read_text() == HAND_WRITTEN


def test_a_file_that_is_mounted_by_itself_is_told(tmp_path: Path) -> None:
    path, source = tmp_path / "config", tmp_path / "source"
    source.write_text(HAND_WRITTEN)
    path.touch()
    with mounted(path, "--bind", str(source)):
        with pytest.raises(DeliveryError, match="mounted by itself"):
            KubeconfigFile(tmp_path / "backup").merge(entry(), path)
        assert path.read_text() == HAND_WRITTEN
    assert sorted(os.listdir(tmp_path)) == ["backup", "config", "source"]


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that any user can reach, which a test's own folder is not."""
    folder = Path(tempfile.mkdtemp())
    yield folder
    folder.chmod(0o700)
    shutil.rmtree(folder)


def test_an_unwritable_folder_is_told(public_folder: Path) -> None:
    config = public_folder / "config"
    config.write_text(HAND_WRITTEN)
    config.chmod(0o644)
    public_folder.chmod(0o555)
    done = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, str(public_folder), "/nonexistent/backup"],
        env=child_environment(), capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert len(lines) == 2
    assert all("needs rights that you do not have" in line for line in lines)
    assert os.listdir(public_folder) == ["config"]
    assert config.read_text() == HAND_WRITTEN


def test_a_kill_at_any_moment_leaves_the_old_or_the_new_file(tmp_path: Path) -> None:
    folder = tmp_path / "kube"
    folder.mkdir()
    path = folder / "config"
    path.write_text(HAND_WRITTEN)
    for number in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "-c", LOOP, str(path), str(tmp_path / "backup")],
            env=child_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        with process:
            assert process.stdout is not None
            assert process.stdout.readline() == "0\n"
            time.sleep(number * 0.0007)  # another moment of the cycle each time
            process.send_signal(signal.SIGKILL)
        assert "# production" in path.read_text()
        assert names(path) == ["edge-demo", "prod"]
        Path(f"{path}.lock").unlink(missing_ok=True)
    for left in folder.glob(".tokentui-*"):
        os.utime(left, (0, 0))
    remove_stale(folder)
    assert os.listdir(folder) == ["config"]
    assert KubeconfigFile(tmp_path / "backup").merge(entry(token="last"), path).changed


def test_nothing_that_kubectl_writes_meanwhile_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "config"
    path.write_text(HAND_WRITTEN)
    store = KubeconfigFile(tmp_path / "backup", lock_wait_s=60.0)
    failed: list[DeliveryError] = []
    done = threading.Event()

    def merge_until_done() -> None:
        number = 0
        while not done.wait(GAP_S):
            number += 1
            try:
                store.merge(entry(token=f"token-{number}"), path)
            except DeliveryError as error:
                failed.append(error)

    thread = threading.Thread(target=merge_until_done)
    thread.start()
    try:
        for number in range(ROUNDS):
            set_context(path, f"by-kubectl-{number}")
    finally:
        done.set()
        thread.join(60.0)
    assert failed == []
    assert {f"by-kubectl-{number}" for number in range(ROUNDS)} <= set(names(path))
    assert view(path)["current-context"] == "prod"


def set_context(path: Path, name: str) -> None:
    """Let kubectl add a context; it does not wait for a lock, so this does."""
    argv = [kubectl(), "--kubeconfig", str(path), "config", "set-context", name, "--cluster=prod"]
    deadline = time.monotonic() + 60.0
    while True:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=30, check=False)
        if done.returncode == 0:
            return
        assert "file exists" in done.stderr
        assert time.monotonic() < deadline
