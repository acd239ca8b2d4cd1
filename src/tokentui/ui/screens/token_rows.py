"""The rows of the list of tokens in their order; only what changed is judged and made anew."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from tokentui.domain.urgency import LATER, SOON, SOON_SHARE_OF_LIFE
from tokentui.services.attention import is_shown, order, row_of
from tokentui.ui.screens.token_records import Facts, reads_until, record, stands_last

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from tokentui.domain.model import ProfileName
    from tokentui.services.attention import Row
    from tokentui.services.held import Held
    from tokentui.ui.present import TimeStyle, When
    from tokentui.ui.screens.token_records import Kinds
    from tokentui.ui.widgets.record_list import Record

_JUST_AFTER = timedelta(microseconds=1)


class _Kept(NamedTuple):  # a data class is three times as slow to make
    """A credential as it was judged, which holds until an instant; `place` orders the rows."""

    is_shown: bool
    is_last: bool
    place: tuple[object, ...]
    facts: Facts
    until: datetime
    record: Record


class TokenRows:
    """Judges thousands of credentials, and keeps each row as long as it is the same."""

    def __init__(self) -> None:
        self._kept: Mapping[str, _Kept] = {}
        self._made_for: tuple[TimeStyle, Kinds] | None = None

    def make(
        self, helds: Iterable[Held], when: When, kinds: Kinds, asking: Collection[ProfileName]
    ) -> list[Record]:
        """Give what lives or ended lately, the soonest end first.

        Last stands what was ended lately, and what is over and still in its provider's list.
        `asking` are the profiles that may still name theirs.
        """
        is_same = self._made_for == (when.style, kinds)
        self._made_for = when.style, kinds
        before, now = self._kept, when.now
        kept: dict[str, _Kept] = {}
        for held in helds:
            last = before.get(held.key)
            is_old = held.is_stale and held.profile not in asking
            if (
                last is None
                or now >= last.until
                or last.facts[:4] != (held.credential, held.entry, held.noun, is_old)
                or not is_same
            ):
                last = _judged(held, is_old, last, when, kinds)
            kept[held.key] = last
        self._kept = kept
        shown = sorted((one for one in kept.values() if one.is_shown), key=_place)
        over = sorted((one for one in kept.values() if one.is_last), key=_place, reverse=True)
        return [one.record for one in (*shown, *over)]


def _judged(held: Held, is_old: bool, last: _Kept | None, when: When, kinds: Kinds) -> _Kept:
    row = row_of(held, when.now)
    kind = kinds.get((held.provider, held.kind))
    facts = Facts(held.credential, held.entry, held.noun, is_old, row.worry, kind, when.style)
    reads_the_same = last is not None and when.now < last.until and last.facts == facts
    return _Kept(
        is_shown(held, when.now),
        stands_last(held, when.now),
        order(held),
        facts,
        _holds_until(row, when),
        last.record if last is not None and reads_the_same else record(row, facts, when),
    )


def _place(one: _Kept) -> tuple[object, ...]:
    return one.place


def _holds_until(row: Row, when: When) -> datetime:
    """Give the moment from which a row reads differently, or is more urgent."""
    until, end, begun = reads_until(row, when), row.held.ends_at, row.held.begun
    if end is None:
        return until
    of_life = SOON if begun is None else (end - begun) * SOON_SHARE_OF_LIFE
    moments = (end - span + _JUST_AFTER for span in (of_life, SOON, LATER))
    return min((until, *(moment for moment in moments if moment > when.now)))
