"""The list of all credentials in a real terminal: filter, marks, and sources that fail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from simulator_fixtures import small_home, start_simulator
from story import Keys, items
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.simulator.server import Simulator

MARKED = ("ci-ingest", "deploy/", "agent-ham")
OF_STACKIT = "deploy/1690d198"
STACKSTATE = r"^/stackstate/"


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as simulator:
        yield simulator


@pytest.fixture
def home(sim: Simulator, tmp_path: Path) -> Path:
    return small_home(sim, tmp_path / "home")


def protect(home: Path, profile: str) -> None:
    path = home / "config.yaml"
    content = yaml.safe_load(path.read_text())
    content["profiles"][profile]["guard"] = {"protected": True}
    path.write_text(yaml.safe_dump(content))


def opened(home: Path) -> Keys:
    return Keys(home)


def listed(keys: Keys) -> None:
    """Go to the tokens and wait until both systems have named theirs."""
    keys.answered("stackit", "stackstate")
    keys.place("T")
    keys.wait_for("20 of 20")


def test_three_marked_tokens_are_ended_at_once(sim: Simulator, home: Path) -> None:
    protect(home, "stackstate")
    with opened(home) as keys:
        listed(keys)
        for number, name in enumerate(MARKED, 1):
            keys.narrow(name)
            keys.wait_for("1 of 20")
            keys.send_keys("Space")
            keys.wait_for(f"{number} marked")
        keys.send_keys("x")
        preview = keys.says("Delete 3 credentials?")
        assert all(name in preview for name in MARKED)
        keys.says("stackstate is protected: type stackstate")
        keys.send_keys("F10")
        keys.says("x type stackstate to delete them")
        assert sim.requests.count("DELETE") == 0
        keys.send_text("stackstate")
        keys.says("Profile stackstate")
        keys.send_keys("F10")
        keys.says("deleted 3 of 3 credentials")
        keys.send_keys("Enter")
        keys.wait_for("[T Tokens]")
        keys.narrow("")
        screen = keys.wait_for("17 of 17")
        assert not any(name in screen for name in MARKED)
        assert "marked" not in screen
        keys.left()
    assert sim.requests.count("DELETE") == len(MARKED)
    names = {one["name"] for one in items(home, "token", "list")}
    assert not names & {"ci-ingest", OF_STACKIT, "agent-ham"}
    assert "agent-ham" not in {one.handle for one in sim.world.stackstate.prod.subjects.all()}


def test_going_back_from_the_preview_ends_nothing(sim: Simulator, home: Path) -> None:
    with opened(home) as keys:
        listed(keys)
        keys.narrow("where:sts-prod")
        keys.send_keys("a")
        keys.wait_for("11 marked")
        keys.send_keys("x")
        keys.says("Delete 11 credentials?")
        keys.send_keys("Enter")
        keys.send_keys("Escape")
        keys.wait_for("11 marked")
        keys.send_keys("N")
        keys.gone("marked")
    assert sim.requests.count("DELETE") == 0


FILTERS = [
    ("ends:<7d", {"ci-ingest", "deploy/", "nightly-report"}, 3),
    ("kind:key", {"deploy/", "terraform/", "backup/", "ske-nodes-", "edge-admin/"}, 6),
    ('kind:"service token" ends:never', {"bootstrap", "legacy-agent", "topo-sync"}, 5),
    ("profile:stackstate role:guest", {"agent-muc", "agent-ham", "legacy-agent"}, 4),
    ("state:off", {"terraform/"}, 1),
    ("ends:>80d where:sts", {"agent-ham", "bootstrap", "topo-sync"}, 6),
    ("agent", {"agent-muc", "agent-ham", "legacy-agent"}, 3),
    ("no-such-thing", set(), 0),
]


@pytest.mark.parametrize(("text", "names", "count"), FILTERS, ids=[one[0] for one in FILTERS])
def test_the_list_narrows_while_one_types(
    home: Path, text: str, names: set[str], count: int
) -> None:
    with opened(home) as keys:
        listed(keys)
        keys.send_keys("/")
        keys.wait_for(" /_")
        for end in range(1, len(text) + 1):
            keys.send_text(text[end - 1])
            screen = keys.wait_for(f" /{text[:end]}_")
        screen = keys.wait_for(f"{count} of 20")
        assert not names - {name for name in names if name in screen}


def test_a_silent_source_delays_nobody_and_says_so(sim: Simulator, home: Path) -> None:
    sim.faults.add(Fault(kind=FaultKind.HOLD, path=STACKSTATE))
    with opened(home) as keys:
        keys.answered("stackit")
        keys.place("T")
        screen = keys.wait_for("9 of 9")
        assert OF_STACKIT in screen
        keys.wait_for("asking stackstate")
        sim.faults.clear()
        sim.release()
        keys.wait_for("20 of 20")
        keys.answered("stackstate")


def test_a_refusing_source_is_named_with_its_words(sim: Simulator, home: Path) -> None:
    words = '{"_type":"ErrorsResponse","trackingKey":"track-1","errors":[{"message":"go away"}]}'
    fault = Fault(kind=FaultKind.STATUS, status=403, body=words, path=STACKSTATE)
    sim.faults.add(fault)
    with opened(home) as keys:
        keys.wait_for("stackstate failed")
        keys.place("T")
        screen = keys.wait_for("9 of 9")
        assert OF_STACKIT in screen
        assert "x stackstate" in screen
        keys.send_keys("!")
        keys.says("go away")
        keys.says("track-1")
        keys.send_keys("Escape")
        sim.faults.clear()
        keys.refreshed("20 of 20")


def test_what_was_known_of_a_source_that_fails_stays_and_says_its_age(
    sim: Simulator, home: Path
) -> None:
    with opened(home) as keys:
        listed(keys)
        sim.faults.add(Fault(kind=FaultKind.RESET, path=STACKSTATE))
        keys.refreshed("stackstate failed")
        screen = keys.wait_for("20 of 20")
        assert "data 0m old" in screen
        assert "ci-ingest" in screen
