"""What is asked of a server and what it answered, without an HTTP library in sight."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime, timedelta

    from tokentui.domain.secret import Secret


HeaderValue: TypeAlias = "str | Secret | tuple[str, ...]"

KEPT_HEADERS = ("warning", "content-disposition")
"""Headers of an answer that say something beside its body."""


def no_words(payload: object) -> str:
    """Read nothing out of an error body."""
    return ""


@dataclass(frozen=True, slots=True)
class Call:
    """One request.

    `what` ends the sentence "cannot ..." and names the object: "list Edge instances of ops-prod".
    `error_text` reads the server's own words out of each error's parsed body, None if that is not
    JSON. A header with several values is sent once with each. The answer `is_text`: it is not
    parsed, `Answer.body` has it. `patience` times the usual limit is waited for an answer.
    """

    method: str
    url: str
    what: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    json: object = field(default=None, repr=False)
    form: Mapping[str, str | Secret] = field(default_factory=dict)
    headers: Mapping[str, HeaderValue] = field(default_factory=dict)
    error_text: Callable[[object], str] = no_words
    is_text: bool = False
    patience: float = 1.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful answer.

    `payload` is the parsed JSON, None for an empty body; `body` the same as text. `at` is the
    time of its arrival by our clock, `date` the server's clock, in whole seconds. `headers` are
    those of `KEPT_HEADERS` that it has, cleaned.
    """

    status: int
    payload: object = field(repr=False)
    body: Secret
    trace_id: str
    at: datetime
    date: datetime | None
    took: timedelta
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def clock_off(self) -> timedelta | None:
        """How far the server's clock is ahead of ours; negative: behind."""
        return None if self.date is None else self.date - self.at


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One request as the list of activities shows it: no query, no header, no body.

    `result` is the status, or words for what happened instead of an answer.
    """

    at: datetime
    method: str
    path: str
    result: str
    took: timedelta
    what: str
