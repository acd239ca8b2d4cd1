"""Calls that are signed in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tokentui.domain.errors import NotSignedIn

if TYPE_CHECKING:
    from tokentui.domain.secret import Secret
    from tokentui.providers.auth import SignIn
    from tokentui.providers.http import Http
    from tokentui.providers.http_call import Answer, Call


class SignedHttp:
    """Adds the sign-in's header to calls; closing it closes both."""

    def __init__(self, http: Http, sign_in: SignIn) -> None:
        self._http = http
        self._sign_in = sign_in

    async def read(self, call: Call) -> Answer:
        """Send a call that changes nothing; after a 401 once more, if there is a new sign-in."""
        name, value = await self._sign_in.header()
        try:
            return await self._http.read(_with(call, name, value))
        except NotSignedIn:
            self._sign_in.forget(value)
            name, new = await self._sign_in.header()
            if new == value:
                raise
        return await self._http.read(_with(call, name, new))

    async def once(self, call: Call) -> Answer:
        """Send a call that makes or changes something, exactly once, also after a 401."""
        name, value = await self._sign_in.header()
        try:
            return await self._http.once(_with(call, name, value))
        except NotSignedIn:
            self._sign_in.forget(value)
            raise

    async def aclose(self) -> None:
        """Stop the sign-in and close the connections."""
        await self._sign_in.aclose()
        await self._http.aclose()


def _with(call: Call, name: str, value: Secret) -> Call:
    return replace(call, headers={**call.headers, name: value})
