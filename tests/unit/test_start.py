"""What each way of starting imports: exact lists, because every module costs start-up time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from command import environment

HEAVY = {
    "argparse",
    "asyncio",
    "cryptography",
    "httpx",
    "importlib.metadata",
    "json",
    "keyring",
    "platformdirs",
    "pyperclip",
    "rich",
    "sqlite3",
    "ssl",
    "subprocess",
    "textual",
    "yaml",
}

# Why a command needs a module stands beside it.
NEEDED = {
    ("--version",): set[str](),
    ("--help",): {"argparse"},
    ("token", "create", "--help"): {"argparse"},
    ("provider", "list"): {
        "argparse",
        "asyncio",  # the bridge between plug-ins and services
        "importlib.metadata",  # third parties' entry points
        "json",
        "sqlite3",  # bootstrap knows the ledger
        "ssl",  # asyncio brings it
        "subprocess",  # asyncio brings it
    },
}

CHILD = """
import sys
from tokentui.cli.main import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print("MODULES", *sys.modules)
"""


def modules_after(home: Path, words: tuple[str, ...]) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *words],
        env=environment(home),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return set(done.stdout.splitlines()[-1].split()[1:])


@pytest.mark.parametrize("words", NEEDED, ids=" ".join)
def test_a_start_imports_no_more_than_it_needs(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert HEAVY & modules_after(tmp_path, words) <= NEEDED[words]


def test_no_command_line_start_imports_the_interface(tmp_path: Path) -> None:
    for words in (("instance", "list"), ("token", "list"), ("check",), ("profile", "list")):
        assert not {"textual", "keyring", "pyperclip"} & modules_after(tmp_path, words)


def test_importing_the_package_imports_nothing_of_ours(tmp_path: Path) -> None:
    child = "import sys, tokentui; print(*[m for m in sys.modules if m.startswith('tokentui')])"
    done = subprocess.run(
        [sys.executable, "-c", child],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.split() == ["tokentui"]
