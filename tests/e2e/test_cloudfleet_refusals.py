"""What Cloudfleet does not allow, and what does not fit, said in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cloudfleet_story import (
    PROFILE,
    configured,
)
from command import tokentui
from simulator_fixtures import start_simulator
from story import Keys, items
from tokentui.simulator.cloudfleet.dialect import GUESS
from tokentui.simulator.cloudfleet.seeds import USER_TOKEN
from tokentui.simulator.home import write_home
from tokentui.simulator.server import Simulator

NOT_CONFIRMED = "not confirmed by the vendor's documentation"
NEEDS_ADMINISTRATOR = "making and ending API tokens needs the role Administrator"


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


def as_user(sim: Simulator, home: Path) -> Path:
    """Let the profile sign in with a token that has the role User."""
    secret = str(home / "secrets" / "cloudfleet-user-secret")
    token_id = sim.world.cloudfleet.token_named(USER_TOKEN).id
    return configured(home, token_id=token_id, auth={"method": "file", "path": secret})


def test_the_role_user_is_refused_in_words(sim: Simulator, home: Path) -> None:
    as_user(sim, home)
    minted = sim.world.cloudfleet.mint_count
    identity = items(home, "profile", "test")[0]
    assert (identity["signedIn"], identity["mayIssue"]) == (True, False)
    assert any(one["name"] == "shop-prod" for one in items(home, "instance", "list"))

    made = tokentui(home, "token", "create", "--name", "x", "--stdout")
    listed = tokentui(home, "token", "list")

    assert made.code == 1
    assert NEEDS_ADMINISTRATOR in made.err
    assert listed.code == 3
    assert "needs an API token with the role Administrator" in listed.err
    sim.world.cloudfleet.user_reads_tokens = True
    try:
        for verb in ("revoke", "regenerate"):
            done = tokentui(home, "token", verb, "ci-admin", "-y")
            assert done.code == 1
            assert NEEDS_ADMINISTRATOR in done.err
    finally:
        sim.world.cloudfleet.user_reads_tokens = False
    assert sim.world.cloudfleet.mint_count == minted
    assert "ci-admin" in {one.name for one in sim.world.cloudfleet.tokens()}


def test_the_role_user_sees_why_by_keys(sim: Simulator, home: Path) -> None:
    as_user(sim, home)
    minted = sim.world.cloudfleet.mint_count
    with Keys(home) as keys:
        keys.wait_for(" cloudfleet partly ")
        keys.place("I")
        keys.narrow("main-org")
        keys.send_keys("g")
        keys.says(NEEDS_ADMINISTRATOR)
        keys.send_keys("Enter", "Escape")
        keys.wait_for("[I Instances]")
        keys.send_keys("!")
        keys.says("the sign-in itself is fine")
        keys.send_keys("Escape")
        keys.wait_for("[I Instances]")
        keys.left()
    assert sim.world.cloudfleet.mint_count == minted


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--role", "Admin"), "choose from: User, Administrator"),
        (("--set", "colour=red"), "API token has no field 'colour'"),
        (("-e", "30d"), "leave the expiration out"),
        (("--instance", "shop-prod"), "no credential can be made for CFKE cluster shop-prod"),
        (("--instance", "nowhere"), "nowhere"),
    ],
)
def test_what_does_not_fit_is_said_in_one_sentence(
    sim: Simulator, home: Path, words: tuple[str, ...], told: str
) -> None:
    minted = sim.world.cloudfleet.mint_count
    done = tokentui(home, "token", "create", "--name", "x", *words, "--stdout")
    assert done.code in {2, 4}
    assert told in done.err
    assert (done.out, done.err.count("tokentui: ")) == ("", 1)
    assert sim.world.cloudfleet.mint_count == minted


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"token_id": "nobody"}, "check token_id and the secret"),
        ({"wire": {"list_token": "GET /tokens"}}, "use list_tokens"),
        ({"wire": {"delete_token": "GET /tokens/{id}"}}, "wire.delete_token"),
        ({"wire": {"organization": "GET /nowhere"}}, NOT_CONFIRMED),
        ({"token_url": "http://auth.example/token"}, "https"),
        ({"client_auth": "digest"}, "known are basic, post"),
    ],
)
def test_a_profile_that_does_not_fit_is_said_in_one_sentence(
    home: Path, settings: dict[str, object], told: str
) -> None:
    done = tokentui(configured(home, **settings), "profile", "test")
    assert done.code in {2, 3, 4}
    assert told in " ".join((done.out + done.err).split())
    assert "Traceback" not in done.err
