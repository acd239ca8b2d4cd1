from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tokentui.domain.errors import StorageError
from tokentui.storage.filesystems import is_remote, type_of
from tokentui.storage.paths import Paths, ensure


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_one_variable_puts_everything_under_one_folder() -> None:
    paths = Paths.find({"TOKENTUI_HOME": "/srv/tt", "XDG_RUNTIME_DIR": "/run/user/1000"})
    assert paths.config_file == Path("/srv/tt/config.yaml")
    assert paths.ledger_file == Path("/srv/tt/ledger.db")
    assert paths.fingerprint_key_file == Path("/srv/tt/fingerprint.key")
    assert paths.backup_folder == Path("/srv/tt/backup")
    assert paths.runtime_folder == Path("/srv/tt/run")


def test_the_folder_may_be_written_relative_or_below_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/ops")
    assert Paths.find({"TOKENTUI_HOME": "tt"}).state_folder == tmp_path / "tt"
    assert Paths.find({"TOKENTUI_HOME": "~/tt"}).state_folder == Path("/home/ops/tt")


def test_without_it_the_conventions_of_the_platform_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HOME", "/home/ops")
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    paths = Paths.find({"XDG_RUNTIME_DIR": "/run/user/1000"})
    assert paths.config_file == Path("/home/ops/.config/tokentui/config.yaml")
    assert paths.ledger_file == Path("/home/ops/.local/state/tokentui/ledger.db")
    assert paths.runtime_folder == Path("/run/user/1000/tokentui")
    state = Path("/home/ops/.local/state/tokentui")
    assert Paths.find({}).runtime_folder == state / "run"


def test_one_variable_spares_the_import_of_platformdirs() -> None:
    program = (
        "import sys; from tokentui.storage.paths import Paths; "
        "Paths.find({'TOKENTUI_HOME': '/x'}); print('platformdirs' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    said = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, check=True
    )
    assert said.stdout == b"False\n"


def test_a_folder_is_made_and_tightened(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    ensure(folder)
    assert mode(folder) == 0o700
    folder.chmod(0o775)
    ensure(folder)
    assert mode(folder) == 0o700


def test_a_file_in_the_place_of_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    with pytest.raises(StorageError, match="is a file where a folder is needed"):
        ensure(tmp_path / "a")
    with pytest.raises(StorageError, match="cannot be made: not a directory"):
        ensure(tmp_path / "a" / "b")


MOUNTS = r"""proc /proc proc rw 0 0
/dev/vda1 / ext4 rw 0 0
server:/home /home nfs4 rw 0 0
//share /mnt/with\040blank cifs rw 0 0
host: /mnt/ssh fuse.sshfs rw 0 0
tmpfs /home/local tmpfs rw 0 0
/dev/vdb1 /home/local ext4 rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib", "ext4"),
        ("/home/ops", "nfs4"),
        ("/homework", "ext4"),
        ("/mnt/with blank/x", "cifs"),
        ("/mnt/ssh", "fuse.sshfs"),
        ("/home/local/ops", "ext4"),
    ],
)
def test_the_deepest_and_last_mount_counts(path: str, kind: str) -> None:
    assert type_of(Path(path), MOUNTS) == kind


def test_a_local_folder_is_not_remote(tmp_path: Path) -> None:
    assert not is_remote(tmp_path)
