from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledgers import NOW, OUTLOOK, PLAN, TEN_MINUTES, issue, open_here
from tokentui.domain.account import AccountAbility
from tokentui.domain.ledger import EntryState, LastKnown
from tokentui.domain.model import (
    Ability,
    Account,
    AccountId,
    Credential,
    CredentialId,
    CredentialState,
    Instance,
    InstanceId,
    InstanceState,
    KindKey,
    ProfileName,
    ProviderKey,
)
from tokentui.storage.ledger_codec import instant, stored

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tokentui.storage.ledger import LedgerFile

LATER = NOW + timedelta(seconds=3)
INSTANCE = Instance(
    profile=ProfileName("ops-prod"),
    provider=ProviderKey("stackit"),
    id=InstanceId("project/eu01/demo-id"),
    native_id="demo-id",
    name="demo",
    noun="edge",
    state=InstanceState.ACTIVE,
    state_text="ACTIVE",
    created_at=NOW,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "ledger.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[LedgerFile]:
    opened = open_here(path)
    yield opened
    opened.close()


def test_undelivered_counts_what_still_waits_for_a_hand(ledger: LedgerFile) -> None:
    ledger.plan(PLAN, NOW)
    waiting, delivered, discarded, lost = (issue(ledger) for _ in range(4))
    ledger.delivered(delivered, "clipboard", LATER)
    ledger.discarded(discarded, LATER)
    ledger.lost(lost, "the terminal went away", LATER)
    assert ledger.glance().undelivered == 1
    assert ledger.glance().count == 5
    ledger.discarded(waiting, LATER)
    assert ledger.glance().undelivered == 0


def test_live_is_what_may_still_be_valid_the_soonest_end_first(ledger: LedgerFile) -> None:
    endless = replace(PLAN, latest_end=None, target_name="endless")
    ledger.plan(endless, NOW)
    long = replace(PLAN, latest_end=NOW + timedelta(days=3), target_name="long unknown")
    ledger.unknown(ledger.plan(long, NOW), "lost answer", NOW)
    issue(ledger)
    ledger.refused(ledger.plan(PLAN, NOW), "no", NOW)
    # The answer may bring another end than the one that was asked for.
    short = ledger.plan(replace(long, target_name="issued shorter"), NOW)
    ledger.issued(short, replace(OUTLOOK, ends_at=NOW + timedelta(seconds=1)), NOW)
    never = ledger.plan(replace(PLAN, target_name="issued endless"), NOW)
    ledger.issued(never, replace(OUTLOOK, ends_at=None), NOW)

    def names(now: datetime) -> list[str]:
        return [entry.plan.target_name for entry in ledger.live(now)]

    always = ["endless", "issued endless"]
    assert names(NOW) == ["issued shorter", "demo", "long unknown", *always]
    assert names(NOW + TEN_MINUTES) == ["long unknown", *always]
    assert names(NOW + timedelta(days=9000)) == always


@settings(deadline=None)  # each example commits to a disk
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(sorted(set(EntryState) - {EntryState.PLANNED})),
            st.none() | st.integers(-5, 5),
            st.none() | st.integers(-5, 5),
        ),
        max_size=8,
    )
)
def test_live_agrees_with_the_rule_of_the_domain(
    rows: list[tuple[EntryState, int | None, int | None]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    def end(minutes: int | None) -> datetime | None:
        return None if minutes is None else NOW + timedelta(minutes=minutes)

    ledger = open_here(tmp_path_factory.mktemp("rule") / "ledger.db")
    for state_, latest, known in rows:
        number = ledger.plan(replace(PLAN, latest_end=end(latest)), NOW)
        if state_ in {EntryState.ISSUED, EntryState.LOST}:
            ledger.issued(number, replace(OUTLOOK, ends_at=end(known)), NOW)
        if state_ is EntryState.LOST:
            ledger.lost(number, "", NOW)
        elif state_ is EntryState.REFUSED:
            ledger.refused(number, "", NOW)
        elif state_ is EntryState.ENDED:
            ledger.ended(number, "", NOW + timedelta(minutes=known or 0))
        elif state_ is EntryState.UNKNOWN:
            ledger.unknown(number, "", NOW)
    expected = {
        entry.number
        for entry in ledger.entries()
        if entry.state is not EntryState.REFUSED
        and (entry.may_live_until is None or entry.may_live_until > NOW)
    }
    live = ledger.live(NOW)
    ledger.close()
    assert {entry.number for entry in live} == expected
    ends = [entry.may_live_until or datetime.max.replace(tzinfo=UTC) for entry in live]
    assert ends == sorted(ends)


@given(at=st.datetimes(timezones=st.just(UTC)))
def test_every_instant_is_kept_to_the_microsecond(at: datetime) -> None:
    assert instant(stored(at)) == at


def test_entries_come_newest_first_and_no_more_than_asked(ledger: LedgerFile) -> None:
    numbers = [issue(ledger) for _ in range(5)]
    assert [entry.number for entry in ledger.entries()] == numbers[::-1]
    assert [entry.number for entry in ledger.entries(limit=2)] == numbers[:2:-1]


def test_quick_targets_are_the_most_used_of_late(ledger: LedgerFile) -> None:
    day = timedelta(days=1)
    old = replace(PLAN, target_id="old", target_name="old")
    for _ in range(9):
        issue(ledger, old, NOW - 91 * day)
    twice = replace(PLAN, target_id="twice", target_name="twice, first name")
    issue(ledger, twice, NOW - 89 * day)
    issue(ledger, replace(twice, target_name="twice, new name"), NOW - 2 * day)
    issue(ledger, PLAN, NOW - day)
    issue(ledger, replace(PLAN, asked="8h"), NOW)

    quick = [(t.target_name, t.asked, t.uses) for t in ledger.glance().quick_targets]
    assert quick == [("twice, new name", "10m", 2), ("demo", "8h", 1), ("demo", "10m", 1)]
    assert len(ledger.glance(limit=2).quick_targets) == 2
    target = ledger.glance().quick_targets[1]
    assert (target.profile, target.provider, target.kind, target.noun, target.target_id) == (
        PLAN.profile,
        PLAN.provider,
        PLAN.kind,
        PLAN.noun,
        PLAN.target_id,
    )


def test_instances_are_remembered_until_seen_again(ledger: LedgerFile) -> None:
    first = LastKnown(ProfileName("ops-prod"), NOW, (INSTANCE, replace(INSTANCE, created_at=None)))
    other = LastKnown(ProfileName("dev"), NOW)
    ledger.remember(first)
    ledger.remember(other)
    assert ledger.last_known() == (other, first)
    newer = LastKnown(ProfileName("ops-prod"), LATER)
    ledger.remember(newer)
    ledger.remember(first)
    assert ledger.last_known() == (other, newer)


def test_accounts_and_credentials_are_remembered_as_they_were(ledger: LedgerFile) -> None:
    account = Account(
        profile=ProfileName("ops-prod"),
        provider=ProviderKey("stackit"),
        id=AccountId("ci@sa"),
        native_id="ci@sa",
        name="ci",
        noun="service account",
        group="edge.admin",
        groups=("edge.admin", "reader"),
        created_at=NOW,
        is_own=True,
        cannot={AccountAbility.DELETE: "it is yours"},
    )
    credential = Credential(
        profile=ProfileName("ops-prod"),
        provider=ProviderKey("stackit"),
        kind=KindKey("key"),
        id=CredentialId("7f3d"),
        name="ci ☃",
        state=CredentialState.SWITCHED_OFF,
        made_at=NOW,
        ends_at=LATER,
        roles=("a", "b"),
        target_id="ci@sa",
        is_own=True,
        cannot={Ability.REVOKE: "signed in with it"},
        facts=(("algorithm", "RSA"), ("origin", "us")),
    )
    plain = replace(credential, ends_at=None, made_at=None, roles=(), cannot={}, facts=())
    known = LastKnown(ProfileName("ops-prod"), NOW, (), (account,), (credential, plain))
    ledger.remember(known)
    assert ledger.last_known() == (known,)


def test_fields_of_another_version_are_left_out(path: Path, ledger: LedgerFile) -> None:
    known = LastKnown(ProfileName("ops-prod"), NOW, (INSTANCE,))
    ledger.remember(known)
    with sqlite3.connect(path) as raw:
        raw.execute("update last_known set instances = replace(instances, '[{', '[{\"x\": 1,')")
    raw.close()
    assert ledger.last_known() == (known,)
