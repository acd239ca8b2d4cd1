from __future__ import annotations

import pytest

from tokentui.services.trouble import describe

CANARY = "canary-5f2b91"


def look_up() -> None:
    raise KeyError(CANARY)


def with_cause() -> None:
    try:
        look_up()
    except KeyError as error:
        raise RuntimeError(CANARY) from error


def with_hidden_cause() -> None:
    try:
        look_up()
    except KeyError:
        raise RuntimeError(CANARY) from None


def test_describe_follows_causes_and_hides_messages() -> None:
    with pytest.raises(RuntimeError) as caught:
        with_cause()
    text = describe(caught.value)
    first, second = text.splitlines()
    assert first.startswith("RuntimeError at unit/test_trouble.py:")
    assert second.strip().startswith("caused by KeyError at unit/test_trouble.py:")
    assert CANARY not in text


def test_describe_stops_where_a_cause_was_hidden() -> None:
    with pytest.raises(RuntimeError) as caught:
        with_hidden_cause()
    assert "KeyError" not in describe(caught.value)


def test_describe_ends_at_a_loop_of_causes_and_looks_into_groups() -> None:
    first, second = ValueError(CANARY), KeyError(CANARY)
    first.__cause__, second.__cause__ = second, first
    group = ExceptionGroup(CANARY, [first])
    assert describe(group).split() == [
        *("ExceptionGroup", "caused", "by", "ValueError", "caused", "by", "KeyError"),
    ]
