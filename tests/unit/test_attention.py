from __future__ import annotations

from datetime import timedelta

import pytest

from listed import DAY, KEY, SEEN, entry, listed, listing
from tokentui.domain.ledger import Entry, EntryState
from tokentui.domain.model import Credential, CredentialState
from tokentui.services import attention
from tokentui.services.attention import (
    Level,
    Listed,
    Worry,
    check,
    needs_attention,
    state_word,
    worst,
)
from tokentui.services.held import Held, held
from world import MONDAY, PROFILE


def merged(*made: Entry | Credential) -> tuple[Held, ...]:
    credentials = [one for one in made if isinstance(one, Credential)]
    entries = [one for one in made if isinstance(one, Entry)]
    return held([listing(*credentials)], entries, ())


@pytest.mark.parametrize(
    ("made", "worry", "level"),
    [
        (entry(DAY * 180, DAY), Worry.NONE, Level.OK),
        (entry(DAY * 180, DAY * 155), Worry.LATER, Level.OK),
        (entry(DAY * 3, DAY * 0.1), Worry.LATER, Level.WARNING),
        (entry(DAY * 180, DAY * 174), Worry.SOON, Level.WARNING),
        (entry(DAY * 180, DAY * 179.5), Worry.SOON, Level.CRITICAL),
        (entry(DAY * 180, DAY * 181), Worry.EXPIRED, Level.CRITICAL),
        (entry(DAY * 10, DAY * 7), Worry.LATER, Level.WARNING),
        (entry(DAY * 10, DAY * 8.1), Worry.SOON, Level.WARNING),
        (entry(timedelta(minutes=10), timedelta(minutes=1)), Worry.LATER, Level.OK),
        (entry(timedelta(minutes=10), timedelta(minutes=9)), Worry.SOON, Level.OK),
        (entry(None, DAY * 400), Worry.NONE, Level.OK),
        (entry(DAY, state=EntryState.UNKNOWN), Worry.UNKNOWN, Level.UNKNOWN),
        (entry(DAY, state=EntryState.PLANNED), Worry.UNKNOWN, Level.UNKNOWN),
        (entry(DAY, state=EntryState.LOST), Worry.LOST, Level.WARNING),
    ],
)
def test_each_state_has_its_sign_and_its_level(made: Entry, worry: Worry, level: Level) -> None:
    (row,) = attention.rows(merged(made), MONDAY)
    (finding,) = check(merged(made), MONDAY)

    assert (row.worry, finding.level) == (worry, level)


@pytest.mark.parametrize(
    "over",
    [
        entry(timedelta(minutes=10), timedelta(minutes=11)),
        entry(DAY * 30, DAY * 38),
        entry(DAY, DAY * 2, EntryState.UNKNOWN),
        entry(DAY, DAY * 2, EntryState.LOST),
        entry(DAY * 30, state=EntryState.REFUSED),
        entry(DAY * 30, state=EntryState.ENDED, ended_at=MONDAY),
        entry(None, state=EntryState.ENDED, ended_at=MONDAY - DAY),
        listed(life=DAY * 30, age=DAY * 38),
        listed(life=DAY, age=DAY * 1.5),
    ],
)
def test_what_is_over_leaves_the_first_screen_but_not_the_whole_list(
    over: Entry | Credential,
) -> None:
    assert attention.rows(merged(over), MONDAY) == ()
    assert len(attention.rows(merged(over), MONDAY, everything=True)) == 1


def test_a_long_life_that_ended_stays_in_sight_for_a_week() -> None:
    (row,) = attention.rows(merged(entry(DAY * 30, DAY * 36)), MONDAY)

    assert row.worry is Worry.EXPIRED
    assert needs_attention(row)


def test_the_soonest_end_comes_first_and_the_endless_last() -> None:
    made = [entry(None, number=1), entry(DAY * 9, number=2), entry(DAY, number=3)]

    assert [row.held.number for row in attention.rows(merged(*made), MONDAY)] == [3, 2, 1]


def test_the_worst_level_is_critical_then_warning_then_unknown() -> None:
    fine, unknown = entry(None), entry(DAY, state=EntryState.UNKNOWN)
    warning, critical = entry(DAY * 180, DAY * 174), entry(DAY * 180, DAY * 179.9)

    assert worst(check((), MONDAY)) is Level.OK
    assert worst(check(merged(fine, unknown), MONDAY)) is Level.UNKNOWN
    assert worst(check(merged(fine, unknown, warning), MONDAY)) is Level.WARNING
    findings = check(merged(fine, unknown, warning, critical), MONDAY)
    assert [f.level for f in findings] == [
        Level.CRITICAL,
        Level.WARNING,
        Level.UNKNOWN,
        Level.OK,
    ]


def test_the_limits_of_a_check_can_be_moved() -> None:
    made = entry(DAY * 180, DAY * 160)

    assert worst(check(merged(made), MONDAY, warn=DAY * 30)) is Level.WARNING
    assert worst(check(merged(made), MONDAY, warn=DAY * 2)) is Level.OK


@pytest.mark.parametrize(
    ("made", "worry", "word", "level"),
    [
        (listed(), Worry.NONE, "live", Level.OK),
        (listed(life=None), Worry.NONE, "live", Level.OK),
        (listed(life=DAY * 180, age=DAY * 174), Worry.SOON, "live", Level.WARNING),
        (listed(life=DAY * 180, age=DAY * 179.5), Worry.SOON, "live", Level.CRITICAL),
        (listed(life=DAY * 30, age=DAY * 31), Worry.EXPIRED, "expired", Level.CRITICAL),
        (listed(state=CredentialState.INVALID), Worry.INVALID, "invalid", Level.WARNING),
        (listed(state=CredentialState.SWITCHED_OFF), Worry.OFF, "off", Level.OK),
        (
            listed(life=DAY * 180, age=DAY * 179.5, state=CredentialState.SWITCHED_OFF),
            Worry.OFF,
            "off",
            Level.OK,
        ),
    ],
)
def test_listed_ones_are_judged_as_the_ledger_s(
    made: Credential, worry: Worry, word: str, level: Level
) -> None:
    (row,) = attention.rows(merged(made), MONDAY)
    (finding,) = check(merged(made), MONDAY)
    assert (row.worry, state_word(row), finding.level) == (worry, word, level)


def test_a_life_of_unknown_length_counts_as_a_long_one() -> None:
    soon = listed(age=None, life=DAY * 0.5)
    (finding,) = check(merged(soon), MONDAY)
    assert (finding.row.age, finding.row.worry) == (None, Worry.SOON)
    assert finding.level is Level.CRITICAL


def test_a_short_life_raises_no_alarm_wherever_it_is_known_from() -> None:
    assert worst(check(merged(listed(life=DAY, age=DAY * 0.9)), MONDAY)) is Level.OK


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (EntryState.ISSUED, "live"),
        (EntryState.PLANNED, "unknown"),
        (EntryState.UNKNOWN, "unknown"),
        (EntryState.LOST, "lost"),
        (EntryState.REFUSED, "refused"),
        (EntryState.ENDED, "ended"),
    ],
)
def test_each_entry_has_its_word(state: EntryState, word: str) -> None:
    made = entry(DAY * 30, state=state, ended_at=MONDAY if state is EntryState.ENDED else None)
    (row,) = attention.rows(merged(made), MONDAY, everything=True)
    assert state_word(row) == word


def test_a_lost_secret_is_said_even_if_its_credential_is_listed() -> None:
    lost = entry(DAY * 90, DAY, EntryState.LOST, kind=KEY, remote_id="k-1")
    (row,) = attention.rows(merged(lost, listed()), MONDAY)
    assert (row.worry, state_word(row)) == (Worry.LOST, "lost")
    assert row.held.credential is not None


def test_what_needs_nobody_is_not_above_the_fold() -> None:
    (one,) = merged(listed())
    rows = [attention.Row(one, worry, None, None) for worry in Worry]
    worries = {row.worry for row in rows if needs_attention(row)}
    assert worries == {Worry.UNKNOWN, Worry.LOST, Worry.EXPIRED, Worry.INVALID, Worry.SOON}


def test_a_profile_that_was_never_listed_is_unknown_if_nothing_is_worse() -> None:
    fine, warning = check(merged(entry(DAY * 180)), MONDAY), check(merged(entry(DAY * 3)), MONDAY)
    never, before = Listed(PROFILE, None), Listed(PROFILE, SEEN)

    assert worst((), [before]) is Level.OK
    assert worst(fine, [before, never]) is Level.UNKNOWN
    assert worst(warning, [never]) is Level.WARNING
