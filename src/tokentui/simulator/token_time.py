"""The ends of signed tokens by the simulated clock; PyJWT knows the real time only."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jwt.types import Options

UNTIMED: Final[Options] = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}
"""Options of `jwt.decode` that leave the time to `is_over`."""


def is_over(claims: Mapping[str, object], now: datetime) -> bool:
    """Whether the token's end has come, or it names none."""
    ends = claims.get("exp")
    return not isinstance(ends, int | float) or datetime.fromtimestamp(ends, UTC) <= now
