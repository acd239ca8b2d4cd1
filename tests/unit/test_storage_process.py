from __future__ import annotations

import os
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tokentui.storage import process
from tokentui.storage.process import is_alive, this_process


def test_this_process_lives_until_it_ends() -> None:
    assert is_alive(this_process())
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        stat_fields = Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()
        owner = replace(this_process(), pid=child.pid, started=stat_fields[19])
        assert is_alive(owner)
        child.kill()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert not is_alive(owner), "a zombie does nothing any more"
    finally:
        child.kill()
        child.communicate()
    assert not is_alive(owner)


def test_a_process_of_the_same_number_is_not_the_same() -> None:
    assert not is_alive(replace(this_process(), started="1"))


def test_no_process_outlives_its_boot() -> None:
    here = this_process()
    namespace = here.boot.partition(" ")[2]
    assert not is_alive(replace(here, boot=f"another-boot {namespace}"))


def test_what_cannot_be_seen_counts_as_alive() -> None:
    here = this_process()
    boot = here.boot.partition(" ")[0]
    assert is_alive(replace(here, host="another", started="1"))
    assert is_alive(replace(here, boot=f"{boot} pid:[1]", started="1"))


def test_without_proc_only_the_number_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_PROC", tmp_path)
    monkeypatch.setattr(process, "_BOOT_ID", tmp_path / "none")
    here = this_process()
    assert (here.boot, here.started) == ("", "")
    assert is_alive(here)
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    assert not is_alive(replace(here, pid=child.pid))


def test_the_owner_is_the_user_whose_rights_we_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "somebody-else")
    here = this_process()
    assert here.host == socket.gethostname()
    assert here.pid == os.getpid()
    assert here.user != "somebody-else"
    monkeypatch.setattr(os, "geteuid", lambda: 4_000_000)
    assert this_process().user == "4000000"
