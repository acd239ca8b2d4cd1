"""Whatever a server says of accounts and credentials, every byte written is one of our own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator_fixtures import small_home, start_simulator
from terminal_bytes import ENTER, F10, back, copies_in, foreign, go, leave, opened, search, walk
from tokentui.simulator.server import Simulator
from ui.pty_app import DOWN

ACCOUNTS, CREDENTIALS = 6, 57
"""How many of the hostile world can be used; the others are refused where they are read."""


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator("hostile") as simulator:
        yield simulator


@pytest.fixture
def home(sim: Simulator, tmp_path: Path) -> Path:
    return small_home(sim, tmp_path / "home")


def test_hostile_accounts_write_nothing_of_theirs(home: Path) -> None:
    with opened(home) as app:
        app.settle(b" stackstate ok")
        go(app, b"A", "[A Accounts]")
        walk(app, ACCOUNTS, b"x")
        assert b"Delete service account" in app.output
        go(app, b"n", "New account")
        back(app)
        go(app, b"g", "Algorithm")
        back(app)
        leave(app)
    assert copies_in(app.output) == []
    assert foreign(app.output) == []


def test_hostile_credentials_and_their_dialogs_write_nothing_of_theirs(
    sim: Simulator, home: Path
) -> None:
    with opened(home) as app:
        app.settle(b" stackstate ok")
        go(app, b"T", "[T Tokens]")
        app.settle(f"{CREDENTIALS} of {CREDENTIALS}".encode())
        walk(app, CREDENTIALS, b"x")
        assert b"Delete service token" in app.output
        assert b"Delete obs user" in app.output
        search(app, b"{{")
        go(app, b"u", "How to use")
        back(app)
        go(app, b"v", "Paste the secret here")
        back(app)  # out of the field
        back(app)
        search(app, b"deploy/")
        for key, shown in ((b"o", "Switch off sa key"), (b"d", "Move the end of sa key")):
            go(app, key, shown)
            back(app)
        search(app, b"where:sts")
        app.press(b"a")
        app.type(b"x")
        app.settle(b"credentials?")
        for _ in range(30):
            app.type(DOWN)
            app.settle(b"")
        app.press(F10)
        app.settle(b"deleted ")
        leave(app)
    assert sim.requests.count("DELETE", "/stackstate/") > 0
    assert copies_in(app.output) == []
    assert foreign(app.output) == []


def test_hostile_addresses_and_roles_write_nothing_of_theirs(home: Path) -> None:
    with opened(home) as app:
        app.settle(b" stackstate ok")
        go(app, b"I", "[I Instances]")
        search(app, b"sts-prod")
        go(app, b"g", "Roles")
        back(app)
        search(app, b"obs-prod")
        go(app, ENTER, "remote_write")
        leave(app)
    assert foreign(app.output) == []
