"""Who a profile is signed in as, as far as its own access token tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.domain.jwt import claims
from tokentui.domain.text import unprintable
from tokentui.providers.auth import BEARER

if TYPE_CHECKING:
    from tokentui.providers.auth import SignIn


class Own:
    """Reads the access token that signs the requests; it is not checked, only shown."""

    def __init__(self, sign_in: SignIn) -> None:
        self._sign_in = sign_in

    async def email(self) -> str:
        """Give the claim `email`; empty if there is none. Raises `ProviderError`."""
        return await self._claim("email")

    async def subject(self) -> str:
        """Give the claim `sub`, the UUID of a service account; empty if there is none."""
        return await self._claim("sub")

    async def key_id(self) -> str:
        """Give the id of the key that the profile signs in with; empty if it is no key."""
        from tokentui.providers.stackit.key_flow import KeyFlow

        if not isinstance(self._sign_in, KeyFlow):
            return ""
        await self._sign_in.header()
        return self._sign_in.key_id

    async def _claim(self, name: str) -> str:
        _, bearer = await self._sign_in.header()
        own = claims(bearer.reveal().removeprefix(BEARER.prefix)) or {}
        value = own.get(name)
        return value if isinstance(value, str) and not unprintable(value) else ""
