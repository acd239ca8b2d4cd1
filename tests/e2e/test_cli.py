"""Every command against the simulator, as a process of its own."""

from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from command import Done, argv, environment, tokentui
from simulator_fixtures import small_home, start_simulator, wait_until
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.simulator.server import Simulator
from tools import kubectl

MINT = r"/instances/[^/]+/(token|kubeconfig)$"
CONTEXT = "stackit-ops-prod-demo"
SYSTEMS = {"stackit", "stackstate", "cloudfleet", "imke", "kubernetes"}


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as simulator:
        yield simulator


@pytest.fixture
def home(sim: Simulator, tmp_path: Path) -> Path:
    return small_home(sim, tmp_path / "home")


def mints(sim: Simulator) -> int:
    return sum(
        1
        for r in sim.requests.all()
        if r.path.endswith(("/token", "/kubeconfig")) and "/instances/" in r.path
    )


def assert_one_sentence(done: Done) -> None:
    lines = [line for line in done.err.splitlines() if line.startswith("tokentui: ")]
    assert lines
    assert "Traceback" not in done.err


def test_instances_are_listed_over_all_projects_and_regions(home: Path) -> None:
    done = tokentui(home, "instance", "list", "-o", "json")

    assert done.code == 0
    assert done.json["schema"] == "tokentui/instances/v1"
    edges = [i for i in done.json["items"] if i["kind"] == "edge"]
    found = {(i["name"], i["scope"], i["region"], i["stateText"]) for i in edges}
    assert found == {
        ("demo", "ops-prod", "eu01", "active"),
        ("edge-muc", "ops-prod", "eu01", "active"),
        ("edge-ham", "ops-prod", "eu02", "reconciling"),
        ("edge-old", "ops-dev", "eu01", "deleting"),
    }


def test_a_token_is_printed_once_and_recorded_without_its_value(sim: Simulator, home: Path) -> None:
    done = tokentui(home, "token", "create", "--instance", "demo", "-e", "10m", "--stdout")

    assert done.code == 0, done.err
    token = done.out.strip()
    assert token.count(".") == 2
    assert mints(sim) == 1
    assert "accepts it" in done.err
    listed = tokentui(home, "token", "list", "--offline", "-o", "json").json["items"]
    (entry,) = listed
    assert (entry["state"], entry["where"], entry["verified"]) == ("live", "demo", True)
    assert entry["deliveredTo"] == ["standard output"]
    assert 590 <= entry["secondsLeft"] <= 600
    assert all(token.encode() not in p.read_bytes() for p in home.rglob("*") if p.is_file())


def test_kubectl_reaches_the_cluster_with_the_merged_kubeconfig_until_its_end(
    sim: Simulator, home: Path
) -> None:
    path = home / "merged"
    done = tokentui(
        home, "kubeconfig", "create", "--instance", "demo", "-e", "1h", "--kubeconfig", str(path)
    )
    assert done.code == 0, done.err
    assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def version() -> subprocess.CompletedProcess[str]:
        words = ["--kubeconfig", str(path), "--context", CONTEXT, "get", "--raw", "/version"]
        return subprocess.run(
            [kubectl(), *words], capture_output=True, text=True, timeout=30, check=False
        )

    reached = version()
    assert reached.returncode == 0, reached.stderr
    assert "gitVersion" in reached.stdout

    sim.clock.advance(timedelta(hours=1, seconds=1))
    refused = version()
    assert refused.returncode != 0
    assert "Unauthorized" in refused.stderr or "logged in" in refused.stderr


def test_use_makes_the_new_context_current_and_nothing_else_does(home: Path) -> None:
    path = home / "kubeconfig"
    path.write_text(
        "apiVersion: v1\nkind: Config\ncurrent-context: mine\n"
        "contexts: [{name: mine, context: {cluster: a, user: b}}]\n"
    )
    create = ("kubeconfig", "create", "--instance", "demo")

    assert tokentui(home, *create).code == 0
    assert yaml.safe_load(path.read_text())["current-context"] == "mine"
    assert tokentui(home, *create, "--use").code == 0
    assert yaml.safe_load(path.read_text())["current-context"] == CONTEXT


def test_a_file_is_private_and_never_overwritten_unasked(sim: Simulator, home: Path) -> None:
    path = home / "demo.token"
    create = ("token", "create", "--instance", "demo", "--file", str(path))

    assert tokentui(home, *create).code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    first = path.read_text()
    again = tokentui(home, *create)

    assert again.code == 2
    assert "exists already" in again.err
    assert path.read_text() == first
    assert mints(sim) == 1
    assert tokentui(home, *create, "-y").code == 0
    assert path.read_text() != first


def test_check_answers_in_text_and_json(home: Path) -> None:
    tokentui(home, "token", "create", "--instance", "demo", "-e", "10m", "--stdout")
    tokentui(home, "token", "list")

    text, data = tokentui(home, "check"), tokentui(home, "check", "-o", "json")

    assert text.code == data.code == 2, text.out
    found = re.match(r"CRITICAL: 3 of (\d+) credentials need attention; the oldest", text.out)
    assert found
    items = data.json["items"]
    assert data.json["level"] == "critical"
    assert len(items) == int(found[1])
    (edge,) = [item for item in items if item["noun"] == "edge token"]
    assert (edge["level"], edge["source"]) == ("ok", "ledger")


def test_a_lost_answer_is_unknown_everywhere(sim: Simulator, home: Path) -> None:
    sim.faults.add(Fault(kind=FaultKind.CUT, path=MINT, acts=True))

    done = tokentui(home, "token", "create", "--instance", "demo", "--stdout")

    assert done.code == 6
    assert done.out == ""
    assert_one_sentence(done)
    assert mints(sim) == 1
    (entry,) = tokentui(home, "token", "list", "--offline", "-o", "json").json["items"]
    assert entry["state"] == "unknown"
    assert 0 < entry["secondsLeft"] <= 600
    check = tokentui(home, "check")
    assert check.code == 3
    assert check.out.startswith("UNKNOWN: 1 of 1")


def test_an_unreadable_answer_is_kept_because_the_secret_comes_once(
    sim: Simulator, home: Path
) -> None:
    sim.faults.add(Fault(kind=FaultKind.GARBAGE, path=MINT, acts=True, variant="text"))

    done = tokentui(home, "token", "create", "--instance", "demo", "--stdout")

    assert done.code != 0
    (kept,) = (home / "rescued").iterdir()
    assert str(kept) in done.err
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_ctrl_c_during_the_request_waits_for_its_answer(sim: Simulator, home: Path) -> None:
    sim.faults.add(Fault(kind=FaultKind.HOLD, path=MINT))
    process = subprocess.Popen(
        argv("token", "create", "--instance", "demo", "--stdout"),
        env=environment(home),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    wait_until(lambda: sim.held == 1)

    process.send_signal(signal.SIGINT)
    assert process.poll() is None
    sim.release()
    _, err = process.communicate(timeout=30)

    assert process.returncode == 128 + signal.SIGINT
    assert b"nothing was sent" not in err
    assert mints(sim) == 1
    (entry,) = tokentui(home, "token", "list", "--offline", "-o", "json").json["items"]
    assert entry["state"] in {"live", "lost"}


BAD_INPUT = [
    (("token", "create", "--instance", "demo", "-p", "nope"), 2, "no profile 'nope'"),
    (("token", "create", "--instance", "demmo"), 4, "did you mean demo?"),
    (("token", "create", "--instance", "edge-ham"), 1, "reconciling"),
    (("token", "create", "--instance", "demo", "-e", "9m"), 2, "minimum of 10 min"),
    (("token", "create", "--instance", "demo", "-e", "181d"), 2, "maximum of 180 d"),
    (("token", "create", "--instance", "demo", "-e", "soon"), 2, "soon"),
    (("token", "create", "--instance", "demo", "--kind", "key"), 2, "token, kubeconfig"),
    (("token", "create", "--instance", "demo", "--set", "role"), 2, "--set FIELD=VALUE"),
    (("token", "create", "--instance", "demo", "--set", "role=x"), 2, "no field 'role'"),
    (("token", "create", "--instance", "demo", "--file", "/nowhere/x"), 2, "folder"),
    (("kubeconfig", "create", "--instance", "demo", "--kubeconfig", "/proc/x/y"), 1, "/proc/x"),
    (("check", "--warn", "2026-12-31"), 3, "not a span"),
    (("instance", "lst"), 2, "--help"),
]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    BAD_INPUT,
    ids=lambda v: " ".join(v)[-40:] if isinstance(v, tuple) else "",
)
def test_bad_input_gets_one_sentence_and_its_exit_code(
    sim: Simulator, home: Path, words: tuple[str, ...], code: int, says: str
) -> None:
    done = tokentui(home, *words)

    assert done.code == code, done.err
    assert says in done.err + done.out
    assert "Traceback" not in done.err
    assert mints(sim) == (1 if "--kubeconfig" in words else 0)


def test_a_secret_that_could_not_be_delivered_is_kept(home: Path) -> None:
    done = tokentui(home, "kubeconfig", "create", "--instance", "demo", "--kubeconfig", "/proc/x/y")

    (kept,) = (home / "rescued").iterdir()
    assert str(kept) in done.err
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    (entry,) = tokentui(home, "token", "list", "--offline", "-o", "json").json["items"]
    assert entry["deliveredTo"] == [str(kept)]


def change_profile(home: Path, **changes: object) -> None:
    path = home / "config.yaml"
    content = yaml.safe_load(path.read_text())
    content["profiles"]["stackit"].update(changes)
    path.write_text(yaml.safe_dump(content))


def test_a_reader_is_told_which_role_is_missing(home: Path) -> None:
    key = home / "secrets" / "stackit-reader-key.json"
    change_profile(home, auth={"method": "service-account-key", "path": str(key)})

    done = tokentui(home, "token", "create", "--instance", "demo", "--stdout")

    assert done.code == 3
    assert "edge.admin" in done.err
    (entry,) = tokentui(home, "token", "list", "--offline", "--all", "-o", "json").json["items"]
    assert entry["state"] == "refused"


def test_a_wrong_key_file_is_named(home: Path) -> None:
    wrong = home / "secrets" / "wrong.json"
    wrong.write_text('{"kind": "Config"}')
    wrong.chmod(0o600)
    change_profile(home, auth={"method": "service-account-key", "path": str(wrong)})

    done = tokentui(home, "instance", "list")

    assert done.code in {2, 3}
    assert "wrong.json" in done.err
    assert "Traceback" not in done.err


def test_an_expired_bearer_asks_to_sign_in_again(home: Path) -> None:
    change_profile(home, auth={"method": "env", "variable": "MY_TOKEN"})

    done = tokentui(home, "instance", "list", MY_TOKEN="an-old-token")

    assert done.code == 3
    assert "an-old-token" not in done.err
    assert "MY_TOKEN" in done.err or "sign" in done.err


def test_a_dead_server_is_unreachable(home: Path) -> None:
    dead = "http://127.0.0.1:9"
    change_profile(home, endpoints={"edge": dead, "token": f"{dead}/token"})

    done = tokentui(home, "instance", "list")
    made = tokentui(home, "token", "create", "--instance", "demo")

    assert done.code == made.code == 5
    assert "Traceback" not in done.err + made.err


def test_a_wrong_configuration_names_line_and_key(home: Path) -> None:
    path = home / "config.yaml"
    path.write_text(path.read_text().replace("regions:", "regoins:"))
    line = next(n for n, text in enumerate(path.read_text().splitlines(), 1) if "regoins" in text)

    done = tokentui(home, "profile", "list")

    assert done.code == 2
    assert f"line {line}" in done.err
    assert "regoins" in done.err
    assert "regions" in done.err


def test_a_configuration_that_is_no_yaml_is_one_sentence(home: Path) -> None:
    (home / "config.yaml").write_text("profiles: [\n")

    done = tokentui(home, "instance", "list")

    assert done.code == 2
    assert "config.yaml" in done.err
    assert "Traceback" not in done.err
    assert tokentui(home, "check").code == 3


def test_nobody_is_asked_without_a_terminal(home: Path) -> None:
    done = tokentui(home)

    assert done.code == 2
    assert "needs a terminal" in done.err


@pytest.mark.parametrize(
    "words",
    [
        ("--help",),
        ("token", "--help"),
        ("token", "create", "--help"),
        ("kubeconfig", "create", "--help"),
        ("check", "--help"),
        ("simulator", "--help"),
    ],
    ids=" ".join,
)
def test_help_is_for_a_person(home: Path, words: tuple[str, ...]) -> None:
    done = tokentui(home, *words)

    assert done.code == 0
    assert "usage: tokentui" in done.out
    assert all(len(line) <= 120 for line in done.out.splitlines())


def test_providers_and_profiles_are_listed(home: Path) -> None:
    providers = tokentui(home, "provider", "list", "-o", "json").json["items"]
    profiles = tokentui(home, "profile", "list", "-o", "yaml")

    kinds = {item["key"]: [kind["key"] for kind in item["kinds"]] for item in providers}
    assert kinds["stackit"][:2] == ["token", "kubeconfig"]
    assert kinds["stackstate"][0] == "token"
    cannot = {item["key"]: item["kinds"][0]["cannot"] for item in providers}
    assert "revoke" in cannot["stackit"]
    assert yaml.safe_load(profiles.out)["items"][0]["name"] == "stackit"


def test_every_file_of_ours_is_private(home: Path) -> None:
    tokentui(home, "token", "create", "--instance", "demo", "--stdout")
    tokentui(home, "kubeconfig", "create", "--instance", "demo")

    modes = {p: stat.S_IMODE(p.lstat().st_mode) for p in [home, *home.rglob("*")]}
    loose = {str(p): oct(mode) for p, mode in modes.items() if mode & 0o077}
    assert not loose


def test_the_simulator_command_writes_a_home_that_works(tmp_path: Path) -> None:
    target = tmp_path / "sim-home"
    process = subprocess.Popen(
        argv("simulator", "--write-home", str(target)),
        env=environment(tmp_path),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_until(lambda: (target / "config.yaml").exists(), 30)
        done = tokentui(target, "instance", "list", "-o", "json")
        assert done.code == 0, done.err
        assert {one["profile"] for one in done.json["items"]} == SYSTEMS
    finally:
        process.send_signal(signal.SIGTERM)
        _, words = process.communicate(timeout=30)
    assert process.returncode == 0
    assert f"TOKENTUI_HOME={target}" in words
    assert os.environ.get("TOKENTUI_HOME") != str(target)
