"""Exchanges an assertion, signed with a service-account key, for an access token.

Sources: service-account API description v2, POST /token, and STACKIT's Python SDK (stackit-core
0.4.0, auth_methods/key_auth.py), both read 2026-08-21.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tokentui.domain.errors import Forbidden, NotFound, NotSignedIn, Refused, Unreachable
from tokentui.domain.text import clean
from tokentui.providers.http_call import Call
from tokentui.providers.http_check import is_loopback, is_safe_url
from tokentui.providers.stackit.assertion import sign
from tokentui.providers.stackit.settings import TOKEN_URL
from tokentui.providers.stackit.wire import error_text
from tokentui.providers.token_answer import access_token

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

    from tokentui.domain.secret import Secret
    from tokentui.providers.http import Http
    from tokentui.providers.stackit.key_file import ServiceAccountKey

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
REFUSALS = (NotSignedIn, Forbidden, NotFound, Refused)
_VENDOR_DOMAIN = ".stackit.cloud"


@dataclass(frozen=True, slots=True)
class Exchange:
    """Where and how keys are exchanged.

    `token_url` is the profile's own choice of endpoint; None: the key's, else the default.
    """

    http: Http
    clock: Callable[[], datetime]
    token_url: str | None = None
    default_url: str = TOKEN_URL

    async def access_token(self, key: ServiceAccountKey, source: str) -> tuple[Secret, timedelta]:
        """Give a new access token and its life. Raises `NotSignedIn` if the key is refused.

        `source` says in words where the key is from.
        """
        own = "" if self.token_url else own_endpoint(key, source)
        url = self.token_url or own or self.default_url
        try:
            return await self._ask_twice(key, url)
        except REFUSALS:
            if url != own:
                raise
            # Keys made in August 2026 name an endpoint that refuses them (stackit-cli#1528).
            return await self._ask_twice(key, self.default_url)

    async def _ask_twice(self, key: ServiceAccountKey, url: str) -> tuple[Secret, timedelta]:
        """Ask again, with an assertion of its own, if the first answer was lost."""
        try:
            return await self._ask(key, url)
        except Unreachable:
            return await self._ask(key, url)

    async def _ask(self, key: ServiceAccountKey, url: str) -> tuple[Secret, timedelta]:
        assertion = await asyncio.to_thread(sign, key, self.clock())
        call = Call(
            "POST",
            url,
            f"sign in as {clean(key.issuer, 120)}",
            form={"grant_type": GRANT, "assertion": assertion},
            error_text=error_text,
        )
        try:
            answer = await self.http.read(call, attempts=1)
        except REFUSALS as error:
            raise NotSignedIn(
                error.message,
                "check that the key exists, is active and belongs to this service account",
                trace_id=error.trace_id,
            ) from None
        return access_token(call, answer)


def own_endpoint(key: ServiceAccountKey, source: str) -> str:
    """Give the endpoint that a key names; empty if it names none.

    Raises `NotSignedIn` for one outside of STACKIT, since a file from somewhere must not decide
    who receives an assertion.
    """
    url = key.token_endpoint
    if not url:
        return ""
    host = urlsplit(url).hostname if is_safe_url(url) else None
    if host is None or not (host.endswith(_VENDOR_DOMAIN) or is_loopback(url)):
        raise NotSignedIn(
            f"{source} wants its tokens from {clean(url, 120)}, which is not under https and "
            f"{_VENDOR_DOMAIN[1:]}",
            "set endpoints.token in the profile if you trust that address",
        )
    return url
