"""Children that die by SIGKILL on their way, and what a new process then says."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from command import environment, tokentui
from tokentui.domain.ledger import Entry, EventType
from tokentui.simulator.server import Simulator
from tokentui.storage.ledger import LedgerFile
from tokentui.storage.process import this_process

_CHILD = Path(__file__).with_name("kill_child.py")
_CHANGE = Path(__file__).with_name("kill_change.py")
_LIMIT_S = 60.0
OWNER_ALONE = 0o600

Child = subprocess.Popen[bytes]


def start(home: Path, way: str, point: str, place: Path | str = "", **extra: str) -> Child:
    """Start a child that kills itself at the point; one unknown to it is nothing to it."""
    return subprocess.Popen(
        [sys.executable, str(_CHILD), way, point, str(place)],
        env=environment(home, **extra),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def wait_for_death(child: Child) -> bytes:
    """Give what the child printed; fails if it ended in another way."""
    out, err = child.communicate(timeout=_LIMIT_S)
    assert child.returncode == -signal.SIGKILL, err.decode()
    return out


def kill(home: Path, point: str, *words: str, **extra: str) -> bytes:
    """Run a command that dies at the point; gives what it printed."""
    child = subprocess.Popen(
        [sys.executable, str(_CHANGE), point, *words],
        env=environment(home, **extra),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    return wait_for_death(child)


class Recorded(NamedTuple):
    """What a ledger holds: its entries by number, and what happened, newest first."""

    entries: dict[int, Entry]
    events: list[EventType]


def recorded(home: Path) -> Recorded:
    """Read the ledger without a new start, which would settle it."""
    ledger = LedgerFile(home / "ledger.db", this_process())
    try:
        entries = {int(one.number): one for one in ledger.entries()}
        return Recorded(entries, [one.type for one in ledger.events()])
    finally:
        ledger.close()


def entries(home: Path) -> list[dict[str, Any]]:
    """Give what a new process reads in the ledger."""
    done = tokentui(home, "token", "list", "--offline", "--all", "-o", "json")
    assert done.code == 0, done.err
    found: list[dict[str, Any]] = done.json["items"]
    return [one for one in found if one["number"] is not None]


def only_token(sim: Simulator) -> str:
    """Give the token of the one credential that was made."""
    (mint,) = sim.world.stackit.mints
    return mint.token


def holders(folder: Path, secret: str) -> list[Path]:
    """Give the files that hold a secret; fails if others than the owner can read one."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.stat().st_size]
    found = sorted(path for path in files if secret.encode() in path.read_bytes())
    for path in found:
        assert path.stat().st_mode & 0o777 == OWNER_ALONE, path
    return found
