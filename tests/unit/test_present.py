from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from listed import KEY, listed, listing
from listed import entry as listed_too
from tokentui.domain.errors import NotSignedIn, ProviderError
from tokentui.domain.ledger import Entry, EntryNumber, EntryState, Plan
from tokentui.domain.model import CredentialState, Form, KindKey, ProfileName, ProviderKey
from tokentui.services import attention
from tokentui.services.held import Held, held
from tokentui.services.inventory import Phase, Source
from tokentui.ui import present
from tokentui.ui.present import TimeStyle, When
from tokentui.ui.timeline import timeline
from world import MONDAY, OWNER

BERLIN = ZoneInfo("Europe/Berlin")
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
WHEN = When(MONDAY, BERLIN)


def entry(made: timedelta, left: timedelta | None) -> Entry:
    ends_at = None if left is None else MONDAY + left
    made_for = Plan(
        profile=ProfileName("p"),
        provider=ProviderKey("p"),
        kind=KindKey("token"),
        noun="token",
        form=Form.TOKEN,
        target_id="1",
        target_name="demo",
        scope="",
        asked="10m",
        latest_end=ends_at,
    )
    at = MONDAY - made
    return Entry(EntryNumber(1), made_for, OWNER, at, EntryState.ISSUED, at, ends_at)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-1, "expired"),
        (0, "expired"),
        (1, "<1m"),
        (59, "<1m"),
        (60, "1m"),
        (119, "1m"),
        (3599, "59m"),
        (3600, "1h"),
        (86_399, "23h 59m"),
        (86_400, "1d"),
        (4 * 86_400 - 1, "3d 23h"),
        (366 * 86_400, "1y 1d"),
    ],
)
def test_time_left_is_rounded_down(seconds: int, text: str) -> None:
    assert present.time_left(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize("seconds", [61, 119, 125, 3610, 86_399, 86_430, 90_001, 200_000])
def test_no_shown_time_changes_before_the_next_drawing(seconds: int) -> None:
    end = MONDAY + timedelta(seconds=seconds)
    wait = present.next_change([end], MONDAY)
    assert SECOND <= wait <= timedelta(minutes=1)
    before = present.time_left(end - MONDAY)
    just_before = present.time_left(end - (MONDAY + wait - SECOND / 2))
    assert just_before == before


def test_a_text_that_changes_at_once_is_drawn_a_second_later() -> None:
    assert present.next_change([MONDAY + timedelta(minutes=2)], MONDAY) == SECOND


def test_the_clock_alone_changes_with_its_minute() -> None:
    assert present.next_change([], MONDAY + 20 * SECOND) == 40 * SECOND
    assert present.next_change([], MONDAY) == 60 * SECOND


def test_moments_are_as_short_as_they_stay_clear() -> None:
    assert WHEN.clock() == "14:22 CEST"
    assert WHEN.clock(with_date=True) == "Mon 5 Oct 14:22 CEST"
    assert WHEN.moment(MONDAY) == "14:22"
    assert WHEN.moment(MONDAY - DAY) == "4 Oct 14:22"
    assert WHEN.moment(datetime(2025, 3, 12, tzinfo=UTC)) == "12 Mar 2025"
    assert WHEN.exact(MONDAY) == "5 Oct 2026 14:22:00 CEST (12:22:00 UTC)"


def test_an_end_over_midnight_utc_is_exact_in_both() -> None:
    late = datetime(2026, 10, 5, 22, 30, tzinfo=UTC)
    assert WHEN.exact(late) == "6 Oct 2026 00:30:00 CEST (5 Oct 22:30:00 UTC)"


def test_a_zone_without_an_offset_says_a_moment_once() -> None:
    assert When(MONDAY, UTC).exact(MONDAY) == "5 Oct 2026 12:22:00 UTC"


def test_styles_go_round() -> None:
    assert TimeStyle.LEFT.following().following().following() is TimeStyle.LEFT
    end = MONDAY + timedelta(minutes=6, seconds=12)
    shown = [When(MONDAY, BERLIN, style).end(end) for style in TimeStyle]
    assert shown == ["6m", "14:28", "12:28"]


def test_ages_never_say_more_than_is_true() -> None:
    assert WHEN.age(MONDAY - 30 * SECOND) == "0m"
    assert WHEN.age(MONDAY - timedelta(hours=3, minutes=59)) == "3h"
    assert WHEN.age(MONDAY - 211 * DAY) == "211d"


def test_a_source_has_one_word() -> None:
    def word(phase: Phase, took: float | None = None) -> str:
        span = None if took is None else timedelta(seconds=took)
        return present.source_word(Source(ProfileName("p"), phase, MONDAY, span))[0]

    assert word(Phase.LOADING) == "…"
    assert word(Phase.OK, 0.2) == "ok"
    assert word(Phase.OK, 4.3) == "4 s"
    assert word(Phase.FAILED, 8.0) == "failed"
    assert word(Phase.PARTLY, 0.1) == "partly"


def test_lifetimes_are_worded_and_odd_ones_left_alone() -> None:
    assert present.asked("10m", BERLIN) == "10 min"
    assert present.asked("", BERLIN) == "default"
    assert present.asked("soon", BERLIN) == "soon"


def test_an_error_is_told_with_its_next_step_and_trace() -> None:
    error = ProviderError("no answer", "try again", trace_id="t-1")
    assert present.error_lines(error) == ["what   no answer", "next   try again", "trace  t-1"]
    told = present.error_lines(NotSignedIn("login failed", said="not today"))
    assert told == ["what   login failed", "said   not today"]


def test_the_timeline_puts_signs_where_things_end() -> None:
    entries = [
        entry(32 * DAY, -2 * DAY),
        entry(26 * DAY, 3 * DAY),
        entry(18 * DAY, 12 * DAY),
        entry(20 * DAY, 70 * DAY),
        entry(DAY, 400 * DAY),
        entry(DAY, None),
    ]
    rows = attention.rows(held((), entries, ()), MONDAY)
    scale, line = timeline(rows, 80)
    assert scale.split() == ["today", "1w", "2w", "1m", "2m", "3m", "later", "never"]
    segments = line.split("|")
    assert segments[1].startswith("x")
    assert "!" in segments[1]
    assert "~" in segments[2]
    assert "*" in segments[5]
    assert line.split()[-2:] == ["1", "1"]
    for label in ("1w", "2w", "1m", "2m", "3m"):
        assert line[scale.index(label)] == "|"


@pytest.mark.parametrize("width", [60, 80, 99, 120, 200])
def test_the_timeline_fits(width: int) -> None:
    scale, line = timeline((), width)
    assert max(len(scale), len(line)) <= width
    assert line[scale.index("3m")] == "|"


def of_list(**changes: object) -> Held:
    (one,) = held([listing(listed(**changes))], (), ())  # type: ignore[arg-type]
    return one


def test_what_never_ends_shows_its_age_if_anybody_knows_it() -> None:
    def shown(**changes: object) -> str:
        (row,) = attention.rows([of_list(life=None, **changes)], MONDAY)
        return present.row_end(row, WHEN)

    assert shown(age=211 * DAY) == "211d old"
    assert shown(age=None) == "never"


def test_a_note_tells_the_provider_s_word_before_the_ledger_s() -> None:
    made = listed_too(90 * DAY, DAY, kind=KEY, remote_id="k-1")
    off = listed(state=CredentialState.SWITCHED_OFF, state_text="inactive")
    (one,) = held([listing(off)], [made], ())
    assert (one.entry, present.held_note(one)) == (made, "inactive")
    assert present.held_note(of_list(state=CredentialState.INVALID)) == "is invalid"
    assert present.held_note(of_list(description="by terraform")) == "by terraform"
    (alone,) = held((), [made], ())
    assert present.held_note(alone) == "not handed over"
    ended = replace(made, state=EntryState.ENDED, ended_at=MONDAY, note="deleted")
    (over,) = held((), [ended], ())
    assert (present.held_note(over), present.entry_state(ended, MONDAY)) == ("deleted", "ended")
