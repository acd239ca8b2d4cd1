"""The provider contract for StackState."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from tokentui.domain.errors import OutcomeUnknown, ProviderError, Refused
from tokentui.domain.model import Identity, Instance, InstanceId, InstanceState, Page
from tokentui.domain.text import clean
from tokentui.providers.auth import sign_in
from tokentui.providers.stackstate import about, wire
from tokentui.providers.stackstate.api import Api
from tokentui.providers.stackstate.bundle import Bundle
from tokentui.providers.stackstate.checking import check
from tokentui.providers.stackstate.credentials import ingestion_key_page, token_page
from tokentui.providers.stackstate.details import details_of, facts_of
from tokentui.providers.stackstate.minting import Minting
from tokentui.providers.stackstate.offers import offers_for
from tokentui.providers.stackstate.orders import ingestion_wish, scoped_cluster, token_wish
from tokentui.providers.stackstate.recipes import recipes_for
from tokentui.providers.stackstate.rights import caller_of, own_token_name, rights_of, role_names
from tokentui.providers.stackstate.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tokentui.domain.model import (
        Account,
        Credential,
        Detail,
        Issued,
        Kind,
        Offer,
        Order,
        Target,
        Verification,
    )
    from tokentui.domain.recipe import Recipe
    from tokentui.providers.auth import SignIn
    from tokentui.providers.base import Connection
    from tokentui.providers.stackstate.settings import StackstateSettings


class Stackstate:
    """One profile's connection to a server; see `tokentui.providers.base.Provider`."""

    def __init__(
        self, connection: Connection, settings: StackstateSettings, own_sign_in: SignIn
    ) -> None:
        self._profile = connection.profile
        self._http = connection.http
        self._settings = settings
        self._instance_id = InstanceId(settings.server_id)
        self._sign_in = own_sign_in
        self._api = Api(connection.http, own_sign_in, settings)
        self._minting = Minting(self._api, connection.clock)
        self._bundle = Bundle(self._api, self._minting)

    async def identity(self) -> Identity:
        reply = await self._api.server_info()
        info = wire.server_info(reply)
        rights, caller = await asyncio.gather(rights_of(self._api), caller_of(self._api))
        return Identity(
            name=next(filter(None, caller[:1]), self._sign_in.title),
            may_issue=rights.may_create,
            clock_off=reply.answer.clock_off,
            facts=facts_of(info),
        )

    async def instances(self) -> AsyncIterator[Page[Instance]]:
        try:
            info = wire.server_info(await self._api.server_info())
        except ProviderError as error:
            yield Page(failed=(error,))
            return
        yield Page((self._instance(info),))

    async def accounts(self) -> AsyncIterator[Page[Account]]:
        none: tuple[Page[Account], ...] = ()
        for page in none:
            yield page

    async def credentials(self, of: Target) -> AsyncIterator[Page[Credential]]:
        if isinstance(of, Instance):
            self._check_is_own(of.id, of.name)
            page, own = await asyncio.gather(token_page(self._api, of), self._own_token_name())
            yield replace(
                page, items=tuple(replace(one, is_own=one.name == own) for one in page.items)
            )
            yield await ingestion_key_page(self._api, of)

    async def offers(self, of: Target) -> tuple[Offer, ...]:
        if not isinstance(of, Instance):
            return ()
        self._check_is_own(of.id, of.name)
        rights, roles = await asyncio.gather(rights_of(self._api), role_names(self._api))
        return offers_for(of, rights, roles)

    async def issue(self, order: Order) -> Issued:
        offer = order.offer
        self._check_is_own(offer.target.id, offer.target.name)
        if offer.impossible:
            raise Refused(offer.impossible, "choose what is offered, or ask for the right")
        if offer.kind == about.TOKEN:
            wish = token_wish(order)
            return await self._minting.mint(offer, wish, await self._minting.known_ids())
        if offer.kind == about.INGESTION_TOKEN:
            rights = await rights_of(self._api)
            wish = ingestion_wish(order, is_old=rights.is_old)
            return await self._bundle.mint(offer, wish, scoped_cluster(order))
        raise Refused(
            f"StackState makes no {clean(offer.kind.noun, 40)}", "choose one that is offered"
        )

    async def verify(self, issued: Issued) -> Verification:
        self._check_is_own(issued.target.id, issued.target.name)
        return await check(self._http, issued, self._settings)

    async def revoke(self, credential: Credential) -> None:
        self._check_is_own(credential.target_id, credential.target_name)
        what = f"delete {credential.name} of {self._api.name}"
        is_key = credential.kind == about.INGESTION_KEY.key
        delete = self._api.delete_ingestion_key if is_key else self._api.delete_token
        try:
            await delete(what, credential.id)
        except OutcomeUnknown as error:
            # A server may answer 500 for what it does not have; such an answer has a key.
            if not error.trace_id or await self._is_listed(credential):
                raise

    async def recipes(self, kind: Kind, of: Target) -> tuple[Recipe, ...]:
        self._check_is_own(of.id, of.name)
        return recipes_for(kind, self._settings)

    async def details(self, of: Target) -> tuple[Detail, ...]:
        if not isinstance(of, Instance):
            return ()
        self._check_is_own(of.id, of.name)
        return await details_of(self._api, self._settings)

    async def aclose(self) -> None:
        await self._api.aclose()

    async def _own_token_name(self) -> str | None:
        """Give the name of the service token that is signed in with, if it is known."""
        if not self._settings.signs_in_with_service_token:
            return None
        return await own_token_name(self._api) or None

    async def _is_listed(self, credential: Credential) -> bool:
        """Whether it still exists, as far as the server says."""
        is_key = credential.kind == about.INGESTION_KEY.key
        try:
            reply = await (self._api.ingestion_keys() if is_key else self._api.tokens())
        except ProviderError:
            return True
        listed = wire.rows(reply)
        return bool(listed.failed) or any(str(row.id) == credential.id for row in listed.rows)

    def _check_is_own(self, target_id: str, name: str) -> None:
        """Refuse what belongs to a server that the profile had before: ids mean nothing here."""
        if target_id != self._instance_id:
            raise Refused(
                f"{clean(name, 60)} is not the server that profile {self._profile} has now",
                "refresh the list, or give the profile its former url again",
            )

    def _instance(self, info: wire.ServerInfo) -> Instance:
        return Instance(
            profile=self._profile,
            provider=about.KEY,
            id=self._instance_id,
            native_id=self._settings.url,
            name=self._settings.name,
            noun=about.INSTANCE_NOUN,
            state=InstanceState.ACTIVE,
            state_text=info.version,
            plan=info.deployment_mode,
            ui_url=self._settings.url,
        )


def connect(connection: Connection) -> Stackstate:
    """Build the adapter. Raises `ConfigError`."""
    where = f"profile {clean(connection.profile, 60)}"
    settings = read_settings(connection.settings, connection.auth.options, where)
    return Stackstate(connection, settings, sign_in(connection.auth, connection, settings.sign_in))
