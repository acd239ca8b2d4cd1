"""The sixth task: a new service account, an Editor, whose token lies in a file of its owner's."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from kubermatic_home import PROVIDER, kkp_home, me
from simulator_fixtures import start_simulator
from story import Keys, entry
from tokentui.simulator.server import Simulator

FEWEST = 17


class CountedKeys(Keys):
    """Counts what is pressed; a typed character counts as a key."""

    pressed = 0

    def send_keys(self, *keys: str) -> None:
        self.pressed += len(keys)
        super().send_keys(*keys)

    def send_text(self, text: str) -> None:
        self.pressed += len(text)
        super().send_text(text)


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as simulator:
        yield simulator


def test_an_account_and_its_token_in_a_file_take_so_many_keys(
    sim: Simulator, tmp_path: Path
) -> None:
    home = kkp_home(sim, tmp_path / "home", projects=["data"])
    server = sim.world.kubermatic.main
    path = home / "deployer.token"
    with CountedKeys(home) as keys:
        keys.answered(PROVIDER)
        keys.send_keys("A", "n")
        keys.says("Place 1 (o) data 2 ( ) data/lake")
        keys.says("Group*")
        keys.send_text("deployer")
        keys.says("Name* deployer")
        keys.send_keys("Tab", "e")
        keys.says("( ) Viewer (o) Editor")
        keys.send_keys("Enter")
        keys.says("made service account deployer in data - Enter makes a credential for it")
        keys.send_keys("Enter")
        keys.wait_for("Name*        deployer-")
        keys.send_keys("Enter")
        keys.says("accepts it, as deployer")
        keys.send_keys("s")
        keys.wait_for("~/deployer.token")
        keys.send_keys("Enter")
        keys.says("File written to")  # the question before has the other words of it
        assert keys.pressed == FEWEST
        keys.send_keys("Enter")
        keys.wait_for("[A Accounts]")
        keys.left()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert me(server, path.read_text().strip()) == 200
    (made,) = [
        one
        for one in server.accounts.values()
        if (one.name, one.project_id) == ("deployer", server.project_named("data").id)
    ]
    assert made.group == "editors"
    assert entry(home)["where"] == "deployer"
    assert str(path) in str(entry(home))
