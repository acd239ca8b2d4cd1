"""The next ninety days as one line: a sign where something ends."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tokentui.services.attention import Worry
from tokentui.ui import present

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokentui.services.attention import Row

_DAY = timedelta(days=1)
# Where a segment ends, in days, its label and its share of the line.
_SEGMENTS = ((7, "today", 9), (14, "1w", 8), (30, "2w", 8), (60, "1m", 16), (90, "2m", 16))
_UNTIL = tuple(days * _DAY for days, _, _ in _SEGMENTS)
_SHARES = sum(share for _, _, share in _SEGMENTS)
_TAIL = "3m     later  never"
_MARGIN = "   "
_FREE = "."
_FINE = "*"
_RANK = (
    *(Worry.NONE, Worry.ENDED, Worry.OFF, Worry.LATER, Worry.SOON, Worry.LOST),
    *(Worry.UNKNOWN, Worry.INVALID, Worry.EXPIRED),
)


def timeline(rows: Sequence[Row], width: int) -> tuple[str, str]:
    """Give the scale and the line, each at most `width` cells."""
    widths = _widths(width - len(_MARGIN) - len(_TAIL) - 1)
    scale = "".join(
        label.ljust(cells) for (_, label, _), cells in zip(_SEGMENTS, widths, strict=True)
    )
    marks = _marks(rows, widths)
    line = "".join(
        "|" + "".join(marks.get((number, cell), _FREE) for cell in range(cells - 1))
        for number, cells in enumerate(widths)
    )
    later = sum(row.left is not None and row.left >= 90 * _DAY for row in rows)
    never = sum(row.left is None for row in rows)
    return (
        f"{_MARGIN}{scale}{_TAIL}",
        f"{_MARGIN}{line}|......{later or '-':>4}{never or '-':>7}".rstrip(),
    )


def _widths(room: int) -> list[int]:
    widths = [max(len(label) + 1, room * share // _SHARES) for _, label, share in _SEGMENTS]
    widths[-1] += max(0, room - sum(widths))
    return widths


def _marks(rows: Sequence[Row], widths: list[int]) -> dict[tuple[int, int], str]:
    worst: dict[tuple[int, int], Worry] = {}
    for row in rows:
        place = None if row.left is None else _place(row.left, widths)
        if place is not None:
            worst[place] = max(worst.get(place, Worry.NONE), row.worry, key=_RANK.index)
    return {place: present.worry_sign(worry)[0] or _FINE for place, worry in worst.items()}


def _place(left: timedelta, widths: list[int]) -> tuple[int, int] | None:
    """Give the segment and the cell in it at which a remaining time stands."""
    if left >= _UNTIL[-1]:
        return None
    begin = timedelta()
    for number, end in enumerate(_UNTIL):
        if left < end:
            share = max(0.0, (left - begin) / (end - begin))
            return number, int(share * (widths[number] - 1))
        begin = end
    return None
