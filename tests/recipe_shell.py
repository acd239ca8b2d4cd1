"""Runs recipes in a shell where the programs that they call are fakes."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_PROGRAMS = ("curl", "sts", "stackit", "kubectl", "terraform")
_PREFIXES = ("STS_", "STACKIT_")
_FAKE = """import json, os, sys
name, prefixes, *arguments = sys.argv[1:]
variables = {k: v for k, v in os.environ.items() if k.startswith(tuple(prefixes.split()))}
call = {"arguments": [name, *arguments], "given": sys.stdin.read(), "variables": variables}
print(json.dumps(call))
"""


@dataclass(frozen=True, slots=True)
class ProgramCall:
    """What a program got: its name and arguments, its input, and the variables of its system."""

    arguments: list[str]
    given: str
    variables: Mapping[str, str]


class Shell:
    """A shell whose PATH begins with fakes; it works in `folder`, which is empty."""

    def __init__(self, tmp_path: Path) -> None:
        self.folder = tmp_path / "work"
        self.folder.mkdir()
        self._programs = tmp_path / "programs"
        self._programs.mkdir()
        fake = self._programs / "fake.py"
        fake.write_text(_FAKE)
        for name in _PROGRAMS:
            words = [sys.executable, "-I", str(fake), name, " ".join(_PREFIXES)]
            program = self._programs / name
            program.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n')
            program.chmod(0o755)

    def run(self, text: str) -> list[ProgramCall]:
        """Give the calls of programs; raises `CalledProcessError` if the last command fails."""
        done = subprocess.run(
            ["sh", "-c", text],
            cwd=self.folder,
            env={"PATH": f"{self._programs}:/usr/bin:/bin"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        )
        return [ProgramCall(**json.loads(line)) for line in done.stdout.splitlines()]
