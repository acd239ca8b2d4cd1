from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tokentui.ui.fitting import cut, shortened, wrapped

ID = "3f2a9c10-5837-5cb1-a128-3e45a68a4030"


def test_a_long_id_loses_its_middle_and_the_sentence_stays_whole() -> None:
    sentence = shortened(f"id {ID}: sent through tmux to your terminal", 60)
    assert sentence == "id 3f2a9c10-58…5a68a4030: sent through tmux to your terminal"


def test_what_fits_stays_as_it_is() -> None:
    assert shortened("x ok", 4) == "x ok"
    assert cut("x ok", 4) == "x ok"
    assert wrapped("x ok", 4, 1) == ["x ok"]


def test_lines_break_between_words() -> None:
    assert wrapped("one two three", 7, 2) == ["one two", "three"]


def test_the_end_of_a_sentence_with_a_long_path_can_be_read() -> None:
    path = "/home/anna/" + "deep/" * 40 + "config.yaml"
    first, last = wrapped(f"{path} line 7: projekt_id is unknown", 77, 2)
    assert first.startswith("/home/anna/deep/")
    assert "…" in first + last
    assert last.endswith("config.yaml line 7: projekt_id is unknown")


@pytest.mark.parametrize("most", [1, 2, 4])
@given(text=st.text(max_size=300), cells=st.integers(min_value=4, max_value=120))
def test_nothing_is_wider_than_its_room(text: str, cells: int, most: int) -> None:
    lines = wrapped(text, cells, most)
    assert len(lines) <= most
    assert all(cell_len(line) <= cells for line in (*lines, shortened(text, cells)))
