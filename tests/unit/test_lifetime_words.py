"""How spans are spelt: rounded down, because less is safer."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokentui.domain.lifetime import Span, left, parse, spell, spell_long

NOW = datetime(2026, 10, 5, 12, 22, tzinfo=UTC)
SIZES = {"y": 365 * 86_400, "d": 86_400, "h": 3_600, "m": 60, "min": 60, "s": 1}
spans = st.timedeltas(timedelta(), timedelta(days=400_000))


def seconds_of(words: str) -> int:
    counts = re.findall(r"([0-9]+) ?([a-z]+)", words)
    return sum(int(count) * SIZES[unit] for count, unit in counts)


@pytest.mark.parametrize(
    ("span", "parts", "words"),
    [
        (timedelta(minutes=6, seconds=12, microseconds=999_999), 2, "6m 12s"),
        (timedelta(minutes=9, seconds=58), 2, "9m 58s"),
        (timedelta(minutes=6, seconds=59), 1, "6m"),
        (timedelta(days=3, hours=4, minutes=59), 2, "3d 4h"),
        (timedelta(days=2 * 365 + 108, hours=23), 2, "2y 108d"),
        (timedelta(days=365), 2, "1y"),
        (timedelta(days=3, minutes=59), 2, "3d"),
        (timedelta(days=3, minutes=59), 3, "3d 59m"),
        (timedelta(hours=1), 2, "1h"),
        (timedelta(seconds=59), 1, "59s"),
        (timedelta(microseconds=999_999), 2, "0s"),
        (timedelta(), 2, "0s"),
        (timedelta(minutes=-6, seconds=-12), 2, "-6m 12s"),
        (timedelta(microseconds=-1), 2, "0s"),
    ],
)
def test_a_span_is_spelt_in_neighbouring_units(span: timedelta, parts: int, words: str) -> None:
    assert spell(span, parts) == words


@settings(deadline=None)
@given(spans, st.integers(1, 5))
def test_a_spelling_never_promises_more_than_there_is(span: timedelta, parts: int) -> None:
    words = spell(span, parts)
    assert timedelta(seconds=seconds_of(words)) <= span
    assert len(words.split()) <= parts


@settings(deadline=None)
@given(spans)
def test_all_five_parts_spell_every_second(span: timedelta) -> None:
    assert seconds_of(spell(span, 5)) == span // timedelta(seconds=1)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(minutes=10), "10 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=36), "36 h"),
        (timedelta(seconds=90), "90 s"),
        (timedelta(days=180), "180 d"),
        (timedelta(days=7), "7 d"),
        (timedelta(), "0 s"),
    ],
)
def test_a_limit_is_spelt_exactly(span: timedelta, words: str) -> None:
    assert spell_long(span) == words


@settings(deadline=None)
@given(st.integers(1, 10**10))
def test_a_limit_reads_back_as_what_it_is(seconds: int) -> None:
    span = timedelta(seconds=seconds)
    words = spell_long(span)
    assert seconds_of(words) == seconds
    assert parse(words.replace("min", "m").replace(" ", ""), UTC) == Span(span)


@pytest.mark.parametrize(
    ("ends_in", "seconds"),
    [
        (timedelta(seconds=598, microseconds=999_999), 598),
        (timedelta(), 0),
        (timedelta(microseconds=-1), -1),
        (timedelta(seconds=-1), -1),
    ],
)
def test_what_is_left_is_rounded_down(ends_in: timedelta, seconds: int) -> None:
    assert left(NOW + ends_in, NOW) == timedelta(seconds=seconds)
