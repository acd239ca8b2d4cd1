"""What a person types as an expiration, and what it means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokentui.domain.errors import ExitCode, UsageError
from tokentui.domain.lifetime import (
    Endless,
    Lifetime,
    Months,
    Span,
    Until,
    parse,
    spell_lifetime,
    typed,
)

BERLIN = ZoneInfo("Europe/Berlin")

# The parts of a second are left out, as `typed` drops them.
lifetimes = st.one_of(
    st.integers(1, 10**10).map(lambda seconds: Span(timedelta(seconds=seconds))),
    st.integers(1, 12_000).map(Months),
    st.datetimes(datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("9990-01-01")).map(
        lambda moment: Until(moment.replace(microsecond=0, tzinfo=UTC))
    ),
    st.just(Endless()),
)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("10m", 600),
        ("1d", 86_400),
        ("180d", 15_552_000),
        ("599s", 599),
        ("181d", 15_638_400),
        ("36h", 129_600),
        ("90m", 5_400),
        ("2w", 1_209_600),
        ("  10m\t\n", 600),
    ],
)
def test_a_number_with_a_unit_is_an_exact_span(text: str, seconds: int) -> None:
    assert parse(text, BERLIN) == Span(timedelta(seconds=seconds))


@pytest.mark.parametrize(("text", "count"), [("5M", 5), ("6M", 6), ("12M", 12)])
def test_a_capital_m_counts_months(text: str, count: int) -> None:
    assert parse(text, BERLIN) == Months(count)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("30", "has no unit"),
        ("007d", "begins with a zero"),
        ("0d", "is no time at all"),
        ("000M", "is no time at all"),
        ("1y", "has a unit that is none of"),
        ("1D", "has a unit that is none of"),
        ("1H", "has a unit that is none of"),
        ("1W", "has a unit that is none of"),
        ("10ms", "has a unit that is none of"),
        ("1.5h", "is neither"),
        ("1,5h", "is neither"),
        ("1 d", "is neither"),
        ("1d12h", "is neither"),
        ("-5m", "is neither"),
        ("+5m", "is neither"),
        ("m", "is neither"),
        ("Never", "is neither"),
        ("\N{ARABIC-INDIC DIGIT THREE}d", "is neither"),
        ("1001" + "0" * 9 + "s", "is longer than 1000 years"),
        ("9" * 5_000 + "d", "is longer than 1000 years"),
        ("12001M", "is longer than 1000 years"),
        ("2026-02-30", "names a day or a time that no calendar has"),
        ("0000-01-01", "names a day or a time that no calendar has"),
        ("2026-12-31 24:00", "names a day or a time that no calendar has"),
        ("2026-12-31 18:60", "names a day or a time that no calendar has"),
        ("2026-12-31 18:00 Mars/Base", "names an unknown zone"),
        ("2026-12-31 18:00 Europe", "names an unknown zone"),
        ("2026-12-31 18:00 +20:00", "is neither"),
        ("2026-12-31  18:00", "is neither"),
        ("31.12.2026", "is neither"),
        ("9999-12-31 23:00 -05:00", "is too near the end of the calendar"),
        ("0001-01-01 00:00 +14:00", "is too near the end of the calendar"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(text: str, reason: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(text, BERLIN)
    assert caught.value.message.startswith(f'the expiration "{text[:59]}')
    assert reason in caught.value.message
    assert caught.value.next_step
    assert caught.value.exit_code is ExitCode.USAGE


@pytest.mark.parametrize("text", ["", "   "])
def test_an_empty_text_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="the expiration is empty: write it like 90m"):
        parse(text, BERLIN)


def test_a_refusal_cannot_steer_the_terminal() -> None:
    with pytest.raises(UsageError) as caught:
        parse("\x1b[2J" + "x" * 500, BERLIN)
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 250


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-12-31", "2026-12-30 23:00:00"),
        ("2026-07-01", "2026-06-30 22:00:00"),
        ("2026-12-31 18:00", "2026-12-31 17:00:00"),
        ("2026-12-31T18:00", "2026-12-31 17:00:00"),
        ("2026-12-31T18:00:59", "2026-12-31 17:00:59"),
        ("2026-12-31 18:00Z", "2026-12-31 18:00:00"),
        ("2026-12-31T18:00:59Z", "2026-12-31 18:00:59"),
        ("2026-12-31 18:00 UTC", "2026-12-31 18:00:00"),
        ("2026-12-31 UTC", "2026-12-31 00:00:00"),
        ("2026-12-31 18:00+02:00", "2026-12-31 16:00:00"),
        ("2026-12-31 18:00 -05:30", "2026-12-31 23:30:00"),
        ("2026-12-31 18:00 America/New_York", "2026-12-31 23:00:00"),
        ("2026-12-31 18:00 Asia/Kathmandu", "2026-12-31 12:15:00"),
    ],
)
def test_a_date_is_a_moment_in_its_own_zone_or_the_given_one(text: str, utc: str) -> None:
    parsed = parse(text, BERLIN)
    assert parsed == Until(datetime.fromisoformat(utc).replace(tzinfo=UTC))
    assert isinstance(parsed, Until)
    assert parsed.at.tzinfo is UTC


@settings(deadline=None)
@given(lifetimes)
def test_what_is_typed_out_reads_back_as_the_same_lifetime(lifetime: Lifetime) -> None:
    assert parse(typed(lifetime), BERLIN) == lifetime


@pytest.mark.parametrize(
    ("lifetime", "text"),
    [
        (Span(timedelta(seconds=90)), "90s"),
        (Span(timedelta(minutes=10)), "10m"),
        (Span(timedelta(hours=36)), "36h"),
        (Span(timedelta(weeks=2)), "14d"),
        (Months(6), "6M"),
        (Until(datetime(2026, 12, 31, 17, tzinfo=UTC)), "2026-12-31T17:00:00Z"),
        (Until(datetime(2026, 12, 31, 18, 0, 0, 999_999, tzinfo=BERLIN)), "2026-12-31T17:00:00Z"),
        (Endless(), "never"),
    ],
)
def test_a_lifetime_is_typed_in_its_largest_whole_unit(lifetime: Lifetime, text: str) -> None:
    assert typed(lifetime) == text


@pytest.mark.parametrize(
    ("lifetime", "words"),
    [
        (Span(timedelta(hours=36)), "36 h"),
        (Months(1), "1 month"),
        (Months(5), "5 months"),
        (Months(36), "3 y"),
        (Until(datetime(2026, 12, 31, 17, tzinfo=UTC)), "2026-12-31T17:00:00Z"),
        (Endless(), "never"),
    ],
)
def test_a_lifetime_is_spelt_for_labels(lifetime: Lifetime, words: str) -> None:
    assert spell_lifetime(lifetime) == words
