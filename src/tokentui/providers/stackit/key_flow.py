"""Signs in with a service-account key: a signed assertion for a short-lived access token."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tokentui.domain.text import clean
from tokentui.providers.kept_token import KeptToken
from tokentui.providers.stackit.exchange import Exchange
from tokentui.providers.stackit.key_file import read_key_file
from tokentui.providers.stackit.settings import TOKEN_URL

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta
    from pathlib import Path

    from tokentui.domain.secret import Secret
    from tokentui.providers.http import Http


class KeyFlow:
    """Keeps one access token; the key is read from its file for each token and not kept.

    `token_url` is the profile's own choice of endpoint; None: the file's, else the default.
    `key_id` is the id of the key that signed last; empty before that.
    """

    def __init__(
        self,
        path: Path,
        http: Http,
        clock: Callable[[], datetime],
        *,
        token_url: str | None = None,
        default_url: str = TOKEN_URL,
    ) -> None:
        self._path = path
        self._clock = clock
        self._exchange = Exchange(http, clock, token_url, default_url)
        self._token = KeptToken(self._sign_in, clock)
        self.key_id = ""

    @property
    def title(self) -> str:
        return f"service-account key {clean(str(self._path), 200)}"

    async def header(self) -> tuple[str, Secret]:
        return await self._token.header()

    def forget(self, refused: Secret) -> None:
        self._token.forget(refused)

    async def aclose(self) -> None:
        await self._token.aclose()

    async def _sign_in(self) -> tuple[Secret, timedelta]:
        key = await asyncio.to_thread(read_key_file, self._path, self._clock())
        got = await self._exchange.access_token(key, f"the key file {clean(str(self._path), 200)}")
        self.key_id = key.key_id
        return got
