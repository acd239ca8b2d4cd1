"""The provider contract for plain Kubernetes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from tokentui.domain.errors import ProviderError, Refused
from tokentui.domain.model import (
    Account,
    Identity,
    Instance,
    InstanceId,
    InstanceState,
    Page,
)
from tokentui.domain.text import clean
from tokentui.providers.http_check import host_of
from tokentui.providers.kubernetes import about, wire
from tokentui.providers.kubernetes.accounts import ServiceAccounts
from tokentui.providers.kubernetes.anchors import Anchors
from tokentui.providers.kubernetes.api import Api
from tokentui.providers.kubernetes.checking import check
from tokentui.providers.kubernetes.details import details_of
from tokentui.providers.kubernetes.ids import account_ref, secret_of
from tokentui.providers.kubernetes.listed import ListedTokens
from tokentui.providers.kubernetes.made_kubeconfig import kubeconfig
from tokentui.providers.kubernetes.minting import Minting, wish_of
from tokentui.providers.kubernetes.offers import offers_for
from tokentui.providers.kubernetes.own import caller_of
from tokentui.providers.kubernetes.recipes import recipes_for
from tokentui.providers.kubernetes.rights import MINT, Rights
from tokentui.providers.kubernetes.session import Session
from tokentui.providers.kubernetes.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from datetime import datetime

    from tokentui.domain.account import AccountOffer
    from tokentui.domain.model import (
        Credential,
        Detail,
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
    from tokentui.providers.kubernetes.ids import AccountRef
    from tokentui.providers.kubernetes.settings import KubernetesSettings

_REMEMBERED = timedelta(seconds=15)


class Kubernetes:
    """One profile's connection to a cluster; see `tokentui.providers.base.Provider`."""

    def __init__(self, connection: Connection, settings: KubernetesSettings) -> None:
        self._profile = connection.profile
        self._clock = connection.clock
        self._settings = settings
        self._session = Session(connection, settings)
        self._api = Api(self._session)
        self._rights = Rights(self._api)
        self._minting = Minting(self._api, connection.clock)
        self._anchors = Anchors(self._api, self._minting)
        self._listed = ListedTokens(self._session, self._api, self._rights)
        self._accounts = ServiceAccounts(
            connection.profile, settings, self._session, self._api, self._rights
        )
        self._ended_at: datetime | None = None

    async def identity(self) -> Identity:
        caller = await caller_of(self._api, self._session)
        context = await self._session.context()
        may = await self._may_mint(context.namespace)
        groups = ", ".join(caller.user.groups)
        told = (
            ("context", clean(context.name, 80)),
            ("server", host_of(context.cluster.server)),
            ("groups", clean(groups, 300)),
        )
        return Identity(
            caller.user.name, may, caller.clock_off, tuple(fact for fact in told if fact[1])
        )

    async def instances(self) -> AsyncIterator[Page[Instance]]:
        try:
            context = await self._session.context()
            version, platform = wire.version(await self._api.version())
        except ProviderError as error:
            yield Page(failed=(error,))
            return
        cluster = context.cluster
        instance = Instance(
            profile=self._profile,
            provider=about.KEY,
            id=InstanceId(cluster.id),
            native_id=cluster.server,
            name=clean(cluster.name, 80) or host_of(cluster.server),
            noun=about.INSTANCE_NOUN,
            state=InstanceState.ACTIVE,
            state_text="answers",
            scope=f"context {clean(context.name, 80)}",
            plan=version,
            description=platform,
        )
        yield Page((instance,))

    def accounts(self) -> AsyncIterator[Page[Account]]:
        return self._accounts.pages()

    async def credentials(self, of: Target) -> AsyncIterator[Page[Credential]]:
        if isinstance(of, Account):
            try:
                ref = await self._ref(of.id, of.name)
                page = await self._listed.of(of, ref)
            except ProviderError as error:
                page = Page(failed=(error,))
            yield page

    async def offers(self, of: Target) -> tuple[Offer, ...]:
        if not isinstance(of, Account):
            return ()
        return await offers_for(of, await self._ref(of.id, of.name), self._rights)

    async def issue(self, order: Order) -> Issued:
        offer = order.offer
        if offer.impossible:
            raise Refused(offer.impossible, "choose what is offered, or ask for the right")
        ref, wish = await self._ref(offer.target.id, offer.target.name), wish_of(order)
        if offer.kind == about.REVOCABLE_TOKEN:
            try:
                return await self._anchors.mint(order, ref, wish)
            finally:
                self._listed.drop()
        if offer.kind not in (about.TOKEN, about.ACCOUNT_KUBECONFIG):
            raise Refused(
                f"no {clean(offer.kind.noun, 40)} is made here", "choose one that is offered"
            )
        cluster = (await self._session.context()).cluster
        issued = await self._minting.mint(order, ref, wish)
        if offer.kind == about.TOKEN:
            return issued
        return replace(issued, secret=kubeconfig(cluster, ref, issued.secret))

    async def verify(self, issued: Issued) -> Verification:
        ref = await self._ref(issued.target.id, issued.target.name)
        ended = self._ended_at
        lately = ended is not None and self._clock() - ended < _REMEMBERED
        return await check(self._session, issued, ref, just_ended=lately)

    async def revoke(self, credential: Credential) -> None:
        ref = await self._ref(credential.target_id, credential.target_name)
        name, uid = secret_of(credential.id)
        what = f"delete the Secret {name} of {ref.namespace}"
        try:
            await self._api.delete(what, ref.namespace, "secrets", name, uid)
        finally:
            self._ended()

    async def account_offers(self) -> tuple[AccountOffer, ...]:
        return await self._accounts.offers()

    async def create_account(
        self, offer: AccountOffer, values: Mapping[str, FieldValue]
    ) -> Account:
        try:
            return await self._accounts.create(offer, values)
        finally:
            self._listed.drop()

    async def delete_account(self, account: Account) -> None:
        ref = await self._ref(account.id, account.name)
        try:
            await self._accounts.delete(ref)
        finally:
            self._ended()

    async def recipes(self, kind: Kind, of: Target) -> tuple[Recipe, ...]:
        if not isinstance(of, Account):
            return ()
        ref = await self._ref(of.id, of.name)
        return recipes_for(kind, (await self._session.context()).cluster, ref)

    async def details(self, of: Target) -> tuple[Detail, ...]:
        return await details_of(of, self._session, self._api)

    async def aclose(self) -> None:
        await self._listed.aclose()
        await self._rights.aclose()
        await self._api.aclose()

    async def _ref(self, target_id: str, name: str) -> AccountRef:
        """Read an account's id. Raises `Refused` for one of another cluster."""
        context = await self._session.context()
        return account_ref(target_id, name, context.cluster.id)

    async def _may_mint(self, namespace: str) -> bool | None:
        """Whether tokens can be made somewhere; None: only trying tells."""
        places = self._settings.namespaces or (namespace,)
        for place in places:
            if not await self._rights.objection(MINT, place):
                return True
        return False if self._settings.namespaces else None

    def _ended(self) -> None:
        self._listed.drop()
        self._ended_at = self._clock()


def connect(connection: Connection) -> Kubernetes:
    """Build the adapter. Raises `ConfigError`."""
    where = f"profile {clean(connection.profile, 60)}"
    settings = read_settings(connection.settings, connection.auth, where)
    return Kubernetes(connection, settings)
