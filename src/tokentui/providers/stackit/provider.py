"""The provider contract for STACKIT: one class for each of its services does the work."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from tokentui.domain.errors import Forbidden, NotFound, ProviderError, Refused
from tokentui.domain.model import Identity, Page
from tokentui.domain.text import clean
from tokentui.providers.signed import SignedHttp
from tokentui.providers.stackit import about
from tokentui.providers.stackit.edge import Edge
from tokentui.providers.stackit.observability import Observability
from tokentui.providers.stackit.own import Own
from tokentui.providers.stackit.service import page_of
from tokentui.providers.stackit.service_accounts import ServiceAccounts
from tokentui.providers.stackit.settings import read_settings
from tokentui.providers.stackit.sign_ins import own_sign_in
from tokentui.providers.stackit.wire import Place

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence

    from tokentui.domain.account import AccountOffer
    from tokentui.domain.lifetime import LifetimePolicy, Term
    from tokentui.domain.model import (
        Account,
        Credential,
        Detail,
        FieldValue,
        Instance,
        Issued,
        Kind,
        KindKey,
        Offer,
        Order,
        Target,
        Verification,
    )
    from tokentui.domain.recipe import Recipe
    from tokentui.providers.auth import SignIn
    from tokentui.providers.base import Connection
    from tokentui.providers.http_call import Answer
    from tokentui.providers.stackit.service import Service
    from tokentui.providers.stackit.settings import StackitSettings

T = TypeVar("T")
SIDE_BY_SIDE = 8
"""Lists in flight at once."""


class Stackit:
    """One profile's connection to STACKIT; see `tokentui.providers.base.Provider`."""

    def __init__(self, connection: Connection, settings: StackitSettings, sign_in: SignIn) -> None:
        self._sign_in = sign_in
        self._own = Own(sign_in)
        self._signed = SignedHttp(connection.http, sign_in)
        profile, endpoints = connection.profile, settings.endpoints
        everywhere = tuple(Place(profile, project) for project in settings.projects)
        regional = tuple(
            Place(profile, project, region)
            for project in settings.projects
            for region in settings.regions
        )
        self._accounts = ServiceAccounts(connection, self._signed, settings, everywhere, self._own)
        known: dict[str, Service] = {
            about.EDGE: Edge(connection, self._signed, endpoints, regional),
            about.OBSERVABILITY: Observability(
                connection, self._signed, endpoints.observability, everywhere
            ),
            about.SERVICE_ACCOUNTS: self._accounts,
        }
        self._services = tuple(known[name] for name in settings.services)
        self._all = tuple(known.values())

    async def identity(self) -> Identity:
        answer = await self._probe()
        email = await self._own.email()
        return Identity(clean(email, 120) or self._sign_in.title, clock_off=answer.clock_off)

    def instances(self) -> AsyncIterator[Page[Instance]]:
        lists = [one for service in self._services for one in service.instance_lists()]
        return self._side_by_side(lists)

    def accounts(self) -> AsyncIterator[Page[Account]]:
        lists = [one for service in self._services for one in service.account_lists()]
        return self._side_by_side(lists)

    async def credentials(self, of: Target) -> AsyncIterator[Page[Credential]]:
        yield await page_of(self._for_target(of).credentials(of))

    async def offers(self, of: Target) -> tuple[Offer, ...]:
        return await self._for_target(of).offers(of)

    async def issue(self, order: Order) -> Issued:
        if order.offer.impossible:
            raise Refused(clean(order.offer.impossible, 300), "choose one that is offered")
        return await self._for_kind(order.offer.kind.key).issue(order)

    async def verify(self, issued: Issued) -> Verification:
        return await self._for_kind(issued.kind.key).verify(issued)

    async def recipes(self, kind: Kind, of: Target) -> tuple[Recipe, ...]:
        return await self._for_kind(kind.key).recipes(kind, of)

    async def details(self, of: Target) -> tuple[Detail, ...]:
        return await self._for_target(of).details(of)

    async def revoke(self, credential: Credential) -> None:
        await self._for_kind(credential.kind).revoke(credential)

    async def set_active(self, credential: Credential, active: bool) -> None:
        await self._accounts.keys.set_active(credential, active)

    def new_ends(self, credential: Credential) -> LifetimePolicy:
        return self._accounts.keys.new_ends(credential)

    async def move_end(self, credential: Credential, term: Term) -> None:
        await self._accounts.keys.move_end(credential, term)

    async def account_offers(self) -> tuple[AccountOffer, ...]:
        if self._accounts not in self._services:
            return ()
        return await self._accounts.account_offers()

    async def create_account(
        self, offer: AccountOffer, values: Mapping[str, FieldValue]
    ) -> Account:
        return await self._accounts.create_account(offer, values)

    async def delete_account(self, account: Account) -> None:
        await self._accounts.delete_account(account)

    async def aclose(self) -> None:
        await self._signed.aclose()

    async def _probe(self) -> Answer:
        """Ask the first service that answers; a right or a service that is missing is no fault."""
        last: ProviderError | None = None
        for service in self._services:
            try:
                return await service.probe()
            except (Forbidden, NotFound) as error:
                last = last or error
        raise last or Refused("the profile uses none of STACKIT's services", "set `services`")

    async def _side_by_side(
        self, lists: Sequence[Callable[[], Awaitable[Page[T]]]]
    ) -> AsyncIterator[Page[T]]:
        try:
            await self._sign_in.header()
        except ProviderError as error:
            # One sentence, instead of the same one for each list.
            yield Page(failed=(error,))
            return
        gate = asyncio.Semaphore(SIDE_BY_SIDE)
        tasks = [asyncio.create_task(_behind(gate, one)) for one in lists]
        try:
            for next_page in asyncio.as_completed(tasks):
                yield await next_page
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _for_target(self, target: Target) -> Service:
        for service in self._all:
            if service.target_noun == target.noun:
                return service
        raise Refused(f"STACKIT knows no {clean(target.noun, 40)}", "refresh the list")

    def _for_kind(self, key: KindKey) -> Service:
        for service in self._all:
            if any(kind.key == key for kind in service.kinds):
                return service
        raise Refused(f"STACKIT makes no {clean(key, 40)}", "choose one that is offered")


async def _behind(gate: asyncio.Semaphore, read: Callable[[], Awaitable[Page[T]]]) -> Page[T]:
    async with gate:
        return await page_of(read())


def connect(connection: Connection) -> Stackit:
    """Build the adapter. Raises `ConfigError`."""
    where = f"profile {clean(connection.profile, 60)}"
    settings = read_settings(connection.settings, where)
    return Stackit(connection, settings, own_sign_in(connection, settings.endpoints, where))
