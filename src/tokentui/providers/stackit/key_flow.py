"""Signs in with a service-account key: a signed assertion for a short-lived access token.

Sources: service-account API description v2, POST /token, and STACKIT's Python SDK (stackit-core
0.4.0, auth_methods/key_auth.py), both read 2026-08-21.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tokentui.domain.errors import Forbidden, NotFound, NotSignedIn, Refused, Unreachable
from tokentui.domain.secret import Secret
from tokentui.domain.text import clean
from tokentui.providers.auth import BEARER
from tokentui.providers.http_call import Call
from tokentui.providers.shared_run import SharedRun
from tokentui.providers.stackit.about import TOKEN_URL
from tokentui.providers.stackit.assertion import sign
from tokentui.providers.stackit.key_file import read_key_file
from tokentui.providers.stackit.settings import is_loopback, is_safe_url
from tokentui.providers.stackit.wire import access_token, error_text
from tokentui.providers.token_life import before_end, use_until

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta
    from pathlib import Path

    from tokentui.providers.http import Http
    from tokentui.providers.stackit.key_file import ServiceAccountKey

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_VENDOR_DOMAIN = ".stackit.cloud"
_REFUSALS = (NotSignedIn, Forbidden, NotFound, Refused)


class KeyFlow:
    """Keeps one access token and fetches the next one shortly before its end.

    `token_url` is the profile's own choice of endpoint; None: the file's, else the default.
    The key is read from its file for each token and not kept.
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
        self._token_url = token_url
        self._default_url = default_url
        self._http = http
        self._clock = clock
        self._kept: Secret | None = None
        self._kept_until: datetime | None = None
        self._fetch = SharedRun(self._sign_in)

    @property
    def title(self) -> str:
        return f"service-account key {clean(str(self._path), 200)}"

    async def header(self) -> tuple[str, Secret]:
        over = self._kept_until is None or self._clock() >= self._kept_until
        value = await self._fetch() if self._kept is None or over else self._kept
        return BEARER.name, value

    def forget(self, refused: Secret) -> None:
        if self._kept == refused:
            self._kept = None

    async def aclose(self) -> None:
        await self._fetch.aclose()

    async def _sign_in(self) -> Secret:
        key = await asyncio.to_thread(read_key_file, self._path, self._clock())
        own = "" if self._token_url else own_endpoint(key, self._path)
        url = self._token_url or own or self._default_url
        try:
            token, lives_for = await self._ask_twice(key, url)
        except _REFUSALS:
            if url != own:
                raise
            # Keys made in August 2026 name an endpoint that refuses them (stackit-cli#1528).
            token, lives_for = await self._ask_twice(key, self._default_url)
        now = self._clock()
        self._kept_until = use_until(token, now) or before_end(now, now + lives_for)
        self._kept = Secret(BEARER.prefix + token.reveal())
        return self._kept

    async def _ask_twice(self, key: ServiceAccountKey, url: str) -> tuple[Secret, timedelta]:
        """Ask again, with an assertion of its own, if the first answer was lost."""
        try:
            return await self._ask(key, url)
        except Unreachable:
            return await self._ask(key, url)

    async def _ask(self, key: ServiceAccountKey, url: str) -> tuple[Secret, timedelta]:
        assertion = await asyncio.to_thread(sign, key, self._clock())
        call = Call(
            "POST",
            url,
            f"sign in as {clean(key.issuer, 120)}",
            form={"grant_type": GRANT, "assertion": assertion},
            error_text=error_text,
        )
        try:
            answer = await self._http.read(call, attempts=1)
        except _REFUSALS as error:
            raise NotSignedIn(
                error.message,
                "check that the key exists, is active and belongs to this service account",
                trace_id=error.trace_id,
            ) from None
        return access_token(call, answer)


def own_endpoint(key: ServiceAccountKey, path: Path) -> str:
    """Give the endpoint that a key file names; empty if it names none.

    Raises `NotSignedIn` for one outside of STACKIT, since a file from somewhere must not decide
    who receives an assertion.
    """
    url = key.token_endpoint
    if not url:
        return ""
    host = urlsplit(url).hostname if is_safe_url(url) else None
    if host is None or not (host.endswith(_VENDOR_DOMAIN) or is_loopback(url)):
        raise NotSignedIn(
            f"the key file {clean(str(path), 200)} wants its tokens from {clean(url, 120)}, "
            f"which is not under https and {_VENDOR_DOMAIN[1:]}",
            "set endpoints.token in the profile if you trust that address",
        )
    return url
