from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from terminal import Terminal, plain_env, require, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

PROBE = Path(__file__).parents[1] / "clipboard_probe.py"
SOURCES = Path(__file__).parents[2] / "src"
# An outer terminal of this kind is what the inner multiplexers were measured in.
XTERM = {"default-terminal": "xterm-256color"}
SIZES = [1184, 8000, 60_000]


@dataclass(frozen=True, slots=True)
class Case:
    folder: Path
    text: str

    @property
    def probe(self) -> list[str]:
        (self.folder / "text").write_text(self.text)
        return [sys.executable, str(PROBE), str(self.folder / "text"), str(self.told)]

    @property
    def told(self) -> Path:
        return self.folder / "receipt.json"

    def receipt(self, key: str = "sentence") -> dict[str, str]:
        def read() -> dict[str, str]:
            found = json.loads(self.told.read_text()) if self.told.exists() else {}
            return found if key in found else {}

        return wait_until(read, f"a receipt with {key}")

    def inner_tmux(self, *words: str) -> str:
        done = subprocess.run(
            [require("tmux"), "-S", str(self.folder / "inner"), *words],
            env=plain_env() | {"TERM": "xterm-256color"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=10,
            check=False,
        )
        return done.stdout


@pytest.fixture
def folder() -> Iterator[Path]:
    # Below /tmp, because the path of a socket holds at most 107 bytes.
    with tempfile.TemporaryDirectory(prefix="tt-", dir="/tmp") as name:
        yield Path(name)


@pytest.fixture
def case(folder: Path, request: pytest.FixtureRequest) -> Iterator[Case]:
    size = getattr(request, "param", 1184)
    line = "eyJ-canary-0123456789 ü\n"
    made = Case(folder, (line * (size // len(line) + 1))[: size - 1] + "$")
    yield made
    made.inner_tmux("kill-server")


ENV = {"PYTHONPATH": str(SOURCES)}


def in_tmux(case: Case) -> list[str]:
    inner = [require("tmux"), "-S", str(case.folder / "inner"), "-f", "/dev/null"]
    return [*inner, "-u", "new-session", *case.probe]


@pytest.mark.parametrize("case", SIZES, indirect=True)
def test_inside_tmux_the_text_reaches_the_terminal_and_no_buffer_keeps_it(
    case: Case,
) -> None:
    with Terminal(in_tmux(case), env=ENV, options=XTERM) as terminal:
        receipt = case.receipt()
        assert receipt["certainty"] == "sent", receipt["sentence"]
        wait_until(lambda: terminal.clipboard() == case.text, "the text in the clipboard")
        assert case.inner_tmux("list-buffers") == ""
        terminal.send_keys("Enter")
        assert "overwritten with a blank" in case.receipt("cleared")["cleared"]
        wait_until(lambda: terminal.clipboard() == " ", "the blank in the clipboard")
        assert case.inner_tmux("list-buffers") == ""


def test_without_an_attached_client_tmux_is_given_nothing(case: Case) -> None:
    sources = ["-e", f"PYTHONPATH={SOURCES}"]
    case.inner_tmux("-f", "/dev/null", "new-session", "-d", *sources, *case.probe)
    receipt = case.receipt()
    assert receipt["certainty"] == "failed"
    assert "no terminal is attached to this tmux session" in receipt["sentence"]
    assert case.inner_tmux("list-buffers") == ""


def test_tmux_on_a_console_says_that_it_has_no_clipboard(case: Case) -> None:
    screen, console = pty.openpty()
    tmux = subprocess.Popen(
        in_tmux(case),
        env=plain_env() | ENV | {"TERM": "linux"},
        stdin=console,
        stdout=console,
        stderr=console,
        start_new_session=True,
    )
    try:
        receipt = case.receipt()
        assert receipt["certainty"] == "failed"
        assert "tmux knows no clipboard of your terminal (linux)" in receipt["sentence"]
        assert case.inner_tmux("list-buffers") == ""
    finally:
        tmux.terminate()
        tmux.wait(10)
        os.close(screen)
        os.close(console)


@pytest.mark.parametrize("case", SIZES, indirect=True)
def test_inside_screen_the_text_reaches_the_terminal_and_not_the_screen(
    case: Case,
) -> None:
    environ = ENV | {"SCREENDIR": str(case.folder / "screens")}
    (case.folder / "screens").mkdir(mode=0o700)
    inner = [require("screen"), "-U", "-c", "/dev/null", *case.probe]
    with Terminal(inner, env=environ, options=XTERM) as terminal:
        receipt = case.receipt()
        assert receipt["route"] == "screen"
        assert receipt["sentence"].startswith("sent to your terminal through Screen")
        wait_until(lambda: terminal.clipboard() == case.text, "the text in the clipboard")
        assert terminal.capture(history=True).strip() == ""
        terminal.send_keys("Enter")
        wait_until(lambda: terminal.clipboard() == " ", "the blank in the clipboard")


@pytest.mark.parametrize("case", SIZES, indirect=True)
def test_over_ssh_the_terminal_itself_gets_osc52(case: Case) -> None:
    environ = ENV | {"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22", "DISPLAY": "localhost:10.0"}
    with Terminal(case.probe, env=environ, options=XTERM) as terminal:
        receipt = case.receipt()
        assert receipt["route"] == "osc52"
        assert receipt["certainty"] == "sent"
        wait_until(lambda: terminal.clipboard() == case.text, "the text in the clipboard")
        assert terminal.capture(history=True).strip() == ""


def test_an_outer_tmux_that_refuses_is_not_called_a_copy(case: Case) -> None:
    refusing = XTERM | {"set-clipboard": "off"}
    environ = ENV | {"SSH_TTY": "/dev/pts/9"}
    with Terminal(case.probe, env=environ, options=refusing) as terminal:
        assert "terminals do not confirm" in case.receipt()["sentence"]
        assert terminal.clipboard() == ""
