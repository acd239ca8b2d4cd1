"""What was asked of the simulator."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One request; `query` holds names without values, since a value may be a secret.

    `status` is None until an answer begins, and stays so where a fault cuts the connection or
    writes to it byte by byte.
    """

    number: int
    at: datetime
    system: str
    method: str
    path: str
    query: tuple[str, ...]
    status: int | None = None


class RequestLog:
    """All requests in order of arrival; safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: dict[int, LoggedRequest] = {}
        self._next = 1
        self._in_flight: Counter[str] = Counter()
        self._most: Counter[str] = Counter()

    def begin(
        self, at: datetime, method: str, path: str, query: tuple[str, ...] = ()
    ) -> LoggedRequest:
        """Note an arrival; the first segment of the path names the system."""
        system = path.strip("/").split("/", 1)[0]
        with self._lock:
            request = LoggedRequest(self._next, at, system, method, path, query)
            self._next += 1
            self._requests[request.number] = request
            self._in_flight[system] += 1
            self._most[system] = max(self._most[system], self._in_flight[system])
            return request

    def answered(self, request: LoggedRequest, status: int) -> None:
        """Note the status that is about to be sent."""
        with self._lock:
            if request.number in self._requests:
                self._requests[request.number] = replace(request, status=status)

    def end(self, request: LoggedRequest) -> None:
        """Note that nothing more is done for the request."""
        with self._lock:
            self._in_flight[request.system] -= 1

    def clear(self) -> None:
        """Forget all requests and the largest numbers in flight."""
        with self._lock:
            self._requests.clear()
            self._most.clear()

    def all(self) -> tuple[LoggedRequest, ...]:
        """Return every request so far, oldest first."""
        with self._lock:
            return tuple(self._requests.values())

    def count(self, method: str | None = None, path_part: str = "") -> int:
        """Return how many requests had that method and that text in their path."""
        return sum(
            1 for one in self.all() if method in (None, one.method) and path_part in one.path
        )

    def in_flight(self) -> Mapping[str, int]:
        """Return how many requests of each system are being answered now."""
        with self._lock:
            return {name: number for name, number in self._in_flight.items() if number}

    def most_in_flight(self) -> Mapping[str, int]:
        """Return how many requests of each system were being answered at once, at most."""
        with self._lock:
            return dict(self._most)
