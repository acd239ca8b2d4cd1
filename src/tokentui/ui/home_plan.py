"""How the first screen divides its lines among what there is to show."""

from __future__ import annotations

from dataclasses import dataclass

from tokentui.ui.frame import WIDE

_FRAME = 4
_HEADED = 2  # a heading and a list's header
_TIMELINE = 3
_MOST_PROBLEMS = 6
_LEAST_ROWS = 4
_MOST_QUICK_ROWS = 5
_MOST_ENDLESS = 5
_MOST_ACTIVITY = 6
_NARROW = 70


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many there are of each; `problems` and `greeting` are lines.

    A greeting stands where there is no credential. `worrying` of the rows need attention.
    """

    problems: int
    greeting: int
    rows: int
    endless: int
    quick: int
    activity: int
    worrying: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """How many lines each part gets, headings not counted; 0 or False: it is left out."""

    problems: int
    rows: int
    timeline: bool
    endless: int
    quick_columns: int
    quick_rows: int
    tip: bool
    activity: int


def plan(width: int, height: int, wanted: Wanted) -> Plan:
    """Divide the lines: what needs attention first, then targets, then what explains them."""
    room = height - _FRAME
    problems = min(wanted.problems, _MOST_PROBLEMS, room // 3)
    room -= problems + 1 if problems else 0
    rows = 0 if wanted.greeting else min(max(wanted.rows, 1), _LEAST_ROWS, room - _HEADED)
    room -= _HEADED + rows if rows else min(wanted.greeting, room)
    columns = 1 if width < _NARROW else 2 if width < WIDE else 3
    quick = min(-(-wanted.quick // columns), _MOST_QUICK_ROWS, max(0, room - 1))
    room -= quick + 1 if quick else 0
    timeline = bool(wanted.rows + wanted.endless) and room >= _TIMELINE
    room -= _TIMELINE if timeline else 0
    urgent = max(0, min(wanted.worrying - rows, room))
    room -= urgent
    endless = max(0, min(wanted.endless, _MOST_ENDLESS, room - _HEADED))
    room -= endless + _HEADED if endless else 0
    more = max(0, min(wanted.rows - rows - urgent, room))
    room -= more
    tip = bool(quick) and room >= 2
    room -= 2 if tip else 0
    fits = width >= WIDE and room >= 3
    activity = min(wanted.activity, _MOST_ACTIVITY, room - 1) if fits else 0
    return Plan(problems, rows + urgent + more, timeline, endless, columns, quick, tip, activity)
