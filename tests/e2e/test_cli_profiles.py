"""`profile add`, `show`, `test` and `remove` against the simulator."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from command import Done, tokentui
from simulator_fixtures import project_id, small_home, start_simulator
from tokentui.simulator.server import Simulator
from tokentui.simulator.stackstate.world import ADMIN_TOKEN, PROD


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as simulator:
        yield simulator


@pytest.fixture
def known(sim: Simulator, tmp_path: Path) -> Path:
    """Give a folder with the simulator's secrets and addresses."""
    return small_home(sim, tmp_path / "known")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Give a home that does not exist yet."""
    return tmp_path / "home"


def stackstate(sim: Simulator, known: Path, name: str = "prod") -> tuple[str, ...]:
    server = sim.world.stackstate.servers[PROD].url
    path = str(known / "secrets" / "stackstate-token")
    add = ("profile", "add", "stackstate", name)
    return (*add, "--url", server, "--auth", "file", "--auth-path", path)


def stackit(known: Path, name: str = "ops") -> tuple[str, ...]:
    path = str(known / "secrets" / "stackit-key.json")
    found = yaml.safe_load((known / "config.yaml").read_text())["profiles"]["stackit"]
    places = [w for key, url in found["endpoints"].items() for w in ("--endpoints", f"{key}={url}")]
    add = ("profile", "add", "stackit", name)
    return (*add, "--auth", "service-account-key", "--auth-path", path, *places)


def refused(done: Done, code: int, sentence: str) -> None:
    assert (done.code, done.out) == (code, "")
    assert sentence in done.err
    assert "Traceback" not in done.err


def test_a_first_profile_is_tried_saved_and_used(sim: Simulator, known: Path, home: Path) -> None:
    done = tokentui(home, *stackstate(sim, known), "--max-lifetime", "30d")

    assert (done.code, done.out) == (0, ""), done.err
    assert f"profile prod is in {home / 'config.yaml'}" in done.err
    assert "signed in as tokentui-admin (version" in done.err
    assert stat.S_IMODE((home / "config.yaml").stat().st_mode) == 0o600
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    secret = (known / "secrets" / "stackstate-token").read_text().strip()
    assert secret not in (home / "config.yaml").read_text()
    listed = tokentui(home, "instance", "list", "-o", "json").json["items"]
    assert [item["profile"] for item in listed] == ["prod"]


def test_missing_settings_are_told_together(home: Path) -> None:
    done = tokentui(home, "profile", "add", "stackstate", "prod", "--auth", "env")
    refused(
        done, 2,
        "profile prod needs --url (address of the server, as in the browser) and "
        "--auth-variable (name of the variable): see 'tokentui profile add stackstate --help'",
    )  # fmt: skip
    assert not (home / "config.yaml").exists()


def test_a_missing_project_is_told_with_those_that_there_are(
    sim: Simulator, known: Path, home: Path
) -> None:
    done = tokentui(home, *stackit(known))
    refused(done, 2, "profile ops needs --project-id (UUID of the project; or set `projects`): ")
    assert f"{project_id(sim)} ops-prod" in done.err
    assert not (home / "config.yaml").exists()

    done = tokentui(home, *stackit(known), "--project-id", project_id(sim), "--protected")
    assert done.code == 0, done.err
    assert "@sa.stackit.cloud" in done.err


def test_a_project_that_is_none_is_the_providers_own_error(known: Path, home: Path) -> None:
    done = tokentui(home, *stackit(known), "--project-id", "ops")
    refused(done, 2, "ops is not the UUID of a project")
    done = tokentui(home, *stackit(known), "--no-test")
    refused(done, 2, "profile ops needs either project_id or projects")


def test_a_sign_in_that_fails_is_saved_only_on_request(
    sim: Simulator, known: Path, home: Path
) -> None:
    add = stackstate(sim, known)
    (known / "secrets" / "stackstate-token").write_text("svctok-wrong")
    done = tokentui(home, *add)
    refused(done, 3, "profile prod is not saved (--no-test saves it without asking)")
    assert not (home / "config.yaml").exists()

    requests = len(sim.requests.all())
    done = tokentui(home, *add, "--no-test")
    assert done.code == 0, done.err
    assert len(sim.requests.all()) == requests
    tried = tokentui(home, "profile", "test", "-o", "json")
    assert (tried.code, tried.json["items"][0]["signedIn"]) == (3, False)
    assert "tokentui: prod: " in tried.err


def test_a_secret_is_refused_and_not_repeated(sim: Simulator, home: Path) -> None:
    server = sim.world.stackstate.servers[PROD]
    secret = server.token_named(ADMIN_TOKEN).secret
    for flag in ("--auth-variable", "--auth-token", "--api-path"):
        add = ("profile", "add", "stackstate", "prod", "--url", server.url, "--auth", "env")
        done = tokentui(home, *add, flag, secret)
        assert done.code == 2
        assert secret not in done.out + done.err
        assert "config.yaml holds no" in done.err or "and config.yaml holds none" in done.err
    assert not (home / "config.yaml").exists()


def test_a_file_in_flow_style_is_left_and_the_block_printed(
    sim: Simulator, known: Path, home: Path
) -> None:
    home.mkdir(0o700)
    before = "profiles: {old: {provider: stackstate, url: 'https://x.example', auth: {method: env, variable: X}}}\n"  # noqa: E501
    (home / "config.yaml").write_text(before)
    done = tokentui(home, *stackstate(sim, known))
    assert done.code == 2
    assert "cannot be edited without risk: write the profile below `profiles:` by hand" in done.err
    assert list(yaml.safe_load(done.out)) == ["prod"]
    assert (home / "config.yaml").read_text() == before


def test_comments_live_through_adding_and_removing(sim: Simulator, known: Path, home: Path) -> None:
    home.mkdir(0o700)
    before = (
        "# ours\nprofiles:\n  # the lab\n  lab:  # old\n    provider: stackstate\n"
        "    url: https://lab.example\n    auth: {method: env, variable: LAB}\n\n"
        "# end\nsettings: {clear_after: 30s}\n"
    )
    (home / "config.yaml").write_text(before)
    assert tokentui(home, *stackstate(sim, known)).code == 0
    names = [i["name"] for i in tokentui(home, "profile", "list", "-o", "json").json["items"]]
    assert names == ["lab", "prod"]
    refused(tokentui(home, *stackstate(sim, known)), 2, "line 8: there is a profile prod already")

    refused(tokentui(home, "profile", "remove", "prod"), 2, "nobody can be asked")
    done = tokentui(home, "profile", "remove", "prod", "-y")
    assert done.code == 0, done.err
    assert (home / "config.yaml").read_text() == before
    refused(tokentui(home, "profile", "remove", "prod", "-y"), 2, "there is no profile prod")


def test_what_still_lives_is_told_when_its_profile_goes(known: Path) -> None:
    create = ("token", "create", "-p", "stackit", "--instance", "demo", "-e", "1h", "--stdout")
    assert tokentui(known, *create).code == 0
    done = tokentui(known, "profile", "remove", "stackit", "-y")
    assert done.code == 0, done.err
    assert "what was made with it is not ended: 1 in the ledger" in done.err


def test_one_profile_is_shown_and_several_are_tried(known: Path) -> None:
    shown = tokentui(known, "profile", "show", "stackstate", "-o", "yaml")
    assert shown.code == 0, shown.err
    document = yaml.safe_load(shown.out)
    assert document["schema"] == "tokentui/profile/v1"
    assert document["auth"] == {
        "method": "file", "path": str(known / "secrets" / "stackstate-token")
    }  # fmt: skip
    lines = tokentui(known, "profile", "show", "stackit").out.splitlines()
    assert any(line.split()[:2] == ["auth.method", "service-account-key"] for line in lines)
    refused(tokentui(known, "profile", "show", "stackat"), 2, "there is no profile 'stackat'")

    tried = tokentui(known, "profile", "test", "-o", "json")
    assert tried.code == 0, tried.err
    assert [(item["profile"], item["signedIn"]) for item in tried.json["items"]] == [
        ("stackit", True),
        ("stackstate", True),
    ]
    table = tokentui(known, "profile", "test", "stackstate").out.splitlines()
    assert [line.split()[:2] for line in table] == [["PROFILE", "SIGN-IN"], ["stackstate", "works"]]


def test_help_is_made_from_the_provider(home: Path) -> None:
    general = tokentui(home, "profile", "add", "--help")
    assert (general.code, "PROVIDER --help" in general.out) == (0, True)
    own = tokentui(home, "profile", "add", "stackit", "--help")
    assert own.code == 0
    for word in ("--project-id", "--auth-token-url", "--no-legacy-tokens", "workload-identity"):
        assert word in own.out
    refused(tokentui(home, "profile", "add", "stackat", "--help"), 2, "stackat is not known")
    refused(tokentui(home, "profile", "add", "stackit"), 2, "are required: NAME")
