"""Waits for the rights of what was just made.

A project's service account or a token can answer 403 for a while after it was made, until a
controller has given the rights; KKP's own client asks again each second (kubermatic/dashboard
c996f110, e2e client, as of August 2026: up to three minutes for a token). A 403 is a definite
refusal, so asking again makes nothing twice. What is older is not waited for: there a 403 is final.
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
NEW_FOR = timedelta(minutes=3)
"""How long something counts as just made, and is waited for."""


class Patience:
    """Knows what was just made, and repeats refused requests for it."""

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
        self,
        ids: tuple[str, ...],
        send: Callable[[], Awaitable[T]],
        early: type[ProviderError],
        age: timedelta | None = None,
    ) -> T:
        """Send, and again while it fails with `early` and one of the ids is new.

        `age` is how old the last id is by the server's clock, as another session may have made it.
        """
        if age is not None and age < NEW_FOR:
            self._made.setdefault(ids[-1], self._now() - max(age.total_seconds(), 0.0))
        while True:
            try:
                return await send()
            except early:
                if not self._is_any_new(ids):
                    raise
            await self._sleep(STEP_S)

    def _is_any_new(self, ids: tuple[str, ...]) -> bool:
        return any(
            one in self._made and self._now() - self._made[one] < NEW_FOR.total_seconds()
            for one in ids
        )
