"""How a profile signs in: with a JWT that it gets for a secret, with the secret, or with a JWT."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.domain.jwt import claims
from tokentui.providers.auth import BEARER, HeaderForm, sign_in
from tokentui.providers.cloudfleet import about
from tokentui.providers.cloudfleet.exchange import Exchange, Pair, PairRefused
from tokentui.providers.kept_token import KeptToken

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

    from tokentui.domain.secret import Secret
    from tokentui.providers.auth import SignIn
    from tokentui.providers.base import Connection
    from tokentui.providers.cloudfleet.settings import CloudfleetSettings

_PLAIN = HeaderForm("secret")
"""The form of a secret that goes into no header as it is."""


def own_sign_in(connection: Connection, settings: CloudfleetSettings) -> SignIn:
    """Build the sign-in of a profile. Raises `ConfigError`."""
    if settings.auth_mode == about.BEARER:
        return sign_in(connection.auth, connection)
    source = sign_in(connection.auth, connection, _PLAIN)
    if settings.auth_mode == about.BASIC:
        return BasicPair(source, settings.token_id)
    exchange = Exchange(connection.http, settings)
    return ClientCredentials(source, exchange, settings.token_id, connection.clock)


async def own_token_id(settings: CloudfleetSettings, own: SignIn) -> str:
    """Give the id of the API token that is signed in with; empty if it is not known.

    A pasted JWT tells it as Keycloak's do, which is inferred. Raises `ProviderError`.
    """
    if settings.token_id or settings.auth_mode != about.BEARER:
        return settings.token_id
    _, value = await own.header()
    told = claims(value.reveal().removeprefix(BEARER.prefix)) or {}
    named = (told.get(name) for name in ("client_id", "azp"))
    return next((one for one in named if isinstance(one, str)), "")


class ClientCredentials:
    """Keeps one JWT until shortly before its end; the secret is read for each exchange."""

    def __init__(
        self, source: SignIn, exchange: Exchange, token_id: str, clock: Callable[[], datetime]
    ) -> None:
        self._source = source
        self._exchange = exchange
        self._token_id = token_id
        self._token = KeptToken(self._fetch, clock)

    @property
    def title(self) -> str:
        return f"API token {self._token_id}, {self._source.title}"

    async def header(self) -> tuple[str, Secret]:
        return await self._token.header()

    def forget(self, refused: Secret) -> None:
        self._token.forget(refused)

    async def aclose(self) -> None:
        await self._token.aclose()
        await self._source.aclose()

    async def _fetch(self) -> tuple[Secret, timedelta]:
        """Exchange the secret; if it is refused, look whether the source has another by now."""
        _, secret = await self._source.header()
        try:
            return await self._exchange.jwt(Pair(self._token_id, secret))
        except PairRefused:
            self._source.forget(secret)
            _, other = await self._source.header()
            if other == secret:
                raise
        return await self._exchange.jwt(Pair(self._token_id, other))


class BasicPair:
    """Sends id and secret with each call."""

    def __init__(self, source: SignIn, token_id: str) -> None:
        self._source = source
        self._token_id = token_id
        self._sent: Pair | None = None

    @property
    def title(self) -> str:
        return f"API token {self._token_id}, {self._source.title}"

    async def header(self) -> tuple[str, Secret]:
        _, secret = await self._source.header()
        self._sent = Pair(self._token_id, secret)
        return BEARER.name, self._sent.basic

    def forget(self, refused: Secret) -> None:
        if self._sent is not None and self._sent.basic == refused:
            self._source.forget(self._sent.secret)

    async def aclose(self) -> None:
        await self._source.aclose()
