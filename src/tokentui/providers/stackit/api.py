"""Calls to one of STACKIT's services."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from tokentui.domain.errors import Forbidden
from tokentui.providers.http_call import Call
from tokentui.providers.stackit.wire import error_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tokentui.providers.http_call import Answer
    from tokentui.providers.signed import SignedHttp


class Api:
    """One service below its base URL. A 403 is said with the right that is missing."""

    def __init__(self, http: SignedHttp, base_url: str) -> None:
        self._http = http
        self._base_url = base_url

    def call(
        self,
        method: str,
        what: str,
        *parts: str,
        params: Mapping[str, str | int] | None = None,
        json: object = None,
    ) -> Call:
        """Give a call; each part of the path is encoded, `/` and `@` too."""
        url = self.url(*parts)
        return Call(method, url, what, params=params or {}, json=json, error_text=error_text)

    def url(self, *parts: str) -> str:
        """Give the address of something."""
        return "/".join([self._base_url, *(quote(part, safe="") for part in parts)])

    async def read(self, call: Call, right: str) -> Answer:
        """Send what changes nothing; `right` is the permission that it takes."""
        try:
            return await self._http.read(call)
        except Forbidden as error:
            raise _without(right, error) from None

    async def once(self, call: Call, right: str) -> Answer:
        """Send what makes, changes or ends something, exactly once."""
        try:
            return await self._http.once(call)
        except Forbidden as error:
            raise _without(right, error) from None


def _without(right: str, error: Forbidden) -> Forbidden:
    return Forbidden(
        error.message,
        f"ask the project's owner for a role with {right}; the sign-in itself is fine",
        trace_id=error.trace_id,
    )
