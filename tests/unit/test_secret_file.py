from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokentui.delivery.atomic import remove_stale
from tokentui.delivery.secret_file import file_name, write_secret
from tokentui.domain.errors import DeliveryError
from tokentui.domain.secret import Secret

SECRET = Secret("canary-secret")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_token_file_is_private_and_ends_its_line(tmp_path: Path) -> None:
    previous = os.umask(0)
    try:
        path = write_secret(tmp_path / "token", SECRET)
    finally:
        os.umask(previous)
    assert path.read_text() == "canary-secret\n"
    assert mode(path) == 0o600
    assert os.listdir(tmp_path) == ["token"]


def test_text_with_line_ends_gets_no_other(tmp_path: Path) -> None:
    assert write_secret(tmp_path / "k", Secret("a\nb\n")).read_text() == "a\nb\n"


def test_an_existing_file_stays_unless_it_may_be_replaced(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text("old")
    path.chmod(0o644)
    with pytest.raises(DeliveryError, match="exists already"):
        write_secret(path, SECRET)
    assert path.read_text() == "old"
    write_secret(path, SECRET, overwrite=True)
    assert path.read_text() == "canary-secret\n"
    assert mode(path) == 0o600


@pytest.mark.parametrize("overwrite", [False, True])
def test_only_ordinary_files_are_written(tmp_path: Path, overwrite: bool) -> None:
    target = tmp_path / "target"
    target.write_text("old")
    link = tmp_path / "link"
    link.symlink_to(target)
    dangling = tmp_path / "dangling"
    dangling.symlink_to(tmp_path / "nowhere")
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    for path in (link, dangling, fifo, tmp_path, Path("/dev/null")):
        with pytest.raises(DeliveryError):
            write_secret(path, SECRET, overwrite=overwrite)
    assert target.read_text() == "old"
    assert sorted(os.listdir(tmp_path)) == ["dangling", "fifo", "link", "target"]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="folder that does not exist"):
        write_secret(tmp_path / "no" / "token", SECRET)


def test_a_name_that_is_too_long_is_said(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="too long a name"):
        write_secret(tmp_path / ("x" * 300), SECRET)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("edge-demo", "edge-demo"), ("a.b_c-1", "a.b_c-1"), ("x" * 80, "x" * 80)],
)
def test_a_plain_name_is_its_own_file_name(name: str, expected: str) -> None:
    assert file_name(name) == expected


@settings(deadline=None)
@given(st.text())
def test_every_name_gives_a_safe_file_name(name: str) -> None:
    made = file_name(name)
    assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,79}", made)
    assert made == name or re.search(r"(^|-)[0-9a-f]{8}$", made)


def test_names_that_differ_only_in_foreign_characters_stay_apart() -> None:
    names = [
        "a b",
        "a/b",
        "a\x00b",
        "\N{FULLWIDTH LATIN SMALL LETTER A}b",
        "-ab",
        ".ab",
        "ab",
        "x" * 81,
        "x" * 82,
    ]
    assert len({file_name(name) for name in names}) == len(names)


def test_temporary_files_of_dead_processes_are_removed(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    stale = tmp_path / f".tokentui-{dead.pid}-{'0' * 16}.tmp"
    young = tmp_path / f".tokentui-{dead.pid}-{'1' * 16}.tmp"
    alive = tmp_path / f".tokentui-{os.getpid()}-{'2' * 16}.tmp"
    other = tmp_path / f".other-{dead.pid}-{'3' * 16}.tmp"
    for path in (stale, young, alive, other):
        path.write_text("secret")
    for path in (stale, alive, other):
        os.utime(path, (0, 0))
    link = tmp_path / f".tokentui-{dead.pid}-{'4' * 16}.tmp"
    link.symlink_to(other)
    assert remove_stale(tmp_path) == 1
    assert not stale.exists()
    assert all(path.exists() for path in (young, alive, other, link))
    assert remove_stale(tmp_path / "missing") == 0
