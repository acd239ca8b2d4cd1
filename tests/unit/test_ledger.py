from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ledgers import ELSEWHERE, HERE, NOW, OUTLOOK, PLAN, issue, open_here
from tokentui.domain.ledger import EntryNumber, EntryState, EventType, Outlook
from tokentui.domain.model import (
    EndSource,
)
from tokentui.storage.ledger import LedgerFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tokentui.domain.ledger import Owner

LATER = NOW + timedelta(seconds=3)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "ledger.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[LedgerFile]:
    opened = open_here(path)
    yield opened
    opened.close()


def nobody_lives(owner: Owner) -> bool:
    del owner
    return False


def everybody_lives(owner: Owner) -> bool:
    del owner
    return True


def types(ledger: LedgerFile) -> list[EventType]:
    return [event.type for event in reversed(ledger.events())]


def note(ledger: LedgerFile, number: EntryNumber) -> str:
    entry = ledger.entry(number)
    assert entry is not None
    return entry.note


def state(ledger: LedgerFile, number: EntryNumber) -> EntryState:
    entry = ledger.entry(number)
    assert entry is not None
    return entry.state


def test_a_whole_life_is_read_back_as_it_was_written(ledger: LedgerFile) -> None:
    number = ledger.plan(PLAN, NOW)
    planned = ledger.entry(number)
    assert planned is not None
    assert (planned.plan, planned.owner, planned.planned_at) == (PLAN, HERE, NOW)
    assert planned.state is EntryState.PLANNED

    ledger.issued(number, OUTLOOK, LATER)
    ledger.verified(number, ok=True, detail="accepted", at=LATER)
    ledger.delivered(number, "clipboard (tmux)", LATER)
    ledger.delivered(number, "/home/ops/.kube/config", LATER)
    ledger.delivered(number, "clipboard (tmux)", LATER)

    assert ledger.entry(number) == replace(
        planned,
        state=EntryState.ISSUED,
        issued_at=LATER,
        ends_at=OUTLOOK.ends_at,
        end_source=EndSource.CREDENTIAL,
        remote_id="remote-1",
        fingerprint="f1" * 16,
        verified=True,
        delivered_to=("clipboard (tmux)", "/home/ops/.kube/config"),
    )
    assert types(ledger) == [
        EventType.PLANNED,
        EventType.ISSUED,
        EventType.VERIFIED,
        *[EventType.DELIVERED] * 3,
    ]


def test_events_name_what_they_happened_to(ledger: LedgerFile) -> None:
    number = issue(ledger)
    newest, oldest = ledger.events()
    assert (oldest.type, oldest.detail, oldest.at) == (EventType.PLANNED, "10m", NOW)
    assert (newest.noun, newest.target_name, newest.profile) == ("edge token", "demo", "ops-prod")
    assert newest.detail == "ends 2026-09-14 14:30:00 UTC"
    assert newest.number == number
    assert ledger.events(limit=1) == (newest,)


@pytest.mark.parametrize("ok", [True, False])
def test_a_verification_is_kept(ledger: LedgerFile, ok: bool) -> None:
    number = issue(ledger)
    ledger.verified(number, ok=ok, detail="401" if not ok else "200", at=LATER)
    entry = ledger.entry(number)
    assert entry is not None
    assert entry.verified is ok


def test_a_refusal_is_no_credential(ledger: LedgerFile) -> None:
    number = ledger.plan(PLAN, NOW)
    ledger.refused(number, "missing role edge.admin", LATER)
    assert state(ledger, number) is EntryState.REFUSED
    assert note(ledger, number) == "missing role edge.admin"
    assert ledger.live(NOW) == ()
    assert ledger.glance().quick_targets == ()


@pytest.mark.parametrize(
    ("before", "then"),
    [
        ("refused", "issued"),
        ("refused", "unknown"),
        ("refused", "verified"),
        ("refused", "delivered"),
        ("refused", "discarded"),
        ("refused", "lost"),
        ("issued", "issued"),
        ("issued", "refused"),
        ("issued", "unknown"),
        ("lost", "issued"),
        ("lost", "refused"),
    ],
)
def test_contradictions_are_refused_and_change_nothing(
    ledger: LedgerFile, before: str, then: str
) -> None:
    number = ledger.plan(PLAN, NOW)
    steps: dict[str, Callable[[], None]] = {
        "issued": lambda: ledger.issued(number, OUTLOOK, LATER),
        "refused": lambda: ledger.refused(number, "why", LATER),
        "unknown": lambda: ledger.unknown(number, "why", LATER),
        "verified": lambda: ledger.verified(number, ok=True, detail="", at=LATER),
        "delivered": lambda: ledger.delivered(number, "clipboard", LATER),
        "discarded": lambda: ledger.discarded(number, LATER),
        "lost": lambda: ledger.lost(number, "why", LATER),
    }
    steps[before]()
    kept, events = ledger.entry(number), ledger.events()
    with pytest.raises(ValueError, match=f"is {before} and cannot become {then}"):
        steps[then]()
    assert ledger.entry(number) == kept
    assert ledger.events() == events


def test_an_entry_that_is_not_there_is_a_mistake_of_the_caller(ledger: LedgerFile) -> None:
    assert ledger.entry(EntryNumber(7)) is None
    with pytest.raises(ValueError, match="no entry 7"):
        ledger.discarded(EntryNumber(7), NOW)


def test_an_answer_that_came_after_all_is_recorded(ledger: LedgerFile) -> None:
    number = ledger.plan(PLAN, NOW)
    ledger.unknown(number, "the answer was lost", NOW)
    ledger.issued(number, OUTLOOK, LATER)
    assert state(ledger, number) is EntryState.ISSUED
    assert note(ledger, number) == ""


def test_a_delivery_finds_what_counted_as_lost(ledger: LedgerFile) -> None:
    number = issue(ledger)
    ledger.lost(number, "the terminal went away", LATER)
    ledger.delivered(number, "clipboard", LATER)
    assert state(ledger, number) is EntryState.ISSUED
    assert note(ledger, number) == ""


def test_a_delivery_is_recorded_where_the_issue_could_not_be(ledger: LedgerFile) -> None:
    number = ledger.plan(PLAN, NOW)
    ledger.delivered(number, "clipboard", LATER)
    entry = ledger.entry(number)
    assert entry is not None
    assert (entry.state, entry.delivered_to) == (EntryState.PLANNED, ("clipboard",))


def test_settling_tells_the_truth_about_a_dead_process(path: Path) -> None:
    dead = open_here(path)
    planned = dead.plan(PLAN, NOW)
    held, delivered, discarded = (issue(dead) for _ in range(3))
    dead.delivered(delivered, "clipboard", NOW)
    dead.discarded(discarded, NOW)
    dead.close()

    survivor = LedgerFile(path, replace(HERE, pid=4712))
    assert survivor.settle(everybody_lives, LATER) == ()
    changed = survivor.settle(lambda owner: owner != HERE, LATER)

    assert {entry.number: entry.state for entry in changed} == {
        planned: EntryState.UNKNOWN,
        held: EntryState.LOST,
    }
    assert note(survivor, planned) == "the program ended before the answer came"
    assert note(survivor, held) == "the program ended before a hand-over was recorded"
    assert types(survivor)[-2:] == [EventType.UNKNOWN, EventType.LOST]
    assert state(survivor, delivered) is EntryState.ISSUED
    assert survivor.settle(nobody_lives, LATER) == ()
    assert survivor.verify_chain() is None
    survivor.close()


def test_settling_leaves_other_hosts_alone(path: Path, ledger: LedgerFile) -> None:
    other = LedgerFile(path, ELSEWHERE)
    planned, held = other.plan(PLAN, NOW), issue(other)
    other.close()
    assert ledger.settle(nobody_lives, LATER) == ()
    assert state(ledger, planned) is EntryState.PLANNED
    assert state(ledger, held) is EntryState.ISSUED


def test_hostile_text_is_only_text(ledger: LedgerFile) -> None:
    hostile = replace(
        PLAN, target_name="'); drop table entries; --", purpose='"\\ü☃ %s ?1 :a', asked="' or 1=1"
    )
    number = ledger.plan(hostile, NOW)
    ledger.issued(number, Outlook(None, EndSource.COMPUTED, "'", "''"), NOW)
    ledger.delivered(number, '["x"]', NOW)
    entry = ledger.entry(number)
    assert entry is not None
    assert (entry.plan, entry.delivered_to) == (hostile, ('["x"]',))
    assert ledger.verify_chain() is None


def test_two_ledgers_on_one_file_see_each_other(path: Path, ledger: LedgerFile) -> None:
    other = open_here(path)
    number = issue(other)
    assert state(ledger, number) is EntryState.ISSUED
    assert issue(ledger) == number + 1
    assert other.glance().count == 2
    other.close()
    other.close()


def test_threads_share_a_ledger(ledger: LedgerFile) -> None:
    def work() -> None:
        for _ in range(20):
            issue(ledger)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ledger.glance().count == 80
    assert ledger.verify_chain() is None
