"""Makes a service token and finds out which id it got."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokentui.domain.errors import Forbidden, ProviderError
from tokentui.domain.model import EndSource, Issued
from tokentui.providers.after_minting import LOOK_UP_S, despite_a_stop
from tokentui.providers.stackstate import wire

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tokentui.domain.model import Offer
    from tokentui.providers.stackstate.api import Api
    from tokentui.providers.stackstate.wire import Created, Row

KnownIds = frozenset[int] | None
"""The ids that were listed before a token was made; None: they may not be seen."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a token is to be. `ends_at` None: it never ends."""

    name: str
    roles: tuple[str, ...]
    ends_at: datetime | None
    dedicated_subject: str = ""

    def body(self) -> dict[str, object]:
        """Give the request; servers before 2025-06 do not know `dedicatedSubject`."""
        body: dict[str, object] = {"name": self.name, "roles": list(self.roles)}
        if self.ends_at is not None:
            body["expiryDate"] = wire.to_ms(self.ends_at)
        if self.dedicated_subject:
            body["dedicatedSubject"] = self.dedicated_subject
        return body


class Minting:
    """Sends the request that makes a token, between two lists that tell its id."""

    def __init__(self, api: Api, clock: Callable[[], datetime]) -> None:
        self._api = api
        self._clock = clock

    async def known_ids(self) -> KnownIds:
        """List the tokens that exist. Raises `ProviderError`."""
        try:
            listed = wire.rows(await self._api.tokens())
        except Forbidden:
            return None
        return frozenset(row.id for row in listed.rows)

    async def mint(self, offer: Offer, wish: Wish, known: KnownIds) -> Issued:
        """Make one token with one request; its id stays unknown if the list fails or is slow."""
        made_at = self._clock()
        name = wire.label(wish.name)
        created = wire.created(await self._api.create_token(name, wish.body()))
        row = None if known is None else await despite_a_stop(self._new_row(wish, known))
        ends_at, source = _end(created, row, wish)
        return Issued(
            kind=offer.kind,
            target=offer.target,
            secret=created.secret,
            ends_at=ends_at,
            end_source=source,
            made_at=made_at,
            remote_id="" if row is None else str(row.id),
            facts=(("roles", ", ".join(map(wire.label, wish.roles))[:500]),),
            name=name,
        )

    async def _new_row(self, wish: Wish, known: frozenset[int]) -> Row | None:
        """Find the token in the list: names may repeat, also among those made just now."""
        try:
            async with asyncio.timeout(LOOK_UP_S):
                listed = wire.rows(await self._api.tokens())
        except (ProviderError, TimeoutError):
            return None
        name, roles = wire.label(wish.name), tuple(map(wire.label, wish.roles))
        new = [row for row in listed.rows if row.id not in known and row.name == name]
        if len(new) > 1:
            new = [row for row in new if (row.roles, row.ends_at) == (roles, wish.ends_at)]
        return new[0] if len(new) == 1 else None


def _end(created: Created, row: Row | None, wish: Wish) -> tuple[datetime | None, EndSource]:
    told = created.ends_at or (row.ends_at if row else None)
    if told is None and row is None and wish.ends_at is not None:
        return wish.ends_at, EndSource.COMPUTED
    return told, EndSource.ANSWER
