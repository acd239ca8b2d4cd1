"""The simulated world's time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class SimClock:
    """Real time plus a shift, so that tokens can be aged without waiting."""

    def __init__(self, start: datetime | None = None) -> None:
        self._shift = timedelta()
        if start is not None:
            self.set(start)

    def now(self) -> datetime:
        """Return the simulated instant, aware UTC."""
        return datetime.now(UTC) + self._shift

    def advance(self, span: timedelta) -> None:
        """Move the clock on by `span`, or back if it is negative."""
        self._shift += span

    def set(self, instant: datetime) -> None:
        """Make `instant`, which must be aware, the present; time runs on from there."""
        if instant.tzinfo is None:
            message = "The simulator's clock needs an instant with a time zone."
            raise ValueError(message)
        self._shift = instant.astimezone(UTC) - datetime.now(UTC)
