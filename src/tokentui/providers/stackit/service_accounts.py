"""Service accounts: list, make and delete them, and what they own.

Source: service-account API description v2, read 2026-08-21.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from tokentui.domain.account import AccountOffer
from tokentui.domain.errors import Refused
from tokentui.domain.model import Account, Detail, FieldType, OfferField, Page
from tokentui.domain.text import clean
from tokentui.providers.stackit import wire_accounts as wire
from tokentui.providers.stackit.api import Api
from tokentui.providers.stackit.keys import Keys
from tokentui.providers.stackit.kinds import ACCESS_TOKEN, ACCOUNT_NOUN, KEY, SERVICE_ACCOUNT_KEY
from tokentui.providers.stackit.legacy_tokens import LegacyTokens
from tokentui.providers.stackit.service import Service

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from tokentui.domain.model import (
        Credential,
        FieldValue,
        Issued,
        Kind,
        Offer,
        Order,
        Target,
        Verification,
    )
    from tokentui.domain.recipe import Recipe
    from tokentui.providers.base import Connection
    from tokentui.providers.http_call import Answer, Call
    from tokentui.providers.signed import SignedHttp
    from tokentui.providers.stackit.own import Own
    from tokentui.providers.stackit.settings import StackitSettings
    from tokentui.providers.stackit.wire import Place

NAME = OfferField(
    "name",
    "Name",
    FieldType.TEXT,
    "1 to 20 characters: lower-case letters, digits and single hyphens, a letter first",
    required=True,
    pattern="[a-z][a-z0-9]*(-[a-z0-9]+)*",
    longest=20,
)
NO_RIGHTS = "it has no role yet: give it one in the portal"
_MAY_LIST = "iam.service-account.list"
_MAY_CREATE = "iam.service-account.create"
_MAY_DELETE = "iam.service-account.delete"


@dataclass(frozen=True, slots=True)
class _Parts:
    """The two kinds of credentials that an account owns."""

    keys: Keys
    tokens: LegacyTokens


class ServiceAccounts(Service):
    """The service accounts that live in the projects of one profile."""

    target_noun = ACCOUNT_NOUN
    kinds = (SERVICE_ACCOUNT_KEY, ACCESS_TOKEN)

    def __init__(
        self,
        connection: Connection,
        http: SignedHttp,
        settings: StackitSettings,
        places: tuple[Place, ...],
        own: Own,
    ) -> None:
        self._api = Api(http, settings.endpoints.service_account)
        self._places = places
        self._own = own
        self._parts = _Parts(
            Keys(connection, self._api, own, settings),
            LegacyTokens(connection, self._api, settings),
        )

    async def probe(self) -> Answer:
        return await self._api.read(self._list_call(self._places[0]), _MAY_LIST)

    def account_lists(self) -> Sequence[Callable[[], Awaitable[Page[Account]]]]:
        return [partial(self._list, place) for place in self._places]

    async def credentials(self, of: Target) -> Page[Credential]:
        if not isinstance(of, Account):
            return Page()
        keys = await self._parts.keys.list(of)
        tokens = await self._parts.tokens.list(of)
        return Page(keys.items + tokens.items, keys.failed + tokens.failed, tokens.silent)

    async def offers(self, of: Target) -> tuple[Offer, ...]:
        if not isinstance(of, Account):
            return ()
        return (await self._parts.keys.offer(of), *self._parts.tokens.offers(of))

    async def issue(self, order: Order) -> Issued:
        part = self._part(order.offer.kind.key)
        return await part.issue(order)

    async def verify(self, issued: Issued) -> Verification:
        part = self._part(issued.kind.key)
        return await part.verify(issued)

    async def revoke(self, credential: Credential) -> None:
        part = self._part(credential.kind)
        await part.revoke(credential)

    async def recipes(self, kind: Kind, of: Target) -> tuple[Recipe, ...]:
        part = self._part(kind.key)
        return part.recipes(of) if isinstance(of, Account) else ()

    async def details(self, of: Target) -> tuple[Detail, ...]:
        if not isinstance(of, Account):
            return ()
        project_id, email = wire.project_and_email(of.id)
        public_keys = self._api.url("v2", "service-accounts", "public", "jwk", email)
        return (
            Detail("account", "e-mail", email),
            Detail("account", "project", f"{of.scope} ({project_id})"),
            Detail("account", "public keys", clean(public_keys, 400)),
            *self._parts.tokens.details(of),
        )

    @property
    def keys(self) -> Keys:
        """What can be switched off and moved."""
        return self._parts.keys

    async def account_offers(self) -> tuple[AccountOffer, ...]:
        """Offer one account for each project."""
        return tuple(
            AccountOffer(
                place.profile,
                KEY,
                ACCOUNT_NOUN,
                place.project.name,
                place.project.id,
                (NAME,),
                (NO_RIGHTS,),
            )
            for place in self._places
        )

    async def create_account(
        self, offer: AccountOffer, values: Mapping[str, FieldValue]
    ) -> Account:
        """Make one with one request. Raises `Refused` for a place that is not this profile's."""
        name = values.get("name")
        place = next((one for one in self._places if one.project.id == offer.scope_id), None)
        if place is None or not isinstance(name, str):
            raise Refused(
                f"no service account can be made in {clean(offer.scope, 60)} without a name",
                "choose a project of the profile and a name",
            )
        what = f"make the service account {clean(name, 40)} in {place.project.name}"
        call = self._call("POST", what, place.project.id, json={"name": name})
        answer = await self._api.once(call, f"{_MAY_CREATE}, or free the project's quota")
        return wire.new_account(call, answer, place)

    async def delete_account(self, account: Account) -> None:
        """Delete one with its keys. Raises `NotFound` for one that the server does not know."""
        project_id, email = wire.project_and_email(account.id)
        what = f"delete the service account {account.name} of {account.scope}"
        await self._api.once(self._call("DELETE", what, project_id, email), _MAY_DELETE)

    def _part(self, kind: str) -> Keys | LegacyTokens:
        return self._parts.tokens if kind == ACCESS_TOKEN.key else self._parts.keys

    async def _list(self, place: Place) -> Page[Account]:
        call = self._list_call(place)
        answer = await self._api.read(call, _MAY_LIST)
        return wire.accounts(call, answer, place, await self._own.subject())

    def _list_call(self, place: Place) -> Call:
        what = f"list service accounts of {place.project.name}"
        return self._call("GET", what, place.project.id)

    def _call(
        self, method: str, what: str, project_id: str, *rest: str, json: object = None
    ) -> Call:
        parts = ("v2", "projects", project_id, "service-accounts", *rest)
        return self._api.call(method, what, *parts, json=json)
