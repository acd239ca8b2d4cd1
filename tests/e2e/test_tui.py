"""The interface in a real terminal, pressed as an operator presses it."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from command import argv, environment, tokentui
from ledgers import open_here
from simulator_fixtures import small_home, start_simulator
from terminal import Terminal, wait_until
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.simulator.server import Simulator

MINT = r"/instances/[^/]+/(token|kubeconfig)$"
LISTED = "7 instances"
MADE = "Token created"


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as simulator:
        yield simulator


@pytest.fixture
def home(sim: Simulator, tmp_path: Path) -> Path:
    return small_home(sim, tmp_path / "home")


def opened(home: Path, columns: int = 80, lines: int = 24, **extra: str) -> Terminal:
    env = environment(home, **extra)
    return Terminal(argv(), env=env, columns=columns, lines=lines)


def mints(sim: Simulator) -> int:
    return sim.world.stackit.mint_count()


def held(sim: Simulator) -> bool:
    return sim.held == 1


def entries(home: Path) -> list[dict[str, Any]]:
    done = tokentui(home, "token", "list", "--offline", "--all", "-o", "json")
    items: list[dict[str, Any]] = json.loads(done.out)["items"]
    return [one for one in items if one["number"] is not None]


def switch_clipboard_off(home: Path) -> None:
    path = home / "config.yaml"
    path.write_text(path.read_text() + "settings: {clipboard: none}\n")


def make_undelivered(terminal: Terminal) -> None:
    """Make a token that nothing takes by itself."""
    terminal.wait_for("1  demo")
    terminal.send_keys("1", "Enter")
    terminal.wait_for(MADE)
    terminal.wait_for("switched off")


def is_a_token(text: str) -> bool:
    return text.count(".") == 2 and text.startswith("eyJ")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
def test_five_keys_from_the_prompt_to_a_token_in_the_clipboard(
    sim: Simulator, home: Path, tmp_path: Path, size: tuple[int, int]
) -> None:
    """T1: `tt`, Enter, `1`, Enter."""
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    alias = bin_folder / "tt"
    alias.write_text(f"#!/bin/sh\nexec {' '.join(argv())}\n")
    alias.chmod(0o700)
    env = environment(home, PATH=f"{bin_folder}:{os.environ['PATH']}", PS1="prompt> ")
    columns, lines = size
    with Terminal(["sh", "-i"], env=env, columns=columns, lines=lines) as terminal:
        terminal.wait_for("prompt>")
        terminal.send_keys("t", "t", "Enter")
        terminal.wait_for("1  demo")
        terminal.send_keys("1", "Enter")
        terminal.wait_for(MADE)
        wait_until(lambda: is_a_token(terminal.clipboard()), "a token in the clipboard")

        assert mints(sim) == 1
        token = terminal.clipboard()
        assert token not in terminal.capture(history=True)
    (entry,) = entries(home)
    assert (entry["where"], entry["noun"], entry["deliveredTo"]) == (
        "demo",
        "edge token",
        ["clipboard (osc52)"],
    )


def test_keys_typed_before_the_offer_is_known_make_one_token(sim: Simulator, home: Path) -> None:
    with opened(home) as terminal:
        terminal.wait_for("1  demo")
        terminal.send_keys("1", "Enter", "Enter")
        terminal.wait_for(MADE)
    assert mints(sim) == 1


def test_inside_a_multiplexer_the_token_reaches_the_outer_clipboard(
    sim: Simulator, home: Path, tmp_path: Path
) -> None:
    """A jump host's tmux with all defaults swallows OSC 52; its own command does not."""
    socket = tmp_path / "inner"
    inner = ["tmux", "-S", str(socket), "-f", "/dev/null", "-u", "new-session", "--", *argv()]
    env = environment(home, TERM="tmux-256color")
    with Terminal(inner, env=env) as outer:
        try:
            outer.wait_for("1  demo")
            outer.send_keys("1", "Enter")
            outer.wait_for("sent through tmux")
            wait_until(lambda: is_a_token(outer.clipboard()), "a token in the clipboard")
        finally:
            outer.send_keys("C-q")
            wait_until(lambda: outer.pane_dead, "the end of the inner tmux")
    assert mints(sim) == 1


def test_a_kubeconfig_is_merged_from_the_instances_list(sim: Simulator, home: Path) -> None:
    """T2 without the preview: `I`, `K`, `2`, Enter."""
    with opened(home) as terminal:
        terminal.wait_for(LISTED)
        terminal.send_keys("I")
        terminal.wait_for("[I Instances]")
        terminal.send_keys("K")
        terminal.wait_for("Generate ]]")
        terminal.send_keys("2", "Enter")
        terminal.wait_for("Kubeconfig created")
        terminal.wait_for("stackit-ops-prod-demo")
    assert mints(sim) == 1
    assert "stackit-ops-prod-demo" in (home / "kubeconfig").read_text()


def test_a_lost_answer_is_said_noted_and_shown_on_home(sim: Simulator, home: Path) -> None:
    sim.faults.add(Fault(kind=FaultKind.CUT, path=MINT, acts=True))
    with opened(home) as terminal:
        terminal.wait_for("1  demo")
        terminal.send_keys("1", "Enter")
        screen = terminal.wait_for("Was it created?")
        assert "not asked" in " ".join(screen.replace("│", "").split()).lower()
        assert mints(sim) == 1
        terminal.send_keys("Enter")
        home_screen = terminal.wait_for(lambda s: "Needs attention" in s and "?" in s)
        assert "answer lost" in home_screen
    (entry,) = entries(home)
    assert entry["state"] == "unknown"
    assert mints(sim) == 1


def test_escape_while_waiting_cancels_nothing_and_the_answer_is_shown(
    sim: Simulator, home: Path
) -> None:
    sim.faults.add(Fault(kind=FaultKind.HOLD, path=MINT))
    with opened(home) as terminal:
        terminal.wait_for("1  demo")
        terminal.send_keys("1", "Enter")
        wait_until(lambda: held(sim), "the request")
        terminal.send_keys("Escape", "Enter")
        terminal.wait_for("under way")
        sim.release()
        terminal.wait_for(MADE)
    assert mints(sim) == 1


def test_quitting_while_waiting_shows_the_answer_first(sim: Simulator, home: Path) -> None:
    sim.faults.add(Fault(kind=FaultKind.HOLD, path=MINT))
    with opened(home) as terminal:
        terminal.wait_for("1  demo")
        terminal.send_keys("1", "Enter")
        wait_until(lambda: held(sim), "the request")
        terminal.send_keys("C-q")
        terminal.wait_for("under way")
        assert not terminal.pane_dead
        sim.release()
        terminal.wait_for(MADE)
        assert not terminal.pane_dead
    assert mints(sim) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_waits_for_the_request_and_gives_the_terminal_back(
    sim: Simulator, home: Path, number: signal.Signals
) -> None:
    sim.faults.add(Fault(kind=FaultKind.HOLD, path=MINT))
    with opened(home) as terminal:
        terminal.wait_for("1  demo")
        terminal.send_keys("1", "Enter")
        wait_until(lambda: held(sim), "the request")
        os.kill(terminal.pid, number)
        sim.release()

        assert terminal.wait_exit() == 128 + number
        assert not terminal.alternate_screen
    assert mints(sim) == 1
    (entry,) = entries(home)
    assert entry["state"] == "lost" or entry["deliveredTo"]


def test_a_hanging_source_holds_nobody_up(sim: Simulator, home: Path) -> None:
    sim.faults.add(Fault(kind=FaultKind.HOLD, path=r"/instances$"))
    with opened(home) as terminal:
        wait_until(lambda: sim.held >= 1, "a list request")
        terminal.send_keys("I")
        terminal.wait_for("[I Instances]")
        terminal.send_keys("?")
        terminal.wait_for("Keys here")
        terminal.send_keys("Escape", "C-q")
        assert terminal.wait_exit() == 0


def test_the_secret_is_shown_on_request_and_gone_from_the_terminal_afterwards(
    sim: Simulator, home: Path
) -> None:
    with opened(home) as terminal:
        terminal.wait_for("1  demo")
        terminal.send_keys("1", "Enter")
        terminal.wait_for(MADE)
        wait_until(lambda: is_a_token(terminal.clipboard()), "a token in the clipboard")
        token = terminal.clipboard()
        part = token[5:35]
        assert part not in terminal.capture()
        terminal.send_keys("Space")
        terminal.wait_for(part)
        terminal.send_keys("C-q", "C-q")
        assert terminal.wait_exit() == 0
        left = terminal.capture(history=True)
        assert part not in left
        assert terminal.clipboard().strip() != token


def test_the_result_cannot_be_left_by_accident(sim: Simulator, home: Path) -> None:
    switch_clipboard_off(home)
    with opened(home) as terminal:
        make_undelivered(terminal)
        terminal.send_keys("Escape")
        terminal.send_keys("q")
        terminal.send_keys("Enter")
        assert MADE in terminal.capture()
        terminal.send_keys("D")
        terminal.wait_for("[ F10 throw it away ]")
        terminal.send_keys("F10")
        terminal.wait_for(lambda screen: "Needs attention" in screen and MADE not in screen)
    assert mints(sim) == 1
    ledger = open_here(home / "ledger.db")
    (entry,) = ledger.entries()
    ledger.close()
    assert entry.discarded


def press_until(terminal: Terminal, key: str, shown: str) -> None:
    for _ in range(10):
        terminal.send_keys(key)
        with suppress(AssertionError):
            terminal.wait_for(shown, deadline_s=3)
            return
    terminal.wait_for(shown)


def test_a_paste_that_is_not_marked_throws_no_secret_away(
    sim: Simulator, home: Path, tmp_path: Path
) -> None:
    switch_clipboard_off(home)
    saved = tmp_path / "saved"
    with opened(home) as terminal:
        make_undelivered(terminal)
        garbage = "D" * 300 + "\nDD y 0123456789 Dr qDY\n" + "D\n" * 50 + "D"
        terminal.tmux("load-buffer", "-b", "garbage", "-", stdin=garbage)
        terminal.tmux("paste-buffer", "-d", "-b", "garbage")
        terminal.send_keys("Enter")  # no to the question of the last D
        press_until(terminal, "s", "Save to a file")  # a question that is closing takes keys too
        terminal.send_keys("C-u")
        terminal.send_text(str(saved))
        terminal.send_keys("Enter")
        terminal.wait_for("written to")
    assert is_a_token(saved.read_text())
    (entry,) = entries(home)
    assert entry["deliveredTo"] == [str(saved)]
    assert mints(sim) == 1


def test_ctrl_c_does_nothing_but_say_how_to_leave(home: Path) -> None:
    with opened(home) as terminal:
        terminal.wait_for("1  demo")
        terminal.send_keys("C-c")
        terminal.wait_for("^q quits")
        assert not terminal.pane_dead


@pytest.mark.parametrize(("columns", "lines"), [(40, 24), (80, 10), (20, 5)])
def test_a_small_window_shows_one_line_and_no_secret(home: Path, columns: int, lines: int) -> None:
    with opened(home) as terminal:
        terminal.wait_for("1  demo")
        terminal.resize(columns, lines)
        wanted = "q quits"[:columns]
        terminal.wait_for(lambda screen: wanted in screen and "demo" not in screen)
        terminal.resize(80, 24)
        terminal.wait_for("1  demo")


@pytest.mark.parametrize(("columns", "lines"), [(60, 24), (80, 24), (120, 40), (200, 50)])
def test_every_size_shows_what_matters(home: Path, columns: int, lines: int) -> None:
    with opened(home, columns, lines) as terminal:
        screen = terminal.wait_for("1  demo")
        assert "Quick generate" in screen
        terminal.send_keys("I")
        terminal.wait_for("reconciling")


def test_without_colour_signs_and_words_remain(home: Path) -> None:
    with opened(home, NO_COLOR="1") as terminal:
        terminal.wait_for("1  demo")
        terminal.send_keys("I")
        terminal.wait_for(lambda s: "[I Instances]" in s and " > " in s)
        coloured = terminal.capture(colours=True)
        codes = {part.split("m")[0] for part in coloured.split("\x1b[")[1:]}
        hues = {c for code in codes for c in code.split(";") if c.startswith("38:2")}
        assert not hues


def test_hostile_texts_steer_nothing(tmp_path: Path) -> None:
    with start_simulator("hostile") as sim:
        home = small_home(sim, tmp_path / "home")
        with opened(home, 120, 40) as terminal:
            terminal.wait_for("Quick generate")
            title = terminal.title
            terminal.send_keys("I")
            terminal.wait_for("[I Instances]")
            for _ in range(40):
                terminal.send_keys("Down")
            terminal.send_keys("g")
            terminal.wait_for("Credentials")
            assert terminal.clipboard() == ""
            assert terminal.title == title
            assert not terminal.pane_dead
            terminal.send_keys("Escape", "C-q")
            assert terminal.wait_exit() == 0


def test_no_profile_yet_says_where_to_begin(tmp_path: Path) -> None:
    home = tmp_path / "empty"
    home.mkdir(mode=0o700)
    with opened(home) as terminal:
        terminal.wait_for("No profile is set up")
        terminal.send_keys("q")
        assert terminal.wait_exit() == 0


def test_a_broken_configuration_is_said_and_nothing_crashes(home: Path) -> None:
    (home / "config.yaml").write_text("profiles: [\n")
    with opened(home) as terminal:
        terminal.wait_for("Problems (1)")
        terminal.send_keys("!")
        terminal.wait_for("Last error")


def test_the_demo_opens_on_its_own_world_and_leaves_nothing(tmp_path: Path) -> None:
    env = environment(tmp_path, TMPDIR=str(tmp_path))
    del env["TOKENTUI_HOME"]
    with Terminal(argv("demo"), env=env) as terminal:
        terminal.wait_for("1  demo")
        terminal.send_keys("1", "Enter")
        terminal.wait_for(MADE)
        terminal.send_keys("C-q", "C-q")
        assert terminal.wait_exit() == 0
    assert [p for p in tmp_path.iterdir() if p.name.startswith("tokentui-demo")] == []
