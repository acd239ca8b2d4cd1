"""Kill -9 inside each hand-over: what the ledger says is what the disk and the clipboard show."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pytest

from kill_child import CLIPBOARD_POINTS, KUBECONFIG_POINTS, NEW_FILE_POINTS, OLD_FILE_POINTS
from killed import OWNER_ALONE, entries, holders, only_token, start, wait_for_death
from kubeconfigs import HAND_WRITTEN, names
from kubeconfigs import entry as kubeconfig_entry
from simulator_fixtures import small_home, start_simulator
from terminal import Terminal, plain_env, require, wait_until
from tokentui.delivery.kubeconfig_file import KubeconfigFile
from tokentui.domain.errors import DeliveryError
from tokentui.simulator.server import Simulator

HANDED_OVER = "after the hand-over"
RECORDED = "after its record"
NOT_RECORDED = "the program ended before a hand-over was recorded"
OLD_TOKEN = "an older token\n"
XTERM = "xterm-256color"


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as simulator:
        yield simulator


@pytest.fixture
def home(sim: Simulator, tmp_path: Path) -> Path:
    return small_home(sim, tmp_path / "home")


def assert_ledger_says(sim: Simulator, home: Path, point: str, destination: str) -> None:
    """One credential was made; it counts as handed over from the moment that is recorded."""
    assert sim.world.stackit.mint_count() == 1
    (entry,) = entries(home)
    assert entry["fingerprint"]
    assert 0 < entry["secondsLeft"] <= 600
    told = (entry["state"], entry["deliveredTo"], entry["note"])
    if point == RECORDED:
        assert told == ("live", [destination], "")
    else:
        assert told == ("lost", [], NOT_RECORDED)


class Unfinished(StrEnum):
    """Whether a temporary file was left, and whether it holds the new token."""

    NONE = "none"
    WITHOUT_TOKEN = "without the token"
    WITH_TOKEN = "with the token"


@dataclass(frozen=True)
class Left:
    """What a kill leaves: the new content or not, a temporary file, a kubeconfig's lock."""

    new: bool = False
    unfinished: Unfinished = Unfinished.NONE
    locked: bool = False


def unfinished(folder: Path) -> list[Path]:
    return list(folder.rglob(".tokentui-*.tmp"))


def assert_left(home: Path, path: Path, token: str, left: Left) -> None:
    """The token is in the named file or not, in a temporary one or not, and nowhere else."""
    half, found = unfinished(home), holders(home, token)
    assert (path in found) == left.new
    assert bool(half) == (left.unfinished is not Unfinished.NONE)
    assert all(file.stat().st_mode & 0o777 == OWNER_ALONE for file in half)
    with_token = half if left.unfinished is Unfinished.WITH_TOKEN else []
    assert {*found} - {path} == {*with_token}


def make_old(paths: list[Path]) -> None:
    """Let unfinished files look as they do a while after the kill: young ones are left alone."""
    for path in paths:
        os.utime(path, (0, 0))


@dataclass(frozen=True)
class Tmux:
    """A tmux server with one session, in a terminal whose clipboard is the user's."""

    socket: Path
    terminal: Terminal

    def __call__(self, *words: str) -> str:
        done = subprocess.run(
            [require("tmux"), "-S", str(self.socket), *words],
            env=plain_env() | {"TERM": XTERM},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=10,
            check=False,
        )
        return done.stdout.strip()

    @property
    def variable(self) -> str:
        """What tmux sets as TMUX in its panes."""
        return f"{self.socket},{self('display-message', '-p', '#{pid}')},0"


@pytest.fixture
def tmux() -> Iterator[Tmux]:
    # Below /tmp, because the path of a socket holds at most 107 bytes.
    with tempfile.TemporaryDirectory(prefix="tt-", dir="/tmp") as folder:
        socket = Path(folder) / "inner"
        inner = [require("tmux"), "-S", str(socket), "-f", "/dev/null", "new-session", "cat"]
        with Terminal(inner, options={"default-terminal": XTERM}) as terminal:
            made = Tmux(socket, terminal)
            try:
                wait_until(lambda: made("list-clients"), "the attached terminal")
                yield made
            finally:
                made("kill-server")


@pytest.mark.parametrize("point", [*CLIPBOARD_POINTS, HANDED_OVER, RECORDED])
def test_a_kill_while_copying_through_tmux(
    sim: Simulator, home: Path, tmux: Tmux, point: str
) -> None:
    wait_for_death(start(home, "clipboard", point, TMUX=tmux.variable, TERM="tmux-256color"))

    token = only_token(sim)
    if point in {"before tmux gets its end", HANDED_OVER, RECORDED}:
        wait_until(lambda: tmux.terminal.clipboard() == token, "the token in the clipboard")
    else:
        assert token not in tmux.terminal.clipboard()
    wait_until(lambda: tmux("list-buffers") == "", "the end of tmux's own copy")
    assert holders(home, token) == []
    assert_ledger_says(sim, home, point, "clipboard (tmux)")


KUBECONFIGS = {
    "before the lock": Left(),
    "lock held": Left(locked=True),
    "backup being written": Left(unfinished=Unfinished.WITHOUT_TOKEN, locked=True),
    "backup made": Left(locked=True),
    "temporary file made": Left(unfinished=Unfinished.WITHOUT_TOKEN, locked=True),
    "temporary file written": Left(unfinished=Unfinished.WITH_TOKEN, locked=True),
    "before the replacing": Left(unfinished=Unfinished.WITH_TOKEN, locked=True),
    "after the replacing": Left(new=True, locked=True),
    "before the unlocking": Left(new=True, locked=True),
    HANDED_OVER: Left(new=True),
    RECORDED: Left(new=True),
}


@pytest.mark.parametrize("point", KUBECONFIGS)
def test_a_kill_while_merging_a_kubeconfig(sim: Simulator, home: Path, point: str) -> None:
    path, left = home / "kubeconfig", KUBECONFIGS[point]
    path.write_text(HAND_WRITTEN)
    path.chmod(0o644)
    wait_for_death(start(home, "kubeconfig", point, path))

    assert_left(home, path, only_token(sim), left)
    assert_kubeconfig(path, new=left.new)
    make_old(unfinished(home))
    assert_ledger_says(sim, home, point, str(path))
    assert unfinished(home) == []
    assert_next_merge(home, path, locked=left.locked)


def assert_kubeconfig(path: Path, *, new: bool) -> None:
    """It is the old file to the byte, or one that kubectl reads and that has all of the old."""
    if new:
        assert names(path) == ["prod", "stackit-ops-prod-demo"]
        assert "# production" in path.read_text()
    else:
        assert path.read_text() == HAND_WRITTEN


def assert_next_merge(home: Path, path: Path, *, locked: bool) -> None:
    """A dead process's lock is told and not broken, as with kubectl; without it all is well."""
    store, lock = KubeconfigFile(home / "backup", lock_wait_s=0.0), Path(f"{path}.lock")
    before = set(names(path))
    assert lock.exists() == locked
    if locked:
        with pytest.raises(DeliveryError, match=f"locked by {lock} for .*remove that file first"):
            store.merge(kubeconfig_entry("another"), path)
        assert set(names(path)) == before
        lock.unlink()
    assert store.merge(kubeconfig_entry("another"), path).changed
    assert set(names(path)) == before | {"another"}


NEW_FILES = {
    "temporary file made": Left(unfinished=Unfinished.WITHOUT_TOKEN),
    "temporary file written": Left(unfinished=Unfinished.WITH_TOKEN),
    "before the linking": Left(unfinished=Unfinished.WITH_TOKEN),
    "after the linking": Left(new=True, unfinished=Unfinished.WITH_TOKEN),
    HANDED_OVER: Left(new=True),
    RECORDED: Left(new=True),
}
OLD_FILES = {
    "temporary file made": Left(unfinished=Unfinished.WITHOUT_TOKEN),
    "temporary file written": Left(unfinished=Unfinished.WITH_TOKEN),
    "before the replacing": Left(unfinished=Unfinished.WITH_TOKEN),
    "after the replacing": Left(new=True),
    HANDED_OVER: Left(new=True),
    RECORDED: Left(new=True),
}


@pytest.fixture
def place(home: Path) -> Path:
    """A file's name in a folder that holds nothing else."""
    folder = home / "handed"
    folder.mkdir()
    return folder / "token"


@pytest.mark.parametrize("point", NEW_FILES)
def test_a_kill_while_writing_a_new_file(
    sim: Simulator, home: Path, place: Path, point: str
) -> None:
    left = NEW_FILES[point]
    wait_for_death(start(home, "new file", point, place))

    token = only_token(sim)
    assert_left(home, place, token, left)
    assert place.exists() == left.new
    assert not left.new or place.read_text() == token + "\n"
    assert_ledger_says(sim, home, point, str(place))


@pytest.mark.parametrize("point", OLD_FILES)
def test_a_kill_while_replacing_a_file(sim: Simulator, home: Path, place: Path, point: str) -> None:
    left = OLD_FILES[point]
    place.write_text(OLD_TOKEN)
    place.chmod(0o644)
    wait_for_death(start(home, "old file", point, place))

    token = only_token(sim)
    assert_left(home, place, token, left)
    assert place.read_text() == (token + "\n" if left.new else OLD_TOKEN)
    assert_ledger_says(sim, home, point, str(place))


def test_every_point_is_covered() -> None:
    recorded = {HANDED_OVER, RECORDED}
    assert set(KUBECONFIGS) == {*KUBECONFIG_POINTS} | recorded
    assert set(NEW_FILES) == {*NEW_FILE_POINTS} | recorded
    assert set(OLD_FILES) == {*OLD_FILE_POINTS} | recorded
