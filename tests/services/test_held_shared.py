"""Copies of what all members of a place share."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from listed import DAY, KEY, SEEN, entry, listed, listing
from tokentui.domain.about import About
from tokentui.domain.ledger import EntryState
from tokentui.services.held import held
from world import PROVIDER

SHARED = replace(KEY, shared=True)
ABOUTS = (About(PROVIDER, "Invented Cloud", "edge", (), (), (SHARED,)),)
OWN = (About(PROVIDER, "Invented Cloud", "edge", (), (), (KEY,)),)
ONE = entry(90 * DAY, DAY, kind=KEY, remote_id="k-1", name="made", number=1)
OTHER = replace(ONE, number=type(ONE.number)(2))


def test_all_copies_are_of_the_one_that_is_listed() -> None:
    credential = listed()
    found = held([listing(credential)], (ONE, OTHER), ABOUTS)
    assert [(one.number, one.credential) for one in found] == [(2, credential), (1, credential)]
    assert len({one.key for one in found}) == 2


def test_of_what_is_not_shared_one_entry_alone_is_the_listed_one() -> None:
    found = held([listing(listed())], (ONE, OTHER), OWN)
    assert [one.credential is None for one in found] == [False, True]


def test_a_copy_that_was_ended_leaves_what_is_in_its_place() -> None:
    over = replace(ONE, state=EntryState.ENDED, ended_at=SEEN - timedelta(minutes=1))
    credential = listed()
    found = held([listing(credential)], (over,), ABOUTS)
    assert [(one.number, one.credential) for one in found] == [(1, None), (None, credential)]


def test_a_copy_that_is_not_listed_stands_alone() -> None:
    found = held([listing()], (ONE, OTHER), ABOUTS)
    assert [one.credential for one in found] == [None, None]
