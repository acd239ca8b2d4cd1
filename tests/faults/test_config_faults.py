"""What disks, rights and others can do to an edit of `config.yaml`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from configs import GOOD
from tokentui.domain.errors import StorageError
from tokentui.domain.model import ProfileName, ProviderKey
from tokentui.domain.profile_draft import Draft
from tokentui.storage import config_edit
from tokentui.storage.config_edit import ConfigEditor
from tokentui.storage.config_yaml import Document, read
from tools import missing

LONG = GOOD + "# filler\n" * 4000
AS_NOBODY = """
import os, sys
from pathlib import Path
from tokentui.domain.errors import TokentuiError
from tokentui.storage.config_edit import ConfigEditor
from test_config_faults import DRAFT
path = Path(sys.argv[1])
"".encode("utf-8-sig")  # a codec is imported when it is used, and nobody may not read Python
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
edit = ConfigEditor(path, Path(sys.argv[2]))
for change in (lambda: edit.add(DRAFT), lambda: edit.remove("dev")):
    try:
        change()
    except TokentuiError as error:
        print(type(error).__name__, error)
"""
DRAFT = Draft(
    ProfileName("new"), ProviderKey("cloudy"), "none", settings={"project_id": "0c6c"}
)  # fmt: skip


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
        path = folder / "config.yaml"
        path.write_text(LONG)
        with pytest.raises(StorageError, match="cannot be written: no space left on device"):
            ConfigEditor(path, tmp_path).add(DRAFT)
        with pytest.raises(StorageError, match="cannot be written: no space left on device"):
            ConfigEditor(path, tmp_path).remove("dev")
        assert path.read_text() == LONG
        assert os.listdir(folder) == ["config.yaml"]


def test_a_read_only_file_system_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "fixed"
    with tmpfs(folder, "64k"):
        path = folder / "config.yaml"
        path.write_text(GOOD)
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], timeout=30, check=True)
        with pytest.raises(StorageError, match="cannot be written: read-only file system"):
            ConfigEditor(path, tmp_path).add(DRAFT)
        assert path.read_text() == GOOD


def test_a_file_that_is_mounted_by_itself_is_told(tmp_path: Path) -> None:
    path, source = tmp_path / "config.yaml", tmp_path / "source"
    source.write_text(GOOD)
    path.touch()
    with mounted(path, "--bind", str(source)):
        with pytest.raises(StorageError, match="cannot be written: device or resource busy"):
            ConfigEditor(path, tmp_path).add(DRAFT)
        assert path.read_text() == GOOD
    assert sorted(os.listdir(tmp_path)) == ["config.yaml", "config.yaml.lock", "source"]


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that any user can reach, which a test's own folder is not."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    for path in folder.iterdir():
        path.chmod(0o700)
    folder.chmod(0o700)
    shutil.rmtree(folder)


def as_nobody(path: Path, locks: Path) -> list[str]:
    places = os.pathsep.join([*sys.path, str(Path(__file__).parent)])
    done = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, str(path), str(locks)],
        env={**os.environ, "PYTHONPATH": places, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return done.stdout.splitlines()


def test_a_folder_without_rights_is_told(public_folder: Path) -> None:
    conf, locks = public_folder / "conf", public_folder / "locks"
    conf.mkdir()
    locks.mkdir()
    locks.chmod(0o777)
    path = conf / "config.yaml"
    path.write_text(GOOD)
    path.chmod(0o644)
    conf.chmod(0o555)
    lines = as_nobody(path, locks)
    assert len(lines) == 2
    assert all(line.startswith("StorageError") for line in lines)
    assert all("cannot be written: permission denied" in line for line in lines)
    assert path.read_text() == GOOD
    assert os.listdir(conf) == ["config.yaml"]


def test_a_folder_that_cannot_be_made_is_told(public_folder: Path) -> None:
    locks = public_folder / "locks"
    locks.mkdir()
    locks.chmod(0o777)
    added, _ = as_nobody(public_folder / "none" / "config.yaml", locks)
    assert "cannot be written: permission denied: check the rights of its folder" in added


def test_what_somebody_else_wrote_meanwhile_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(GOOD)

    def read_then_written(found: Path) -> Document:
        document = read(found)
        found.write_text(GOOD + "# theirs\n")
        return document

    monkeypatch.setattr(config_edit, "read", read_then_written)
    with pytest.raises(StorageError, match="was changed meanwhile: try again"):
        ConfigEditor(path, tmp_path).add(DRAFT)
    assert path.read_text() == GOOD + "# theirs\n"


def test_many_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(GOOD)
    code = """
import sys
from dataclasses import replace
from pathlib import Path
from tokentui.storage.config_edit import ConfigEditor
from test_config_faults import DRAFT
for number in range(10):
    name = f"{sys.argv[2]}{number}"
    ConfigEditor(Path(sys.argv[1]), Path(sys.argv[1]).parent).add(replace(DRAFT, name=name))
"""
    places = os.pathsep.join([*sys.path, str(Path(__file__).parent)])
    environment = {**os.environ, "PYTHONPATH": places, "PYTHONDONTWRITEBYTECODE": "1"}
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(path), letter], env=environment)
        for letter in "abc"
    ]
    assert [process.wait(timeout=60) for process in running] == [0, 0, 0]
    text = path.read_text()
    assert all(f"  {letter}{n}:\n" in text for letter in "abc" for n in range(10))
    assert text.startswith(GOOD.partition("settings:")[0])
    assert text.endswith("settings:" + GOOD.partition("settings:")[2])
