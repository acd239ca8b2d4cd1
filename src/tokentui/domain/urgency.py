"""How soon a credential's end needs a person."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

SOON = timedelta(days=7)
LATER = timedelta(days=30)
SOON_SHARE_OF_LIFE = 0.2


class Urgency(StrEnum):
    """The words of the states that an end can be in."""

    EXPIRED = "expired"
    SOON = "soon"
    LATER = "later"
    FINE = "ok"
    NEVER = "never"


def urgency(made_at: datetime, ends_at: datetime | None, now: datetime) -> Urgency:
    """Place an end; `ends_at` None means that it never ends.

    Soon is under `SOON`, or under a fifth of the credential's whole life if that is shorter:
    a ten-minute token is not an alarm from its first second on.
    """
    if ends_at is None:
        return Urgency.NEVER
    left = ends_at - now
    if left <= timedelta(0):
        return Urgency.EXPIRED
    if left < min(SOON, (ends_at - made_at) * SOON_SHARE_OF_LIFE):
        return Urgency.SOON
    return Urgency.LATER if left < LATER else Urgency.FINE
