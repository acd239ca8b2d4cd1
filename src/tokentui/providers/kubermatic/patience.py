"""Waits for the rights of what was just made.

A project's service account or a token can answer 403 for a while after it was made, until a
controller has given the rights; KKP's own client asks again each second (kubermatic/dashboard
c996f110, e2e client, as of August 2026). A 403 is a definite refusal, so asking again makes nothing
twice. What this session did not make is not waited for: there a 403 is final.
"""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tokentui.domain.errors import ProviderError

T = TypeVar("T")

STEP_S = 1.0
LONGEST_WAIT_S = 60.0
NEW_FOR = timedelta(minutes=3)
"""How long something counts as just made."""


class Patience:
    """Knows what this session made, and repeats refused requests for it."""

    def __init__(
        self,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sleep = sleep
        self._now = now
        self._made: dict[str, float] = {}

    def made(self, *ids: str) -> None:
        """Remember that these were made or got other rights just now."""
        self._made |= dict.fromkeys(ids, self._now())

    async def ask(
        self, ids: tuple[str, ...], send: Callable[[], Awaitable[T]], early: type[ProviderError]
    ) -> T:
        """Send, and again while it fails with `early` and one of the ids is new."""
        last = self._now() + LONGEST_WAIT_S
        while True:
            try:
                return await send()
            except early:
                if not self._is_any_new(ids) or self._now() + STEP_S > last:
                    raise
            await self._sleep(STEP_S)

    def _is_any_new(self, ids: tuple[str, ...]) -> bool:
        return any(
            one in self._made and self._now() - self._made[one] < NEW_FOR.total_seconds()
            for one in ids
        )
