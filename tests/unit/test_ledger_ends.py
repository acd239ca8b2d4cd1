"""What happens to credentials after they were made, and to what has no entry."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from ledgers import NOW, OUTLOOK, PLAN, TEN_MINUTES, issue, open_here
from tokentui.domain.ledger import Deed, EntryState, EventType
from tokentui.domain.model import EndSource, ProfileName

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tokentui.domain.ledger import Entry, EntryNumber
    from tokentui.storage.ledger import LedgerFile

LATER = NOW + timedelta(seconds=3)
STILL_LATER = NOW + timedelta(seconds=5)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[LedgerFile]:
    opened = open_here(tmp_path / "ledger.db")
    yield opened
    opened.close()


def entry(ledger: LedgerFile, number: EntryNumber) -> Entry:
    found = ledger.entry(number)
    assert found is not None
    return found


def test_what_was_ended_is_over_at_that_instant(ledger: LedgerFile) -> None:
    number = issue(ledger)

    ledger.ended(number, "deleted", LATER)

    ended = entry(ledger, number)
    assert (ended.state, ended.ended_at, ended.note) == (EntryState.ENDED, LATER, "deleted")
    assert ended.ends_at == OUTLOOK.ends_at
    assert ended.may_live_until == LATER
    assert ledger.live(NOW) == (ended,)
    assert ledger.live(LATER) == ()
    assert ledger.glance().undelivered == 0
    newest = ledger.events()[0]
    assert (newest.type, newest.detail, newest.at) == (EventType.ENDED, "deleted", LATER)


def test_what_never_ends_is_over_once_it_was_ended(ledger: LedgerFile) -> None:
    number = ledger.plan(replace(PLAN, latest_end=None), NOW)
    ledger.issued(number, replace(OUTLOOK, ends_at=None), NOW)
    assert len(ledger.live(NOW + timedelta(days=9000))) == 1
    ledger.ended(number, "deleted", LATER)
    assert ledger.live(LATER) == ()


def test_a_second_end_brings_its_words_and_leaves_the_instant(ledger: LedgerFile) -> None:
    number = issue(ledger)
    ledger.ended(number, "deleted elsewhere", LATER)
    ledger.ended(number, "deleted", STILL_LATER)
    ended = entry(ledger, number)
    assert (ended.ended_at, ended.note) == (LATER, "deleted")


@pytest.mark.parametrize(
    "fact",
    [
        lambda ledger, number: ledger.verified(number, ok=False, detail="401", at=STILL_LATER),
        lambda ledger, number: ledger.delivered(number, "clipboard", STILL_LATER),
        lambda ledger, number: ledger.discarded(number, STILL_LATER),
        lambda ledger, number: ledger.lost(number, "terminal went away", STILL_LATER),
        lambda ledger, number: ledger.renamed(number, "ci-2", STILL_LATER),
        lambda ledger, number: ledger.switched(number, active=False, at=STILL_LATER),
        lambda ledger, number: ledger.end_moved(number, None, STILL_LATER),
    ],
)
def test_later_facts_about_an_ended_one_do_not_bring_it_back(
    ledger: LedgerFile, fact: Callable[[LedgerFile, EntryNumber], None]
) -> None:
    number = issue(ledger)
    ledger.ended(number, "deleted", LATER)
    fact(ledger, number)
    ended = entry(ledger, number)
    assert (ended.state, ended.note, ended.may_live_until) == (EntryState.ENDED, "deleted", LATER)
    assert len(ledger.events()) == 4
    assert ledger.verify_chain() is None


@pytest.mark.parametrize("then", ["issued", "refused", "unknown", "found"])
def test_an_ended_one_is_not_made_again(ledger: LedgerFile, then: str) -> None:
    number = issue(ledger)
    ledger.ended(number, "deleted", LATER)
    steps: dict[str, Callable[[], None]] = {
        "issued": lambda: ledger.issued(number, OUTLOOK, LATER),
        "refused": lambda: ledger.refused(number, "why", LATER),
        "unknown": lambda: ledger.unknown(number, "why", LATER),
        "found": lambda: ledger.found(number, "id", "name", LATER),
    }
    with pytest.raises(ValueError, match=f"is ended and cannot become {then}"):
        steps[then]()


def test_a_refused_one_has_no_end(ledger: LedgerFile) -> None:
    number = ledger.plan(PLAN, NOW)
    ledger.refused(number, "no", NOW)
    steps: list[Callable[[], None]] = [
        lambda: ledger.ended(number, "deleted", LATER),
        lambda: ledger.renamed(number, "x", LATER),
        lambda: ledger.switched(number, active=True, at=LATER),
        lambda: ledger.end_moved(number, LATER, LATER),
    ]
    for step in steps:
        with pytest.raises(ValueError, match="is refused and cannot become"):
            step()


@pytest.mark.parametrize("is_unknown", [True, False])
def test_a_credential_whose_answer_was_lost_is_found(ledger: LedgerFile, is_unknown: bool) -> None:
    number = ledger.plan(PLAN, NOW)
    if is_unknown:
        ledger.unknown(number, "the answer was lost", NOW)

    ledger.found(number, "key-7", "ci", LATER)

    found = entry(ledger, number)
    assert (found.state, found.remote_id, found.name) == (EntryState.LOST, "key-7", "ci")
    assert "its secret is lost" in found.note
    assert found.may_live_until == PLAN.latest_end
    assert ledger.glance().quick_targets == ()


def test_names_are_the_planned_one_the_provider_s_and_the_last(ledger: LedgerFile) -> None:
    plan = replace(PLAN, name="ci")
    asked, given = ledger.plan(plan, NOW), ledger.plan(plan, NOW)
    assert (entry(ledger, asked).plan.name, entry(ledger, asked).name) == ("ci", "")
    ledger.issued(asked, OUTLOOK, NOW)
    ledger.issued(given, replace(OUTLOOK, name="ci-given"), NOW)
    assert (entry(ledger, asked).name, entry(ledger, given).name) == ("ci", "ci-given")
    ledger.renamed(given, "deploy", LATER)
    assert (entry(ledger, given).name, entry(ledger, given).plan.name) == ("deploy", "ci")
    assert ledger.events()[0].detail == "deploy"


def test_switching_is_an_event(ledger: LedgerFile) -> None:
    number = issue(ledger)
    before = entry(ledger, number)
    ledger.switched(number, active=False, at=LATER)
    ledger.switched(number, active=True, at=LATER)
    assert [event.type for event in ledger.events(2)] == [
        EventType.SWITCHED_ON,
        EventType.SWITCHED_OFF,
    ]
    assert entry(ledger, number) == before


@pytest.mark.parametrize("ends_at", [None, NOW + timedelta(days=30)])
@pytest.mark.parametrize("is_lost", [True, False])
def test_a_moved_end_is_the_one_to_reckon_with(
    ledger: LedgerFile, ends_at: datetime | None, is_lost: bool
) -> None:
    number = issue(ledger)
    if is_lost:
        ledger.lost(number, "terminal went away", NOW)
    ledger.end_moved(number, ends_at, LATER)
    moved = entry(ledger, number)
    assert moved.may_live_until == ends_at
    assert moved.end_source is EndSource.ANSWER
    assert ledger.live(NOW + TEN_MINUTES) == (moved,)


def test_deeds_without_an_entry_are_events_of_the_chain(ledger: LedgerFile) -> None:
    issue(ledger)
    deed = Deed(ProfileName("ops-prod"), EventType.ACCOUNT, "service account", "ci", "made")
    ledger.did(deed, LATER)
    issue(ledger)
    event = ledger.events()[2]
    assert (event.number, event.type, event.detail, event.at) == (
        None,
        EventType.ACCOUNT,
        "made",
        LATER,
    )
    assert (event.noun, event.target_name, event.profile) == ("service account", "ci", "ops-prod")
    assert ledger.verify_chain() is None
