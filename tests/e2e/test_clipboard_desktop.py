from __future__ import annotations

import asyncio
import os
import random
import socket
import subprocess
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from terminal import plain_env, require, wait_until
from tokentui.delivery import clipboard_local, clipboard_process
from tokentui.delivery.clipboard import Certainty, Clipboard, Route
from tokentui.domain.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOKEN = "eyJ-canary-" + "0123456789" * 118
DUMPS_ITSELF = """\
#!/bin/sh
printf '%s\\n' "$0" "$@" >> "$0.seen"
env >> "$0.seen"
case "$*" in *-out*) cat "$0.held" ;; *) cat > "$0.held" ;; esac
"""
HANGS = """\
#!/bin/sh
echo $$ > "$0.pid"
exec sleep 600
"""


def no_terminal(data: bytes) -> None:
    raise AssertionError(f"{len(data)} bytes went to the terminal")


@pytest.fixture(autouse=True)
def linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")


@pytest.fixture
def display() -> Iterator[dict[str, str]]:
    """A real X server on a random display, and the environment that reaches it."""
    server = require("Xvfb")
    number = random.randint(100, 9999)  # noqa: S311
    process = subprocess.Popen(
        [server, f":{number}", "-screen", "0", "640x480x24", "-nolisten", "tcp", "-noreset"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: _accepts(f"/tmp/.X11-unix/X{number}"), "the X server")
        assert process.poll() is None
        yield plain_env() | {"DISPLAY": f":{number}", "TERM": "xterm-256color"}
    finally:
        process.terminate()
        process.wait(10)


def _accepts(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(path) == 0


def only(tool: str, environ: dict[str, str], folder: Path) -> dict[str, str]:
    """Give an environment in which `tool` is the only clipboard tool."""
    (folder / tool).symlink_to(require(tool))
    return environ | {"PATH": str(folder)}


def fake(folder: Path, script: str) -> dict[str, str]:
    tool = folder / "xclip"
    tool.write_text(script)
    tool.chmod(0o700)
    return {"PATH": f"{folder}:/usr/bin:/bin", "DISPLAY": ":9", "TERM": "xterm-256color"}


async def paste(environ: dict[str, str]) -> bytes:
    """Read the clipboard with a program that had no part in the copy."""
    reading = [require("xclip"), "-selection", "clipboard", "-out", "-target", "UTF8_STRING"]
    return (await clipboard_process.run(reading, environ, capture=True)).output


@pytest.mark.parametrize(
    ("tool", "text"), [("xclip", TOKEN), ("xsel", TOKEN), ("xclip", "ü\n\t" * 20_000)]
)
async def test_a_copy_is_read_back_and_can_be_taken_back(
    tool: str, text: str, display: dict[str, str], tmp_path: Path
) -> None:
    clipboard = Clipboard(only(tool, display, tmp_path), terminal_write=no_terminal)
    receipt = await clipboard.copy(Secret(text))
    assert receipt.certainty is Certainty.PROVED, receipt.sentence
    assert receipt.sentence == f"copied with {tool} and read back"
    assert (await paste(display)).decode() == text
    assert await clipboard.clear(receipt) == "cleared"
    assert await paste(display) == b""


async def test_xsel_is_passed_over_for_what_it_would_serve_unreliably(
    display: dict[str, str], tmp_path: Path
) -> None:
    environ = only("xsel", display, tmp_path)
    clipboard = Clipboard(environ, setting="local", terminal_write=no_terminal)
    receipt = await clipboard.copy(Secret("x" * 3901))
    assert "xsel is not reliable beyond 3900 bytes" in receipt.sentence
    assert await paste(display) == b""


async def test_what_the_user_copied_since_stays(display: dict[str, str], tmp_path: Path) -> None:
    clipboard = Clipboard(only("xclip", display, tmp_path), terminal_write=no_terminal)
    receipt = await clipboard.copy(Secret(TOKEN))
    own = [require("xsel"), "--clipboard", "--input"]
    await clipboard_process.run(own, display, feed=Secret("the user's own"))
    end = time.monotonic() + 10
    while await paste(display) != b"the user's own":
        assert time.monotonic() < end, "xsel does not own the clipboard"
    assert (await clipboard.clear(receipt)).startswith("left alone")
    assert await paste(display) == b"the user's own"


async def test_pyperclip_copies_and_is_read_back(
    display: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tokentui.delivery.clipboard.tools", lambda _: [clipboard_local.PYPERCLIP])
    clipboard = Clipboard(display, terminal_write=no_terminal)
    receipt = await clipboard.copy(Secret("ü" + TOKEN))
    assert receipt.sentence == "copied with pyperclip and read back"
    assert (await paste(display)).decode() == "ü" + TOKEN
    assert await clipboard.clear(receipt) == "cleared"


async def test_a_dead_display_is_said_and_the_terminal_is_used() -> None:
    require("xclip")
    written: list[bytes] = []
    environ = plain_env() | {"DISPLAY": ":98765", "TERM": "xterm-256color"}
    receipt = await Clipboard(environ, terminal_write=written.append).copy(Secret(TOKEN))
    assert receipt.route is Route.OSC52
    assert receipt.certainty is Certainty.SENT
    assert "xclip failed with status 1" in receipt.sentence
    assert "; sent to your terminal with OSC 52" in receipt.sentence
    assert len(written) == 1


async def test_a_tool_that_hangs_is_killed_at_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clipboard_process, "LIMIT", timedelta(seconds=0.5))
    clipboard = Clipboard(fake(tmp_path, HANGS), setting="local", terminal_write=no_terminal)
    receipt = await clipboard.copy(Secret(TOKEN))
    assert "xclip did not answer within 0.5 s" in receipt.sentence
    pid = int((tmp_path / "xclip.pid").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_a_cancelled_copy_ends_its_tool(tmp_path: Path) -> None:
    clipboard = Clipboard(fake(tmp_path, HANGS), terminal_write=no_terminal)
    copying = asyncio.create_task(clipboard.copy(Secret(TOKEN)))
    written = tmp_path / "xclip.pid"
    end = time.monotonic() + 10
    while not (written.exists() and written.read_text()):
        assert time.monotonic() < end, "the tool was not started"
        await asyncio.sleep(0.01)
    copying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await copying
    with pytest.raises(ProcessLookupError):
        os.kill(int(written.read_text()), 0)


async def test_no_program_sees_the_secret_in_its_arguments_or_environment(
    tmp_path: Path,
) -> None:
    environ = fake(tmp_path, DUMPS_ITSELF) | {"STACKIT_SERVICE_ACCOUNT_TOKEN": TOKEN}
    clipboard = Clipboard(environ, terminal_write=no_terminal)
    receipt = await clipboard.copy(Secret(TOKEN))
    assert receipt.certainty is Certainty.PROVED, receipt.sentence
    assert await clipboard.clear(receipt) == "cleared"
    seen = (tmp_path / "xclip.seen").read_text()
    assert "DISPLAY=:9" in seen
    assert "clipboard" in seen
    assert "canary" not in seen


async def test_nothing_is_started_before_the_first_copy(tmp_path: Path) -> None:
    clipboard = Clipboard(fake(tmp_path, DUMPS_ITSELF), terminal_write=no_terminal)
    assert clipboard.route() is Route.LOCAL
    assert not (tmp_path / "xclip.seen").exists()
