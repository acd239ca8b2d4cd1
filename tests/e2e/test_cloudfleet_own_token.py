"""The API token that a Cloudfleet profile signs in with: replaced in its place, ended by none."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloudfleet_story import (
    PROFILE,
    configured,
    is_secret,
    jwt_for,
    names,
    pair_of,
    run,
    secret_file,
)
from command import Done, argv, environment, tokentui
from simulator_fixtures import start_simulator
from story import Keys
from terminal import require
from tokentui.simulator.cloudfleet.dialect import GUESS
from tokentui.simulator.cloudfleet.seeds import OWN_TOKEN
from tokentui.simulator.home import write_home
from tokentui.simulator.server import Simulator


@pytest.fixture(scope="module")
def serving() -> Iterator[Simulator]:
    with start_simulator() as simulator:
        yield simulator


@pytest.fixture
def sim(serving: Simulator) -> Iterator[Simulator]:
    """Give the simulator in its usual wire format."""
    serving.world.cloudfleet.dialect = GUESS
    yield serving
    serving.faults.clear()


@pytest.fixture
def home(sim: Simulator, tmp_path: Path) -> Path:
    return write_home(sim, tmp_path / "home", (PROFILE,))


def test_the_own_token_is_regenerated_by_keys(sim: Simulator, home: Path) -> None:
    old = secret_file(home).read_text().strip()
    with Keys(home) as keys:
        keys.answered(PROFILE)
        keys.place("T")
        keys.narrow(OWN_TOKEN)
        keys.says("this profile is signed in with it")
        keys.send_keys("x")
        keys.says("Profile cloudfleet signs in with it and will be signed out")
        keys.send_keys("Escape")
        keys.wait_for("[T Tokens]")
        keys.send_keys("R")
        keys.says(f"the new secret goes into the file {secret_file(home)} at once")
        keys.send_keys("F10")
        keys.says(f"x type {OWN_TOKEN} to regenerate it")
        assert secret_file(home).read_text().strip() == old
        keys.send_text(OWN_TOKEN)
        keys.says(f"Name {OWN_TOKEN}")
        keys.send_keys("F10")
        keys.says("API token regenerated - shown here once")
        keys.says("recorded: main-org, API token")
        keys.says("! profile cloudfleet signs in with it from now on")
        new = keys.copied(is_secret)
        keys.send_keys("Enter")
        keys.wait_for("[T Tokens]")
        keys.refreshed(" cloudfleet ok ")
        keys.left()
    assert secret_file(home).read_text().strip() == new != old
    assert stat.S_IMODE(secret_file(home).stat().st_mode) == 0o600
    assert not jwt_for(sim, pair_of(sim, OWN_TOKEN, old))
    assert OWN_TOKEN in names(home)


def regenerate_own(home: Path, *words: str, **extra: str) -> Done:
    return tokentui(home, "token", "regenerate", OWN_TOKEN, *words, "--stdout", **extra)


def test_the_own_token_is_regenerated_by_command_line(sim: Simulator, home: Path) -> None:
    old = secret_file(home).read_text().strip()

    warned = regenerate_own(home, "-y")

    assert warned.code == 7
    assert f"the new secret goes into the file {secret_file(home)} at once" in warned.err
    assert f"--confirm {OWN_TOKEN}" in warned.err
    done = regenerate_own(home, "-y", "--confirm", OWN_TOKEN)
    assert done.code == 0, done.err
    assert secret_file(home).read_text().strip() == done.out.strip() != old
    assert stat.S_IMODE(secret_file(home).stat().st_mode) == 0o600
    assert OWN_TOKEN in names(home)
    assert not jwt_for(sim, pair_of(sim, OWN_TOKEN, old))


def test_with_a_variable_it_is_said_that_the_profile_will_be_signed_out(
    sim: Simulator, home: Path
) -> None:
    configured(home, auth={"method": "env", "variable": "CF_SECRET"})
    secret = secret_file(home).read_text().strip()

    done = regenerate_own(home, "-y", "--confirm", OWN_TOKEN, CF_SECRET=secret)

    assert done.code == 0, done.err
    assert "will be signed out until you put the new secret in its place" in done.err
    assert "a variable of the environment" in done.err
    assert "cannot sign in with it yet" in done.err
    signed_out = tokentui(home, "profile", "test", CF_SECRET=secret)
    assert signed_out.code == 3
    assert "check token_id and the secret" in signed_out.err
    assert OWN_TOKEN in run(home, "profile", "test", CF_SECRET=done.out.strip()).out


def test_a_folder_that_cannot_be_written_to_is_said_beforehand(sim: Simulator, home: Path) -> None:
    """Without the power that root has, a folder's mode counts for root too."""
    minted = sim.world.cloudfleet.mint_count
    secret_file(home).parent.chmod(0o500)
    bounded = [require("setpriv"), "--bounding-set=-dac_override,-dac_read_search"]
    plain = bounded if os.geteuid() == 0 else []
    try:
        done = subprocess.run(
            [*plain, *argv("token", "regenerate", OWN_TOKEN, "-y", "--stdout")],
            env=environment(home),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    finally:
        secret_file(home).parent.chmod(0o700)
    assert done.returncode == 7
    assert "will be signed out until you put the new secret in its place" in done.stderr
    assert "cannot be written to" in done.stderr
    assert sim.world.cloudfleet.mint_count == minted


def test_the_own_token_is_not_deleted_unawares(sim: Simulator, home: Path) -> None:
    done = tokentui(home, "token", "revoke", OWN_TOKEN, "-y")
    assert done.code == 7
    assert "Profile cloudfleet signs in with it and will be signed out" in done.err
    assert OWN_TOKEN in {one.name for one in sim.world.cloudfleet.tokens()}
