"""Rules that make the simulated network and its servers misbehave."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from tokentui.simulator.garbage import GARBAGE

if TYPE_CHECKING:
    from collections.abc import Mapping


class FaultKind(StrEnum):
    """What goes wrong; see `Fault` for the fields each kind reads."""

    STATUS = "status"  # `status`, `body`, `headers`
    DELAY = "delay"  # `seconds`, then the normal answer
    HOLD = "hold"  # until released, then the normal answer
    CUT = "cut"  # the connection closes without a byte
    RESET = "reset"  # the same by a TCP reset
    HALF = "half"  # the normal answer breaks off in the middle of its body
    GARBAGE = "garbage"  # `variant`: see `tokentui.simulator.garbage`
    SLOW = "slow"  # the normal answer, head included, a byte every `seconds`
    REDIRECT = "redirect"  # `status` (default 307) to `location`
    HUGE = "huge"  # a valid JSON body of `size` bytes


_SENDS_THE_REAL_ANSWER = frozenset(
    {FaultKind.DELAY, FaultKind.HOLD, FaultKind.HALF, FaultKind.SLOW}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One rule: it meets requests by `method` (any if None) and by a search of `path`.

    `acts` says whether the handler runs before the fault is felt; the kinds that send the real
    answer always let it run. `times` is how many requests it meets, None for all.
    """

    kind: FaultKind
    path: str = ""
    method: str | None = None
    times: int | None = None
    acts: bool = False
    status: int | None = None
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    variant: str = "text"
    location: str = ""
    size: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", FaultKind(self.kind))
        if self.variant not in GARBAGE:
            message = f"Unknown variant {self.variant!r}; known: {', '.join(GARBAGE)}."
            raise ValueError(message)
        try:
            re.compile(self.path)
        except re.error as error:
            message = f"Path {self.path!r} is no regular expression: {error}."
            raise ValueError(message) from error

    @property
    def sends_the_real_answer(self) -> bool:
        """Whether the client finally gets what the handler answered, if only in part."""
        return self.kind in _SENDS_THE_REAL_ANSWER

    def meets(self, method: str, path: str) -> bool:
        """Whether the rule applies to this request."""
        return self.method in (None, method) and re.search(self.path, path) is not None


class Faults:
    """The rules in force; safe to use from any thread while the simulator serves."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: dict[int, Fault] = {}
        self._left: dict[int, int | None] = {}
        self._next = 1
        self._latency_s = 0.0

    @property
    def latency_s(self) -> float:
        """Seconds that every answer is late."""
        return self._latency_s

    @latency_s.setter
    def latency_s(self, seconds: float) -> None:
        self._latency_s = max(0.0, seconds)

    def add(self, fault: Fault) -> int:
        """Put a rule in force and return its number; older rules are asked first."""
        with self._lock:
            number = self._next
            self._next += 1
            self._rules[number] = fault
            self._left[number] = fault.times
            return number

    def remove(self, number: int) -> None:
        """Take one rule out of force; an unknown number is no error."""
        with self._lock:
            self._rules.pop(number, None)
            self._left.pop(number, None)

    def clear(self) -> None:
        """Take every rule out of force; held requests stay held."""
        with self._lock:
            self._rules.clear()
            self._left.clear()

    def rules(self) -> Mapping[int, Fault]:
        """Return the rules in force by number."""
        with self._lock:
            return dict(self._rules)

    def take(self, method: str, path: str) -> Fault | None:
        """Return the first rule that meets this request and count it as used."""
        with self._lock:
            for number, fault in self._rules.items():
                if fault.meets(method, path):
                    self._use(number)
                    return fault
            return None

    def _use(self, number: int) -> None:
        left = self._left[number]
        if left is None:
            return
        self._left[number] = left - 1
        if left <= 1:
            del self._rules[number], self._left[number]
