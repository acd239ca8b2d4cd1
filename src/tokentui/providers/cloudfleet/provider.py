"""The provider contract for Cloudfleet."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tokentui.domain.errors import NotFound, ProviderError, Refused
from tokentui.domain.model import Identity, Instance, Page
from tokentui.domain.text import clean
from tokentui.providers.cloudfleet import about, wire
from tokentui.providers.cloudfleet.api import Api
from tokentui.providers.cloudfleet.checking import check
from tokentui.providers.cloudfleet.fields import label
from tokentui.providers.cloudfleet.minting import Minting
from tokentui.providers.cloudfleet.offers import offer_for, wish
from tokentui.providers.cloudfleet.recipes import recipes_for
from tokentui.providers.cloudfleet.settings import read_settings
from tokentui.providers.cloudfleet.sign_ins import own_sign_in, own_token_id
from tokentui.providers.cloudfleet.targets import Targets
from tokentui.providers.cloudfleet.tokens import NO_RENAMING, standing_of, token_page

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
    from tokentui.providers.cloudfleet.settings import CloudfleetSettings
    from tokentui.providers.cloudfleet.tokens import Standing


class Cloudfleet:
    """One profile's connection to an organization; see `tokentui.providers.base.Provider`."""

    def __init__(
        self, connection: Connection, settings: CloudfleetSettings, sign_in: SignIn
    ) -> None:
        self._http = connection.http
        self._settings = settings
        self._sign_in = sign_in
        self._api = Api(connection.http, sign_in, settings)
        self._targets = Targets(connection.profile, self._api, settings)
        self._minting = Minting(self._api, connection.clock)

    async def identity(self) -> Identity:
        reply = await self._api.organization()
        organization, standing = wire.organization(reply), await self._standing()
        own = standing and standing.own
        told = (
            ("organization", organization.name),
            ("organization id", self._settings.organization_id),
            ("role", own.role if own else ""),
        )
        return Identity(
            name=(own.name if own else "") or clean(self._sign_in.title, 200),
            may_issue=standing.may_manage if standing else None,
            clock_off=reply.answer.clock_off,
            facts=tuple(fact for fact in told if fact[1]),
        )

    async def instances(self) -> AsyncIterator[Page[Instance]]:
        organization, clusters = await asyncio.gather(
            self._targets.organization_page(), self._targets.cluster_page()
        )
        yield organization
        yield clusters

    async def accounts(self) -> AsyncIterator[Page[Account]]:
        none: tuple[Page[Account], ...] = ()
        for page in none:
            yield page

    async def credentials(self, of: Target) -> AsyncIterator[Page[Credential]]:
        self._targets.check_is_own(of.id, of.name)
        if isinstance(of, Instance) and about.API_TOKEN.fits(of):
            try:
                own_id = await own_token_id(self._settings, self._sign_in)
            except ProviderError as error:
                yield Page(failed=(error,))
                return
            yield await token_page(self._api, own_id, of, self._settings)

    async def offers(self, of: Target) -> tuple[Offer, ...]:
        self._targets.check_is_own(of.id, of.name)
        if not isinstance(of, Instance) or not about.API_TOKEN.fits(of):
            return ()
        own_id = await own_token_id(self._settings, self._sign_in)
        return (offer_for(of, await standing_of(self._api, own_id)),)

    async def issue(self, order: Order) -> Issued:
        offer = order.offer
        self._targets.check_is_own(offer.target.id, offer.target.name)
        if offer.impossible:
            raise Refused(clean(offer.impossible, 300), "choose what is offered")
        if offer.kind != about.API_TOKEN or not offer.kind.fits(offer.target):
            raise Refused(
                f"Cloudfleet makes no {clean(offer.kind.noun, 40)} for a "
                f"{clean(offer.target.noun, 40)}",
                "choose one that is offered",
            )
        return await self._minting.create(offer, *wish(order))

    async def regenerate(self, credential: Credential) -> Issued:
        """Read where the token belongs before its secret dies: the answer must not need more."""
        self._targets.check_is_own(credential.target_id, credential.target_name)
        return await self._minting.regenerate(credential, await self._targets.organization())

    async def verify(self, issued: Issued) -> Verification:
        self._targets.check_is_own(issued.target.id, issued.target.name)
        return await check(self._http, issued, self._settings)

    async def rename(self, credential: Credential, name: str) -> None:
        """Send all that can be changed, as it is now: what is left out would fall back."""
        self._targets.check_is_own(credential.target_id, credential.target_name)
        if not self._settings.wire.can_rename:
            raise Refused(NO_RENAMING)
        listed = wire.tokens(await self._api.tokens())
        token = next((one for one in listed.items if one.id == credential.id), None)
        if token is None:
            raise NotFound(
                f"cannot rename {credential.name} because it is not listed", "refresh the list"
            )
        if not token.role:
            raise Refused(
                f"cannot rename {credential.name} because its role is not known, and renaming "
                "replaces the role, too",
                "check wire.token.role in the profile",
            )
        what = f"rename the API token {credential.name} to {label(name)}"
        await self._api.rename_token(what, token, name)

    async def revoke(self, credential: Credential) -> None:
        self._targets.check_is_own(credential.target_id, credential.target_name)
        await self._api.delete_token(f"delete the API token {credential.name}", credential.id)

    async def recipes(self, kind: Kind, of: Target) -> tuple[Recipe, ...]:
        self._targets.check_is_own(of.id, of.name)
        is_ours = kind == about.API_TOKEN and kind.fits(of)
        return recipes_for(self._settings) if is_ours else ()

    async def details(self, of: Target) -> tuple[Detail, ...]:
        self._targets.check_is_own(of.id, of.name)
        return await self._targets.details(of)

    async def aclose(self) -> None:
        await self._api.aclose()

    async def _standing(self) -> Standing | None:
        """Say what the sign-in is, None if the list of tokens cannot be read."""
        try:
            own_id = await own_token_id(self._settings, self._sign_in)
            return await standing_of(self._api, own_id)
        except ProviderError:
            return None


def connect(connection: Connection) -> Cloudfleet:
    """Build the adapter. Raises `ConfigError`."""
    where = f"profile {clean(connection.profile, 60)}"
    settings = read_settings(connection.settings, where)
    return Cloudfleet(connection, settings, own_sign_in(connection, settings))
