"""Turns what a server or the way to it did wrong into errors that a person can act on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from tokentui.domain.errors import (
    BadAnswer,
    Forbidden,
    NotFound,
    NotSignedIn,
    Outcome,
    OutcomeUnknown,
    ProviderError,
    RateLimited,
    Refused,
    Unreachable,
)
from tokentui.domain.text import clean
from tokentui.providers.http_check import host_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tokentui.domain.secret import Secret
    from tokentui.providers.http_call import Call

LOOK_FIRST = "look whether it was made before you try again"
_LONGEST_WISH = timedelta(days=366).total_seconds()
_NEXT_STEPS: Mapping[type[ProviderError], str] = {
    NotSignedIn: "sign in again or check the profile's `auth`",
    Forbidden: "ask for the right to do this",
    NotFound: "refresh the list",
    Refused: "correct what the server names, then try again",
    Unreachable: "try again in a moment",
}


@dataclass(frozen=True, slots=True)
class Failed:
    """An attempt that gave no usable answer; `again`: a safe call may be sent once more."""

    error: ProviderError
    again: bool = False


@dataclass(frozen=True, slots=True)
class Status:
    """The head of an answer and what its body says of an error."""

    code: int
    headers: Mapping[str, str]
    words: str

    @property
    def trace_id(self) -> str:
        """STACKIT's support id (its Go SDK, core/runtime, read 2026-08-21); empty elsewhere."""
        return clean(self.headers.get("x-trace-id", ""), 64)


def bad_answer(
    call: Call, why: str, *, making: bool, trace_id: str = "", raw: Secret | None = None
) -> BadAnswer:
    """Say that a successful answer cannot be used; one to a request that makes keeps its body."""
    reason = f"the answer of {host_of(call.url)} {why}"
    return BadAnswer(
        f"cannot {call.what} because {reason}",
        LOOK_FIRST if making else "check the profile's endpoints and proxy",
        outcome=Outcome.UNKNOWN if making else Outcome.REFUSED,
        trace_id=trace_id,
        raw=raw if making else None,
        why=reason,
    )


def status_failure(call: Call, status: Status, now: datetime, *, making: bool) -> Failed:
    """Say what an answer that is no success means."""
    if making and _may_have_been_handled(status.code):
        return Failed(_outcome_unknown(call, status))
    if 300 <= status.code < 400:
        return Failed(_redirected(call, status))
    kind = _kind(status.code)
    error = kind(
        _message(call, status),
        _NEXT_STEPS.get(kind, "try again later; tell the provider if it stays"),
        trace_id=status.trace_id,
    )
    if isinstance(error, RateLimited):
        error.retry_after_s = retry_after_s(status.headers.get("retry-after", ""), now)
        error.next_step = _when(error.retry_after_s)
    return Failed(error, again=isinstance(error, RateLimited | Unreachable))


def retry_after_s(text: str, now: datetime) -> float | None:
    """Read a Retry-After header, seconds or a date; None if there is none or it is junk."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return min(float(text), _LONGEST_WISH)
    date = http_date(text)
    if date is None:
        return None
    return min(max((date - now).total_seconds(), 0.0), _LONGEST_WISH)


def http_date(text: str) -> datetime | None:
    """Read a date header as aware UTC; None if it is junk."""
    try:
        date = parsedate_to_datetime(text)
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _may_have_been_handled(code: int) -> bool:
    """5xx may come after the work; 303 says that there was some (RFC 9110, 15.4.4)."""
    return code >= HTTPStatus.INTERNAL_SERVER_ERROR or code == HTTPStatus.SEE_OTHER


def _kind(code: int) -> type[ProviderError]:
    match code:
        case 401:
            return NotSignedIn
        case 403:
            return Forbidden
        case 404 | 405 | 410:  # what an API had once is missing in any of these ways
            return NotFound
        case 429:
            return RateLimited
        case 502 | 503 | 504:
            return Unreachable
        case _ if 400 <= code < 500:
            return Refused
        case _:
            return ProviderError


def _message(call: Call, status: Status) -> str:
    return f"cannot {call.what} because {host_of(call.url)} {_said(status)}"


def _said(status: Status) -> str:
    words = clean(status.words, 300).strip()
    return f"answered {_status_text(status.code)}" + (f" ({words})" if words else "")


def _status_text(code: int) -> str:
    try:
        return f"{code} {HTTPStatus(code).phrase}"
    except ValueError:
        return str(code)


def _outcome_unknown(call: Call, status: Status) -> OutcomeUnknown:
    why = f"{host_of(call.url)} {_said(status)}"
    return OutcomeUnknown(
        f"it is unknown whether the request to {call.what} was carried out because {why}",
        LOOK_FIRST,
        trace_id=status.trace_id,
        why=why,
    )


def _redirected(call: Call, status: Status) -> ProviderError:
    try:
        other = host_of(urljoin(call.url, status.headers.get("location", "")))
    except ValueError:
        other = ""
    return Unreachable(
        f"cannot {call.what} because {host_of(call.url)} sends on to {other or 'nowhere'}, "
        "and a credential is not sent there",
        "correct the profile's endpoints",
        trace_id=status.trace_id,
    )


def _when(wait_s: float | None) -> str:
    if wait_s is None:
        return "wait a while, then try again"
    return f"try again in {math.ceil(wait_s)} s"
