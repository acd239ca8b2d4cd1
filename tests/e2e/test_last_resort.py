"""What a command shows when something happens that nobody expected."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from command import argv, environment

CANARY = "canary-71b2e4"

CRASH = f"""
import sys, threading
import tokentui.cli.main as program

def fail(*_):
    token = "{CANARY}"
    try:
        raise KeyError(token)
    except KeyError as error:
        raise @KIND@ from error

def in_thread(_):
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    return 0

program._command = @PLACE@
sys.argv = ["tokentui", "profile", "list"]
program.entry()
"""


def crash(home: Path, kind: str, place: str = "fail") -> subprocess.CompletedProcess[str]:
    code = CRASH.replace("@KIND@", kind).replace("@PLACE@", place)
    return run([sys.executable, "-c", code], home, stdout=subprocess.PIPE)


def run(words: list[str], home: Path, stdout: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words,
        env=environment(home),
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("kind", ["RuntimeError(token)", "OSError(token)", "OSError(2, token)"])
def test_an_unexpected_error_is_named_by_type_and_place(tmp_path: Path, kind: str) -> None:
    done = crash(tmp_path, kind)
    assert done.returncode == 1
    assert done.stderr.startswith("tokentui: internal error\n")
    assert "Error at <string>:" in done.stderr
    assert "caused by KeyError at <string>:" in done.stderr
    assert "tokentui token list --all" in done.stderr
    assert CANARY not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_an_error_in_a_thread_is_named_by_type_and_place(tmp_path: Path) -> None:
    done = crash(tmp_path, "RuntimeError(token)", "in_thread")
    assert done.stderr.startswith("tokentui: internal error\n  RuntimeError at ")
    assert CANARY not in done.stderr


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["provider", "list"]], ids=" ".join)
def test_a_full_disk_is_one_sentence(tmp_path: Path, words: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = run(argv(*words), tmp_path, stdout=full.fileno())
    assert done.returncode == 1
    assert done.stderr == (
        "tokentui: the output cannot be written: No space left on device: check where it goes\n"
    )


def test_an_advised_command_exists(tmp_path: Path) -> None:
    done = run(argv("token", "list", "--offline", "--all"), tmp_path, stdout=subprocess.PIPE)
    assert "usage:" not in done.stderr


def test_the_interface_says_which_streams_must_be_a_terminal(tmp_path: Path) -> None:
    done = run(argv(), tmp_path, stdout=subprocess.PIPE)
    assert done.returncode == 2
    assert "on standard input, standard output and standard error" in done.stderr
