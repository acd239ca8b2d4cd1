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

_PROGRAMS = (
    *("curl", "sts", "stackit", "kubectl", "terraform"),
    *("jq", "gh", "glab", "docker", "cloudfleet"),
)
_PREFIXES = ("STS_", "STACKIT_")
_FAKE = """import json, os, sys
name, answer, calls, prefixes, *arguments = sys.argv[1:]
variables = {k: v for k, v in os.environ.items() if k.startswith(tuple(prefixes.split()))}
call = {"arguments": [name, *arguments], "given": sys.stdin.read(), "variables": variables}
with open(calls, "a") as file:
    file.write(json.dumps(call) + "\\n")
sys.stdout.write(answer)
"""


@dataclass(frozen=True, slots=True)
class ProgramCall:
    """What a program got: its name and arguments, its input, and the variables of its system."""

    arguments: list[str]
    given: str
    variables: Mapping[str, str]


class Shell:
    """A shell whose PATH begins with fakes; it works in `folder`, which is empty.

    A fake prints its `answers`, nothing if it has none.
    """

    def __init__(self, tmp_path: Path, answers: Mapping[str, str] | None = None) -> None:
        self.folder = tmp_path / "work"
        self.folder.mkdir()
        self._programs = tmp_path / "programs"
        self._programs.mkdir()
        self._calls = tmp_path / "calls"
        fake = self._programs / "fake.py"
        fake.write_text(_FAKE)
        for name in _PROGRAMS:
            answer = (answers or {}).get(name, "")
            told = (name, answer, str(self._calls), " ".join(_PREFIXES))
            words = shlex.join((sys.executable, "-I", str(fake), *told))
            program = self._programs / name
            program.write_text(f'#!/bin/sh\nexec {words} "$@"\n')
            program.chmod(0o755)

    def run(self, text: str) -> list[ProgramCall]:
        """Give the calls of programs; raises `CalledProcessError` if the last command fails."""
        self._calls.write_text("")
        subprocess.run(
            ["sh", "-c", text],
            cwd=self.folder,
            env={"PATH": f"{self._programs}:/usr/bin:/bin"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        )
        return [ProgramCall(**json.loads(line)) for line in self._calls.read_text().splitlines()]
