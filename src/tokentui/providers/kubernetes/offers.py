"""What can be made for a service account."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tokentui.domain.lifetime import Chosen, Never
from tokentui.domain.model import FieldType, Offer, OfferField
from tokentui.providers.kubernetes import about, wire
from tokentui.providers.kubernetes.rights import CREATE_SECRET, DELETE_SECRET, MINT

if TYPE_CHECKING:
    from tokentui.domain.model import Account
    from tokentui.providers.kubernetes.ids import AccountRef
    from tokentui.providers.kubernetes.rights import Rights

LIFETIME = Chosen(
    minimum=timedelta(minutes=10), maximum=timedelta(days=49_710), default=timedelta(hours=1)
)
"""From 600 s up to 2^32 s, cut to whole days; a server may have a lower maximum of its own."""

AUDIENCES = "audiences"
BOUND_TO = "bound_to"
DESCRIPTION = "description"

_AUDIENCES = OfferField(
    AUDIENCES,
    "Audiences",
    FieldType.TEXTS,
    "who accepts it; empty: the API server of the cluster",
    default=(),
)
_BOUND_TO = OfferField(
    BOUND_TO,
    "Bound to",
    FieldType.TEXT,
    "Secret/name or Pod/name: it ends with that object",
    pattern=rf"([Ss]ecret|[Pp]od)/{wire.SUBDOMAIN}",
    longest=260,
)
_DESCRIPTION = OfferField(
    DESCRIPTION,
    "Description",
    FieldType.TEXT,
    "what it is for; anyone who sees Secrets can read it",
)
_SHORTENED = "the server may shorten its life without refusing: the result shows what was granted"
_UNBOUND = "it can be neither listed nor revoked: unless it is bound, only its account ends it"
_SLOW = "once revoked it is still accepted for up to 10 s, as long as the server remembers it"
_NOT_MADE = "tokens that never end are listed and deleted, not made: make a revocable token"


async def offers_for(account: Account, ref: AccountRef, rights: Rights) -> tuple[Offer, ...]:
    """Offer what the sign-in may make. Raises `ProviderError`."""
    powers = f"whoever holds it is {ref.user_name} to the cluster, with all rights of that account"
    mint = await rights.objection(MINT, ref.namespace, ref.name)
    anchor = await rights.objection(CREATE_SECRET, ref.namespace)
    end = await rights.objection(DELETE_SECRET, ref.namespace)
    plain = (_UNBOUND, _SHORTENED, powers)
    return (
        Offer(about.TOKEN, account, LIFETIME, (_AUDIENCES, _BOUND_TO), plain, mint),
        Offer(
            about.REVOCABLE_TOKEN,
            account,
            LIFETIME,
            (_AUDIENCES, _DESCRIPTION),
            (_SLOW, _SHORTENED, powers),
            mint or anchor or end,
        ),
        Offer(about.ACCOUNT_KUBECONFIG, account, LIFETIME, (_BOUND_TO,), plain, mint),
        Offer(about.SECRET_TOKEN, account, Never(), impossible=_NOT_MADE),
    )
