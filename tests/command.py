"""The command line as a user runs it: a process of its own with a clean environment."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from terminal import plain_env

LIMIT_S = 60.0


@dataclass(frozen=True)
class Done:
    """What a command left: exit code, data and words."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found


def argv(*words: str) -> list[str]:
    """Give the words that start the program of the tested interpreter."""
    return [sys.executable, "-m", "tokentui", *words]


def environment(home: Path, **extra: str) -> dict[str, str]:
    """Give an environment in which nothing of the user's can be reached."""
    return {
        **plain_env(),
        "HOME": str(home),
        "TOKENTUI_HOME": str(home),
        "KUBECONFIG": str(home / "kubeconfig"),
        "TZ": "Europe/Berlin",
        "PYTHONPATH": str(Path(__file__).parent.parent / "src"),
        **extra,
    }


def tokentui(home: Path, *words: str, **extra: str) -> Done:
    """Run one command to its end, without a terminal."""
    done = subprocess.run(
        argv(*words),
        env=environment(home, **extra),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)
