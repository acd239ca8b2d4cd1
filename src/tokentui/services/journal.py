"""The calls made lately, without secrets: what the program did and how long it took."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from tokentui.domain.model import ProfileName

KEPT = 200


@dataclass(frozen=True, slots=True)
class Call:
    """One call. `outcome` is a status code or a word, `path` has no query."""

    at: datetime
    profile: ProfileName
    what: str
    method: str
    path: str
    outcome: str
    took: timedelta


class Journal:
    """The last calls, newest first; lives in memory only."""

    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=KEPT)

    def add(self, call: Call) -> None:
        self._calls.appendleft(call)

    def recent(self, limit: int) -> tuple[Call, ...]:
        return tuple(self._calls)[:limit]
