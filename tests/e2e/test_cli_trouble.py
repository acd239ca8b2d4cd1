"""What the command line does when something is wrong half way."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from command import argv, environment, tokentui
from simulator_fixtures import access_token, small_home, start_simulator, wait_until
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.simulator.server import Simulator

CREATE = ("token", "create", "--instance", "demo", "--stdout")
MINT = r"/instances/[^/]+/(token|kubeconfig)$"


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as simulator:
        yield simulator


@pytest.fixture
def home(sim: Simulator, tmp_path: Path) -> Path:
    return small_home(sim, tmp_path / "home")


def mints(sim: Simulator) -> int:
    return sim.world.stackit.mint_count()


def write_profiles(home: Path, **profiles: dict[str, object]) -> None:
    path = home / "config.yaml"
    content = yaml.safe_load(path.read_text())
    base = content["profiles"]["stackit"]
    content["profiles"] = {name: {**base, **changes} for name, changes in profiles.items()}
    path.write_text(yaml.safe_dump(content))


def test_ctrl_c_before_the_request_makes_nothing(sim: Simulator, home: Path) -> None:
    sim.faults.add(Fault(kind=FaultKind.HOLD, path=r"/instances$"))
    process = subprocess.Popen(
        argv(*CREATE),
        env=environment(home),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    wait_until(lambda: sim.held > 0)

    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    sim.release()

    assert process.returncode == 128 + signal.SIGINT
    assert (out, err) == (b"", b"tokentui: stopped; nothing was sent\n")
    assert mints(sim) == 0


def test_a_full_standard_output_loses_nothing(sim: Simulator, home: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            argv(*CREATE),
            env=environment(home),
            stdin=subprocess.DEVNULL,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )

    (kept,) = (home / "rescued").iterdir()
    assert done.returncode == 1
    assert str(kept) in done.stderr
    assert "Traceback" not in done.stderr
    assert kept.read_text().count(".") == 2
    assert mints(sim) == 1


def test_a_reader_that_went_away_loses_nothing(sim: Simulator, home: Path) -> None:
    sim.faults.add(Fault(kind=FaultKind.HOLD, path=MINT))
    process = subprocess.Popen(
        argv(*CREATE),
        env=environment(home),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    wait_until(lambda: sim.held == 1)
    assert process.stdout is not None
    process.stdout.close()
    sim.release()
    process.wait(timeout=30)
    assert process.stderr is not None
    words = process.stderr.read().decode()
    process.stderr.close()

    (kept,) = (home / "rescued").iterdir()
    assert process.returncode == 1
    assert str(kept) in words


def test_a_list_to_a_full_disk_is_one_sentence(home: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            argv("instance", "list", "-o", "json"),
            env=environment(home),
            stdin=subprocess.DEVNULL,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_an_unreadable_answer_is_an_unknown_outcome(sim: Simulator, home: Path) -> None:
    sim.faults.add(Fault(kind=FaultKind.GARBAGE, path=MINT, acts=True))

    assert tokentui(home, *CREATE).code == 6


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("token", "create", "--instance", "demo", "--kubeconfig", "/tmp/never"), "no kubeconfig"),
        (("kubeconfig", "create", "--instance", "demo", "--use", "--stdout"), "--use"),
        (("token", "create", "--instance", "demo", "--file", "/tmp"), "is a folder"),
    ],
)
def test_a_destination_that_cannot_work_is_refused_before_anything_is_made(
    sim: Simulator, home: Path, words: tuple[str, ...], says: str
) -> None:
    done = tokentui(home, *words)

    assert done.code == 2
    assert says in done.err
    assert mints(sim) == 0


def test_a_broken_kubeconfig_is_noticed_before_anything_is_made(sim: Simulator, home: Path) -> None:
    path = home / "kubeconfig"
    path.write_text("clusters: [\n")

    done = tokentui(home, "kubeconfig", "create", "--instance", "demo")

    assert done.code == 1
    assert str(path) in done.err
    assert path.read_text() == "clusters: [\n"
    assert mints(sim) == 0


def test_a_held_kubeconfig_lock_keeps_the_secret_and_names_the_lock(
    sim: Simulator, home: Path
) -> None:
    lock = home / "kubeconfig.lock"
    lock.touch(mode=0o600)

    done = tokentui(home, "kubeconfig", "create", "--instance", "demo")

    assert done.code == 1
    assert str(lock) in done.err
    assert lock.exists()
    assert len(list((home / "rescued").iterdir())) == 1


def test_the_longest_lifetime_of_a_profile_is_a_guard_rail(sim: Simulator, home: Path) -> None:
    write_profiles(home, stackit={"guard": {"max_lifetime": "1h"}})

    done = tokentui(home, *CREATE, "-e", "2h")

    assert done.code == 7
    assert "max_lifetime" in done.err
    assert mints(sim) == 0
    assert tokentui(home, *CREATE, "-e", "1h").code == 0


def test_a_bad_profile_is_said_by_every_command_and_the_others_work(home: Path) -> None:
    write_profiles(home, good={}, bad={"regoins": ["eu01"]})

    listed = tokentui(home, "instance", "list", "-o", "json")
    asked = tokentui(home, "instance", "list", "-p", "bad")

    assert listed.code == 0
    assert sum(item["kind"] == "edge" for item in listed.json["items"]) == 4
    assert "regoins" in listed.err
    assert asked.code == 2
    assert "has a problem" in asked.err


def test_without_a_profile_that_works_nothing_is_called_empty(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)

    done = tokentui(home, "instance", "list")

    assert done.code == 2
    assert "no profile can be used" in done.err


def test_what_one_region_did_not_answer_is_not_listed_from_memory(
    sim: Simulator, home: Path
) -> None:
    assert tokentui(home, "instance", "list").code == 0
    sim.faults.add(Fault(kind=FaultKind.STATUS, path=r"/regions/eu02/instances$", status=403))

    done = tokentui(home, "instance", "list", "-o", "json")

    assert done.code == 3
    assert "eu02" in done.err
    edges = [item for item in done.json["items"] if item["kind"] == "edge"]
    assert {item["region"] for item in edges} == {"eu01"}


def test_a_damaged_ledger_is_said_and_is_no_ok(home: Path) -> None:
    assert tokentui(home, *CREATE).code == 0
    (home / "ledger.db").write_bytes(b"not a database at all" * 100)

    done = tokentui(home, "check")

    assert done.code == 3
    assert "ledger.db.damaged" in done.err
    assert [p for p in home.iterdir() if "damaged" in p.name]


def test_a_ledger_changed_by_hand_is_no_ok(home: Path) -> None:
    assert tokentui(home, *CREATE).code == 0
    with sqlite3.connect(home / "ledger.db") as ledger:
        for (trigger,) in ledger.execute("select name from sqlite_master where type = 'trigger'"):
            ledger.execute(f"drop trigger {trigger}")
        ledger.execute("update events set detail = 'somewhere else' where number = 1")
    ledger.close()

    done = tokentui(home, "check")

    assert done.code == 3
    assert "changed by hand" in done.err


def test_check_sees_what_five_hundred_later_entries_follow(sim: Simulator, home: Path) -> None:
    assert tokentui(home, *CREATE, "-e", "2d").code == 0
    fill = (
        "import os, datetime as d\n"
        "from tokentui.bootstrap import Wiring\n"
        "w = Wiring(os.environ)\n"
        "l = w._opened_ledger()\n"
        "old = l.entries()[0].plan\n"
        "now = d.datetime.now(d.UTC)\n"
        "for _ in range(510):\n"
        "    l.refused(l.plan(old, now), 'no', now)\n"
    )
    subprocess.run([argv()[0], "-c", fill], env=environment(home), check=True, timeout=60)

    done = tokentui(home, "check", "--warn", "7d")

    assert done.code == 1
    assert done.out.startswith("WARNING: 1 of 1")


def test_check_in_json_stays_json_when_it_cannot_judge(home: Path) -> None:
    (home / "config.yaml").write_text("profiles: [\n")

    done = tokentui(home, "check", "-o", "json")

    assert done.code == 3
    assert done.json["level"] == "unknown"
    assert "config.yaml" in done.json["error"]


def test_a_token_of_one_profile_reaches_no_child_of_another(
    sim: Simulator, home: Path, tmp_path: Path
) -> None:
    bearer = access_token(sim)
    seen = tmp_path / "seen"
    script = tmp_path / "sign-in"
    script.write_text(f"#!/bin/sh\nenv > {seen}\necho {access_token(sim)}\n")
    script.chmod(0o700)
    write_profiles(
        home,
        a={"auth": {"method": "command", "command": [str(script)]}},
        b={"auth": {"method": "env", "variable": "MY_BEARER"}},
    )

    done = tokentui(home, "instance", "list", "-p", "a", MY_BEARER=bearer)

    assert done.code == 0, done.err
    assert bearer not in seen.read_text()


@pytest.mark.parametrize("flag", ["--version", "-V"])
def test_the_version_is_printed_wherever_it_is_asked_for(home: Path, flag: str) -> None:
    assert tokentui(home, flag).out.startswith("tokentui ")
    assert tokentui(home, flag, "token", "list").out.startswith("tokentui ")
