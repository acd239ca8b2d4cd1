"""Makes an API token, or another secret for one, and finds out its id."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tokentui.domain.errors import Outcome, ProviderError
from tokentui.domain.model import EndSource, Issued
from tokentui.domain.secret import Secret
from tokentui.providers.after_minting import LOOK_UP_S, despite_a_stop
from tokentui.providers.cloudfleet import about, wire
from tokentui.providers.cloudfleet.fields import label
from tokentui.providers.cloudfleet.tokens import kubernetes_user

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from tokentui.domain.model import Credential, Instance, Offer
    from tokentui.providers.cloudfleet.api import Api
    from tokentui.providers.cloudfleet.wire import Made, Reply, Token

_NO_SECRET = "is the token's id where its secret should be"  # noqa: S105  # words
_OLD_MAY_BE_DEAD = (
    "the old secret may be dead: verify it, and regenerate the token again if it is refused"
)
_MAY_BE_ID = ("secret", "may be the token's id: it came as a bare text, and no list tells")
_LONGEST_FACT = 100


class Minting:
    """Sends the requests that answer with a secret, each once."""

    def __init__(self, api: Api, clock: Callable[[], datetime]) -> None:
        self._api = api
        self._clock = clock

    async def create(self, offer: Offer, name: str, role: str) -> Issued:
        """Make one token; its id stays unknown if neither the answer nor the list tells it.

        Raises `ProviderError`, with nothing made if the list before it fails.
        """
        known = frozenset(one.id for one in wire.tokens(await self._api.tokens()).items)
        made_at = self._clock()
        reply = await self._api.create_token(name, role)
        made = wire.made(reply)
        new = () if made.token_id else await despite_a_stop(self._new(known))
        _refuse_id_as_secret(made, {made.token_id, *(one.id for one in new)}, reply)
        found = {one.id for one in new if (one.name, one.role) == (label(name), role)}
        doubt = (_MAY_BE_ID,) if made.is_bare and not found else ()
        # Names may repeat, also among those made just now.
        token_id = made.token_id or (found.pop() if len(found) == 1 else "")
        return Issued(
            kind=offer.kind,
            target=offer.target,
            secret=made.secret,
            ends_at=None,
            end_source=EndSource.ANSWER,
            made_at=made_at,
            remote_id=token_id,
            facts=(*doubt, *_facts(role, token_id)),
            name=label(name),
        )

    async def regenerate(self, credential: Credential, target: Instance) -> Issued:
        """Give a token another secret; its id stays, so what is bound to it does, too."""
        what = f"regenerate the API token {credential.name}"
        made_at = self._clock()
        try:
            reply = await self._api.regenerate_token(what, credential.id)
        except ProviderError as error:
            if error.outcome is Outcome.UNKNOWN:
                error.next_step = _OLD_MAY_BE_DEAD
            raise
        made = wire.made(reply)
        _refuse_id_as_secret(made, {credential.id}, reply)
        return Issued(
            kind=about.API_TOKEN,
            target=target,
            secret=made.secret,
            ends_at=None,
            end_source=EndSource.ANSWER,
            made_at=made_at,
            remote_id=credential.id,
            facts=_facts(", ".join(credential.roles), credential.id),
            name=credential.name,
        )

    async def _new(self, known: frozenset[str]) -> tuple[Token, ...]:
        """List the tokens that were not known before; none if they cannot be listed in time."""
        try:
            async with asyncio.timeout(LOOK_UP_S):
                listed = wire.tokens(await self._api.tokens())
        except (ProviderError, TimeoutError):
            return ()
        return tuple({one.id: one for one in listed.items if one.id not in known}.values())


def _refuse_id_as_secret(made: Made, ids: Collection[str], reply: Reply) -> None:
    """Refuse a bare text that is the new id: so the vendor answers when it makes clusters."""
    if any(made.secret == Secret(one) for one in ids if one):
        raise reply.bad_make(_NO_SECRET)


def _facts(role: str, token_id: str) -> tuple[tuple[str, str], ...]:
    told = (
        ("id", token_id),
        ("role", role[:_LONGEST_FACT]),
        ("K8s user", kubernetes_user(token_id) if token_id else ""),
    )
    return tuple(fact for fact in told if fact[1])
