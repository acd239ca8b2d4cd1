"""KKP's tokens and kubeconfigs from the first to the last call."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from command import Done, tokentui
from kubermatic_home import PROFILE, PROVIDER, kkp_home, me, signed_in_with, whoami
from simulator_fixtures import start_simulator
from story import Keys, entry, items
from terminal import wait_until
from tokentui.domain.errors import ExitCode
from tokentui.simulator.home import write_home
from tokentui.simulator.kubermatic.seeds import EDITOR_TOKEN, MANAGER_TOKEN
from tokentui.simulator.kubermatic.server import KubermaticServer
from tokentui.simulator.server import Simulator

OK, REFUSED = 200, 401
FAILED, FORBIDDEN, GUARDED = 1, 3, 7
VIEWER = ("--group", "Viewer")


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as simulator:
        yield simulator


@pytest.fixture
def server(sim: Simulator) -> KubermaticServer:
    return sim.world.kubermatic.main


@pytest.fixture
def home(sim: Simulator, tmp_path: Path) -> Path:
    return kkp_home(sim, tmp_path / "home")


def run(home: Path, *words: str) -> Done:
    done = tokentui(home, *words)
    assert done.code == 0, done.err
    return done


def tokens_of(home: Path, account: str) -> set[str]:
    listed = items(home, "token", "list")
    return {one["name"] for one in listed if one["where"] == account}


def is_jwt(text: str) -> bool:
    return text.startswith("eyJ") and text.count(".") == 2


def is_one_sentence(done: Done) -> bool:
    return "Traceback" not in done.err and done.err.count("tokentui: ") == 1


# A project's token


def test_a_token_by_keys(server: KubermaticServer, home: Path) -> None:
    with Keys(home) as keys:
        keys.answered(PROVIDER)
        keys.place("A")
        keys.narrow("reader")
        keys.send_keys("g")
        keys.says("3 y, fixed by the provider")
        keys.fill("", "Tab")
        keys.send_keys("C-u")
        keys.send_text("nightly")
        keys.send_keys("Enter")
        keys.says("Token created - shown here once")
        keys.says("accepts it, as reader")
        token = keys.copied(is_jwt)
        keys.send_keys("Enter")
        keys.wait_for("[A Accounts]")
        assert token not in keys.capture(history=True)
        assert me(server, token) == OK
        assert tokens_of(home, "reader") == {"dashboards", "nightly"}

        keys.place("T")
        keys.narrow("nightly")
        assert "accepts it, as reader" in keys.verified(token)
        keys.send_keys("x")
        keys.says("Delete project token nightly")
        keys.send_keys("F10")
        keys.wait_for("deleted project token nightly")
        keys.left()
    assert me(server, token) == REFUSED
    assert tokens_of(home, "reader") == {"dashboards"}
    assert (entry(home)["state"], entry(home)["verified"]) == ("ended", True)


def test_an_account_and_its_token_by_command_line(server: KubermaticServer, home: Path) -> None:
    robot = ("account", "create", "--name", "robot", "--scope", "data")
    refused = tokentui(home, *robot)
    assert (refused.code, "Viewer, Editor, Project Manager" in refused.err) == (2, True)
    made = run(home, *robot, "--group", "Editor")
    assert "created in data, group Editor" in made.err
    create = ("token", "create", "--account", "robot")
    token = run(home, *create, "--name", "first", "--stdout").out.strip()
    assert me(server, token) == OK
    assert tokens_of(home, "robot") == {"first"}

    run(home, "token", "rename", "first", "second")
    assert me(server, token) == OK
    another = run(home, "token", "regenerate", "second", "-y", "--stdout").out.strip()
    assert (me(server, token), me(server, another)) == (REFUSED, OK)

    run(home, "account", "rename", "robot", "robot-2")
    run(home, "account", "regroup", "robot-2", "Viewer")
    assert server.account_named("robot-2").group == "viewers"
    run(home, "token", "revoke", "second", "-y")
    assert me(server, another) == REFUSED
    last = run(home, "token", "create", "--account", "robot-2", "--stdout").out.strip()
    run(home, "account", "delete", "robot-2", "-y")
    assert me(server, last) == REFUSED
    states = {one["state"] for one in items(home, "token", "list", "--all") if one["number"]}
    assert states == {"ended"}


def test_the_token_that_the_profile_signs_in_with_is_regenerated(
    sim: Simulator, server: KubermaticServer, tmp_path: Path
) -> None:
    home = kkp_home(sim, tmp_path / "home", projects=["lab"])
    old = server.token_named(MANAGER_TOKEN).secret
    path = signed_in_with(home, old)
    regenerate = ("token", "regenerate", MANAGER_TOKEN, "-y", "--stdout")

    warned = tokentui(home, *regenerate)
    assert (warned.code, warned.out) == (GUARDED, "")
    assert f"--confirm {MANAGER_TOKEN}" in warned.err
    assert server.token_named(MANAGER_TOKEN).secret == old

    done = run(home, *regenerate, "--confirm", MANAGER_TOKEN)

    new = server.token_named(MANAGER_TOKEN).secret
    assert new != old
    assert path.read_text().strip() == done.out.strip() == new
    assert path.stat().st_mode & 0o777 == 0o600
    assert f"signs in with it from now on: it is in the file {path}" in " ".join(done.err.split())
    assert me(server, old) == REFUSED
    assert "works" in run(home, "profile", "test").out


# Kubeconfigs of clusters


def test_kubeconfigs_of_two_clusters_do_not_mix_and_end_with_all_their_copies(
    server: KubermaticServer, home: Path, tmp_path: Path
) -> None:
    merged, copy = home / "kubeconfig", tmp_path / "web.kubeconfig"
    run(home, "kubeconfig", "create", "--instance", "web")
    run(home, "kubeconfig", "create", "--instance", "lake", "--use")
    run(home, "kubeconfig", "create", "--instance", "web", "--file", str(copy))

    content = yaml.safe_load(merged.read_text())
    web, lake = (one["name"] for one in content["contexts"])
    tokens = {one["name"]: one["user"]["token"] for one in content["users"]}
    assert tokens == {
        web: server.cluster_named("web").admin_token,
        lake: server.cluster_named("lake").admin_token,
    }
    assert "default" not in tokens
    assert content["current-context"] == lake
    assert whoami(merged, "--context", web) == whoami(merged, "--context", lake) == "admin"
    assert whoami(copy) == "admin"

    told = run(home, "token", "revoke", "admin", "--instance", "web", "-y").err
    assert "every copy of it that members with that role have" in told
    assert "merged" not in told
    assert whoami(merged, "--context", web) == whoami(copy) == ""
    assert whoami(merged, "--context", lake) == "admin"
    assert [entry(home, number)["state"] for number in (1, 2, 3)] == ["ended", "live", "ended"]
    standing = [
        one
        for one in items(home, "token", "list")
        if (one["where"], one["name"]) == ("web", "admin")
    ]
    assert [(one["number"], one["state"]) for one in standing] == [(None, "live")]


def test_an_old_kubeconfig_after_a_revocation_is_said_to_be_refused(
    server: KubermaticServer, home: Path, tmp_path: Path
) -> None:
    server.stale_seconds = 600
    run(home, "token", "revoke", "admin", "--instance", "web", "-y")
    path = tmp_path / "web.kubeconfig"

    done = tokentui(home, "kubeconfig", "create", "--instance", "web", "--file", str(path))

    assert "does not accept it (401)" in done.err
    assert whoami(path) == ""
    assert entry(home)["verified"] is False


def test_a_cluster_s_service_account(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "robot.kubeconfig"
    create = ("account", "create", "--name", "robot", "--scope", "shop/web")
    made = run(home, *create, "--set", "namespace=cicd")
    assert "it may do nothing until a role is bound to it" in made.err
    assert "robot (imke): created in shop/web, namespace cicd" in made.err
    account = [one for one in items(home, "account", "list") if one["name"] == "robot"]
    assert [one["scope"] for one in account] == ["shop/web"]

    run(home, "kubeconfig", "create", "--account", "robot", "--file", str(path))
    assert whoami(path) == "system:serviceaccount:cicd:robot"
    alone = tokentui(home, "token", "revoke", "robot", "-y")
    assert (alone.code, is_one_sentence(alone)) == (FAILED, True)
    assert "delete its cluster service account and make a new one" in alone.err

    run(home, "account", "delete", "robot", "-y")
    assert whoami(path) == ""
    assert entry(home)["state"] == "ended"
    assert "robot" not in {one["name"] for one in items(home, "account", "list")}


# Versions and rights


@pytest.mark.parametrize("version", ["2.17", "2.21", "2.23"])
def test_an_old_installation(sim: Simulator, tmp_path: Path, version: str) -> None:
    server = sim.world.kubermatic.older(version)
    home = kkp_home(sim, tmp_path / "home", url=f"{server.url}/api/v2/")
    signed_in_with(home, (home / "secrets" / f"imke-{version}-token").read_text().strip())
    names = {one["name"] for one in items(home, "instance", "list")}
    assert names == {"web", "batch", "lake"}

    listed = tokentui(home, "token", "list", "-o", "json")

    states = {one["id"]: one["state"] for one in listed.json["items"]}
    invalid = {server.token_named(name).id for name in ("jenkins", "airflow")}
    assert {one for one, state in states.items() if state == "invalid"} == invalid
    assert {"laptop-anna", "dashboards"} <= {one["name"] for one in listed.json["items"]}
    rows = [line.split() for line in tokentui(home, "token", "list").out.splitlines()]
    assert {row[2] for row in rows if row[1] == "invalid"} == {"-"}
    blocks = "an expired or invalid token blocks the list of this old server: delete it"
    assert (blocks in listed.err) is (version == "2.17")
    (blocking,) = (server.token_named("airflow").id,)
    run(home, "token", "revoke", blocking, "-y")
    assert blocking not in server.tokens


def test_an_expired_sign_in_says_so(sim: Simulator, tmp_path: Path) -> None:
    server = sim.world.kubermatic.older("2.23")
    home = kkp_home(sim, tmp_path / "home", url=server.url)
    signed_in_with(home, server.token_named("airflow").secret)

    done = tokentui(home, "instance", "list")

    assert done.code == FORBIDDEN
    assert is_one_sentence(done)
    assert "401" in done.err
    assert "expired" in done.err


@pytest.mark.parametrize(
    ("token", "project", "words", "says"),
    [
        (
            "dashboards",
            "shop",
            ("account", "create", "--name", "x", "--scope", "shop", *VIEWER),
            "403",
        ),
        (
            EDITOR_TOKEN,
            "lab",
            ("account", "create", "--name", "x", "--scope", "lab", *VIEWER),
            "403",
        ),
        (
            MANAGER_TOKEN,
            "lab",
            ("kubeconfig", "create", "--instance", "play", "--stdout"),
            "project managers are shut out of clusters",
        ),
    ],
    ids=["viewer", "editor", "project manager"],
)
def test_what_a_role_may_not_do_is_said(
    sim: Simulator,
    server: KubermaticServer,
    tmp_path: Path,
    token: str,
    project: str,
    words: tuple[str, ...],
    says: str,
) -> None:
    home = kkp_home(sim, tmp_path / "home", projects=[project])
    signed_in_with(home, server.token_named(token).secret)
    before = dict(server.accounts)

    done = tokentui(home, *words)

    assert done.code in {FAILED, FORBIDDEN}
    assert is_one_sentence(done)
    assert says in done.err
    assert done.out == ""
    assert server.accounts == before


# Rights that come late


def make_late(keys: Keys) -> None:
    """Make an account, and ask for a token for it while its rights are not there."""
    keys.answered(PROVIDER)
    keys.place("A")
    keys.send_keys("n")
    keys.says("Name*")
    keys.send_text("late")
    keys.says("Name* late")
    keys.send_keys("Enter")
    keys.says("Enter makes a credential for it")
    keys.send_keys("Enter")
    keys.wait_for("Name*        late-")
    keys.send_keys("Enter")


def test_a_token_for_an_account_whose_rights_come_late(
    sim: Simulator, server: KubermaticServer, home: Path
) -> None:
    server.settle_seconds = 2.5
    with Keys(home) as keys:
        make_late(keys)
        keys.says("accepts it, as late")
        assert me(server, keys.copied(is_jwt)) == OK
        keys.send_keys("Enter")
        keys.wait_for("[A Accounts]")
        keys.left()
    assert sim.requests.count("POST", "/tokens") > 1
    assert server.mints == 1
    assert entry(home)["state"] == "live"


def test_who_leaves_while_rights_are_waited_for_finds_the_truth(
    sim: Simulator, server: KubermaticServer, home: Path
) -> None:
    server.settle_seconds = 3600
    with Keys(home) as keys:
        make_late(keys)
        wait_until(lambda: sim.requests.count("POST", "/tokens") > 1, "it was asked again")
        keys.send_keys("C-c")
        keys.wait_for("asking Kubermatic")
        keys.send_keys("C-q", "C-q")
        assert keys.wait_exit() == ExitCode.OUTCOME_UNKNOWN
        assert "the answer did not come, so it may" in keys.capture(history=True)
    assert server.mints == 0
    (asked,) = (one for one in items(home, "token", "list") if one["where"] == "late")
    assert (asked["number"], asked["state"]) == (1, "unknown")


def test_another_session_waits_for_the_rights_of_a_new_account(
    sim: Simulator, server: KubermaticServer, home: Path
) -> None:
    server.settle_seconds = 5
    run(home, "account", "create", "--name", "late", "--scope", "shop", *VIEWER)

    made = run(home, "token", "create", "--account", "late", "--stdout")

    assert me(server, made.out.strip()) == OK
    assert sim.requests.count("POST", "/tokens") > 1
    assert server.mints == 1


def test_a_new_home_lists_without_a_refusal(sim: Simulator, tmp_path: Path) -> None:
    home = write_home(sim, tmp_path / "home", (PROFILE,))
    for listing in ("instance", "account", "token"):
        assert run(home, listing, "list").err == ""
