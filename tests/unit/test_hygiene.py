from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src"


def run(code: str, **variables: str) -> dict[str, object]:
    """Run code in a process of its own and give what it prints as JSON."""
    environment = {"PYTHONPATH": str(SOURCE), "PATH": os.environ["PATH"], **variables}
    result = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, check=True, timeout=30
    )
    answer = json.loads(result.stdout)
    assert isinstance(answer, dict)
    return answer


REPORT = """
import json, os, resource, ctypes
print(json.dumps({
    "variables": sorted(name for name in os.environ if name.startswith("TEXTUAL")),
    "umask": os.umask(0),
    "core": resource.getrlimit(resource.RLIMIT_CORE),
    "dumpable": ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) if os.uname().sysname == "Linux" else 0,
}))
"""


def test_closes_every_way_out() -> None:
    code = f"from tokentui.hygiene import clean_process\nclean_process()\n{REPORT}"
    seen = run(code, TEXTUAL="devtools", TEXTUAL_LOG="/tmp/keys", TEXTUALITY="stays")
    assert seen == {"variables": ["TEXTUALITY"], "umask": 0o077, "core": [0, 0], "dumpable": 0}


def test_debugging_keeps_the_variables() -> None:
    code = f"from tokentui.hygiene import clean_process\nclean_process(keep_textual=True)\n{REPORT}"
    assert run(code, TEXTUAL_LOG="log")["variables"] == ["TEXTUAL_LOG"]


def test_imports_nothing_heavy() -> None:
    code = """
import sys
before = set(sys.modules)
import tokentui.hygiene
new = set(sys.modules) - before
import json
print(json.dumps({"new": sorted(new)}))
"""
    assert run(code)["new"] == ["__future__", "tokentui", "tokentui.hygiene"]


def test_textual_gets_our_settings_unless_the_user_has_own() -> None:
    code = """
from tokentui.hygiene import clean_process, prepare_textual
clean_process(); prepare_textual()
import json
from textual import constants
print(json.dumps({"fps": constants.MAX_FPS, "escape": constants.ESCAPE_DELAY,
                  "animations": constants.TEXTUAL_ANIMATIONS}))
"""
    assert run(code) == {"fps": 120, "escape": 0.025, "animations": "none"}
    assert run(code, ESCDELAY="200")["escape"] == 0.2


@pytest.mark.parametrize("closed", [0, 1, 2])
def test_a_terminal_is_needed_at_every_stream(closed: int) -> None:
    code = """
import sys
from tokentui.hygiene import has_terminal
sys.exit(17 if has_terminal() else 18)
"""
    ours, theirs = pty.openpty()
    try:
        for streams, expected in (([theirs] * 3, 17), (_without(theirs, closed), 18)):
            stdin, stdout, stderr = streams
            result = subprocess.run(
                [sys.executable, "-c", code],
                env={"PYTHONPATH": str(SOURCE)},
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                check=False,
                timeout=30,
            )
            assert result.returncode == expected
    finally:
        os.close(ours)
        os.close(theirs)


def _without(terminal: int, closed: int) -> list[int]:
    return [subprocess.DEVNULL if stream == closed else terminal for stream in range(3)]
