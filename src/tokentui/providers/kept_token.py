"""A bearer token that is kept until shortly before its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.domain.secret import Secret
from tokentui.providers.auth import BEARER
from tokentui.providers.shared_run import SharedRun
from tokentui.providers.token_life import before_end, use_until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime, timedelta


class KeptToken:
    """Keeps one access token and fetches the next one shortly before its end.

    `fetch` gives a token and how long it says that it lives; its own end counts first.
    """

    def __init__(
        self,
        fetch: Callable[[], Awaitable[tuple[Secret, timedelta]]],
        clock: Callable[[], datetime],
    ) -> None:
        self._ask = fetch
        self._clock = clock
        self._kept: Secret | None = None
        self._kept_until: datetime | None = None
        self._fetch = SharedRun(self._renew)

    async def header(self) -> tuple[str, Secret]:
        """Give the header's name and value. Raises `ProviderError`."""
        over = self._kept_until is None or self._clock() >= self._kept_until
        value = await self._fetch() if self._kept is None or over else self._kept
        return BEARER.name, value

    def forget(self, refused: Secret) -> None:
        """Keep a refused value no longer."""
        if self._kept == refused:
            self._kept = None

    async def aclose(self) -> None:
        """Stop what is under way."""
        await self._fetch.aclose()

    async def _renew(self) -> Secret:
        token, lives_for = await self._ask()
        now = self._clock()
        self._kept_until = use_until(token, now) or before_end(now, now + lives_for)
        self._kept = Secret(BEARER.prefix + token.reveal())
        return self._kept
