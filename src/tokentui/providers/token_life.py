"""Until when a token that signs requests in is used: a little less than it lives."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tokentui.domain.jwt import end_of

if TYPE_CHECKING:
    from datetime import datetime

    from tokentui.domain.secret import Secret

_LEEWAY = timedelta(minutes=5)
_LEEWAY_SHARE = 0.2


def before_end(now: datetime, end: datetime) -> datetime:
    """Give the instant to renew at: 5 minutes before the end, or 20 % of what is left."""
    return end - min(_LEEWAY, max(end - now, timedelta()) * _LEEWAY_SHARE)


def use_until(token: Secret, now: datetime) -> datetime | None:
    """Give the instant up to which a token is used; None if it does not say when it ends."""
    end = end_of(token.reveal())
    return None if end is None else before_end(now, end)
