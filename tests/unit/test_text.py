"""Foreign text is made harmless, and only that."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokentui.domain.text import ELLIPSIS, SUBSTITUTE, clean, unprintable

DANGEROUS = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
anything = st.text(
    alphabet=st.one_of(
        st.characters(codec=None),
        st.characters(categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"]),
        st.characters(categories=["Mn", "Me", "Mc"]),
    )
)
limits = st.integers(0, 30)


def longest_run_of_marks(text: str) -> int:
    longest = run = 0
    for char in text:
        run = run + 1 if unicodedata.category(char)[0] == "M" else 0
        longest = max(longest, run)
    return longest


@settings(deadline=None)
@given(anything, limits)
def test_nothing_dangerous_stays_and_the_limit_holds(text: str, limit: int) -> None:
    result = clean(text, limit)
    assert not {unicodedata.category(char) for char in result} & DANGEROUS
    assert longest_run_of_marks(result) <= 2
    assert len(result) <= limit
    assert unprintable(result) == 0


@settings(deadline=None)
@given(anything, limits)
def test_cleaning_twice_changes_nothing(text: str, limit: int) -> None:
    once = clean(text, limit)
    assert clean(once, limit) == once


@settings(deadline=None)
@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=50))
def test_harmless_text_is_kept(text: str) -> None:
    assert clean(text, 50) == text


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("\x1b[31mred", f"{SUBSTITUTE}[31mred"),
        ("\x9b2Jcleared", f"{SUBSTITUTE}2Jcleared"),
        ("\x1b]52;c;aGk=\x07", f"{SUBSTITUTE}]52;c;aGk={SUBSTITUTE}"),
        ("admin\u202etxt.exe", f"admin{SUBSTITUTE}txt.exe"),
        ("zero\u200bwidth", f"zero{SUBSTITUTE}width"),
        ("tag\U000e0041", f"tag{SUBSTITUTE}"),
        ("lone\ud800", f"lone{SUBSTITUTE}"),
        ("private\ue000", f"private{SUBSTITUTE}"),
        ("unassigned\u0378", f"unassigned{SUBSTITUTE}"),
        ("line\u2028paragraph\u2029", f"line{SUBSTITUTE}paragraph{SUBSTITUTE}"),
        ("two\r\nlines\tand a tab", "two  lines and a tab"),
        ("e\u0301\u0302\u0303\u0304x\u0301", "e\u0301\u0302x\u0301"),
        ("a\u20dd\u20dd\u20dd", "a\u20dd\u20dd"),
        ("a\u0903\u0903\u0903", "a\u0903\u0903"),
        ("Grüße, 東京 \N{ROCKET}", "Grüße, 東京 \N{ROCKET}"),
        ("", ""),
    ],
)
def test_what_becomes_of_what(text: str, result: str) -> None:
    assert clean(text) == result


@pytest.mark.parametrize(
    ("text", "limit", "result"),
    [
        ("abcde", 5, "abcde"),
        ("abcdef", 5, f"abcd{ELLIPSIS}"),
        ("abcdef", 1, ELLIPSIS),
        ("abcdef", 0, ""),
        ("abcdef", -1, ""),
        ("", 0, ""),
        ("abcd\u0301\u0302\u0303\u0304", 6, "abcd\u0301\u0302"),
    ],
)
def test_a_cut_is_marked(text: str, limit: int, result: str) -> None:
    assert clean(text, limit) == result


def test_without_a_limit_of_its_own_a_text_is_cut_at_500() -> None:
    assert clean("x" * 500) == "x" * 500
    assert clean("x" * 501) == "x" * 499 + ELLIPSIS


def test_unprintable_characters_are_counted_except_the_allowed_ones() -> None:
    text = "a\x1bb\nc\u202ed\n"
    assert unprintable(text) == 4
    assert unprintable(text, allowed="\n") == 2
    assert unprintable("plain text, 東京") == 0
